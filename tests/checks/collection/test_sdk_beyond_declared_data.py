"""More than the policy lists for an SDK."""

import made
from judge import KNOW, hits, one, partial

NAME = "sdk-beyond-declared-data"
LISTED = made.policy(sdks=(made.row(data_types=("android_id",)),))


def test_data_beyond_the_list_fails_when_seen() -> None:
    seen = made.traffic(made.sighting("location_precise", actor="umeng-common"))
    hit = one(NAME, traffic=seen, policy=LISTED)
    assert (hit.outcome, hit.message, hit.severity) == ("fail", "policy", "high")
    assert "policy/sdks/0" in hit.evidence


def test_code_alone_is_for_review() -> None:
    code = made.static(calls=(made.call("location_precise", actor="umeng-common"),))
    assert one(NAME, static=code, policy=LISTED).outcome == "review"


def test_listed_data_is_no_hit() -> None:
    seen = made.traffic(made.sighting("android_id", actor="umeng-common"))
    assert partial(NAME, traffic=seen, policy=LISTED) == [
        h for h in partial(NAME, traffic=seen, policy=LISTED) if h.message == "statement"
    ]


def test_an_sdk_that_is_not_named_belongs_to_another_check() -> None:
    seen = made.traffic(made.sighting("location_precise", actor="amplitude"))
    assert hits(NAME, traffic=seen, policy=LISTED) == []


def test_beyond_its_own_statement_is_low_and_tentative() -> None:
    known = next(
        s
        for s in KNOW.sdks.values()
        if s.data_declared
        and "email" not in s.data_declared
        and not set(KNOW.ancestors("email")) & set(s.data_declared)
    )
    seen = made.traffic(made.sighting("email", actor=known.id))
    said = made.policy(sdks=(made.row(known.name.zh, sdk=known.id, data_types=("email",)),))
    hit = one(NAME, traffic=seen, policy=said)
    assert (hit.message, hit.severity, hit.confidence) == ("statement", "low", "tentative")
