"""The records of a ZIP archive, read the way Android reads them, and recovered when damaged.

Layout: PKWARE APPNOTE 6.3 sections 4.3.7, 4.3.12, 4.3.14-16 and 4.5.3. Android (libziparchive)
trusts the central directory for sizes and methods and the local header only for the start of the
data; the encryption flag and the local sizes are ignored. So do we.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from scanner.static.container_source import Source
from scanner.static.limits import ENTRIES, MIB

_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_END = struct.Struct("<4sHHHHIIH")
_END64_LOCATOR = struct.Struct("<4sIQI")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_NONE32 = 0xFFFFFFFF
_NONE16 = 0xFFFF
_MAX_COMMENT = 0xFFFF
_ZIP64_EXTRA = 1
_FLAG_ENCRYPTED = 1
_FLAG_DESCRIPTOR = 8


class Entry(NamedTuple):
    """One record of the archive. `name` is a label, never a path on disk; `header` the offset of
    the local header; `encrypted` only what the flag claims.
    """

    name: str
    method: int
    crc: int
    packed: int
    size: int
    header: int
    encrypted: bool
    recovered: bool = False


class Directory(NamedTuple):
    """All records in file order, and slugs of what was odd (`truncated-archive`, ...)."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    start: int
    """Offset of the central directory, -1 when there was none."""


def _name(raw: bytes) -> str:
    # Android takes names as UTF-8 whatever the flag says; anything else is kept visibly broken.
    return raw.decode("utf-8", "backslashreplace")


def _find_end(source: Source) -> tuple[int, tuple[int, int, int]] | None:
    """Return the offset of the end record and (count, size, offset) of the directory."""
    tail_size = min(source.size, _END.size + _MAX_COMMENT)
    base = source.size - tail_size
    tail = source.read_at(base, tail_size)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if at + _END.size <= len(tail):
            _, _, _, _, count, size, offset, _ = _END.unpack_from(tail, at)
            if size <= base + at:
                return base + at, (count, size, offset)
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return None


def _zip64_end(source: Source, end: int) -> tuple[int, int, int] | None:
    """Return (count, size, offset) of a ZIP64 end record before the ordinary one."""
    raw = source.read_at(end - _END64_LOCATOR.size, _END64_LOCATOR.size)
    if len(raw) < _END64_LOCATOR.size or not raw.startswith(b"PK\x06\x07"):
        return None
    record = source.read_at(_END64_LOCATOR.unpack(raw)[2], _END64.size)
    if len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        return None
    fields = _END64.unpack(record)
    return fields[7], fields[8], fields[9]


def _zip64_sizes(extra: bytes, size: int, packed: int, header: int) -> tuple[int, int, int]:
    """Replace the fields that say 'see ZIP64' from the extra block, in their fixed order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _ZIP64_EXTRA:
            values = iter(
                struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4)
            )
            size, packed, header = (
                next(values, v) if v == _NONE32 else v for v in (size, packed, header)
            )
            break
        at += 4 + length
    return size, packed, header


def _records(blob: bytes, shift: int) -> Iterator[Entry]:
    at = 0
    while at + _CENTRAL.size <= len(blob):
        fields = _CENTRAL.unpack_from(blob, at)
        if fields[0] != b"PK\x01\x02":
            return
        _, _, _, flags, method, _, _, crc, packed, size, n_name, n_extra, n_comment = fields[:13]
        header = fields[16]
        at += _CENTRAL.size
        name = blob[at : at + n_name]
        if len(name) < n_name:
            return
        if _NONE32 in (packed, size, header):
            extra = blob[at + n_name : at + n_name + n_extra]
            size, packed, header = _zip64_sizes(extra, size, packed, header)
        at += n_name + n_extra + n_comment
        encrypted = bool(flags & _FLAG_ENCRYPTED)
        yield Entry(_name(name), method, crc, packed, size, header + shift, encrypted)


def _recover(source: Source) -> Iterator[Entry]:
    """Walk the local headers of an archive whose directory is lost."""
    at = _next_local(source, 0)
    while at >= 0:
        raw = source.read_at(at, _LOCAL.size)
        if len(raw) < _LOCAL.size:
            return
        _, _, flags, method, _, _, crc, packed, size, n_name, n_extra = _LOCAL.unpack(raw)
        name = source.read_at(at + _LOCAL.size, n_name)
        data = at + _LOCAL.size + n_name + n_extra
        if flags & _FLAG_DESCRIPTOR and not packed:
            # Sizes follow the data; the next local header is the only bound that is left.
            after = _next_local(source, data)
            packed = (after if after >= 0 else source.size) - data
            size = crc = 0
        yield Entry(_name(name), method, crc, packed, size, at, bool(flags & _FLAG_ENCRYPTED), True)
        at = _next_local(source, data + packed)


def _next_local(source: Source, start: int) -> int:
    """Return the offset of the next local header at or after `start`, or -1."""
    for base in range(start, source.size, MIB):
        at = source.read_at(base, MIB + 3).find(b"PK\x03\x04")
        if at >= 0:
            return base + at
    return -1


def _locate(source: Source, size: int, offset: int, end: int) -> tuple[int, int]:
    """Return the directory's real offset and how far all offsets are shifted by leading data."""
    if source.read_at(offset, 4) == b"PK\x01\x02" or not size:
        return offset, 0
    behind = end - size
    if behind >= 0 and source.read_at(behind, 4) == b"PK\x01\x02":
        return behind, behind - offset
    return offset, 0


def _central(source: Source, problems: list[str]) -> tuple[list[Entry], int]:
    """Return the records of the central directory and its offset."""
    found = _find_end(source)
    if not found:
        return [], -1
    end, (count, size, offset) = found
    if count == _NONE16 or _NONE32 in (size, offset):
        count, size, offset = _zip64_end(source, end) or (count, size, offset)
    start, shift = _locate(source, size, offset, end)
    # The size field lies in some packages; the directory cannot reach past the end record.
    blob = source.read_at(start, max(0, min(end - start, source.size)))
    entries = list(islice(_records(blob, shift), ENTRIES))
    if len(entries) >= ENTRIES:
        problems.append("too-many-entries")
    elif len(entries) < count:
        problems.append("truncated-directory")
    return entries, start


def read_directory(source: Source) -> Directory:
    """Read all records. Never raises: damage is listed in `problems` and the rest is kept."""
    problems: list[str] = []
    entries, start = _central(source, problems)
    if not entries:
        start = -1
        entries = list(islice(_recover(source), ENTRIES))
        problems = ["truncated-archive"] if entries else []
    return Directory(tuple(entries), tuple(problems), start)
