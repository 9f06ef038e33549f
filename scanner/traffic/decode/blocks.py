"""LZ4 and Snappy, bounded: both copy from their own output, so every step is checked."""

from scanner.traffic.decode.compress import CompressionError

MAGIC_LZ4 = b"\x04\x22\x4d\x18"
MAGIC_SNAPPY = b"\xff\x06\x00\x00sNaPpY"
_LONG = 15
_MIN_MATCH = 4


def _copy(out: bytearray, offset: int, size: int) -> None:
    """Append `size` bytes that begin `offset` before the end; they may reach into themselves."""
    if not 0 < offset <= len(out):
        raise CompressionError
    piece = bytes(out[-offset:][:size])
    times = -(-size // len(piece))
    out += (piece * times)[:size]


def unlz4(data: bytes, limit: int, out: bytearray | None = None) -> bytes:
    """Return the contents of one LZ4 block. Raises `CompressionError` for anything else.

    `out` holds what earlier blocks of a frame gave and is added to.
    """
    out = bytearray() if out is None else out
    at = 0
    try:
        while at < len(data):
            token = data[at]
            size, at = _lz4_size(data, at + 1, token >> 4)
            if at + size > len(data):
                raise CompressionError
            out += data[at : at + size]
            at += size
            if at == len(data):
                break
            offset = data[at] | data[at + 1] << 8
            size, at = _lz4_size(data, at + 2, token & 15)
            _copy(out, offset, size + _MIN_MATCH)
            if len(out) > limit:
                raise CompressionError
    except IndexError as error:
        raise CompressionError from error
    return bytes(out)


def _lz4_size(data: bytes, at: int, size: int) -> tuple[int, int]:
    if size == _LONG:
        while True:
            more = data[at]
            size, at = size + more, at + 1
            if more != 0xFF:  # noqa: PLR2004 - the last byte of a length
                break
    return size, at


def unlz4_frame(data: bytes, limit: int) -> bytes:
    """Return the contents of an LZ4 frame; checksums are not examined."""
    if len(data) < 11:  # noqa: PLR2004 - head and end mark
        raise CompressionError
    flags = data[4]
    at = 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    out = bytearray()
    while at + 4 <= len(data) and len(out) <= limit:
        word = int.from_bytes(data[at : at + 4], "little")
        at += 4
        size = word & 0x7FFFFFFF
        if not size:
            break
        block = data[at : at + size]
        if word >> 31:
            out += block
        else:
            unlz4(block, limit, out)
        at += size + (4 if flags & 16 else 0)
    if not out:
        raise CompressionError
    return bytes(out[:limit])


def unsnappy(data: bytes, limit: int) -> bytes:
    """Return the contents of raw Snappy. Raises `CompressionError` for anything else."""
    try:
        want, at = _varint(data)
        if not 0 < want <= limit:
            raise CompressionError
        out = bytearray()
        while at < len(data) and len(out) <= want:
            at = _snappy_step(data, at, out)
    except IndexError as error:
        raise CompressionError from error
    if len(out) != want:
        raise CompressionError
    return bytes(out)


def _varint(data: bytes) -> tuple[int, int]:
    value = 0
    for at in range(5):
        value |= (data[at] & 0x7F) << 7 * at
        if data[at] < 0x80:  # noqa: PLR2004 - the last byte of a varint
            return value, at + 1
    raise CompressionError


def _snappy_step(data: bytes, at: int, out: bytearray) -> int:
    tag = data[at]
    at += 1
    kind, size = tag & 3, (tag >> 2) + 1
    if kind == 0:
        extra = size - 60
        if extra > 0:
            size = int.from_bytes(data[at : at + extra], "little") + 1
            at += extra
        if at + size > len(data):
            raise CompressionError
        out += data[at : at + size]
        return at + size
    if kind == 1:
        _copy(out, (tag >> 5) << 8 | data[at], (tag >> 2 & 7) + 4)
        return at + 1
    width = 2 if kind == 2 else 4  # noqa: PLR2004 - copies with two or four bytes of offset
    _copy(out, int.from_bytes(data[at : at + width], "little"), size)
    return at + width


def unsnappy_frames(data: bytes, limit: int) -> bytes:
    """Return the contents of the Snappy framing format; checksums are not examined."""
    out = bytearray()
    at = len(MAGIC_SNAPPY)
    while at + 4 <= len(data) and len(out) <= limit:
        kind, size = data[at], int.from_bytes(data[at + 1 : at + 4], "little")
        chunk = data[at + 8 : at + 4 + size]
        if kind == 0:
            out += unsnappy(chunk, limit)
        elif kind == 1:
            out += chunk
        at += 4 + size
    if not out:
        raise CompressionError
    return bytes(out[:limit])
