"""Every kind of evidence reference is resolved so that a report needs nothing else."""

import items
import made
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judge import KNOW

from profiles.model import Knowledge
from scanner.describe import describe
from scanner.describe_words import both
from scanner.model.evidence import Evidence
from scanner.model.policy import Quote
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import (
    BridgeAccess,
    Component,
    Endpoint,
    Location,
    NativeMethod,
    WebBridge,
)

BRIDGE = WebBridge(
    cls="a.b.Bridge",
    place=made.place(),
    methods=("a.b.Bridge.id", "a.b.Bridge.close"),
    opens=(
        BridgeAccess(
            method="a.b.Bridge.id",
            data_type="imei",
            api="x",
            place=made.place("a.b.Phone", "id"),
            chain=("a.b.Bridge.id", "a.b.Phone.id"),
            answers=True,
        ),
    ),
)


def full() -> Evidence:
    quote = Quote(document="政策.html", start=1, end=9, text="我们不会向境外提供您的个人信息。")
    return items.app(
        static={
            "flows": (made.flow(transforms=("hash",), host="a.example", assumed=("返回值",)),),
            "behaviours": (made.behaviour("auto-start", detail="BOOT", reach=made.reach()),),
            "bridges": (BRIDGE,),
            "components": (Component(kind="service", name="a.b.S", exported=True, actions=("x",)),),
            "endpoints": (Endpoint(host="a.example", url="http://a.example/x"),),
        },
        policy={"cross_border": made.export("denied", quotes=(quote,))},
        runtime=RuntimeEvidence(events=(made.event(stack=("a.b.C.d",), source="log.txt"),)),
    )


REFS = {
    "static/calls/0": ("code", "classes.dex/a/b/Main.java"),
    "static/flows/0": ("flow", "classes.dex/a/b/Http.java"),
    "static/permissions/0": ("manifest", "AndroidManifest.xml"),
    "static/sdks/0": ("code", "AndroidManifest.xml"),
    "static/ui/0": ("ui", "res/layout/a.xml"),
    "static/behaviours/0": ("code", "classes.dex/a/b/Main.java"),
    "static/bridges/0": ("code", "classes.dex/a/b/Main.java"),
    "static/components/0": ("manifest", "AndroidManifest.xml"),
    "static/endpoints/0": ("code", "AndroidManifest.xml"),
    "traffic/sightings/android_id-bugly-after_consent-b.cn": ("traffic", "network/b.cn"),
    "traffic/destinations/b.cn": ("traffic", "network/b.cn"),
    "traffic/exchanges/e1": ("traffic", "network/api.example.com"),
    "runtime/events/0": ("runtime", ""),
    "policy/statements/0": ("policy", "policy/policy.html"),
    "policy/sdks/0": ("policy", "policy/policy.html"),
    "policy/elements/E07": ("policy", "policy/policy.html"),
    "policy/cross-border/0": ("policy", "policy/%E6%94%BF%E7%AD%96.html"),
    "policy/readability/measures": ("policy", ""),
    "manifest/allowBackup": ("manifest", "AndroidManifest.xml"),
    "absence/declared/imei": ("absence", ""),
    "absence/sdk/bugly": ("absence", ""),
    "absence/use/android.permission.CAMERA": ("absence", ""),
    "absence/permission/android.permission.CAMERA": ("absence", ""),
    "absence/ui/privacy-prompt": ("absence", ""),
    "absence/cross-border/": ("absence", ""),
    "absence/behaviour/": ("absence", ""),
    "absence/policy/": ("absence", ""),
}


@pytest.mark.parametrize("ref", REFS)
def test_each_kind(ref: str, know: Knowledge) -> None:
    item = describe(ref, full(), know)
    assert (item.kind, item.uri) == REFS[ref]
    assert item.ref == ref
    assert item.title.zh != item.title.en
    assert any("一" <= c <= "鿿" for c in item.title.zh)


@pytest.mark.parametrize(
    "ref",
    [
        "static/calls/99", "static/calls/-1", "static/calls/x", "traffic/sightings/none",
        "traffic/destinations/none", "traffic/exchanges/none", "policy/elements/E99",
        "policy/statements/99", "runtime/events/9", "manifest/nothing", "absence/nothing/",
        "somewhere/else",
    ],
)  # fmt: skip
def test_a_reference_to_nothing_is_an_error(ref: str, know: Knowledge) -> None:
    with pytest.raises(LookupError):
        describe(ref, full(), know)


@pytest.mark.parametrize("ref", [ref for ref in REFS if not ref.startswith("absence/")])
def test_without_the_part_it_is_an_error(ref: str, know: Knowledge) -> None:
    with pytest.raises(LookupError):
        describe(ref, made.evidence(), know)


def test_a_missing_element_is_an_absence(know: Knowledge) -> None:
    evidence = items.app(policy=items.without("E07"))
    item = describe("policy/elements/E07", evidence, know)
    assert item.kind == "absence"
    assert "保存期限" in item.title.zh


@pytest.mark.parametrize(
    ("data_type", "api", "title"),
    [
        ("photo_album", "file_dcim", "代码涉及相册图片、视频（应用自身）：相机目录（/x）"),
        (
            "installed_apps",
            "act_package_added",
            "代码涉及软件安装列表（应用自身）：监听应用安装（/x）",
        ),
        ("installed_apps", "pm_installed_apps", "代码读取软件安装列表（应用自身）：/x"),
    ],
)
def test_what_only_names_a_place_or_an_event_is_not_called_reading(
    know: Knowledge, data_type: str, api: str, title: str
) -> None:
    site = made.call(data_type, api=api, target="/x")
    evidence = made.evidence(static=made.static(calls=(site,)))
    assert describe("static/calls/0", evidence, know).title.zh == title


def test_a_chain_is_told_from_the_entry_inwards(know: Knowledge) -> None:
    early = made.call(reach=made.reach(before=True))
    item = describe("static/calls/0", made.evidence(static=made.static(calls=(early,))), know)
    lines = [line.zh for line in item.lines]
    assert lines[0].startswith("入口：")
    assert lines[1] == "→ a.b.App.onCreate"
    assert any("无需用户操作" in line for line in lines)


@pytest.mark.parametrize(
    "kind",
    [
        "application-on-create",
        "application-attach",
        "component-factory",
        "backup-agent",
        "startup-initializer",
        "provider-on-create",
        "launcher-activity",
        "activity",
        "auto-start-receiver",
        "receiver",
        "service",
        "callback",
    ],
)
def test_every_kind_of_entry_is_said_in_both_languages(know: Knowledge, kind: str) -> None:
    early = made.call(reach=msgspec.structs.replace(made.reach(), entry=kind))
    item = describe("static/calls/0", made.evidence(static=made.static(calls=(early,))), know)
    word = know.words[f"entry.{kind}"]
    assert item.lines[0] == both(f"入口：{word.zh}", f"entry: {word.en}")
    assert word.zh != word.en


@given(st.text(max_size=3000))
def test_what_an_input_wrote_stays_on_one_line_of_bounded_length(text: str) -> None:
    said = made.statement("imei", quote=text)
    item = describe("policy/statements/0", made.evidence(policy=made.policy(said)), KNOW)
    assert "\n" not in item.lines[0].zh
    assert len(item.lines[0].zh) <= 600


def test_the_recipient_abroad_is_marked_in_the_quote(know: Knowledge) -> None:
    said = Quote(
        document="p.html", start=10, end=40, text="我们会将电话号码提供给新加坡的甲乙公司。"
    )
    name = Quote(document="p.html", start=30, end=34, text="甲乙公司")
    elsewhere = Quote(document="p.html", start=90, end=94, text="丙丁公司")
    export = made.export(quotes=(said,), receivers=(elsewhere, name))
    evidence = items.app(policy={"cross_border": export})
    assert describe("policy/cross-border/0", evidence, know).mark == "甲乙公司"


def test_a_flow_is_told_in_words(know: Knowledge) -> None:
    item = describe("static/flows/0", full(), know)
    assert "途中变换：摘要" in [line.zh for line in item.lines]
    assert "changed on the way: hash" in [line.en for line in item.lines]
    password = made.flow("auth_secret", source_api="flow_password_field")
    evidence = items.app(static={"flows": (password,)})
    assert "密码输入框" in describe("static/flows/0", evidence, know).title.zh


def lines_of(ref: str, evidence: Evidence) -> list[str]:
    return [line.en for line in describe(ref, evidence, KNOW).lines]


def test_a_permission_shows_its_conditions() -> None:
    fact = made.permission("p.NFC", flags=("neverForLocation", "requiredFeature:f.nfc"))
    (line, *_) = lines_of("static/permissions/0", items.app(static={"permissions": (fact,)}))
    assert 'usesPermissionFlags="neverForLocation" android:requiredFeature="f.nfc">' in line


@pytest.mark.parametrize(("place", "said"), [("lib/arm64-v8a/libx.so", True), ("a.b.C", False)])
def test_a_way_into_a_native_library_is_no_way_to_the_place(place: str, said: bool) -> None:
    where = Location(cls=place, dex="lib/arm64-v8a/libx.so")
    site = made.call("imei", place=where, reach=made.reach())
    lines = lines_of("static/calls/0", items.app(static={"calls": (site,)}))
    assert any("native library" in line for line in lines) is said


def lines(ref: str, evidence: Evidence, know: Knowledge) -> str:
    return "\n".join(line.en for line in describe(ref, evidence, know).lines)


def test_a_bridge_shows_what_a_page_may_call_and_the_way_to_the_data(know: Knowledge) -> None:
    told = lines("static/bridges/0", full(), know)
    assert "methods that a page may call: id, close" in told
    assert told.index("→ a.b.Bridge.id") < told.index("→ a.b.Phone.id")


def test_an_inferred_owner_is_called_so(know: Knowledge) -> None:
    for inferred in (True, False):
        site = made.call("imei", actor="bugly", owner_inferred=inferred)
        told = lines("static/calls/0", items.app(static={"calls": (site,)}), know)
        assert ("owner inferred" in told) is inferred


def test_a_native_library_shows_the_methods_whose_code_it_holds(know: Knowledge) -> None:
    path = "lib/arm64-v8a/libid.so"
    site = made.call("mac_address", place=Location(cls=path, dex=path))
    methods = tuple(
        NativeMethod(library=library, method=f"a.b.N.{name}", how="exported")
        for library, name in ((path, "mac"), ("lib/arm64-v8a/other.so", "x"))
    )
    evidence = items.app(static={"calls": (site,), "native_methods": methods})
    told = lines("static/calls/0", evidence, know)
    assert "(1): a.b.N.mac" in told
    assert "a.b.N.x" not in told


def test_loaded_code_shows_where_it_comes_from(know: Knowledge) -> None:
    for sources, shown in ((("network",), True), ((), False)):
        fact = made.behaviour("dynamic-loading", sources=sources)
        told = lines("static/behaviours/0", items.app(static={"behaviours": (fact,)}), know)
        assert ("source: the network" in told) is shown


@pytest.mark.parametrize("exported", [True, False])
def test_a_component_says_that_it_is_exported(exported: bool) -> None:
    fact = Component(kind="service", name="a.b.S", exported=exported, permission="a.b.USE")
    told = lines_of("static/components/0", items.app(static={"components": (fact,)}))
    assert ("exported: other apps can call it" in told) is exported
    assert told[-1] == "needs: a.b.USE"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recipient": "caller", "component": "a.Open"}, "given to any app that calls a.Open"),
        ({"recipient": "receivers"}, "a broadcast that names no receiving app"),
        (
            {"recipient": "receivers", "guard": "a.HEAR"},
            "a broadcast that names no receiving app, with the permission a.HEAR",
        ),
    ],
)
def test_a_flow_says_who_gets_it(changes: dict[str, str], said: str) -> None:
    flow = made.flow(sink_kind="ipc", **changes)
    assert lines_of("static/flows/0", items.app(static={"flows": (flow,)}))[-1] == said


def test_a_trick_is_told_in_words_with_what_it_concerns() -> None:
    fact = made.behaviour("keep-alive", detail="mutual-guard: a.b.Guard")
    told = lines_of("static/behaviours/0", items.app(static={"behaviours": (fact,)}))
    assert told[0] == "services of two processes that bind to each other: a.b.Guard"
