"""Bytes written with letters in less usual ways: base32, base58, base85, lists of codes."""

import base64
import binascii
import re
from itertools import islice

from scanner.traffic.decode.protobuf import is_text
from scanner.traffic.decode.shapes import BASE64

_MIN = 16
_BASE32 = re.compile(rb"[A-Za-z2-7]{16,}={0,6}\Z")
_BASE58 = re.compile(rb"[1-9A-HJ-NP-Za-km-z]{16,}\Z")
_MAX_BASE58 = 4096
"""One big number: the work grows with the square of the length."""
_BASE58_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES = {ord(letter): number for number, letter in enumerate(_BASE58_LETTERS)}
_ASCII85 = re.compile(rb"(?:<~)?[!-uz\s]{16,}(?:~>)?\Z")
_BASE85 = re.compile(rb"[0-9A-Za-z!#$%&()*+\-;<=>?@^_`{|}~]{16,}\Z")
_CODES = re.compile(rb"-?\d{1,3}(?:[,; ]{1,2}-?\d{1,3}){7,}")
_MAX_CODES = 8
_MIXED = re.compile(rb"(?=.*[a-z])(?=.*[A-Z])|(?=.*[^0-9A-Za-z])", re.DOTALL)
_MAX_BYTE, _MIN_BYTE = 255, -128

Opened = tuple[bytes, str]


def candidates(data: bytes) -> list[Opened]:
    """Return what a text may stand for, one guess per way of writing that its letters allow.

    The caller keeps a guess only when it means something.
    """
    found: list[Opened] = []
    if len(data) < _MIN:
        return found
    if BASE64.match(data[::-1]) or BASE64.match(data):
        found.append((_unbase64(data[::-1]), "reversed base64"))
    if _BASE32.match(data):
        found.append((_unbase32(data), "base32"))
    if len(data) <= _MAX_BASE58 and _BASE58.match(data):
        found.append((unbase58(data), "base58"))
    if _ASCII85.match(data) and _MIXED.match(data):
        found.append((_ascii85(data), "ascii85"))
    if _BASE85.match(data) and _MIXED.match(data):
        found.append((_base85(data), "base85"))
    return [(out, layer) for out, layer in found if len(out) >= _MIN // 2]


def codes(data: bytes) -> list[bytes]:
    """Return the texts that lists of decimal codes spell (`56,54,48,…`), whole or inside a text."""
    found: list[bytes] = []
    for match in islice(_CODES.finditer(data), _MAX_CODES):
        out = from_numbers([int(part) for part in re.findall(rb"-?\d+", match[0])])
        if out and is_text(out):
            found.append(out)
    return found


def from_numbers(numbers: list[int]) -> bytes:
    """Return numbers as bytes (Java's are signed), b"" when one is none."""
    if any(not _MIN_BYTE <= number <= _MAX_BYTE for number in numbers):
        return b""
    return bytes(number & _MAX_BYTE for number in numbers)


def _unbase64(data: bytes) -> bytes:
    core = data.strip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(core + b"=" * (-len(core) % 4), validate=True)
    except binascii.Error:
        return b""


def _unbase32(data: bytes) -> bytes:
    core = data.rstrip(b"=").upper()
    try:
        return base64.b32decode(core + b"=" * (-len(core) % 8))
    except binascii.Error:
        return b""


def unbase58(data: bytes) -> bytes:
    """Return the bytes of base58 in Bitcoin's alphabet."""
    number = 0
    for letter in data:
        number = number * 58 + _BASE58_VALUES[letter]
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _ascii85(data: bytes) -> bytes:
    try:
        return base64.a85decode(data.removeprefix(b"<~").removesuffix(b"~>"))
    except (ValueError, OverflowError):
        return b""


def _base85(data: bytes) -> bytes:
    try:
        return base64.b85decode(data)
    except (ValueError, OverflowError):
        return b""
