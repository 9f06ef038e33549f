"""The verdict on one cell: every relation of PoliCheck and PolicyLint in a table."""

import pytest

from checks.declared import declared_for
from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.model.policy import (
    Document,
    PolicyEvidence,
    Quote,
    SdkRow,
    Statement,
    Subsumption,
)

PLACE = Quote(document="p", start=0, end=1, text="x")


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return load_knowledge()


def says(*types: str, at: int = 0, **fields: object) -> Statement:
    values: dict[str, object] = {
        "document": "p",
        "start": at * 100,
        "end": at * 100 + 50,
        "quote": "q",
        "action": "collect",
        "data_types": types,
    }
    return Statement(**{**values, **fields})  # type: ignore[arg-type]


def policy(*statements: Statement, sdks: tuple[SdkRow, ...] = (), **more: object) -> PolicyEvidence:
    document = Document(name="p", sha256="0", chars=1, format="txt")
    return PolicyEvidence(documents=(document,), statements=statements, sdks=sdks, **more)  # type: ignore[arg-type]


def row(sdk: str, *types: str) -> SdkRow:
    return SdkRow(name=sdk, sdk=sdk, data_types=types, place=PLACE)


NO = {"polarity": "negative"}
SHARE = {"action": "share", "receiver": "第三方"}

APP_CASES = [
    ("clear", [says("imei")]),
    ("vague", [says("device_id")]),
    ("vague", [says("device_info")]),
    ("omitted", []),
    ("omitted", [says("personal_info")]),  # a root term declares nothing
    ("omitted", [says("oaid")]),
    ("omitted", [says("imei", actor="third_party")]),
    ("clear", [says("imei"), says("device_info", at=1)]),
    ("conditional", [says("imei", polarity="conditional")]),
    ("clear", [says("imei", polarity="conditional"), says("imei", at=1)]),
    ("conditional", [says("imei", polarity="negative_with_exception")]),
    ("incorrect", [says("imei", **NO)]),
    ("incorrect", [says("device_id", **NO)]),
    ("ambiguous", [says("imei"), says("imei", at=1, **NO)]),  # C1
    ("ambiguous", [says("imei"), says("device_id", at=1, **NO)]),  # C2: denial covers the claim
    ("incorrect", [says("device_info"), says("imei", at=1, **NO)]),  # N1: narrowing
    ("clear", [says("imei"), says("imei", at=1, polarity="negative", **SHARE)]),  # not the app
    ("clear", [says("imei"), says("imei", at=1, action="store", **NO)]),
    ("omitted", [says("personal_info", **NO)]),
]


@pytest.mark.parametrize(("verdict", "statements"), APP_CASES)
def test_app(know: Knowledge, verdict: str, statements: list[Statement]) -> None:
    assert declared_for("imei", "app", policy(*statements), know)[0] == verdict


SDK_CASES = [
    ("omitted", [says("imei")], ()),  # what the app collects is not what the SDK collects
    ("clear", [says("imei", actor="umeng-analytics")], ()),
    ("vague", [says("imei", actor="third_party")], ()),
    ("vague", [says("imei", **SHARE)], ()),
    ("vague", [says("device_info", actor="umeng-analytics")], ()),
    ("sdk_list", [], (row("umeng-analytics", "imei"),)),
    ("vague", [], (row("umeng-analytics", "device_info"),)),
    ("omitted", [], (row("jpush", "imei"),)),
    ("clear", [says("imei", actor="umeng-analytics")], (row("umeng-analytics", "imei"),)),
    ("incorrect", [says("imei", polarity="negative", **SHARE)], ()),
    (
        "ambiguous",
        [says("imei", polarity="negative", **SHARE)],
        (row("umeng-analytics", "imei"),),
    ),
    ("omitted", [says("imei", **NO)], ()),  # "we do not collect" is silent on the SDK
]


@pytest.mark.parametrize(("verdict", "statements", "sdks"), SDK_CASES)
def test_sdk(
    know: Knowledge, verdict: str, statements: list[Statement], sdks: tuple[SdkRow, ...]
) -> None:
    found = declared_for("imei", "umeng-analytics", policy(*statements, sdks=sdks), know)
    assert found[0] == verdict


def test_receiver_names_the_sdk(know: Knowledge) -> None:
    sdk = next(s for s in know.sdks.values() if s.company_names)
    shared = says("imei", action="share", receiver=f"{sdk.company_names[0]}")
    assert declared_for("imei", sdk.id, policy(shared), know) == ("clear", "policy/statements/0")


def test_the_policys_own_definition_comes_first(know: Knowledge) -> None:
    own = Subsumption(parent="device_info", children=("imei", "mac_address"), place=PLACE)
    evidence = policy(says("device_info"), subsumptions=(own,))
    assert declared_for("imei", "app", evidence, know)[0] == "clear"
    assert declared_for("oaid", "app", evidence, know)[0] == "vague"


def test_definitions_chain_and_do_not_loop(know: Knowledge) -> None:
    own = (
        Subsumption(parent="device_info", children=("device_id",), place=PLACE),
        Subsumption(parent="device_id", children=("imei", "device_info"), place=PLACE),
    )
    evidence = policy(says("device_info"), subsumptions=own)
    assert declared_for("imei", "app", evidence, know)[0] == "clear"


def test_a_root_defined_to_include_is_still_a_root(know: Knowledge) -> None:
    own = Subsumption(parent="personal_info", children=("imei",), place=PLACE)
    evidence = policy(says("personal_info"), subsumptions=(own,))
    assert declared_for("imei", "app", evidence, know)[0] == "omitted"


def test_a_group_is_met_by_its_kinds(know: Knowledge) -> None:
    assert declared_for("location", "app", policy(says("location_precise")), know)[0] == "clear"


def test_clash_within_one_sentence_is_decided_by_the_nearest(know: Knowledge) -> None:
    first = says("device_id")
    second = says("imei", start=51, end=90, **NO)
    assert declared_for("imei", "app", policy(first, second), know)[0] == "incorrect"
    first = says("imei")
    second = says("device_id", start=51, end=90, **NO)
    assert declared_for("imei", "app", policy(first, second), know)[0] == "clear"


def test_nearest_prefers_the_exact_passage(know: Knowledge) -> None:
    evidence = policy(says("device_info"), says("imei", at=1), says("device_id", at=2))
    assert declared_for("imei", "app", evidence, know) == ("clear", "policy/statements/1")


def test_omission_points_to_the_same_data_elsewhere(know: Knowledge) -> None:
    evidence = policy(says("gender"), says("imei", at=1))
    found = declared_for("imei", "umeng-analytics", evidence, know)
    assert found == ("omitted", "policy/statements/1")


def test_without_a_policy_nothing_is_assessed(know: Knowledge) -> None:
    assert declared_for("imei", "app", None, know) == ("not_assessed", "")
    assert declared_for("imei", "app", PolicyEvidence(), know) == ("not_assessed", "")


def test_an_unknown_type_or_actor_is_no_crash(know: Knowledge) -> None:
    assert declared_for("no_such_type", "pkg:x.y", policy(says("imei")), know)[0] == "omitted"


def test_a_name_shared_by_two_sdks_counts_for_both(know: Knowledge) -> None:
    """A list that says only the family name leaves the row without an id."""
    name = know.sdks["umeng-analytics"].policy_names[0]
    family = SdkRow(name=name, data_types=("imei",), place=PLACE)
    assert declared_for("imei", "umeng-analytics", policy(sdks=(family,)), know)[0] == "sdk_list"
    assert declared_for("imei", "app", policy(sdks=(family,)), know)[0] == "omitted"


def test_what_is_said_of_a_product_is_said_of_its_parts(know: Knowledge) -> None:
    said = policy(says("location_precise", actor="amap-map"))
    assert declared_for("location_precise", "amap-location", said, know)[0] == "clear"
    listed = policy(sdks=(row("jpush", "imei"),))
    assert declared_for("imei", "jiguang-jcore", listed, know)[0] == "sdk_list"
    assert declared_for("imei", "jverification", listed, know)[0] == "omitted"
