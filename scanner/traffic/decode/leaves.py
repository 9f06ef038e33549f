"""Where a value stood in a message: a chain of steps, rendered only when something is found."""

from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.traffic.decode.limits import LEAVES, Budget

_MAX_LABEL = 60
_MAX_PATH = 200


class Node:
    """One step on the way to a value: a key (`label`), an undone layer (`layer`), or both."""

    __slots__ = ("label", "layer", "parent")

    def __init__(self, parent: "Node | None", label: str = "", layer: str = "") -> None:
        """Chain to `parent`."""
        self.parent = parent
        self.label = label
        self.layer = layer

    def key(self) -> str:
        """Return the nearest name above a value: layers have none."""
        node: Node | None = self
        while node is not None:
            if node.label:
                return node.label
            node = node.parent
        return ""

    def path(self) -> str:
        """Return the names from the outside in, joined by dots; list positions are left out."""
        labels: list[str] = []
        node: Node | None = self
        while node is not None:
            if node.label:
                labels.append(node.label[:_MAX_LABEL])
            node = node.parent
        return ".".join(reversed(labels))[:_MAX_PATH]

    def layers(self) -> tuple[str, ...]:
        """Return the layers undone, outermost first."""
        layers: list[str] = []
        node: Node | None = self
        while node is not None:
            if node.layer:
                layers.append(node.layer)
            node = node.parent
        return tuple(reversed(layers))


class Leaf(NamedTuple):
    """A value as bytes, and the node it stands at."""

    node: Node
    value: bytes


Row = tuple[Node, str, bytes]
"""A value as it is kept: the node above it, its key there ("" = it stands at the node itself), its
bytes. Most values mean nothing, so their own nodes are made only when something is found.
"""


def leaf_of(row: Row) -> Leaf:
    """Return a kept value with its node."""
    above, label, value = row
    return Leaf(Node(above, label) if label else above, value)


@dataclass(slots=True)
class Decoded:
    """What decoding one message gave.

    `structured`: something was understood; `opaque` counts bytes that look encrypted or unknown;
    `media` bytes of pictures, sound, archives. `budget.notes` counts limits hit.
    """

    rows: list[Row] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    structured: bool = False
    opaque: int = 0
    media: int = 0
    size: int = 0

    def add(self, node: Node, value: bytes) -> None:
        """Keep a value for matching, as long as there is room."""
        if len(self.rows) >= LEAVES:
            self.budget.notes["limit-leaves"] += 1
            return
        self.rows.append((node, "", value))

    @property
    def leaves(self) -> list[Leaf]:
        """Return the values with their nodes."""
        return [leaf_of(row) for row in self.rows]

    @property
    def readable(self) -> str:
        """Return `empty`, `decoded`, `media` or `opaque`."""
        if not self.size:
            return "empty"
        if self.opaque * 2 >= self.size:
            return "opaque"
        return "media" if self.media * 2 >= self.size else "decoded"
