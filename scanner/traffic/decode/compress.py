"""Decompression that stops: a few hundred bytes can unpack to gigabytes."""

import zlib
from collections.abc import Callable

MAGIC_GZIP = b"\x1f\x8b\x08"
MAGIC_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_WINDOW = 1 << 23
"""RFC 9659 allows no larger window for the content coding."""
_BROTLI_STEP = 64
"""Without an output limit (brotli < 1.2) small steps bound what one call can produce."""
_CHUNK = 1 << 14
_MEMBERS = 100


class CompressionError(ValueError):
    """The bytes are not of this format."""


Undone = tuple[bytes, str]
"""The output, and "" or what is missing: `cut` (our limit) or `damaged` (the data ends early)."""


def gunzip(data: bytes, limit: int, wbits: int = 31) -> Undone:
    """Return at most `limit` bytes of a gzip, zlib or deflate stream, damaged ones as far as
    they go. Raises `CompressionError` when nothing comes out.
    """
    out = bytearray()
    members = 0
    state = ""
    while data and members < _MEMBERS:
        rest, state = _inflate_one(data, limit - len(out), wbits, out)
        if state or not rest or not rest.startswith(MAGIC_GZIP):
            break
        data = rest
        members += 1
    if not out and state:
        raise CompressionError
    return bytes(out), state


def _inflate_one(data: bytes, limit: int, wbits: int, out: bytearray) -> tuple[bytes, str]:
    """Append one stream to `out`; return the bytes behind it and its state."""
    inflater = zlib.decompressobj(wbits)
    room = limit
    for start in range(0, len(data), _CHUNK):
        try:
            piece = inflater.decompress(data[start : start + _CHUNK], room + 1)
        except zlib.error:
            return b"", "damaged"
        if len(piece) > room:
            out += piece[:room]
            return b"", "cut"
        out += piece
        room -= len(piece)
        if inflater.eof:
            return inflater.unused_data + data[start + _CHUNK :], ""
    return b"", "damaged"


def inflate(data: bytes, limit: int) -> Undone:
    """Undo the content coding `deflate`: zlib by the RFC, raw deflate as some servers send it."""
    if data[:1] and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0:  # noqa: PLR2004 - RFC 1950
        return gunzip(data, limit, 15)
    return gunzip(data, limit, -15)


def unbrotli(data: bytes, limit: int) -> Undone:
    """Return at most `limit` bytes of a brotli stream. Raises `CompressionError`."""
    import brotli  # noqa: PLC0415 - only when a body needs it

    decompressor = brotli.Decompressor()
    out = bytearray()
    try:
        for start in range(0, len(data), _BROTLI_STEP):
            out += decompressor.process(data[start : start + _BROTLI_STEP])
            if len(out) > limit:
                return bytes(out[:limit]), "cut"
    except brotli.error as error:
        if not out:
            raise CompressionError from error
        return bytes(out), "damaged"
    if not out and data and not decompressor.is_finished():
        raise CompressionError
    return bytes(out), "" if decompressor.is_finished() else "damaged"


def unzstd(data: bytes, limit: int) -> Undone:
    """Return at most `limit` bytes of zstd frames. Raises `CompressionError`."""
    import zstandard  # noqa: PLC0415 - only when a body needs it

    out = bytearray()
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    try:
        with decompressor.stream_reader(data, read_across_frames=True) as reader:
            while len(out) <= limit:
                piece = reader.read(min(_CHUNK * 8, limit + 1 - len(out)))
                if not piece:
                    return bytes(out), ""
                out += piece
    except zstandard.ZstdError as error:
        if not out:
            raise CompressionError from error
        return bytes(out), "damaged"
    return bytes(out[:limit]), "cut"


_CODINGS: dict[str, Callable[[bytes, int], Undone]] = {
    "gzip": lambda data, limit: gunzip(data, limit, 47),
    "x-gzip": lambda data, limit: gunzip(data, limit, 47),
    "deflate": inflate,
    "br": unbrotli,
    "zstd": unzstd,
}
_MAX_CODINGS = 4


def undo_codings(data: bytes, codings: str, limit: int) -> tuple[bytes, list[str], list[str]]:
    """Undo a Content-Encoding header, last coding first.

    Returns the body, the codings undone and notes on what went wrong. Content that is already
    plain in the capture (many HAR writers keep the header) is returned as it is.
    """
    undone: list[str] = []
    notes: list[str] = []
    names = [name.strip().lower() for name in codings.split(",")]
    for name in [name for name in names if name not in ("", "identity")][::-1][:_MAX_CODINGS]:
        coding = _CODINGS.get(name)
        if coding is None:
            notes.append("unknown-coding")
            break
        try:
            data, state = coding(data, limit)
        except CompressionError:
            if not data.lstrip()[:1].isascii() or data[:1] in b"\x1f\x28":
                notes.append("bad-coding")
            break
        undone.append({"x-gzip": "gzip", "br": "brotli"}.get(name, name))
        if state:
            notes.append(f"{state}-coding")
    return data, undone, notes
