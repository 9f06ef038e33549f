"""Native strings, manifest behaviours, network configuration, embedded policies, addresses."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from scanner.model.static import Behaviour
from scanner.static.facts import NativeLib
from scanner.static.gather import gather_static
from scanner.static.gathering import StaticGathering
from scanner.static.native import one_abi
from tests.support.knowledge import knowledge
from tests.support.package_made import Attributes, Node, axml, manifest, save, table

DEX = b"dex\n035\0" + bytes(200)


def gathered(
    folder: Path, tree: Node | None = None, extra: Mapping[str, bytes] | None = None
) -> StaticGathering:
    parts = {"AndroidManifest.xml": axml(tree or manifest()), "classes.dex": DEX}
    parts |= extra or {}
    return gather_static(save(folder / "a.apk", parts), knowledge(), flow_budget=0)


def behaviours(folder: Path, *nodes: Node, target: int = 30) -> list[tuple[str, str]]:
    found = gathered(folder, manifest(*nodes, target=target)).static.behaviours
    return [(b.kind, b.place.cls) for b in found]


def component(tag: str, *actions: str, **attributes: str | bool) -> Node:
    rows: Attributes = {"android:name": ".C", **{f"android:{k}": v for k, v in attributes.items()}}
    block: Node = ("intent-filter", {}, [("action", {"android:name": a}, []) for a in actions])
    return (tag, rows, [block] if actions else [])


BOOT = "android.intent.action.BOOT_COMPLETED"


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (component("receiver", BOOT), ["auto-start"]),
        (component("receiver", BOOT, enabled=False), []),
        (component("receiver", "a.b.MINE"), []),
        (component("activity", BOOT), []),
        (component("service", "cn.jpush.android.intent.DaemonService"), ["associated-start"]),
        (component("service", "cn.jpush.android.intent.DaemonService", exported=False), []),
        (component("service", "android.content.SyncAdapter"), ["keep-alive"]),
        (component("service", name=".core.KeepAliveService"), ["keep-alive"]),
        (component("service", name=".core.AssistService"), ["keep-alive"]),
        (component("provider", exported=True, authorities="a.b.data"), ["exported-provider"]),
        (component("provider", exported=True, permission="p.X"), []),
        (component("provider", exported=True, readPermission="p.X"), ["exported-provider"]),
        (component("provider", exported=False), []),
    ],
)
def test_behaviours_of_the_manifest(node: Node, expected: list[str], tmp_path: Path) -> None:
    assert [kind for kind, _ in behaviours(tmp_path, node)] == expected


@pytest.mark.parametrize(("target", "old"), [(22, True), (23, False)])
def test_old_target(target: int, old: bool, tmp_path: Path) -> None:
    assert (("old-target-sdk", "a.b") in behaviours(tmp_path, target=target)) is old


def test_behaviours_have_a_place_and_a_reason(tmp_path: Path) -> None:
    (found,) = gathered(tmp_path, manifest(component("receiver", BOOT))).static.behaviours
    assert isinstance(found, Behaviour)
    assert (found.place.cls, found.detail, found.confidence) == ("a.b.C", BOOT, "certain")


CONFIG = "@0x7f010000"
RESOURCES = table({"net": {"": "res/xml/net.xml"}})


EXCLUDE: Node = ("exclude", {"domain": "database", "path": "a.db"}, [])


@pytest.mark.parametrize(
    ("name", "tree", "expected"),
    [
        (
            "fullBackupContent",
            ("full-backup-content", {}, [EXCLUDE]),
            ("full-backup-content: exclude database a.db",),
        ),
        (
            "dataExtractionRules",
            ("data-extraction-rules", {}, [("cloud-backup", {}, [EXCLUDE])]),
            ("cloud-backup: exclude database a.db",),
        ),
        ("fullBackupContent", ("full-backup-content", {}, []), ()),
        ("fullBackupContent", None, ()),
    ],
    ids=["old", "new", "empty", "noise"],
)
def test_rules_of_a_backup(
    name: str, tree: Node | None, expected: tuple[str, ...], tmp_path: Path
) -> None:
    tree_of_manifest = manifest(attributes={f"android:{name}": CONFIG})
    rules = b"noise" if tree is None else axml(tree)
    extra = {"resources.arsc": RESOURCES, "res/xml/net.xml": rules}
    assert gathered(tmp_path, tree_of_manifest, extra).static.manifest.backup_rules == expected


def _config(*children: Node) -> bytes:
    return axml(("network-security-config", {}, list(children)))


@pytest.mark.parametrize(
    ("target", "stated", "config", "expected"),
    [
        (27, None, None, True),
        (28, None, None, False),
        (28, True, None, True),
        (27, False, None, False),
        (28, True, _config(), False),
        (28, None, _config(("base-config", {"cleartextTrafficPermitted": True}, [])), True),
        (27, None, _config(("base-config", {"cleartextTrafficPermitted": False}, [])), False),
        (28, None, _config(("domain-config", {"cleartextTrafficPermitted": True}, [])), True),
        (28, True, b"noise", None),
    ],
)
def test_cleartext(
    target: int, stated: bool | None, config: bytes | None, expected: bool | None, tmp_path: Path
) -> None:
    attributes: dict[str, str | int | bool] = {}
    if stated is not None:
        attributes["android:usesCleartextTraffic"] = stated
    extra: dict[str, bytes] = {}
    if config is not None:
        attributes["android:networkSecurityConfig"] = CONFIG
        extra = {"resources.arsc": RESOURCES, "res/xml/net.xml": config}
    tree = manifest(target=target, attributes=attributes)
    flags = gathered(tmp_path, tree, extra).static.manifest
    assert flags.cleartext_permitted is expected
    assert flags.uses_cleartext_traffic is stated


def test_native_strings_name_what_a_library_knows(tmp_path: Path) -> None:
    lib = b"\x7fELF" + b"\0ro.serialno\0xro.serialno.no\0/sys/class/net/wlan0/address\0"
    found = gathered(tmp_path, None, {"lib/x86/liba.so": b"\x7fELF", "lib/arm64-v8a/liba.so": lib})
    sites = {(c.target, c.place.cls, c.actor, c.confidence) for c in found.static.calls}
    place = "lib/arm64-v8a/liba.so"
    assert ("ro.serialno", place, "pkg:liba.so", "tentative") in sites
    assert all(c.reach.reachable is None for c in found.static.calls)
    assert found.static.code.native_libs == ("lib/arm64-v8a/liba.so", "lib/x86/liba.so")


def test_a_longer_word_is_another_word(tmp_path: Path) -> None:
    found = gathered(tmp_path, None, {"lib/x86/liba.so": b"\0xro.serialno\0ro.serialnox\0"})
    assert found.static.calls == ()


def test_one_abi_is_searched() -> None:
    abis = ("x86", "arm64-v8a", "mips")
    libs = [NativeLib(name="a.so", abi=abi, path=f"lib/{abi}/a.so", size=1) for abi in abis]
    assert [lib.abi for lib in one_abi(libs)] == ["arm64-v8a"]


POLICY = "隐私政策\n我们收集您的个人信息。使用目的如下。第三方共享需经您同意，您有权利删除。" * 30


def test_policies_by_content_and_not_by_name(tmp_path: Path) -> None:
    extra = {
        "assets/page.html": POLICY.encode(),
        "assets/gb.txt": POLICY.replace("隐私", "本隐私").encode("gb18030"),
        "assets/privacy_short.html": "隐私政策".encode(),
        "assets/novel.txt": ("从前有一座山。" * 400).encode(),
        "assets/privacy.pdf": b"%PDF-1.4 x",
        "assets/map.pdf": b"%PDF-1.4 y",
        "assets/copy.html": POLICY.encode(),
    }
    found = gathered(tmp_path, None, extra)
    places = [place for place, _ in found.policy_texts]
    assert places == ["assets/copy.html", "assets/gb.txt", "assets/privacy.pdf"]
    assert [p.place for p in found.static.policies] == [p for p, _ in found.policy_texts]


def test_a_policy_in_a_string(tmp_path: Path) -> None:
    found = gathered(
        tmp_path, None, {"resources.arsc": table({"policy": {"": POLICY}}, utf8=False)}
    )
    ((place, data),) = found.policy_texts
    assert (place, data.decode()) == ("res:string/policy", POLICY)
