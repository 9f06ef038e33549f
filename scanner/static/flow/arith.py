"""Arithmetic of the virtual machine on known constants."""

import struct
from collections.abc import Callable
from typing import Final

from scanner.static.flow.values import MOST_CONSTANTS, Constant

_WORD, _LONG = 32, 64


def _wrap(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _div(a: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


BINARY: Final[dict[str, Callable[[int, int, int], int]]] = {
    "add": lambda a, b, _: a + b,
    "sub": lambda a, b, _: a - b,
    "rsub": lambda a, b, _: b - a,
    "mul": lambda a, b, _: a * b,
    "div": lambda a, b, _: _div(a, b),
    "rem": lambda a, b, _: a - b * _div(a, b),
    "and": lambda a, b, _: a & b,
    "or": lambda a, b, _: a | b,
    "xor": lambda a, b, _: a ^ b,
    "shl": lambda a, b, n: a << (b & (n - 1)),
    "shr": lambda a, b, n: a >> (b & (n - 1)),
    "ushr": lambda a, b, n: (a & ((1 << n) - 1)) >> (b & (n - 1)),
}


def binary(
    name: str, left: "frozenset[Constant] | None", right: "frozenset[Constant] | None"
) -> set[Constant] | None:
    """Return all results of an operation, None when they are not known."""
    if not left or not right or len(left) * len(right) > MOST_CONSTANTS**2:
        return None
    if name == "cmp-long":
        return {
            (a > b) - (a < b)
            for a in left
            for b in right
            if isinstance(a, int) and isinstance(b, int)
        } or None
    word, _, kind = name.partition("-")
    if kind in ("float", "double") or word not in BINARY:
        return None
    bits = _LONG if kind.startswith("long") else _WORD
    found: set[Constant] = set()
    for a in left:
        for b in right:
            if not isinstance(a, int) or not isinstance(b, int):
                return None
            try:
                found.add(_wrap(BINARY[word](a, b, bits), bits))
            except ZeroDivisionError:
                continue
    return found if found and len(found) <= MOST_CONSTANTS else None


def as_double(value: Constant) -> float | None:
    """Return a constant of a wide register as a fraction."""
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        return float(struct.unpack("<d", struct.pack("<q", _wrap(value, _LONG)))[0])
    return None


def unary(name: str, value: "frozenset[Constant] | None") -> set[Constant] | None:
    """Return all results of a conversion or negation, None when they are not known."""
    if not value:
        return None
    found: set[Constant] = set()
    for one in value:
        new = _unary(name, one)
        if new is None:
            return None
        found.add(new)
    return found


_NARROW: Final[dict[str, int]] = {"byte": 8, "short": 16, "int": 32, "long": 64}


def _unary(name: str, value: Constant) -> Constant | None:
    source, _, target = name.partition("-to-")
    if source == "double" and target in ("int", "long"):
        number = as_double(value)
        return int(number) if number is not None and abs(number) < 1 << 31 else None
    if not isinstance(value, int):
        return None
    if source in ("int", "long") and target:
        return _converted(value, target)
    if name in ("neg-int", "neg-long"):
        return -value
    return ~value if name in ("not-int", "not-long") else None


def _converted(value: int, target: str) -> Constant:
    if target == "char":
        return value & 0xFFFF
    return _wrap(value, _NARROW[target]) if target in _NARROW else float(value)


def compare(kind: str, one: Constant, two: Constant) -> bool:
    """Decide a comparison of two constants; texts and classes are only ever equal or not."""
    if kind == "eq":
        return one == two
    if kind == "ne":
        return one != two
    if not isinstance(one, int | float) or not isinstance(two, int | float):
        return True
    return {"lt": one < two, "ge": one >= two, "gt": one > two, "le": one <= two}[kind]
