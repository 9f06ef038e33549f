"""The manifest's effective values, as the platform would take them."""

import pytest

from scanner.static import manifest_permissions
from scanner.static.axml import parse_axml
from scanner.static.manifest import Manifest, read_manifest
from scanner.static.resources import Table
from tests.support.package_made import Attributes, Node, axml, manifest, table


def read(node: Node, resources: Table | None = None) -> Manifest:
    root = parse_axml(axml(node)).root
    assert root is not None
    return read_manifest(root, resources or Table())


def names(found: Manifest) -> list[str]:
    return [p.name for p in manifest_permissions.declared(found, Table())]


FILTER: Node = ("intent-filter", {}, [("action", {"android:name": "x.GO"}, [])])
LAUNCH: Node = (
    "intent-filter",
    {},
    [
        ("action", {"android:name": "android.intent.action.MAIN"}, []),
        ("category", {"android:name": "android.intent.category.LAUNCHER"}, []),
    ],
)


@pytest.mark.parametrize(
    ("tag", "attributes", "inside", "target", "exported"),
    [
        ("service", {}, [], 30, False),
        ("service", {}, [FILTER], 30, True),
        ("service", {"android:exported": False}, [FILTER], 30, False),
        ("receiver", {"android:exported": True}, [], 34, True),
        ("provider", {}, [], 16, True),
        ("provider", {}, [], 17, False),
        ("provider", {"android:exported": True}, [], 34, True),
    ],
)
def test_effective_exported(
    tag: str, attributes: Attributes, inside: list[Node], target: int, exported: bool
) -> None:
    node: Node = (tag, {"android:name": ".C", **attributes}, inside)
    (component,) = read(manifest(node, target=target)).components
    assert (component.kind, component.name, component.exported) == (tag, "a.b.C", exported)


def test_class_names_are_made_absolute() -> None:
    nodes: list[Node] = [("activity", {"android:name": n}, []) for n in (".A", "B", "c.d.E")]
    found = read(manifest(*nodes, attributes={"android:name": ".App"}))
    assert [c.name for c in found.components] == ["a.b.A", "a.b.B", "c.d.E"]
    assert found.application_class == "a.b.App"


def test_an_alias_starts_its_target() -> None:
    alias: Node = (
        "activity-alias",
        {"android:name": ".Al", "android:targetActivity": ".T"},
        [LAUNCH],
    )
    found = read(manifest(("activity", {"android:name": ".T"}, []), alias))
    assert found.main_activity == "a.b.T"
    assert [c.launcher for c in found.components] == [False, True]


def test_a_disabled_launcher_starts_nothing() -> None:
    off: Node = ("activity", {"android:name": ".Off", "android:enabled": False}, [LAUNCH])
    on: Node = ("activity", {"android:name": ".On"}, [LAUNCH])
    assert read(manifest(off, on)).main_activity == "a.b.On"


def test_code_names_of_previews_are_no_numbers() -> None:
    sdk: Node = (
        "uses-sdk",
        {"android:minSdkVersion": "S", "android:targetSdkVersion": "VanillaIceCream"},
        [],
    )
    found = read(("manifest", {"package": "a.b"}, [sdk, ("application", {}, [])]))
    assert (found.min_sdk, found.target_sdk) == (None, None)
    assert found.code_names == ("S", "VanillaIceCream")
    assert found.level > 34


def test_level_falls_back_to_minimum_and_one() -> None:
    sdk: Node = ("uses-sdk", {"android:minSdkVersion": 19}, [])
    assert read(("manifest", {"package": "a"}, [sdk])).level == 19
    assert read(("manifest", {"package": "a"}, [])).level == 1


def test_permissions_of_all_elements_each_once() -> None:
    rows: list[Node] = [
        ("uses-permission", {"android:name": "p.ONE", "android:maxSdkVersion": 28}, []),
        ("uses-permission", {"android:name": "p.ONE", "android:maxSdkVersion": 22}, []),
        ("uses-permission-sdk-23", {"android:name": "p.TWO"}, []),
        ("uses-permission-sdk-m", {"android:name": "p.THREE"}, []),
        ("uses-permission", {"android:name": "p.SCAN", "android:usesPermissionFlags": 0x10000}, []),
        ("permission", {"android:name": "p.MINE", "android:protectionLevel": 2}, []),
        ("uses-feature", {"android:name": "no.permission"}, []),
    ]
    found = read(manifest(*rows))
    facts = {p.name: p for p in manifest_permissions.declared(found, Table())}
    assert list(facts) == ["p.ONE", "p.TWO", "p.THREE", "p.SCAN"]
    assert facts["p.ONE"].max_sdk == 28
    assert facts["p.TWO"].element == "uses-permission-sdk-23"
    assert facts["p.SCAN"].flags == ("neverForLocation",)
    (mine,) = manifest_permissions.custom(found, Table())
    assert (mine.name, mine.protection) == ("p.MINE", "signature")


def test_a_repeat_without_limit_lifts_the_limit() -> None:
    rows: list[Node] = [
        ("uses-permission", {"android:name": "p.ONE", "android:maxSdkVersion": 28}, []),
        ("uses-permission", {"android:name": "p.ONE"}, []),
    ]
    (fact,) = manifest_permissions.declared(read(manifest(*rows)), Table())
    assert fact.max_sdk is None


def test_a_permission_for_devices_with_a_feature_says_so() -> None:
    feature = {"android:requiredFeature": "android.hardware.nfc"}
    rows: list[Node] = [
        ("uses-permission", {"android:name": "p.NFC", **feature}, []),
        ("uses-permission", {"android:name": "p.ALL", **feature}, []),
        ("uses-permission", {"android:name": "p.ALL", "android:maxSdkVersion": 28}, []),
    ]
    facts = manifest_permissions.declared(read(manifest(*rows)), Table())
    assert facts[0].flags == ("requiredFeature:android.hardware.nfc",)
    assert (facts[1].flags, facts[1].max_sdk) == ((), 28)


def test_implied_permissions_stand_apart() -> None:
    write = "android.permission.WRITE_EXTERNAL_STORAGE"
    found = read(manifest(("uses-permission", {"android:name": write}, [])))
    declared = manifest_permissions.declared(found, Table())
    (extra,) = manifest_permissions.implied(found, declared)
    assert extra.name == "android.permission.READ_EXTERNAL_STORAGE"
    assert (extra.declared, extra.element) == (False, "implied")
    assert extra.flags == (f"implied-by:{write}",)
    old = read(manifest(target=3))
    assert len(manifest_permissions.implied(old, [])) == 3


def test_flags_and_label_through_resources() -> None:
    resources = Table()
    resources.add(table({"app_name": {"": "Sky", "zh": "天空"}}))
    attributes = {
        "android:label": "@0x7f010000",
        "android:allowBackup": False,
        "android:usesCleartextTraffic": True,
        "android:debuggable": True,
    }
    found = read(manifest(attributes=attributes), resources)
    assert (found.label, found.label_en) == ("天空", "Sky")
    assert (found.allow_backup, found.cleartext, found.debuggable) == (False, True, True)


def test_a_label_that_leads_nowhere_is_empty() -> None:
    assert read(manifest(attributes={"android:label": "@0x7f019999"})).label == ""


def test_meta_data_and_startup_initialisers() -> None:
    meta: Node = ("meta-data", {"android:name": "x.Init", "android:value": "androidx.startup"}, [])
    provider: Node = (
        "provider",
        {"android:name": "androidx.startup.InitializationProvider"},
        [meta],
    )
    key: Node = ("meta-data", {"android:name": "KEY", "android:value": 5}, [])
    found = read(manifest(provider, key))
    assert found.startup == ("x.Init",)
    assert {(m.name, m.value, m.owner) for m in found.meta_data} == {
        ("KEY", "5", ""),
        ("x.Init", "androidx.startup", "androidx.startup.InitializationProvider"),
    }


def test_queries_and_foreground_types() -> None:
    queries: Node = ("queries", {}, [("package", {"android:name": "com.x"}, [])])
    service: Node = ("service", {"android:name": ".S", "android:foregroundServiceType": 0x88}, [])
    found = read(manifest(queries, service))
    assert found.queries == ("package:com.x",)
    assert found.components[0].foreground_types == ("location", "microphone")
