"""One package end to end: the demo apps, bundles of the same app, hostile packages."""

import resource
from pathlib import Path

import msgspec
import pytest
import yaml

from scanner.model.errors import InputError
from scanner.model.static import StaticEvidence
from scanner.static.gather import gather_static
from scanner.static.gathering import StaticGathering
from tests.fixtures import hostile
from tests.support.knowledge import knowledge
from tests.support.package_made import archive, axml, manifest, save

APPS = hostile.HERE / "apps"
USELESS = {*hostile.USELESS_APPS, "lying-sizes"}


def gathered(path: Path, flow_budget: float = 0.0) -> StaticGathering:
    return gather_static(path, knowledge(), flow_budget=flow_budget)


def test_identity_of_the_demo_app_is_as_recorded(root: Path) -> None:
    expected = yaml.safe_load((APPS / "dirty.expected.yaml").read_text("utf-8"))
    found = gathered(APPS / "dirty.apk")
    identity = dict(expected["identity"])
    schemes = identity.pop("signature_schemes")
    assert {key: getattr(found.app, key) for key in identity} == identity
    assert list(found.app.signers[0].schemes) == schemes
    assert {p.name for p in found.static.permissions} == {
        p["name"] for p in expected["permissions"]
    }
    components = {(c.kind, c.name, c.exported) for c in found.static.components}
    assert components == {(c["kind"], c["name"], c["exported"]) for c in expected["components"]}
    flags = found.static.manifest
    assert flags.allow_backup is expected["manifest"]["allow_backup"]
    assert flags.uses_cleartext_traffic is expected["manifest"]["uses_cleartext_traffic"]
    assert found.inputs[0].size == found.app.size == (APPS / "dirty.apk").stat().st_size


def test_consent_interface_of_the_demo_apps() -> None:
    dirty = {(f.kind, f.confidence) for f in gathered(APPS / "dirty.apk").static.ui}
    assert ("default-ticked-consent", "certain") in dirty
    assert "refuse-button" not in {kind for kind, _ in dirty}
    clean = {f.kind for f in gathered(APPS / "clean.apk").static.ui}
    assert "default-ticked-consent" not in clean
    assert {
        "privacy-prompt", "agree-button", "refuse-button", "unticked-consent", "policy-link",
        "account-cancellation", "data-export", "complaint", "personalisation-switch",
        "filing-number", "childrens-mode", "withdraw-consent", "clear-data",
    } <= clean  # fmt: skip


def test_the_embedded_policy_is_handed_on_whole() -> None:
    found = gathered(APPS / "clean.apk")
    ((place, data),) = found.policy_texts
    assert place == "assets/privacy.html"
    assert data == (hostile.HERE / "policies" / "clean.html").read_bytes()
    assert found.static.policies[0].chars == len(data.decode())


def test_the_same_bytes_give_the_same_document() -> None:
    one, two = (msgspec.json.encode(gathered(APPS / "dirty.apk")) for _ in range(2))
    assert one == two


def _bundles(folder: Path) -> dict[str, Path]:
    base = (APPS / "clean.apk").read_bytes()
    split = axml(
        ("manifest", {"package": "com.example.mingcha.demo.clean", "split": "config.zh"}, [])
    )
    extra = archive({"AndroidManifest.xml": split})
    folder.joinpath("dir").mkdir()
    folder.joinpath("dir", "base.apk").write_bytes(base)
    folder.joinpath("dir", "split_config.zh.apk").write_bytes(extra)
    parts = {"base.apk": base, "split_config.zh.apk": extra}
    bundletool = {"toc.pb": b"", "splits/base-master.apk": base, "splits/base-zh.apk": extra}
    bundletool["standalones/standalone.apk"] = base
    return {
        "split-dir": folder / "dir",
        "xapk": save(folder / "a.xapk", {"manifest.json": b'{"xapk_version":2}', **parts}),
        "apks": save(folder / "a.apks", bundletool, stored=True),
        "apkm": save(folder / "a.apkm", {"info.json": b'{"apkm_version":5}', **parts}),
    }


@pytest.mark.parametrize("form", ["split-dir", "xapk", "apks", "apkm"])
def test_bundles_say_what_the_merged_app_says(form: str, tmp_path: Path) -> None:
    whole = gathered(APPS / "clean.apk")
    found = gathered(_bundles(tmp_path)[form])
    assert found.app.format == form
    assert found.static == whole.static
    assert found.policy_texts == whole.policy_texts
    assert [g.code for g in found.gaps] == [g.code for g in whole.gaps]
    for field in ("package", "label", "version_code", "signers", "main_activity", "target_sdk"):
        assert getattr(found.app, field) == getattr(whole.app, field)


@pytest.mark.parametrize("name", sorted(USELESS))
def test_useless_files_are_one_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        gathered(hostile.APPS[name](tmp_path))
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert caught.value.hint


EXPECTED_GAPS = {
    "truncated": {"truncated-archive"},
    "truncated-tail": {"truncated-archive"},
    "many-bombs": {"zip-bomb", "dex-unreadable"},
    "traversal": {"odd-name"},
    "doubled-names": {"duplicate-entry"},
    "broken-manifest": {"manifest-unreadable"},
    "text-manifest": {"manifest-unreadable"},
    "broken-resources": {"resources-unreadable"},
}


@pytest.mark.parametrize("name", sorted(hostile.APPS.keys() - USELESS))
def test_hostile_packages_keep_what_is_sound(name: str, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = gathered(hostile.APPS[name](tmp_path))
    codes = {g.code for g in found.gaps}
    assert codes >= EXPECTED_GAPS.get(name, set())
    assert "code-failed" not in codes
    if "manifest" not in name:
        assert found.app.package == "com.example.mingcha.demo.clean"
        assert [p.name for p in found.static.permissions if p.declared]
    assert len(list(tmp_path.iterdir())) == 1
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 300 * 1024


def test_an_unreadable_manifest_accuses_of_nothing(tmp_path: Path) -> None:
    found = gathered(hostile.broken_manifest(tmp_path))
    assert found.static.permissions == ()
    assert found.static.behaviours == ()
    assert found.static.manifest.cleartext_permitted is None
    blocked = {b for g in found.gaps for b in g.blocks}
    assert {"static.permissions", "static.components", "static.manifest"} <= blocked


def test_a_folder_of_photos_named_like_a_bundle_is_refused(tmp_path: Path) -> None:
    inner = archive({"photo.jpg": b"x"})
    with pytest.raises(InputError):
        gathered(save(tmp_path / "x.apks", {"a.apk": inner}))


def test_dex_in_assets_is_marked_dynamic(tmp_path: Path) -> None:
    dex = b"dex\n035\0" + bytes(200)
    plug = archive({"classes.dex": dex})
    parts = {
        "AndroidManifest.xml": axml(manifest()),
        "classes.dex": dex,
        "classes3.dex": dex,
        "assets/plug.jar": plug,
        "assets/code.bin": dex,
        "assets/photo.png": dex,
    }
    stats = gathered(save(tmp_path / "a.apk", parts)).static.code
    assert stats.dex_files == 1
    assert stats.dynamic_dex == ("classes3.dex", "assets/code.bin", "assets/plug.jar!classes.dex")


def test_evidence_of_an_empty_app_is_empty(tmp_path: Path) -> None:
    dex = b"dex\n035\0" + bytes(200)
    parts = {"AndroidManifest.xml": axml(manifest(target=34)), "classes.dex": dex}
    static = gathered(save(tmp_path / "a.apk", parts)).static
    assert static.permissions == static.ui == static.packers == static.behaviours == ()
    assert isinstance(static, StaticEvidence)


@pytest.mark.parametrize(
    ("step", "code", "kept"),
    [("gather_code.read_code", "code-failed", 0), ("flow.engine.find_flows", "flows-failed", 15)],
)
def test_code_that_breaks_a_reader_is_a_gap(
    step: str, code: str, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IndexError("as if the code had broken the reader")

    monkeypatch.setattr(f"scanner.static.{step}", broken)
    found = gathered(APPS / "dirty.apk", flow_budget=5)
    (gap,) = [g for g in found.gaps if g.code == code]
    assert "static.flows" in gap.blocks
    assert found.static.code.classes == kept
    assert [p.name for p in found.static.permissions if p.declared]


def test_a_missing_mapping_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        gather_static(APPS / "dirty.apk", knowledge(), mapping=tmp_path / "none.txt")
