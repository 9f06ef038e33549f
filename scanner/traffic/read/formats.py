"""Tell capture formats apart by their first bytes, and take digests in one pass."""

import hashlib
import re
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

from scanner.model.errors import InputError
from scanner.traffic.read.notes import Notes
from scanner.traffic.record import Record

_HEAD = 4096
_BLOCK = 1 << 20
_MAX_UNPACKED = 256 << 20
_TNETSTRING = re.compile(rb"\d{1,12}:")
_PCAP = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
_PCAPNG = b"\x0a\x0d\x0d\x0a"
_ZLIB = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_HINT = "Captures: mitmproxy dumps, HAR, pcap, pcapng, PCAPdroid CSV."


class Digest(NamedTuple):
    """Digest and size of a file; `secret` feeds the keyed hash and is never written anywhere."""

    sha256: str
    size: int
    secret: bytes


def digest(path: Path) -> Digest:
    """Read a file once for both digests. Raises `InputError`."""
    public = hashlib.sha256()
    secret = hashlib.blake2b(person=b"mingcha-key")
    size = 0
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder", "give the capture file in it")
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                size += len(block)
                public.update(block)
                secret.update(block)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    if not size:
        raise InputError(f"{path.name}: the file is empty", _HINT)
    return Digest(public.hexdigest(), size, secret.digest())


def sniff(path: Path) -> str:
    """Return `mitm`, `har`, `har-compressed`, `pcap`, `pcapng` or `pcapdroid-csv`.

    Raises `InputError` for anything else.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_PCAP):
        return "pcap"
    if head.startswith(_PCAPNG):
        return "pcapng"
    if head.startswith((b"IPProto,", b"\xef\xbb\xbfIPProto,")):
        return "pcapdroid-csv"
    if _TNETSTRING.match(head):
        return "mitm"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return "har"
    if head.startswith((*_ZLIB, b"\x1f\x8b")):
        return "har-compressed"
    raise InputError(f"{path.name}: not a capture that can be read", _HINT)


def read(path: Path, kind: str, notes: Notes) -> Generator[Record]:
    """Return the records of a capture of the given kind. Raises `InputError`."""
    notes.format = kind
    if kind == "mitm":
        from scanner.traffic.read.flows import read_flows  # noqa: PLC0415

        return read_flows(path, notes)
    if kind.startswith("pcap"):
        return _packets(path, kind, notes)
    from scanner.traffic.read.har import read_har, read_har_buffer  # noqa: PLC0415

    if kind == "har":
        return read_har(path, notes)
    notes.format = "har"
    return read_har_buffer(_unpack(path), path.name, notes)


def _packets(path: Path, kind: str, notes: Notes) -> Generator[Record]:
    notes.metadata_only = True
    if kind == "pcapdroid-csv":
        from scanner.traffic.read.pcapdroid import read_csv  # noqa: PLC0415

        return read_csv(path, notes)
    from scanner.traffic.read.packets import read_packets  # noqa: PLC0415

    return read_packets(path, kind, notes)


def _unpack(path: Path) -> bytes:
    inflater = zlib.decompressobj(47)
    out = bytearray()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                out += inflater.decompress(block, _MAX_UNPACKED + 1 - len(out))
                if len(out) > _MAX_UNPACKED:
                    raise InputError(
                        f"{path.name}: unpacks to more than {_MAX_UNPACKED >> 20} MB",
                        "unpack it first; plain HAR files have no such limit",
                    )
    except zlib.error as error:
        raise InputError(f"{path.name}: damaged compression ({error})", _HINT) from error
    return bytes(out)
