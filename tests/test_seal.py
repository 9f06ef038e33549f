"""A sealed case tells which file was changed, lost or added, and a redacted copy still verifies."""

import hashlib
import http.server
import json
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from asn1crypto import cms, core, tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.cli import run
from scanner.model.errors import InputError
from scanner.seal import (
    MANIFEST,
    MAX_FILES,
    TOKEN,
    Manifest,
    SealedFile,
    encode,
    has_sm3,
    root_digests,
    seal,
)
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


@settings(max_examples=60)
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
    assert run(["verify", str(case), "--expect", sealed.file_sha256]) == 0
    assert run(["verify", str(case), "--expect", "0" * 64]) == 1


def test_the_files_own_digest_shows_every_byte_of_it(bundle: Path, tmp_path: Path) -> None:
    """A date in the zip's housekeeping is no content, but it is a byte of the record's file."""
    case = tmp_path / "case.zip"
    sealed = seal([bundle], case)
    assert verify(case).file_sha256 == sealed.file_sha256
    raw = bytearray(case.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 12] ^= 1  # the time of the first entry, central directory
    case.write_bytes(bytes(raw))
    assert verify(case).whole
    assert verify(case).sha256 == sealed.sha256
    assert run(["verify", str(case), "--expect", sealed.file_sha256]) == 1


def test_a_stamp_that_is_refused_leaves_no_case(bundle: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    assert run(["seal", str(bundle), "-o", str(case), "--timestamp", "ftp://x"]) == 2
    assert list(tmp_path.glob("*case*")) == []


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
    sealed = seal([bundle], case, stamp=reply)
    assert read_token(reply(sealed.sha256)).time.startswith("2026-01-01")
    assert run(["verify", str(case)]) == 0
    rewrite(case, {TOKEN: reply("ab" * 32)})
    assert run(["verify", str(case)]) == 1


def test_a_damaged_time_stamp_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_token(b"\x30\x03nonsense")


def packed(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as pack:
        for name, content in members.items():
            pack.writestr(name, content)
    return path


def manifest_of(*names: str, size: int = 1) -> bytes:
    files = tuple(SealedFile(name=name, size=size, sha256="0" * 64) for name in names)
    return encode(Manifest(files=files))


@pytest.mark.parametrize(
    "members",
    [
        {MANIFEST: manifest_of("a", "a"), "a": b"x"},
        {MANIFEST: manifest_of(MANIFEST)},
        {MANIFEST: manifest_of(*(str(n) for n in range(MAX_FILES + 1)))},
        {MANIFEST: b"[]"},
        {MANIFEST: b"\xff"},
        {"a": b"x"},
    ],
    ids=["twice", "itself", "too many", "no object", "no text", "no manifest"],
)
def test_a_hostile_manifest_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    with pytest.raises(InputError):
        verify(packed(tmp_path / "x.zip", members))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A member that claims one byte and holds many is read one chunk far, and is changed."""
    case = packed(tmp_path / "x.zip", {MANIFEST: manifest_of("a"), "a": bytes(64 << 20)})
    assert case.stat().st_size < 1 << 20
    assert verify(case).changed == ("a",)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "C:\\x", "a\x1b[2Jb"])
def test_a_name_leads_nowhere(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case = packed(tmp_path / "x.zip", {MANIFEST: manifest_of("a"), name: b"x", "a": b"y"})
    assert run(["verify", str(case)]) == 1
    assert "\x1b" not in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.zip"]


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_broken_compression_is_a_changed_file(tmp_path: Path, compression: int) -> None:
    noise = bytes(range(256)) * 40
    case = packed(tmp_path / "x.zip", {"a": noise}, compression)
    with zipfile.ZipFile(case, "a") as pack:
        pack.writestr(MANIFEST, manifest_of("a", size=len(noise)))
    raw = bytearray(case.read_bytes())
    raw[60:90] = b"\xff" * 30
    case.write_bytes(bytes(raw))
    assert verify(case).changed == ("a",)


OPENSSL = shutil.which("openssl")
CONFIG = """
[req]
distinguished_name = dn
[dn]
[tsa_ext]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = own
[own]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


class Authority:
    """A time-stamp authority of our own: OpenSSL behind a tiny web server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca = folder / "ca.pem"
        (folder / "c.cnf").write_text(CONFIG, encoding="utf-8")
        (folder / "serial").write_text("01", encoding="utf-8")
        new = ("-config", "c.cnf", "-newkey", "rsa:2048", "-nodes")
        self.openssl("req", "-x509", *new, "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
        self.openssl("req", *new, "-subj", "/CN=tsa", "-keyout", "tsa.key", "-out", "tsa.csr")
        sign = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
        extra = ("-extfile", "c.cnf", "-extensions", "tsa_ext")
        self.openssl("x509", "-req", "-in", "tsa.csr", *sign, *extra, "-out", "tsa.pem")

    def openssl(self, *arguments: str) -> None:
        assert OPENSSL is not None
        done = subprocess.run(  # noqa: S603 - a fixed program, our own arguments
            [OPENSSL, *arguments], cwd=self.folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def answer(self, question: bytes) -> bytes:
        (self.folder / "q.tsq").write_bytes(question)
        keys = ("-inkey", "tsa.key", "-signer", "tsa.pem")
        self.openssl(
            "ts", "-reply", "-config", "c.cnf", "-queryfile", "q.tsq", *keys, "-out", "r.tsr"
        )
        return (self.folder / "r.tsr").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, str]]:
    made = Authority(tmp_path_factory.mktemp("tsa"))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made, f"http://127.0.0.1:{server.server_port}/tsa"
        server.shutdown()


@pytest.mark.skipif(OPENSSL is None, reason="no openssl program")
def test_a_real_time_stamp_is_asked_for_and_its_signature_checked(
    bundle: Path, tmp_path: Path, authority: tuple[Authority, str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    made, url = authority
    case, ca = tmp_path / "case.zip", ("--tsa-ca", str(made.ca))
    assert run(["seal", str(bundle), "-o", str(case), "--timestamp", url]) == 0
    assert run(["verify", str(case), *ca]) == 0
    assert "policy 1.2.3.4.1" in capsys.readouterr().err
    with zipfile.ZipFile(case) as pack:
        token = pack.read(TOKEN)
    rewrite(case, {TOKEN: token.replace(b"tsa", b"tsb")})
    assert run(["verify", str(case), *ca]) == 1
    assert "cannot be trusted" in capsys.readouterr().out
    rewrite(case, {TOKEN: None})
    assert run(["verify", str(case)]) == 0
    assert run(["verify", str(case), *ca]) == 1
    assert "no time stamp" in capsys.readouterr().out


@pytest.mark.skipif(OPENSSL is None, reason="no openssl program")
def test_a_stamp_of_a_stranger_is_not_trusted(
    bundle: Path, tmp_path: Path, authority: tuple[Authority, str]
) -> None:
    made, url = authority
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other")
    case = tmp_path / "case.zip"
    run(["seal", str(bundle), "-o", str(case), "--timestamp", url])
    assert run(["verify", str(case), "--tsa-ca", str(made.ca)]) == 0
    assert run(["verify", str(case), "--tsa-ca", str(stranger.ca)]) == 1
    assert run(["verify", str(case), "--tsa-ca", str(tmp_path / "none.pem")]) == 2
