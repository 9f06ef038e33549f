"""The evidence folder: evidence.json, the raw inputs, and a list of digests."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from scanner.model.errors import InputError, OutputError
from scanner.model.evidence import Evidence
from scanner.output import write_files
from scanner.upgrade import upgraded

EVIDENCE = "evidence.json"
DIGESTS = "SHA256SUMS"
INPUTS = "inputs"
DocumentT = TypeVar("DocumentT", bound=msgspec.Struct)
MAX_EVIDENCE_BYTES = 512 * 1024 * 1024


def encode(document: msgspec.Struct) -> bytes:
    """Return a document as indented JSON with one trailing newline: same document, same bytes."""
    return (
        msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1) + b"\n"
    )


def write_bundle(folder: Path, evidence: Evidence, raw: Sequence[Path]) -> Path:
    """Write `evidence` and copies of the raw inputs into `folder` and return the folder.

    Copies are named by number and digest, never by what an input calls itself.
    """
    document = encode(evidence)
    digests = [(hashlib.sha256(document).hexdigest(), EVIDENCE)]
    try:
        (folder / INPUTS).mkdir(parents=True, exist_ok=True)
        for number, source in enumerate(path for path in raw if path.is_file()):
            with source.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            name = f"{INPUTS}/{number:02d}-{digest[:16]}{_suffix(source)}"
            shutil.copyfile(source, folder / name)
            digests.append((digest, name))
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}") from error
    sums = "".join(f"{digest}  {name}\n" for digest, name in digests).encode()
    write_files(folder, {EVIDENCE: document, DIGESTS: sums})
    return folder


def read_evidence(path: Path) -> Evidence:
    """Return the evidence of a bundle folder or of an evidence.json. Raises `InputError`."""
    file = path / EVIDENCE if path.is_dir() else path
    return read_document(file, Evidence)


def read_document(path: Path, kind: type[DocumentT]) -> DocumentT:
    """Return the JSON document at `path` as `kind`, older ones brought up to date.

    Raises `InputError` naming file and field, or saying which schema was found instead.
    """
    try:
        if path.stat().st_size > MAX_EVIDENCE_BYTES:
            raise InputError(f"{path.name}: larger than {MAX_EVIDENCE_BYTES} bytes")
        content = upgraded(path.read_bytes(), kind, path.name)
        return msgspec.json.decode(content, type=kind)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: not a {kind.__name__.lower()} document: {error}") from error


def _suffix(path: Path) -> str:
    """Return a harmless file suffix, or nothing."""
    suffix = path.suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 8 else ""  # noqa: PLR2004 - a plain suffix
