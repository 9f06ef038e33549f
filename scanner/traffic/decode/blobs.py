"""What hides in bytes of unknown structure: packed streams, readable text, a mask of one byte."""

import bz2
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from scanner.traffic.decode import blocks, compress
from scanner.traffic.decode.limits import RUNS, SPECULATIVE_BYTES, STEP_BYTES
from scanner.traffic.decode.protobuf import is_text
from scanner.traffic.decode.shapes import BASE64

MAGIC_ZIP = b"PK\x03\x04"
MAGIC_XZ = b"\xfd7zXZ\0"
_MAGIC_BZ2 = re.compile(rb"BZh[1-9]1AY&SY")
_MAGIC_LZMA = re.compile(rb"[\x5d\x6d]\x00\x00[\x00-\xff]{2}")
_STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|\x28\xb5\x2f\xfd")
_TRIED_STREAMS = 16
_MAX_MEMBERS = 60
_LZMA_MEMORY = 64 << 20
_MAX_SIZED = 16
_STRETCH = re.compile(
    rb"(?:[\x20-\x7e\r\n\t]|[\xc3-\xdf][\x80-\xbf]|[\xe3-\xe9][\x80-\xbf]{2}){12,}"
)
_CLOSING = {b"{": b"}", b"[": b"]", b"<": b">"}
_MIN_MASKED = 24
_ZIP_ERRORS = (
    zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError,
    zlib.error, struct.error, lzma.LZMAError,
)  # fmt: skip

Opened = tuple[bytes, str]
Packed = tuple[bytes, str, str]
"""Output, layer, and what is missing ("" = nothing)."""


def packed(data: bytes) -> Packed | None:
    """Open bzip2, xz, lzma, LZ4 or Snappy by their first bytes."""
    if _MAGIC_BZ2.match(data):
        return _limited(bz2.BZ2Decompressor(), data, "bzip2")
    if data.startswith(MAGIC_XZ):
        return _limited(lzma.LZMADecompressor(memlimit=_LZMA_MEMORY), data, "xz")
    if _MAGIC_LZMA.match(data):
        alone = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY)
        return _limited(alone, data, "lzma")
    return _framed(data)


def _framed(data: bytes) -> Packed | None:
    for magic, undo, layer in (
        (blocks.MAGIC_LZ4, blocks.unlz4_frame, "lz4"),
        (blocks.MAGIC_SNAPPY, blocks.unsnappy_frames, "snappy"),
    ):
        if data.startswith(magic):
            try:
                return undo(data, STEP_BYTES), layer, ""
            except compress.CompressionError:
                return None
    return None


def _limited(
    opener: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes, layer: str
) -> Packed | None:
    try:
        out = opener.decompress(data, STEP_BYTES)
    except (OSError, ValueError, lzma.LZMAError):
        return None
    return (out, layer, "" if opener.eof else "damaged") if out else None


def members(data: bytes) -> list[tuple[str, bytes]] | None:
    """Return name and contents of the files in a zip archive; None when nothing can be opened."""
    found: list[tuple[str, bytes]] = []
    left = STEP_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist()[:_MAX_MEMBERS]:
                if info.is_dir() or left <= 0:
                    continue
                with archive.open(info) as file:
                    content = file.read(left)
                left -= len(content)
                found.append((info.filename[-80:], content))
    except _ZIP_ERRORS:
        return found or None
    return found or None


def unmarked_blocks(data: bytes) -> Opened | None:
    """Try raw Snappy and LZ4, also behind a size: only output that is text counts."""
    if not _MAX_SIZED <= len(data) <= SPECULATIVE_BYTES:
        return None
    for layer, undo, skip in (
        ("snappy", blocks.unsnappy, 0), ("lz4", blocks.unlz4, 4), ("lz4", blocks.unlz4, 0),
    ):  # fmt: skip
        try:
            out = undo(data[skip:], STEP_BYTES)
        except compress.CompressionError:
            continue
        sized = skip == 0 or len(out) in (
            int.from_bytes(data[:4], "little"), int.from_bytes(data[:4], "big"),
        )  # fmt: skip
        if sized and len(out) >= len(data) - 8 and is_text(out):
            return out, layer
    return None


def streams(data: bytes) -> Iterator[Opened]:
    """Yield the gzip, zlib and zstd streams inside a message: a head of its own stands before."""
    tried = 0
    end = 0
    for found in _STREAM.finditer(data, 1):
        if found.start() < end:
            continue
        tried += 1
        if tried > _TRIED_STREAMS:
            return
        opened = _stream(data[found.start() :])
        if opened is not None:
            yield opened
            end = found.start() + 32


def _stream(data: bytes) -> Opened | None:
    try:
        if data.startswith(compress.MAGIC_GZIP):
            out, state = compress.gunzip(data, STEP_BYTES)
            layer = "gzip"
        elif data.startswith(compress.MAGIC_ZSTD):
            out, state = compress.unzstd(data, STEP_BYTES)
            layer = "zstd"
        else:
            out, state = compress.gunzip(data, STEP_BYTES, 15)
            layer = "zlib"
    except compress.CompressionError:
        return None
    return (out, layer) if state != "damaged" and len(out) > 8 else None  # noqa: PLR2004 - less says nothing


def stretches(data: bytes) -> list[bytes]:
    """Return the readable stretches of a message without known structure.

    A byte of a length before a text may look like a letter: base64 that only makes sense from its
    second, third or fourth letter on is returned from there.
    """
    found: list[bytes] = []
    for match in _STRETCH.finditer(data):
        found.append(match[0])
        if len(found) >= RUNS:
            break
    return found


def shifted(text: bytes) -> list[bytes]:
    """Return a base64 text from its second, third and fourth letter on."""
    text = text.strip()
    return [text[skip:] for skip in (0, 1, 2, 3)] if BASE64.match(text) else []


def unmask(data: bytes) -> Opened | None:
    """Undo a mask of one byte (XOR) over JSON, XML or gzip, which their two ends give away."""
    if not _MIN_MASKED <= len(data) <= SPECULATIVE_BYTES:
        return None
    for first, last in _CLOSING.items():
        key = data[0] ^ first[0]
        if key and data[-1] ^ key == last[0]:
            out = data.translate(bytes(byte ^ key for byte in range(256)))
            if is_text(out):
                return out, "xor"
    key = data[0] ^ compress.MAGIC_GZIP[0]
    if key and data[1] ^ key == 0x8B and data[2] ^ key == 8:  # noqa: PLR2004 - the magic of gzip
        return data.translate(bytes(byte ^ key for byte in range(256))), "xor"
    return None
