"""Check a sealed case against its manifest. The pack is hostile until it has been checked."""

import lzma
import zipfile
import zlib
from pathlib import Path

import msgspec

from scanner.model.base import Doc
from scanner.model.errors import InputError
from scanner.seal import (
    MANIFEST,
    MAX_FILES,
    OWN,
    TOKEN,
    WITHHELD,
    Manifest,
    SealedFile,
    digest_stream,
    root_digests,
)

MAX_MANIFEST = 64 << 20
MAX_TOKEN = 1 << 20
# What reading a member of a hostile zip can raise: wrong data, encryption, unknown compression.
DAMAGE = (OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError)


class Verdict(Doc):
    """What was found, each a list of file names in the case.

    `withheld` files are missing and said to be so; `given` are withheld files that were handed
    in and match. `token` holds the time-stamp token, still to be checked, `manifest` the bytes it
    is about. `file_sha256` is the digest of the zip file itself.
    """

    sha256: str
    sm3: str
    file_sha256: str
    intact: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    about: dict[str, str] = msgspec.field(default_factory=dict)
    token: bytes = b""
    manifest: bytes = b""

    @property
    def whole(self) -> bool:
        """Tell whether every file is as sealed, or openly withheld."""
        return not (self.changed or self.missing or self.added)


def verify(path: Path, originals: Path | None = None) -> Verdict:
    """Return what has become of a sealed case.

    `originals` is a folder in which withheld files are looked up by digest. Raises `InputError`
    when the file is no sealed case or its manifest cannot be read.
    """
    try:
        with path.open("rb") as raw:
            file_sha256 = digest_stream(raw).sha256
        with zipfile.ZipFile(path) as pack:
            return _verify(pack, path.name, originals, file_sha256)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError(f"{path.name}: not a readable zip file: {error}") from error


def _verify(pack: zipfile.ZipFile, name: str, originals: Path | None, file_sha256: str) -> Verdict:
    entries = pack.namelist()
    members = frozenset(entries)
    if len(entries) > MAX_FILES + len(OWN) or len(members) != len(entries):
        raise InputError(f"{name}: too many entries, or two of one name")
    raw = _read(pack, MANIFEST, MAX_MANIFEST)
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{name}: the manifest was changed or damaged: {error}") from error
    listed = frozenset(file.name for file in manifest.files)
    if len(manifest.files) > MAX_FILES or len(listed) != len(manifest.files) or listed & OWN:
        raise InputError(f"{name}: the manifest lists too many files, or one of them twice")
    said = _read(pack, WITHHELD, MAX_MANIFEST) if WITHHELD in members else b""
    silent = set(said.decode("utf-8", "replace").splitlines())
    found: dict[str, list[str]] = {}
    for file in manifest.files:
        state = _state(pack, file, members, silent, originals)
        found.setdefault(state, []).append(file.name)
    sha256, sm3 = root_digests(raw)
    return Verdict(
        sha256=sha256,
        sm3=sm3,
        file_sha256=file_sha256,
        manifest=raw,
        added=tuple(sorted(members - listed - OWN)),
        about=manifest.about,
        token=_read(pack, TOKEN, MAX_TOKEN) if TOKEN in members else b"",
        **{state: tuple(names) for state, names in found.items()},
    )


def _state(
    pack: zipfile.ZipFile,
    file: SealedFile,
    members: frozenset[str],
    silent: set[str],
    originals: Path | None,
) -> str:
    """Return the field of `Verdict` in which a file of the manifest belongs."""
    if file.name not in members:
        if file.name not in silent:
            return "missing"
        return "given" if originals is not None and _given(file, originals) else "withheld"
    try:
        with pack.open(file.name) as stream:
            found = digest_stream(stream, file.size)
    except DAMAGE:
        return "changed"
    return "intact" if _same(file, found) else "changed"


def _same(file: SealedFile, found: SealedFile) -> bool:
    """Tell whether size and every digest that both sides have are equal."""
    sm3 = not (file.sm3 and found.sm3) or file.sm3 == found.sm3
    return file.size == found.size and file.sha256 == found.sha256 and sm3


def _given(file: SealedFile, originals: Path) -> bool:
    """Tell whether a file below `originals` is the one that was sealed."""
    paths = originals.rglob("*") if originals.is_dir() else iter((originals,))
    for path in paths:
        if path.is_file() and path.stat().st_size == file.size:
            with path.open("rb") as stream:
                if _same(file, digest_stream(stream)):
                    return True
    return False


def _read(pack: zipfile.ZipFile, member: str, most: int) -> bytes:
    """Return a member of at most `most` bytes. Raises `InputError`."""
    try:
        with pack.open(member) as stream:
            content = stream.read(most + 1)
    except (KeyError, *DAMAGE) as error:
        raise InputError(f"{member} is missing or damaged: {error}") from error
    if len(content) > most:
        raise InputError(f"{member} is larger than {most} bytes")
    return content
