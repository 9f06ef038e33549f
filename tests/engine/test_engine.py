"""The engine: unknown never passes, hits stand, a crash is an answer, same input same bytes."""

from collections.abc import Callable, Iterator
from typing import Any

import made
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.api import Card, Check, Context, Hit, NotApplicable, NotAssessed
from profiles.model import Knowledge, Profile
from scanner.engine import evaluate
from scanner.model.base import Text, same
from scanner.model.evidence import Evidence
from scanner.model.result import Outcome, Result

PROFILE = Profile(id="test", title=same("test"), regulations=())
REASON = Text(zh="无从判断", en="cannot tell")


def card(**changes: Any) -> Card:
    words = same("words")
    fields: dict[str, Any] = {
        "id": "some-failure",
        "title": words,
        "group": "collection",
        "reads": ("static.calls",),
        "severity": "high",
        "rationale": words,
        "limits": words,
        "remediation": words,
        "confirm": words,
        "messages": {"found": Text(zh="发现 {what}", en="found {what}")},
    }
    return Card(**{**fields, **changes})


def hit(**changes: Any) -> Hit:
    fields: dict[str, Any] = {
        "subject": "imei",
        "message": "found",
        "evidence": ("static/calls/0",),
        "args": {"what": "IMEI"},
    }
    return Hit(**{**fields, **changes})


def run(
    *hits: Hit,
    evidence: Evidence | None = None,
    error: Exception | None = None,
    profile: Profile = PROFILE,
    know: Knowledge,
    **changes: Any,
) -> Result:
    def check() -> Iterator[Hit]:
        yield from hits
        if error is not None:
            raise error

    evidence = evidence or made.evidence(static=made.static(calls=(made.call(),)))
    checks = (Check(card=card(**changes), run=check),)
    return evaluate(evidence, checks, profile, know, Context())


def test_a_hit_is_worded_and_carries_its_evidence(know: Knowledge) -> None:
    finding = run(hit(), know=know).findings[0]
    assert (finding.message.zh, finding.outcome) == ("发现 IMEI", Outcome.FAIL)
    assert finding.evidence[0].uri == "classes.dex/a/b/Main.java"
    assert len(finding.id) == 16


def test_the_fingerprint_depends_on_check_and_subject_only(know: Knowledge) -> None:
    one = run(hit(), know=know).findings[0].id
    assert one == run(hit(args={"what": "x"}, confidence="certain"), know=know).findings[0].id
    assert one != run(hit(subject="oaid"), know=know).findings[0].id


def test_a_tentative_hit_is_for_review(know: Knowledge) -> None:
    result = run(hit(confidence="tentative"), know=know)
    assert result.findings[0].outcome is Outcome.REVIEW
    assert result.checks[0].outcome is Outcome.REVIEW


def test_a_missing_part_is_not_assessed(know: Knowledge) -> None:
    result = run(hit(), know=know, reads=("policy.statements",))
    assert result.checks[0].outcome is Outcome.NOT_ASSESSED
    assert result.checks[0].reason is not None
    assert "隐私政策" in result.checks[0].reason.zh


def test_either_part_lets_it_run_but_silence_needs_all(know: Knowledge) -> None:
    fields = {"reads": (), "either": ("static.calls", "traffic.sightings")}
    assert run(hit(), know=know, **fields).checks[0].outcome is Outcome.FAIL
    assert run(know=know, **fields).checks[0].outcome is Outcome.NOT_ASSESSED
    full = made.evidence(static=made.static(), traffic=made.traffic())
    assert run(know=know, evidence=full, **fields).checks[0].outcome is Outcome.PASS
    nothing = made.evidence(policy=made.policy())
    assert run(hit(), know=know, evidence=nothing, **fields).findings == ()


@pytest.mark.parametrize("blocks", ["static.calls", "static"])
def test_a_gap_turns_silence_into_not_assessed_and_leaves_hits(
    know: Knowledge, blocks: str
) -> None:
    gaps = (made.gap("other", "static.ui"), made.gap("packed-code", blocks))
    calls = made.static(calls=(made.call(),))
    evidence = made.evidence(static=calls, gaps=gaps)
    silent = run(know=know, evidence=evidence).checks[0]
    assert (silent.outcome, silent.gaps) == (Outcome.NOT_ASSESSED, (1,))
    assert run(hit(), know=know, evidence=evidence).checks[0].outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotAssessed(REASON), Outcome.NOT_ASSESSED),
        (NotApplicable(REASON), Outcome.NOT_APPLICABLE),
        (ValueError("boom"), Outcome.ERROR),
    ],
)
def test_a_check_that_gives_up_or_crashes(
    know: Knowledge, error: Exception, outcome: Outcome
) -> None:
    result = run(error=error, know=know)
    assert result.checks[0].outcome is outcome
    assert result.checks[0].reason is not None


def test_hits_before_giving_up_stand(know: Knowledge) -> None:
    assert run(hit(), error=NotAssessed(REASON), know=know).checks[0].outcome is Outcome.FAIL


def test_evidence_that_is_not_there_is_an_error(know: Knowledge) -> None:
    result = run(hit(evidence=("static/calls/7",)), know=know)
    assert result.checks[0].outcome is Outcome.ERROR


def test_a_severity_override_wins(know: Knowledge) -> None:
    profile = msgspec.structs.replace(PROFILE, severity_overrides={"some-failure": "low"})
    assert run(hit(severity="critical"), know=know, profile=profile).findings[0].severity == "low"


def test_the_same_subject_twice_is_one_finding(know: Knowledge) -> None:
    assert len(run(hit(), hit(args={"what": "b"}), know=know).findings) == 1


def test_same_input_same_bytes(know: Knowledge) -> None:
    encode: Callable[[Any], bytes] = msgspec.json.encode
    once, twice = run(hit(), hit(subject="b"), know=know), run(hit(), hit(subject="b"), know=know)
    assert encode(once) == encode(twice)
    assert msgspec.json.decode(encode(once), type=Result) == once


@given(st.lists(st.sampled_from(["static", "traffic", "policy", "runtime"]), max_size=3))
def test_whatever_is_missing_never_passes(know: Knowledge, missing: list[str]) -> None:
    parts: dict[str, Any] = {
        "static": made.static(),
        "traffic": made.traffic(),
        "policy": made.policy(),
    }
    evidence = made.evidence(**{k: v for k, v in parts.items() if k not in missing})
    reads = ("static.calls", "policy.statements")
    result = run(know=know, evidence=evidence, reads=reads, either=("traffic.sightings",))
    complete = not set(missing) & set(parts)
    assert (result.checks[0].outcome is Outcome.PASS) == complete


def test_scripts_are_set_apart_in_chinese_sentences(know: Knowledge) -> None:
    message = run(hit(args={"what": "Android ID的散列2次"}), know=know).findings[0].message
    assert (message.zh, message.en) == ("发现 Android ID 的散列 2 次", "found Android ID的散列2次")
