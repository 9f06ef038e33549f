"""SDKs that the policy does not name."""

import made
from judge import KNOW, hits, one

NAME = "undisclosed-sdk"


def test_an_sdk_seen_collecting_fails() -> None:
    seen = made.traffic(
        made.sighting(actor="amplitude", host="api.amplitude.com"),
        destinations=(made.host("api.amplitude.com", actor="amplitude"),),
    )
    hit = one(NAME, traffic=seen, policy=made.policy())
    assert (hit.outcome, hit.severity, hit.message) == ("fail", "high", "collecting")


def test_an_sdk_that_is_merely_there_is_for_review() -> None:
    hit = one(NAME, static=made.static(sdks=(made.sdk("amplitude"),)), policy=made.policy())
    assert (hit.outcome, hit.severity, hit.message) == ("review", "low", "present")


def test_a_named_sdk_is_no_hit() -> None:
    said = made.policy(sdks=(made.row(),))
    assert hits(NAME, static=made.static(sdks=(made.sdk(),)), policy=said) == []


def test_an_sdk_named_in_a_sentence_is_no_hit() -> None:
    said = made.policy(made.statement("imei", actor="umeng-common"))
    assert hits(NAME, static=made.static(sdks=(made.sdk(),)), policy=said) == []


def test_an_open_source_library_is_no_sdk() -> None:
    library = made.sdk(min(KNOW.libraries))
    assert hits(NAME, static=made.static(sdks=(library,)), policy=made.policy()) == []


def test_a_framework_is_tentative() -> None:
    framework = next(s.id for s in KNOW.sdks.values() if s.category == "framework")
    hit = one(NAME, static=made.static(sdks=(made.sdk(framework),)), policy=made.policy())
    assert hit.confidence == "tentative"


def test_a_vendor_named_without_its_product_is_tentative() -> None:
    known = next(s for s in KNOW.sdks.values() if s.company_names and not s.fallback)
    said = made.policy(sdks=(made.row("某产品", sdk="", company=known.company_names[0]),))
    hit = one(NAME, static=made.static(sdks=(made.sdk(known.id),)), policy=said)
    assert (hit.message, hit.confidence) == ("vendor_only", "tentative")
