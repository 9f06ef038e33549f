"""Ways to write the bytes of a known value, each as the part that stays the same inside a text."""

import base64
import hashlib
import json
import re
import string
import uuid
from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import quote

_MIN_CORE = 8
_SEPARATORS = re.compile(r"[\s:\-._]")
_HASHES = ("md5", "sha1", "sha256", "sha512", "sha224", "sha384", "sm3")
_CHAINED = ("md5", "sha1", "sha256")
"""Hashes of hashes: the hexadecimal text of one is hashed again."""
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ROT13 = str.maketrans(
    string.ascii_letters,
    "".join(a[13:] + a[:13] for a in (string.ascii_lowercase, string.ascii_uppercase)),
)
_BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
BASE64_VALUES = {ord(letter): number for number, letter in enumerate(_BASE64)} | {45: 62, 95: 63}
_MIN_NUMBER = 1 << 40
_MIN_RAW = 6


class Edge(NamedTuple):
    """What the letters of base64 just before and after a core must hold: how many of their low
    (before) or high (after) bits belong to the value, and these bits.
    """

    before: tuple[int, int] = (0, 0)
    after: tuple[int, int] = (0, 0)

    def fits(self, text: bytes, start: int, end: int) -> bool:
        """Tell whether the letters around a core belong to the same value."""
        bits, want = self.before
        if bits:
            letter = BASE64_VALUES.get(text[start - 1] if start else -1)
            if letter is None or letter & (1 << bits) - 1 != want:
                return False
        bits, want = self.after
        if bits:
            letter = BASE64_VALUES.get(text[end] if end < len(text) else -1)
            return letter is not None and letter >> 6 - bits == want
        return True


class Form(NamedTuple):
    """One way to write a value: its bytes, the layers, and how a match is judged.

    `hashed`: the value itself is not in the message. `bounded`: must stand free. `edge`: base64.
    """

    data: bytes
    layers: tuple[str, ...] = ()
    hashed: bool = False
    bounded: bool = False
    edge: Edge | None = None


def forms(text: str, rich: bool) -> Iterator[Form]:
    """Yield the forms of one spelling; `rich` adds those that few senders use."""
    data = text.encode()
    yield Form(data)
    if not text.isascii():
        yield Form(text.encode("gb18030", "replace"), ("gbk",))
        yield Form(json.dumps(text)[1:-1].encode(), ("escape",))
    for coding in ("utf-16-le", "utf-16-be"):
        yield Form(text.encode(coding), ("utf-16",))
    for form in dict.fromkeys((quote(text, safe=""), quote(text, safe="").lower(), escape(text))):
        yield Form(form.encode(), ("url",))
    yield Form(data.hex().encode(), ("hex",))
    yield Form(data.hex().upper().encode(), ("hex",))
    yield from base64_forms(data, ("base64",))
    yield Form(text[::-1].encode(), ("reversed",))
    yield from hashes(data)
    if rich:
        yield from _rare(text, data)


def few_forms(text: str) -> Iterator[Form]:
    """Yield the forms that most senders use: for subjects with very many values."""
    data = text.encode()
    yield Form(data)
    yield Form(quote(text, safe="").encode(), ("url",))
    yield Form(data.hex().encode(), ("hex",))
    yield from base64_forms(data, ("base64",))
    for name in _CHAINED:
        yield from _both(hashlib.new(name, data, usedforsecurity=False).hexdigest(), (name,))


def base64_forms(data: bytes, layers: tuple[str, ...]) -> Iterator[Form]:
    """Yield the part of base64 that is the same wherever `data` begins in the plain text, for its
    three alignments and both alphabets, with the bits that its neighbours must hold.
    """
    number = int.from_bytes(data, "big")
    for offset, start in ((0, 0), (1, 2), (2, 3)):
        size = len(data) + offset
        core = base64.b64encode(b"\0" * offset + data)[start : size * 8 // 6]
        if len(core) < _MIN_CORE:
            continue
        head, tail = start * 6 - offset * 8, size * 8 % 6
        edge = Edge(
            (head, number >> len(data) * 8 - head if head else 0),
            (tail, number & (1 << tail) - 1),
        )
        for letters in {core, core.replace(b"+", b"-").replace(b"/", b"_")}:
            yield Form(letters, layers, edge=edge)


def hashes(data: bytes) -> Iterator[Form]:
    """Yield digests of the bytes, plain and chained, in the ways they are written."""
    for name in _HASHES:
        try:
            digest = hashlib.new(name, data, usedforsecurity=False)
        except ValueError:  # a build of OpenSSL without SM3
            continue
        text = digest.hexdigest()
        yield from _both(text, (name,))
        yield Form(digest.digest(), (name, "raw"), True)
        packed = base64.b64encode(digest.digest()).rstrip(b"=")
        for letters in {packed, packed.replace(b"+", b"-").replace(b"/", b"_")}:
            yield Form(letters, (name, "base64"), True)
        if name == "md5":
            yield from _both(text[8:24], ("md5-16",))
            yield from _both(str(uuid.UUID(bytes=digest.digest(), version=3)), ("md5", "uuid"))
            yield from _both(uuid.UUID(bytes=digest.digest(), version=3).hex, ("md5", "uuid"))
            yield from _both(str(uuid.UUID(bytes=digest.digest())), ("md5", "uuid"))
        if name in _CHAINED:
            for outer in _CHAINED:
                again = hashlib.new(outer, text.encode(), usedforsecurity=False).hexdigest()
                yield from _both(again, (name, outer))


def _both(text: str, layers: tuple[str, ...]) -> Iterator[Form]:
    yield Form(text.encode(), layers, True)
    yield Form(text.upper().encode(), layers, True)


def _rare(text: str, data: bytes) -> Iterator[Form]:
    """Yield base32, base58, base85, ROT13, and identifiers as numbers or packed digits."""
    for coding in ("utf-16-le", "utf-16-be"):
        yield from base64_forms(text.encode(coding), ("base64", "utf-16"))
    for core in _cores(data, 5, 8, base64.b32encode):
        yield Form(core, ("base32",))
        yield Form(core.lower(), ("base32",))
    for core in _cores(data, 4, 5, base64.a85encode):
        yield Form(core, ("ascii85",))
    for core in _cores(data, 4, 5, base64.b85encode):
        yield Form(core, ("base85",))
    yield Form(base58(data), ("base58",))
    if text.isascii() and any(letter.isalpha() for letter in text):
        yield Form(text.translate(_ROT13).encode(), ("rot13",))
    yield from _numbers(_SEPARATORS.sub("", text))


def _cores(data: bytes, group: int, letters: int, encode: Callable[[bytes], bytes]) -> set[bytes]:
    """Return the whole groups of an encoding for each alignment of the value: the groups at its
    ends hold strangers' bytes and are left out, but for the one that begins with the value.
    """
    found: set[bytes] = set()
    for offset in range(group):
        whole = (len(data) + offset) // group
        core = encode(b"\0" * offset + data)[(letters if offset else 0) : whole * letters]
        if len(core) >= _MIN_CORE + 2:
            found.add(core)
    whole_text = encode(data).rstrip(b"=")
    if len(whole_text) >= _MIN_CORE:
        found.add(whole_text)
    return found


def base58(data: bytes) -> bytes:
    """Return bytes in Bitcoin's base58."""
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = _BASE58[rest] + out
    return out.encode()


def _numbers(text: str) -> Iterator[Form]:
    """Yield an identifier of digits or hex digits as a number, in raw bytes and packed digits."""
    if not re.fullmatch(r"[0-9A-Fa-f]{10,64}", text):
        return
    even = text if len(text) % 2 == 0 else f"0{text}"
    raw = bytes.fromhex(even)
    if len(raw) >= _MIN_RAW:
        yield Form(raw, ("raw",))
        yield Form(raw[::-1], ("raw",))
        yield Form(base64.b64encode(raw).rstrip(b"="), ("raw", "base64"), bounded=True)
    if text.isdigit() and len(even) != len(text):
        padded = text + "F"
        swapped = bytes(int(padded[i + 1] + padded[i], 16) for i in range(0, len(padded), 2))
        yield Form(swapped, ("bcd",))
    number = int(text) if text.isdigit() else int(text, 16)
    if _MIN_NUMBER <= number < 1 << 64:
        size = (number.bit_length() + 7) // 8
        for order in ("big", "little"):
            yield Form(number.to_bytes(size, order), ("integer",))
        yield Form((b"%x" if text.isdigit() else b"%d") % number, ("integer",), bounded=True)
        if number >> 63:
            yield Form(b"%d" % (number - (1 << 64)), ("integer",), bounded=True)
