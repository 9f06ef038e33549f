"""In which company a constant string counts as a use of what it names."""

from typing import TYPE_CHECKING

import numpy as np

from scanner.model.common import Confidence
from scanner.static.dex.arrays import Bool
from scanner.static.named_links import callers

if TYPE_CHECKING:
    from scanner.static.calls import Code


class Company:
    """Tells whether a method calls the classes that make a string of some kind count."""

    def __init__(self, code: "Code", prefixes: tuple[str, ...], otherwise: str) -> None:
        """Mark the methods that call one of the classes, and those one call away."""
        index = code.index
        raw = tuple(prefix.encode() for prefix in prefixes)
        types = np.zeros(len(index.ids.types), np.bool_)
        types[[number for number, name in code.platform_types if name.startswith(raw)]] = True
        self._direct: Bool = callers(index, types[index.ids.methods.cls])
        self._near = callers(index, self._takes_string(code))
        self._otherwise = otherwise

    def _takes_string(self, code: "Code") -> Bool:
        """Mark method ids of helpers: they take a string and call one of the classes."""
        resolved = code.hierarchy.resolved
        helper = np.append(self._direct, False)[resolved]  # -1, the platform, reads the last
        return helper & code.takes_string

    def confidence(self, row: int) -> Confidence | None:
        """Return how sure a string in this method is a use, None when it is none."""
        if self._direct[row]:
            return "firm"
        return "tentative" if self._near[row] or self._otherwise == "tentative" else None
