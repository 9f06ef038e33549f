"""Texts that stand for other bytes: hex, base64 and its relatives, whole or inside a text."""

from typing import TYPE_CHECKING

from scanner.traffic.decode import attempts, letters, shapes
from scanner.traffic.decode.leaves import Node

if TYPE_CHECKING:
    from scanner.traffic.decode.walk import Walker

_MIN_PACKED = 24


def hidden(walker: "Walker", data: bytes, node: Node, depth: int) -> None:
    """Try the whole text, then long runs of base64 inside it."""
    for out in letters.codes(data):
        walker.value(out, Node(node, "", "codes"), depth + 1)
    opened = attempts.unhex(data) or attempts.base64_text(data)
    if opened is not None and attempts.means_something(opened[0]):
        walker.value(opened[0], Node(node, "", opened[1]), depth + 1)
        return
    if _other_letters(walker, data, node, depth):
        return
    if opened is not None:
        _unclear(walker, *opened, node, depth)
        return
    for run in attempts.runs(data):
        out = attempts.unbase64(run)
        if out and attempts.means_something(out):
            walker.value(out, Node(node, "", "base64"), depth + 1)


def _other_letters(walker: "Walker", data: bytes, node: Node, depth: int) -> bool:
    for out, layer in letters.candidates(data):
        if attempts.means_something(out):
            walker.value(out, Node(node, "", layer), depth + 1)
            return True
    return False


def _unclear(walker: "Walker", out: bytes, layer: str, node: Node, depth: int) -> None:
    """Keep decoded bytes for matching; a packed stream without a magic may still open."""
    below = Node(node, "", layer)
    opened = attempts.unmarked(out) if len(out) >= _MIN_PACKED else None
    if opened is not None:
        walker.value(opened[0], Node(below, "", opened[1]), depth + 2)
        return
    walker.result.add(below, out)
    if shapes.is_opaque(out):
        walker.result.opaque += len(out) * (2 if layer == "hex" else 1)
