"""App bundles and HarmonyOS packages, made by hand."""

import json
from pathlib import Path

from scanner.static.formats import open_package
from scanner.static.gather import gather_static
from scanner.static.gathering import StaticGathering
from tests.support.knowledge import knowledge
from tests.support.package_made import (
    Node,
    archive,
    axml,
    manifest,
    proto_table,
    proto_xml,
    save,
    table,
)

DEX = b"dex\n035\0" + bytes(200)
STRINGS = {"app_name": {"": "Sky", "zh": "天空"}}
LAYOUT: Node = ("CheckBox", {"android:checked": True, "android:text": "同意《隐私政策》"}, [])
MAIN: Node = ("activity", {"android:name": ".Main", "android:exported": True}, [])
EXTRA: Node = ("service", {"android:name": ".Extra"}, [])
ASKS: Node = ("uses-permission", {"android:name": "android.permission.CAMERA"}, [])
LABEL = {"android:label": "@0x7f010000"}


def gathered(path: Path) -> StaticGathering:
    return gather_static(path, knowledge(), flow_budget=0)


def _apk(folder: Path) -> Path:
    return save(folder / "a.apk", {
        "AndroidManifest.xml": axml(manifest(MAIN, ASKS, EXTRA, attributes=LABEL)),
        "resources.arsc": table(STRINGS),
        "res/layout/page.xml": axml(LAYOUT),
        "classes.dex": DEX,
        "lib/arm64-v8a/liba.so": b"\0ro.serialno\0",
        "assets/a.txt": b"x",
    })  # fmt: skip


def _bundle(folder: Path) -> Path:
    feature: Node = (
        "manifest",
        {"package": "a.b", "split": "more"},
        [("application", {}, [EXTRA])],
    )
    return save(folder / "a.aab", {
        "BundleConfig.pb": b"\x0a\x00",
        "META-INF/X.RSA": b"",
        "base/manifest/AndroidManifest.xml": proto_xml(manifest(MAIN, ASKS, attributes=LABEL)),
        "base/resources.pb": proto_table(STRINGS),
        "base/res/layout/page.xml": proto_xml(LAYOUT),
        "base/dex/classes.dex": DEX,
        "base/lib/arm64-v8a/liba.so": b"\0ro.serialno\0",
        "base/assets/a.txt": b"x",
        "more/manifest/AndroidManifest.xml": proto_xml(feature),
    })  # fmt: skip


def test_a_bundle_says_what_the_apk_says(tmp_path: Path) -> None:
    apk, bundle = gathered(_apk(tmp_path)), gathered(_bundle(tmp_path))
    assert bundle.app.format == "aab"
    assert bundle.static == apk.static
    assert (bundle.app.label, bundle.app.label_en) == ("天空", "Sky")
    assert bundle.app.package == apk.app.package
    assert [g.code for g in bundle.gaps] == [g.code for g in apk.gaps]


def test_dex_of_features_is_named_after_them(tmp_path: Path) -> None:
    base = axml(manifest())
    feature = axml(("manifest", {"package": "a.b", "split": "more"}, []))
    outer = {
        "z.apk": archive({"AndroidManifest.xml": base, "classes.dex": DEX}),
        "a.apk": archive({"AndroidManifest.xml": feature, "classes.dex": DEX, "assets/x.dex": DEX}),
    }
    found = gathered(save(tmp_path / "a.apks", outer)).static.code
    assert found.dex_files == 2
    assert found.dynamic_dex == ("a!assets/x.dex",)


def test_one_variant_of_a_bundle_set_is_enough(tmp_path: Path) -> None:
    apk = archive({"AndroidManifest.xml": axml(manifest())})
    universal = save(
        tmp_path / "u.apks", {"toc.pb": b"", "universal.apk": apk, "splits/base.apk": apk}
    )
    package = open_package(universal, lambda _: None)
    package.close()
    assert len(package.modules) == 1


HOME = {"entities": ["entity.system.home"], "actions": ["action.system.home"]}
MODULE = {
    "app": {
        "bundleName": "com.example.oh",
        "versionCode": 1000000,
        "versionName": "1.0.0",
        "minAPIVersion": 9,
        "targetAPIVersion": 11,
        "debug": True,
        "label": "$string:app_name",
    },
    "module": {
        "name": "entry",
        "requestPermissions": [
            {"name": "ohos.permission.INTERNET"},
            {"name": "ohos.permission.LOCATION"},
        ],
        "abilities": [{"name": "EntryAbility", "exported": True, "skills": [HOME]}],
        "extensionAbilities": [{"name": "Form", "exported": False}],
    },
}
CODE = (
    b'PANDA\0\0\0"'
    + "请阅读并同意《隐私政策》后继续使用".encode()
    + b'"\0https://api.oh.example/v1\0'
)


def test_a_harmony_package(tmp_path: Path) -> None:
    lib = {"libs/arm64-v8a/libBugly.so": b"\x7fELF"}
    parts = {"module.json": json.dumps(MODULE).encode(), "ets/modules.abc": CODE, **lib}
    found = gathered(save(tmp_path / "a.hap", parts))
    assert (found.app.format, found.app.package) == ("hap", "com.example.oh")
    assert (found.app.min_sdk, found.app.target_sdk, found.app.label) == (9, 11, "")
    assert found.app.main_activity == "EntryAbility"
    assert [p.name for p in found.static.permissions] == [
        "ohos.permission.INTERNET",
        "ohos.permission.LOCATION",
    ]
    assert [(c.kind, c.exported) for c in found.static.components] == [
        ("activity", True),
        ("service", False),
    ]
    assert [e.host for e in found.static.endpoints] == ["api.oh.example"]
    assert "privacy-prompt" in {f.kind for f in found.static.ui}
    assert [(s.sdk, s.initialised, s.reachable) for s in found.static.sdks] == [
        ("bugly", None, None)
    ]
    (gap,) = found.gaps
    assert gap.code == "harmony-code"
    assert "static.calls" in gap.blocks


def test_a_harmony_app_joins_its_modules(tmp_path: Path) -> None:
    second = {
        "app": MODULE["app"],
        "module": {"requestPermissions": [{"name": "ohos.permission.CAMERA"}]},
    }
    parts = {
        "pack.info": b"{}",
        "entry.hap": archive({"module.json": json.dumps(MODULE).encode()}),
        "more.hap": archive({"module.json": json.dumps(second).encode()}),
    }
    found = gathered(save(tmp_path / "a.app", parts))
    assert found.app.format == "happ"
    assert len(found.static.permissions) == 3


def test_odd_configuration_is_a_gap(tmp_path: Path) -> None:
    for data in (b"[1]", b"{" * 5000, b'{"app": 5, "module": {"abilities": [3, {"skills": 1}]}}'):
        found = gathered(save(tmp_path / "a.hap", {"module.json": data}))
        assert found.app.package == ""
        assert "harmony-code" in {g.code for g in found.gaps}
