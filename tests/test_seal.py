"""A sealed case tells which file was changed, lost or added, and a redacted copy still verifies."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from asn1crypto import cms, core, tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.cli import run
from scanner.model.errors import InputError
from scanner.seal import MANIFEST, TOKEN, add_token, has_sm3, root_digests, seal
from scanner.seal_check import verify
from scanner.seal_time import read_token


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "inputs").mkdir(parents=True)
    head = {"tool": {"version": "1", "knowledge": "k"}, "app": {"package": "p"}}
    (folder / "evidence.json").write_text(json.dumps(head), encoding="utf-8")
    (folder / "inputs" / "00.apk").write_bytes(b"PK" * 5000)
    return folder


def rewrite(case: Path, changes: dict[str, bytes | None]) -> None:
    """Replace, add or (None) drop members, with checksums that fit."""
    with zipfile.ZipFile(case) as pack:
        content: dict[str, bytes | None] = {name: pack.read(name) for name in pack.namelist()}
    with zipfile.ZipFile(case, "w") as pack:
        for name, data in {**content, **changes}.items():
            if data is not None:
                pack.writestr(name, data)


def test_an_untouched_case_is_as_sealed(bundle: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    sealed = seal([bundle], case)
    verdict = verify(case)
    assert verdict.whole
    assert verdict.intact == ("evidence.json", "inputs/00.apk")
    assert verdict.sha256 == sealed.sha256
    assert verdict.about["package"] == "p"
    with zipfile.ZipFile(case) as pack:
        assert hashlib.sha256(pack.read(MANIFEST)).hexdigest() == sealed.sha256


def test_sealing_twice_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    seal([bundle], tmp_path / "a.zip")
    seal([bundle], tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.skipif(not has_sm3(), reason="this OpenSSL has no SM3")
def test_sm3_is_the_standard_one() -> None:
    # GB/T 32905-2016, A.1: the digest of "abc".
    assert root_digests(b"abc")[1] == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


@pytest.mark.parametrize(
    ("changes", "field", "name"),
    [
        ({"evidence.json": b"{}"}, "changed", "evidence.json"),
        ({"inputs/00.apk": None}, "missing", "inputs/00.apk"),
        ({"inputs/99.txt": b"x"}, "added", "inputs/99.txt"),
    ],
)
def test_what_was_done_to_a_case_is_named(
    bundle: Path,
    tmp_path: Path,
    changes: dict[str, bytes | None],
    field: str,
    name: str,
) -> None:
    case = tmp_path / "case.zip"
    seal([bundle], case)
    rewrite(case, changes)
    assert getattr(verify(case), field) == (name,)


def test_the_command_names_the_file(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.zip"
    seal([bundle], case)
    rewrite(case, {"evidence.json": b"{}"})
    assert run(["verify", str(case)]) == 1
    assert "changed: evidence.json" in capsys.readouterr().out


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_changed_byte_passes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("case")
    (folder / "a.txt").write_bytes(bytes(range(256)) * 4)
    case = folder.parent / f"{folder.name}.zip"
    sealed = seal([folder], case)
    raw = bytearray(case.read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    case.write_bytes(bytes(raw))
    try:
        verdict = verify(case)
    except InputError:
        return
    if verdict.whole and verdict.sha256 == sealed.sha256:
        # A byte of zip housekeeping (a date, a flag nobody reads) may change; no content may.
        with zipfile.ZipFile(case) as pack:
            assert pack.read("a.txt") == bytes(range(256)) * 4


def test_a_redacted_copy_has_the_same_root(bundle: Path, tmp_path: Path) -> None:
    full, open_ = tmp_path / "full.zip", tmp_path / "open.zip"
    sealed, redacted = seal([bundle], full), seal([bundle], open_, ["inputs/*"])
    assert redacted.sha256 == sealed.sha256
    assert redacted.withheld == ("inputs/00.apk",)
    assert verify(open_).withheld == ("inputs/00.apk",)
    assert verify(open_).whole
    assert verify(open_, bundle).given == ("inputs/00.apk",)
    (bundle / "inputs" / "00.apk").write_bytes(b"PX" * 5000)
    assert verify(open_, bundle).withheld == ("inputs/00.apk",)


def test_another_manifest_is_not_the_one_of_the_record(bundle: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    sealed = seal([bundle], case)
    assert run(["verify", str(case), "--expect", sealed.sha256]) == 0
    assert run(["verify", str(case), "--expect", "0" * 64]) == 1


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 40])
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(InputError):
        verify(tmp_path / "x.zip")


def test_a_case_without_files_or_with_a_name_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds 1 to"):
        seal([tmp_path / "empty"], tmp_path / "c.zip")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.txt").write_text(name, encoding="utf-8")
    with pytest.raises(InputError, match=r"already holds .*same\.txt"):
        seal([tmp_path / "a", tmp_path / "b"], tmp_path / "c.zip")
    assert not (tmp_path / "c.zip").exists()


def reply(sha256: str) -> bytes:
    """Return a granted time-stamp reply about a digest, without a signature."""
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": bytes.fromhex(sha256),
            },
            "serial_number": 1,
            "gen_time": core.GeneralizedTime("20260101000000Z"),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "tst_info", "content": info},
            "signer_infos": [],
        }
    )
    token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(
        tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
    )


def test_a_time_stamp_must_be_about_this_case(bundle: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    sealed = seal([bundle], case)
    assert read_token(reply(sealed.sha256)).time.startswith("2026-01-01")
    add_token(case, reply(sealed.sha256))
    assert run(["verify", str(case)]) == 0
    rewrite(case, {TOKEN: reply("ab" * 32)})
    assert run(["verify", str(case)]) == 1


def test_a_damaged_time_stamp_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_token(b"\x30\x03nonsense")
