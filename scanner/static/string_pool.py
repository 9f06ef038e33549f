"""String pools of Android's binary XML and resource tables (ResStringPool), decoded on demand.

Layout: ResourceTypes.h of the Android platform. Counts and offsets may lie; an index that cannot
be read is the empty string.
"""

import struct

from scanner.static.limits import POOL_STRINGS, POOL_TEXT

_HEADER = struct.Struct("<HHIIIIII")
_FLAG_UTF8 = 0x100
_LONG = 0x80
_LONG16 = 0x8000


class StringPool:
    """One pool inside `data`, starting at the chunk header at `start`."""

    def __init__(self, data: bytes, start: int, size: int) -> None:
        """Read the header. `size` is how many bytes the chunk may occupy."""
        self._data = data
        self._end = min(len(data), start + size)
        self.count = 0
        self.utf8 = False
        # Many entries may point at one long text: the sum of what is decoded is bounded too.
        self._left = POOL_TEXT
        self._cache: dict[int, str] = {}
        self._index = self._strings = self._end
        if start + _HEADER.size > self._end:
            return
        _, header, _, count, _, flags, strings, _ = _HEADER.unpack_from(data, start)
        self._index = start + max(header, _HEADER.size)
        self._strings = start + strings
        self.utf8 = bool(flags & _FLAG_UTF8)
        # The count may be inflated to make parsers allocate or fail; the index bounds it.
        self.count = max(0, min(count, (self._end - self._index) // 4, POOL_STRINGS))

    def __getitem__(self, index: int) -> str:
        """Return a string, or the empty string for an index outside the pool."""
        text = self._cache.get(index)
        if text is None:
            if not 0 <= index < self.count:
                return ""
            text = self._decode(index) if self._left > 0 else ""
            self._left -= len(text)
            self._cache[index] = text
        return text

    def _decode(self, index: int) -> str:
        (offset,) = struct.unpack_from("<I", self._data, self._index + 4 * index)
        at = self._strings + offset
        if at + 2 > self._end:
            return ""
        return self._utf8(at) if self.utf8 else self._utf16(at)

    def _utf8(self, at: int) -> str:
        data = self._data
        at += 2 if data[at] & _LONG else 1
        if at >= self._end:
            return ""
        length = data[at]
        at += 1
        if length & _LONG:
            if at >= self._end:
                return ""
            length = (length & 0x7F) << 8 | data[at]
            at += 1
        raw = data[at : min(at + length, self._end)]
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            # Characters outside the BMP are often written as two surrogates of three bytes each.
            try:
                pairs = raw.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
            except UnicodeDecodeError:
                return raw.decode("utf-8", "replace")
            return pairs.decode("utf-16-le", "replace")

    def _utf16(self, at: int) -> str:
        (length,) = struct.unpack_from("<H", self._data, at)
        at += 2
        if length & _LONG16:
            if at + 2 > self._end:
                return ""
            (low,) = struct.unpack_from("<H", self._data, at)
            length = (length & 0x7FFF) << 16 | low
            at += 2
        return self._data[at : min(at + 2 * length, self._end)].decode("utf-16-le", "replace")
