"""The second reader agrees on a sound package, and a disagreement is said."""

from pathlib import Path

import msgspec

from profiles.load import load_knowledge
from scanner.static.gather import gather_static
from scanner.static.second_reader import cross_check

APK = Path(__file__).parent.parent / "fixtures" / "apps" / "dirty.apk"


def test_both_readers_agree_on_the_demo_app() -> None:
    read = gather_static(APK, load_knowledge(), flow_budget=0)
    second = cross_check(APK, read.app, read.static)
    assert second.gaps == ()
    assert "package, version, target SDK, permissions" in second.note
    assert "signers agree" in second.note


def test_a_disagreement_is_a_gap_that_names_both() -> None:
    read = gather_static(APK, load_knowledge(), flow_budget=0)
    permissions = tuple(
        p for p in read.static.permissions if p.name != "android.permission.READ_CONTACTS"
    )
    static = msgspec.structs.replace(read.static, permissions=permissions)
    app = msgspec.structs.replace(read.app, package="com.example.other")
    gaps = cross_check(APK, app, static).gaps
    assert [gap.subject for gap in gaps] == ["package", "permissions"]
    assert "com.example.other" in gaps[0].detail.en
    assert "READ_CONTACTS" in gaps[1].detail.zh


def test_a_package_that_is_refused_is_no_disagreement(tmp_path: Path) -> None:
    read = gather_static(APK, load_knowledge(), flow_budget=0)
    broken = tmp_path / "x.apk"
    broken.write_bytes(b"PK\x05\x06" + bytes(18))
    second = cross_check(broken, read.app, read.static)
    assert second.gaps == ()
    assert second.note.endswith("refused the package")
