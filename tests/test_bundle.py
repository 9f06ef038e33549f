"""A bundle reads back as it was written, and broken ones are refused in one sentence."""

import hashlib
from pathlib import Path

import pytest

from scanner.bundle import encode, read_document, read_evidence, write_bundle
from scanner.model.errors import InputError
from scanner.model.evidence import Evidence, Tool
from scanner.model.result import Result
from scanner.model.static import App

EVIDENCE = Evidence(
    tool=Tool(version="0", knowledge="00"),
    inputs=(),
    app=App(package="com.example", sha256="0" * 64, size=1),
)


def test_a_bundle_reads_back(tmp_path: Path) -> None:
    raw = tmp_path / "../evil name.apk".replace("../", "")
    raw.write_bytes(b"PK")
    folder = write_bundle(tmp_path / "bundle", EVIDENCE, [raw, tmp_path / "missing"])
    assert read_evidence(folder) == EVIDENCE
    assert read_evidence(folder / "evidence.json") == EVIDENCE
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert [path.suffix for path in (folder / "inputs").iterdir()] == [".apk"]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert encode(EVIDENCE) == encode(EVIDENCE)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"schema": "mingcha.result/9"}', b"\xff\xfe", b'{"schema": 1}'],
)
def test_a_document_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"result\.json"):
        read_document(path, Result)


def test_a_missing_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_evidence(tmp_path / "nothing")
