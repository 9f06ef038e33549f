"""The string data of a dex file as one stretch of bytes, without decoding each string.

For questions about a few words in a hundred thousand strings; the code index has its own reader.
"""

import struct

import numpy as np

_IDS_AT = 0x38
_HEADER = 0x70
_TAIL = 65536


class StringRegion:
    """Bytes from the first to the last string of a dex file; positions map back to strings."""

    def __init__(self, dex: bytes) -> None:
        """Find the region. A file without a sound string table has an empty one."""
        self.data = b""
        self._starts = np.zeros(0, np.int64)
        if len(dex) < _HEADER:
            return
        count, at = struct.unpack_from("<II", dex, _IDS_AT)
        count = min(count, max(0, len(dex) - at) // 4)
        if count <= 0:
            return
        starts = np.sort(np.frombuffer(dex, "<u4", count, at).astype(np.int64))
        starts = starts[starts < len(dex)]
        if not len(starts):
            return
        first, last = int(starts[0]), int(starts[-1])
        end = dex.find(b"\0", last + 1, last + _TAIL)
        self.data = dex[first : end if end >= 0 else min(last + _TAIL, len(dex))]
        self._starts = starts - first

    def index_at(self, offset: int) -> int:
        """Return the number (in order of position) of the string at an offset of `data`."""
        return int(np.searchsorted(self._starts, offset, "right")) - 1

    def text(self, index: int, least: int = 0, most: int = 8192) -> str:
        """Return a string by that number, shortened to `most` bytes, or nothing."""
        if not 0 <= index < len(self._starts):
            return ""
        at = int(self._starts[index])
        while at < len(self.data) and self.data[at] & 0x80:
            at += 1
        end = self.data.find(b"\0", at + 1, at + 1 + most)
        raw = self.data[at + 1 : end if end >= 0 else at + 1 + most]
        return _mutf8(raw) if len(raw) >= least else ""


def _mutf8(raw: bytes) -> str:
    """Decode modified UTF-8; surrogate pairs are joined, damage becomes a replacement mark."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        return (
            raw.decode("utf-8", "surrogatepass")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
