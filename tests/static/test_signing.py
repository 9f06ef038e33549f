"""Signers: who signed, by which scheme; androguard agrees on the demo apps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.static import der
from scanner.static.container import Archive
from scanner.static.container_source import BytesSource
from scanner.static.signing import read_signers
from tests.fixtures.hostile import HERE, replaced

DATA = (HERE / "apps" / "dirty.apk").read_bytes()


def opened(data: bytes) -> Archive:
    return Archive(BytesSource(data))


def test_one_certificate_with_its_schemes() -> None:
    (signer,) = read_signers(opened(DATA))
    assert signer.schemes == ("v1", "v2", "v3")
    assert signer.subject == "CN=Mingcha test fixture, O=Mingcha, OU=not for release"


@pytest.mark.parametrize("name", ["dirty", "clean"])
def test_androguard_sees_the_same_certificates(name: str) -> None:
    logger = pytest.importorskip("loguru").logger
    logger.remove()
    from androguard.core.apk import APK  # noqa: PLC0415 - slow to import

    path = HERE / "apps" / f"{name}.apk"
    theirs = {
        c.sha256_fingerprint.replace(" ", "").lower() for c in APK(str(path)).get_certificates()
    }
    assert {s.sha256 for s in read_signers(opened(path.read_bytes()))} == theirs


def test_an_unsigned_package_has_no_signer() -> None:
    assert read_signers(opened(replaced({}))) == ()


def test_a_file_of_another_folder_signs_nothing() -> None:
    block = opened(DATA).read("META-INF/CERT.RSA") or next(
        opened(DATA).read(n) for n in opened(DATA).names if n.endswith(".RSA")
    )
    assert block is not None
    assert (
        read_signers(opened(replaced({"META-INF/sub/X.RSA": block, "assets/CERT.RSA": block})))
        == ()
    )
    assert len(read_signers(opened(replaced({"META-INF/X.RSA": block})))) == 1


def test_names_of_all_string_kinds() -> None:
    def pair(kind: int, raw: bytes) -> bytes:
        oid = bytes.fromhex("0603550403")
        inner = oid + bytes((kind, len(raw))) + raw
        row = bytes((0x30, len(inner))) + inner
        return bytes((0x31, len(row))) + row

    body = pair(0x0C, "明察".encode()) + pair(0x1E, "明".encode("utf-16-be")) + pair(0x14, b"\xe9")
    node = der.read(bytes((0x30, len(body))) + body)
    assert node is not None
    assert der.name_text(node) == "CN=明察, CN=明, CN=é"


@settings(max_examples=200)
@given(st.integers(0, 16000), st.binary(min_size=1, max_size=30))
def test_no_bytes_break_the_reader(at: int, noise: bytes) -> None:
    read_signers(opened(DATA[:at] + noise + DATA[at + len(noise) :]))
    der.pkcs7_signers(noise)
    der.certificate(noise)
