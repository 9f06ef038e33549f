"""A case sealed in one zip file: its files and a manifest of their digests.

The manifest lists every file of the case, also those that are withheld from a copy. A redacted
copy therefore has the same manifest, the same root digest and the same time stamp as the full
case, and a withheld file can be checked against it whenever it turns up.
"""

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

import msgspec

from scanner.model.base import Doc
from scanner.model.errors import InputError, OutputError

SCHEMA = "mingcha.seal/1"
MANIFEST, WITHHELD, TOKEN = "MANIFEST.json", "WITHHELD.txt", "MANIFEST.tsr"
OWN = frozenset({MANIFEST, WITHHELD, TOKEN})
EPOCH = (1980, 1, 1, 0, 0, 0)
CHUNK = 1 << 20
MAX_FILES = 20_000


class SealedFile(Doc):
    """One file of the case. Digests in hex; `sm3` is empty where OpenSSL has no SM3."""

    name: str
    size: int
    sha256: str
    sm3: str = ""


class Manifest(Doc, tag_field="schema", tag=SCHEMA):
    """What the case consists of, sorted by name. `about` names app, tool and knowledge."""

    files: tuple[SealedFile, ...]
    about: dict[str, str] = msgspec.field(default_factory=dict)


class Sealed(Doc):
    """The outcome of sealing: the root digests to write down, and what was withheld.

    `sha256` and `sm3` stand for the content, also of a redacted copy; `file_sha256` for this very
    zip file with every byte of its housekeeping.
    """

    sha256: str
    sm3: str
    file_sha256: str
    files: int
    withheld: tuple[str, ...]


def seal(
    sources: Sequence[Path],
    target: Path,
    redact: Sequence[str] = (),
    stamp: Callable[[str], bytes] | None = None,
) -> Sealed:
    """Write the files below `sources` into `target` and return the root digests.

    Files whose name in the case matches one of the `redact` patterns are listed with their
    digests but left out. `stamp` returns a time-stamp token for the root digest (SHA-256, hex);
    when it raises, there is no case. Raises `InputError` for a source that cannot be read and
    `OutputError` when the target cannot be written; nothing half-written is left.
    """
    names = _collect(sources, target)
    kept = [name for name in names if not any(fnmatchcase(name, rule) for rule in redact)]
    withheld = tuple(sorted(names.keys() - set(kept)))
    temporary = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as pack:
            digests = [_add(pack, name, names[name], name in kept) for name in sorted(names)]
            manifest = encode(Manifest(files=tuple(digests), about=_about(names)))
            _write(pack, MANIFEST, manifest)
            if withheld:
                _write(pack, WITHHELD, "".join(f"{name}\n" for name in withheld).encode())
            sha256, sm3 = root_digests(manifest)
            if stamp is not None:
                _write(pack, TOKEN, stamp(sha256))
        with temporary.open("rb") as written:
            file_sha256 = digest_stream(written).sha256
        temporary.replace(target)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return Sealed(
        sha256=sha256, sm3=sm3, file_sha256=file_sha256, files=len(names), withheld=withheld
    )


def encode(manifest: Manifest) -> bytes:
    """Return the manifest's bytes: same files, same bytes."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1)


def root_digests(manifest: bytes) -> tuple[str, str]:
    """Return SHA-256 and SM3 of the manifest; whoever knows them knows the whole case."""
    sm3 = hashlib.new("sm3", manifest).hexdigest() if has_sm3() else ""
    return hashlib.sha256(manifest).hexdigest(), sm3


def has_sm3() -> bool:
    """Tell whether the OpenSSL behind Python has SM3 (GB/T 32905)."""
    return "sm3" in hashlib.algorithms_available


def digest_stream(stream: IO[bytes], most: int | None = None) -> SealedFile:
    """Return size and digests of a stream (its name is left empty), reading `most` + 1 bytes."""
    sha256 = hashlib.sha256()
    sm3 = hashlib.new("sm3") if has_sm3() else None
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        sha256.update(chunk)
        if sm3 is not None:
            sm3.update(chunk)
        if most is not None and size > most:
            break
    return SealedFile(
        name="", size=size, sha256=sha256.hexdigest(), sm3=sm3.hexdigest() if sm3 else ""
    )


def _collect(sources: Sequence[Path], target: Path) -> dict[str, Path]:
    """Return the files below `sources` by their name in the case; links are not followed."""
    names: dict[str, Path] = {}
    for source in sources:
        if not source.exists():
            raise InputError(f"{source}: no such file or folder")
        paths = sorted(source.rglob("*")) if source.is_dir() else [source]
        for path in paths:
            if path.is_symlink() or not path.is_file() or path.resolve() == target.resolve():
                continue
            name = path.relative_to(source).as_posix() if source.is_dir() else path.name
            if name in names:
                raise InputError(f"{path}: the case already holds a file called {name}")
            if name in OWN:
                raise InputError(f"{path}: this name is reserved for the seal itself")
            names[name] = path
    if not names or len(names) > MAX_FILES:
        raise InputError(f"a case holds 1 to {MAX_FILES} files, not {len(names)}")
    return names


def _add(pack: zipfile.ZipFile, name: str, path: Path, keep: bool) -> SealedFile:
    """Digest a file and, unless it is withheld, copy exactly the digested bytes."""
    sha256 = hashlib.sha256()
    sm3 = hashlib.new("sm3") if has_sm3() else None
    size = 0
    member = None
    try:
        with path.open("rb") as source:
            member = pack.open(_entry(name), "w", force_zip64=True) if keep else None
            while chunk := source.read(CHUNK):
                size += len(chunk)
                sha256.update(chunk)
                if sm3 is not None:
                    sm3.update(chunk)
                if member is not None:
                    member.write(chunk)
    finally:
        if member is not None:
            member.close()
    return SealedFile(
        name=name, size=size, sha256=sha256.hexdigest(), sm3=sm3.hexdigest() if sm3 else ""
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _write(pack: zipfile.ZipFile, name: str, content: bytes) -> None:
    pack.writestr(_entry(name), content)


class _Tool(msgspec.Struct):
    version: str = ""
    knowledge: str = ""


class _App(msgspec.Struct):
    package: str = ""
    version_name: str = ""
    sha256: str = ""


class _Head(msgspec.Struct):
    """What evidence and result have in common."""

    tool: _Tool = msgspec.field(default_factory=_Tool)
    app: _App = msgspec.field(default_factory=_App)


def _about(names: dict[str, Path]) -> dict[str, str]:
    """Return app, tool and knowledge as the case's own evidence or result states them."""
    for name in ("evidence.json", "result.json"):
        if name not in names:
            continue
        try:
            head = msgspec.json.decode(names[name].read_bytes(), type=_Head)
        except msgspec.DecodeError:
            continue
        return {
            "package": head.app.package,
            "version": head.app.version_name,
            "app_sha256": head.app.sha256,
            "tool": head.tool.version,
            "knowledge": head.tool.knowledge,
        }
    return {}
