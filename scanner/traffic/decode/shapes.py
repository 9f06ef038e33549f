"""What bytes look like: text, a known container, a picture, or noise."""

import math
import re
from collections import Counter

_MEDIA = (
    (0, b"\x89PNG"), (0, b"\xff\xd8\xff"), (0, b"GIF8"), (0, b"RIFF"), (0, b"OggS"), (0, b"ID3"),
    (0, b"PK\x03\x04"), (0, b"%PDF"), (0, b"wOFF"), (0, b"wOF2"), (0, b"\x00\x01\x00\x00\x00"),
    (4, b"ftyp"), (0, b"\x1aE\xdf\xa3"), (0, b"fLaC"), (0, b"BM"), (0, b"\x7fELF"), (0, b"dex\n"),
    (0, b"\xca\xfe\xba\xbe"), (0, b"7z\xbc\xaf"), (0, b"\x00asm"), (0, b"FLV\x01"), (0, b"II*\x00"),
    (0, b"\x47\x40"),
)  # fmt: skip
_MEDIA_TYPES = ("image/", "video/", "audio/", "font/")
_MIN_MEDIA = 64
_MIN_ENTROPY_BYTES = 512
_NOISE_BITS = 7.0
"""Random bytes measure 7.2 bits at 256 bytes and 7.6 at 512, text and binary records below 6.5."""
_MIN_OPAQUE = 64

_SIMPLE = (
    r"(?:[A-Za-z0-9._,:;@ +/()\-]{1,15}"
    r"|[0-9a-fA-F]{16}(?:[0-9a-fA-F]{16}(?:[0-9a-fA-F]{8})?)?"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})\Z"
)
_CHINESE = (
    r"|(?=[^\u3000-\u9fff]{0,18}[\u3000-\u9fff])"
    r"[A-Za-z0-9._,:;@ +/()\-\u2014-\u201d\u3000-\u9fff\uff08-\uff1f]{1,19}\Z"
)
PLAIN_TEXT = re.compile(_SIMPLE + _CHINESE)
PLAIN = re.compile(_SIMPLE.encode())
"""Too short and too plain to hide a layer, or an identifier or digest in hex: most values of real
messages. Known values in hex or base64 are found in them as they stand."""
NAME = re.compile(r"[a-z][A-Za-z_]*\Z")
"""A key that is a name and nothing else."""
PROSE = re.compile(rb"[A-Za-z0-9._,:;@ +/()'!?\-\r\n\t\x80-\xff]*\Z")
"""No character that any text layer needs; blanks in it rule out base64 and hex as a whole."""
BASE64 = re.compile(rb"[A-Za-z0-9+/_\-]{16,}={0,2}\Z")
HEX = re.compile(rb"(?:0[xX])?(?:[0-9A-Fa-f]{2}){20,}\Z")
"""Shorter hex hides no structure, and known values in hex are patterns of their own."""
HEX_SPACED = re.compile(rb"(?:[0-9A-Fa-f]{2}[ :,\-]){7,}[0-9A-Fa-f]{2}\Z")
RUN = re.compile(rb"[A-Za-z0-9+/_\-]{20,}={0,2}")
JWT = re.compile(rb"ey[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*\Z")
PERCENT = re.compile(rb"%(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")
ESCAPE = re.compile(rb"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|(?:\\[0-3][0-7]{2}){4}")
ENTITY = re.compile(rb"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")
URL = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]{1,20}://[^\s?#]{0,2000}\?")


def is_media(data: bytes, content_type: str) -> bool:
    """Tell whether a body is a picture, sound, film, font, document or archive."""
    if len(data) < _MIN_MEDIA:
        return content_type.startswith(_MEDIA_TYPES)
    return content_type.startswith(_MEDIA_TYPES) or any(
        data.startswith(magic, at) for at, magic in _MEDIA
    )


def is_opaque(data: bytes) -> bool:
    """Tell whether bytes without any known structure look encrypted.

    Entropy means something from 512 bytes on; below that, 64 bytes or more that nothing could
    read count as opaque.
    """
    if len(data) >= _MIN_ENTROPY_BYTES:
        return entropy(data[: 1 << 16]) >= _NOISE_BITS
    return len(data) >= _MIN_OPAQUE


def entropy(data: bytes) -> float:
    """Return the Shannon entropy of the bytes in bits per byte."""
    if not data:
        return 0.0
    size = len(data)
    return -sum(n / size * math.log2(n / size) for n in Counter(data).values())
