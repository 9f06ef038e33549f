"""A ZIP archive that may be hostile: entries by name, inflated under limits, damage as Gaps."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.static.container_directory import Entry, read_directory
from scanner.static.container_source import BytesSource, SliceSource, Source
from scanner.static.limits import (
    BOMB_BYTES,
    BOMB_RATIO,
    DEX_FLOOR,
    DEX_RATIO,
    ENTRY_BYTES,
    TOTAL_BYTES,
    TOTAL_FLOOR,
    TOTAL_RATIO,
    XML_ALL_BYTES,
)

_STORED, _DEFLATED = 0, 8
_LOCAL_SIZE = 30
_PEEK_SLACK = 1024
"""Packed bytes that are enough for the Huffman tables and the first few bytes of an entry."""

_WORDS = {
    "truncated-archive": Text(
        zh="压缩包目录缺失或损坏，已按条目头恢复可读部分",
        en="The archive's directory is missing or damaged; readable entries were recovered",
    ),
    "truncated-directory": Text(
        zh="压缩包目录不完整，部分条目可能缺失",
        en="The archive's directory is incomplete; entries may be missing",
    ),
    "too-many-entries": Text(
        zh="压缩包条目过多，超出部分未读取", en="Too many archive entries; the rest was not read"
    ),
    "duplicate-entry": Text(
        zh="同名条目出现多次，只读取第一个",
        en="An entry name occurs more than once; the first was read",
    ),
    "bad-crc": Text(
        zh="条目校验和不符，内容仍按原样分析",
        en="An entry's checksum does not match; its content was analysed as it is",
    ),
    "encrypted-entry": Text(
        zh="条目已加密，无法读取", en="An entry is encrypted and could not be read"
    ),
    "unreadable-entry": Text(
        zh="条目损坏，无法完整解压", en="An entry is damaged and could not be inflated in full"
    ),
    "zip-bomb": Text(
        zh="条目压缩比异常（疑似压缩炸弹），未展开",
        en="An entry's compression ratio is that of a bomb; it was not expanded",
    ),
    "size-limit": Text(
        zh="条目超过大小上限，未读取", en="An entry exceeds the size limit and was not read"
    ),
    "total-limit": Text(
        zh="解压总量超过上限，其余条目未读取",
        en="The limit on inflated bytes was reached; further entries were not read",
    ),
    "xml-limit": Text(
        zh="界面与配置文件过多，其余未读取",
        en="There are too many layout and configuration files; the rest was not read",
    ),
    "odd-name": Text(
        zh="条目名试图跳出目录，仅作标签使用",
        en="An entry name tries to leave its folder; it was used only as a label",
    ),
}

_HIDES = frozenset({"bad-crc", "duplicate-entry", "odd-name"})
"""Damage that hides nothing: what the platform would load was read."""


class Budget:
    """Bytes that may still be inflated; one for a package and everything nested in it."""

    def __init__(self, size: int) -> None:
        """Start with what a package of `size` bytes may ask for."""
        self.left = min(TOTAL_BYTES, max(TOTAL_FLOOR, TOTAL_RATIO * size))
        self.dex = min(ENTRY_BYTES * 3, max(DEX_FLOOR, DEX_RATIO * size))
        self.xml = XML_ALL_BYTES


class Progress(NamedTuple):
    """How far an archive has been read: damage so far, and what the budget has left."""

    damage: Counter[tuple[str, str]]
    left: tuple[int, int, int]


class Archive:
    """Read access to one archive. Names are labels: nothing here touches the file system.

    `label` prefixes names in Gaps (`base.apk!`). Not every entry is read; what is asked for is
    inflated under the limits of `scanner.static.limits`.
    """

    def __init__(self, source: Source, budget: Budget | None = None, label: str = "") -> None:
        """Read the directory. An archive without a readable entry has an empty `names`."""
        self.source = source
        self.budget = budget or Budget(source.size)
        self.label = label
        directory = read_directory(source)
        self.directory_start = directory.start
        self._entries: dict[str, Entry] = {}
        self._damage: Counter[tuple[str, str]] = Counter()
        for problem in directory.problems:
            self._damage[problem, ""] += 1
        for entry in directory.entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        if entry.name in self._entries:
            self._damage["duplicate-entry", entry.name] += 1
            return
        self._entries[entry.name] = entry
        if ".." in entry.name and ".." in entry.name.replace("\\", "/").split("/"):
            self._damage["odd-name", entry.name] += 1

    @property
    def damaged(self) -> bool:
        """Tell whether entries were lost with the archive's directory."""
        return any(code.startswith("truncated") for code, _ in self._damage)

    @property
    def names(self) -> Iterable[str]:
        """Return all entry names in directory order."""
        return self._entries.keys()

    def __contains__(self, name: str) -> bool:
        """Tell whether an entry of that exact name exists."""
        return name in self._entries

    def size(self, name: str) -> int:
        """Return the size that the directory claims for an entry, in bytes."""
        return self._entries[name].size

    def _stored(self, entry: Entry) -> tuple[int, int]:
        """Return offset and size of an entry's packed data within the source."""
        header = self.source.read_at(entry.header, _LOCAL_SIZE)
        if len(header) < _LOCAL_SIZE or header[:4] != b"PK\x03\x04":
            return 0, 0
        n_name, n_extra = struct.unpack_from("<HH", header, 26)
        start = entry.header + _LOCAL_SIZE + n_name + n_extra
        return start, max(0, min(entry.packed, self.source.size - start))

    def read(self, name: str, limit: int = ENTRY_BYTES) -> bytes | None:
        """Return an entry's bytes, or None when it is absent, too large or unreadable.

        Damage is remembered and reported by `gaps`.
        """
        entry = self._entries.get(name)
        if entry is None:
            return None
        if entry.size > limit:
            return self._note("size-limit", name)
        start, packed = self._stored(entry)
        if not packed:
            return b"" if start and not entry.packed else self._note("unreadable-entry", name)
        if self.budget.left <= 0:
            return self._note("total-limit", "")
        raw = self.source.read_at(start, packed)
        data = self._unpack(entry, raw, min(limit, self.budget.left))
        if data is None:
            return None
        self.budget.left -= len(data)
        return data

    def peek(self, name: str, size: int = 16) -> bytes:
        """Return an entry's first bytes without inflating the rest; empty when unreadable."""
        entry = self._entries.get(name)
        start, packed = self._stored(entry) if entry is not None else (0, 0)
        if entry is None or not packed:
            return b""
        raw = self.source.read_at(start, min(packed, size + _PEEK_SLACK))
        if entry.method == _STORED:
            return raw[:size]
        try:
            return zlib.decompressobj(-15).decompress(raw, size)
        except zlib.error:
            return raw[:size] if entry.method != _DEFLATED else b""

    def _note(self, code: str, name: str) -> bytes | None:
        """Remember damage; returns None so that a reader can end with it."""
        self._damage[code, name] += 1
        return None

    def _unpack(self, entry: Entry, raw: bytes, limit: int) -> bytes | None:
        if entry.method == _STORED:
            data: bytes | None = raw[: entry.size or None]
        else:
            # Android inflates whatever is not marked as stored; packages with invented methods
            # are mostly plain bytes, which the platform's native reader takes as they are.
            data = self._inflate(entry, raw, limit)
            if data is None and entry.method != _DEFLATED:
                data = raw
        if data is None:
            return None
        if zlib.crc32(data) != entry.crc and entry.crc:
            if entry.encrypted:
                return self._note("encrypted-entry", entry.name)
            self._note("bad-crc", entry.name)
        return data

    def _inflate(self, entry: Entry, raw: bytes, limit: int) -> bytes | None:
        if not entry.size and not entry.crc and not entry.recovered:
            return b""
        if entry.size > max(BOMB_BYTES, BOMB_RATIO * len(raw)):
            return self._note("zip-bomb", entry.name)
        claimed = entry.size or limit
        most = min(limit, claimed, max(BOMB_BYTES, BOMB_RATIO * len(raw)))
        engine = zlib.decompressobj(-15)
        try:
            data = engine.decompress(raw, most)
        except zlib.error:
            return self._salvage(entry, raw, most)
        if engine.unconsumed_tail and len(data) >= most and len(data) < claimed:
            return self._note("zip-bomb", entry.name)
        # A stream that ends with the claimed size is whole even when its end marker is pending.
        if len(data) != entry.size and (not engine.eof or len(data) < entry.size):
            self._note("unreadable-entry", entry.name)
        return data

    def _salvage(self, entry: Entry, raw: bytes, most: int) -> bytes | None:
        """Return the bytes before the damage, in steps, or None when there are none."""
        if entry.method != _DEFLATED:
            return None
        if entry.encrypted:
            return self._note("encrypted-entry", entry.name)
        self._note("unreadable-entry", entry.name)
        engine = zlib.decompressobj(-15)
        parts: list[bytes] = []
        got = 0
        for at in range(0, len(raw), 4096):
            try:
                part = engine.decompress(raw[at : at + 4096], most - got)
            except zlib.error:
                break
            parts.append(part)
            got += len(part)
            if got >= most:
                break
        return b"".join(parts) or None

    @property
    def progress(self) -> Progress:
        """Return how far the archive has been read."""
        return Progress(self._damage, (self.budget.left, self.budget.dex, self.budget.xml))

    def go_on_from(self, progress: Progress) -> None:
        """Take over what a copy of this archive has read."""
        self._damage = progress.damage
        self.budget.left, self.budget.dex, self.budget.xml = progress.left

    def note_xml_limit(self, name: str) -> None:
        """Remember that the budget for XML ended at an entry."""
        self._note("xml-limit", name)

    def open_nested(self, name: str, label: str = "") -> "Archive | None":
        """Open an entry that is itself an archive; stored ones are read in place."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        start, packed = self._stored(entry)
        if entry.method == _STORED and packed:
            return Archive(SliceSource(self.source, start, packed), self.budget, label or name)
        data = self.read(name)
        return None if data is None else Archive(BytesSource(data), self.budget, label or name)

    def gaps(self) -> tuple[Gap, ...]:
        """Return what could not be read so far, one Gap per kind, with the first name and count."""
        by_code: dict[str, list[str]] = {}
        for code, name in sorted(self._damage):
            by_code.setdefault(code, []).append(name)
        return tuple(
            Gap(
                part="static",
                code=code,
                detail=_WORDS[code],
                blocks=blocks_of(names) if code not in _HIDES else (),
                subject=f"{self.label}!{names[0]}" if self.label else names[0],
                count=len(names),
            )
            for code, names in by_code.items()
        )


def blocks_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the evidence fields whose silence proves nothing when these entries are lost."""
    blocked: set[str] = set()
    for name in names:
        if not name or name.endswith(".dex"):
            blocked.update(("static.calls", "static.sdks", "static.endpoints", "static.flows"))
        if not name or name == "AndroidManifest.xml":
            blocked.update(("static.permissions", "static.components", "static.manifest"))
        if not name or name == "resources.arsc" or name.startswith("res/"):
            blocked.update(("static.ui", "static.policies"))
    return tuple(sorted(blocked))
