"""The abstract values of the data-flow analysis.

A value says what a register or a field may hold: a few known constants, objects of the abstract
heap, and the marks of the personal data it derives from. Everything is immutable and joins are
monotone, so that loops end.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

MOST_CONSTANTS = 12
MOST_TEXT = 600
_MOST_STEPS = 60


class ClassName(NamedTuple):
    """A class object: the constant of `const-class`. `name` is a descriptor."""

    name: str


class Member(NamedTuple):
    """A reflected method, field or constructor whose names are known."""

    kind: str
    cls: str
    name: str


Constant: TypeAlias = int | float | str | ClassName | Member
NO_CONSTANTS: Final[frozenset[Constant]] = frozenset()


class Place(NamedTuple):
    """An instruction: internal number of its method, and offset in bytes (-1: none)."""

    method: int
    offset: int


class Step(NamedTuple):
    """One step of the way of a datum. `kind` names the transformation, empty for a plain copy."""

    place: Place
    kind: str
    before: "Step | None"
    depth: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The trace of one source in a value.

    Two marks are the same when source, kind of derivation and earlier sink kinds are the same;
    the way (`last`) is kept for the report only, the first one found wins. `sunk` holds the kinds
    of sinks that already reported this datum on its way into a sending object (a URL, a request).
    """

    source: int
    implicit: bool = False
    sunk: frozenset[str] = frozenset()
    last: Step | None = None

    def __eq__(self, other: object) -> bool:
        """Compare without the way."""
        return isinstance(other, Mark) and self.key == other.key

    def __hash__(self) -> int:
        """Hash without the way."""
        return hash(self.key)

    @property
    def key(self) -> tuple[int, bool, frozenset[str]]:
        """Return what makes the mark itself."""
        return (self.source, self.implicit, self.sunk)

    def moved(self, place: Place, kind: str = "") -> "Mark":
        """Return the mark one step further; very long ways keep their beginning."""
        last = self.last
        if last is not None and (last.place == place or last.depth >= _MOST_STEPS):
            if not kind or last.kind == kind:
                return self
            if last.depth >= _MOST_STEPS:
                return self
        depth = last.depth + 1 if last is not None else 1
        return Mark(self.source, self.implicit, self.sunk, Step(place, kind, last, depth))


Marks: TypeAlias = frozenset[Mark]
NO_MARKS: Final[Marks] = frozenset()
Refs: TypeAlias = frozenset[int]
NO_REFS: Final[Refs] = frozenset()


class Value:
    """What a register may hold.

    `constants` is None when anything not listed may be there too (an unknown number, text or
    framework object); the null reference is the constant 0. `refs` are objects of the heap.
    `prefix` is the address that an otherwise unknown text begins with, when that is known.
    """

    __slots__ = ("constants", "marks", "prefix", "refs")

    def __init__(
        self,
        constants: frozenset[Constant] | None = NO_CONSTANTS,
        refs: Refs = NO_REFS,
        marks: Marks = NO_MARKS,
        prefix: str = "",
    ) -> None:
        """Set the content."""
        self.prefix = prefix
        self.constants = constants
        self.refs = refs
        self.marks = marks

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return self is other or (
            isinstance(other, Value)
            and self.constants == other.constants
            and self.refs == other.refs
            and self.marks == other.marks
            and self.prefix == other.prefix
        )

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((self.constants, self.refs, self.marks))

    def __repr__(self) -> str:
        """Return a short form for debugging."""
        constants = "?" if self.constants is None else sorted(map(repr, self.constants))
        return f"<{constants} {sorted(self.refs)} {sorted(m.source for m in self.marks)}>"

    @property
    def single(self) -> Constant | None:
        """Return the constant when the value can be nothing else."""
        if self.constants is not None and len(self.constants) == 1 and not self.refs:
            return next(iter(self.constants))
        return None

    @property
    def unknown(self) -> bool:
        """Return whether the value may be something that is not listed."""
        return self.constants is None

    def with_marks(self, marks: Marks) -> "Value":
        """Return the value with further marks."""
        if not marks or marks <= self.marks:
            return self
        return Value(self.constants, self.refs, self.marks | marks, self.prefix)

    def marked(self, marks: Marks) -> "Value":
        """Return the value with these marks in place of its own."""
        return Value(self.constants, self.refs, marks, self.prefix)

    def without_marks(self) -> "Value":
        """Return the value as if it came from nowhere."""
        return self.marked(NO_MARKS) if self.marks else self

    def renamed(self, changes: dict[int, Refs]) -> "Value":
        """Return the value with objects replaced."""
        if not self.refs or not any(ref in changes for ref in self.refs):
            return self
        refs = frozenset().union(*(changes.get(ref, frozenset((ref,))) for ref in self.refs))
        return Value(self.constants, refs, self.marks)


_NULL: Final[frozenset[Constant]] = frozenset((0,))
NOTHING: Final = Value()
UNKNOWN: Final = Value(None)
NULL: Final = Value(frozenset((0,)))


def constant(value: Constant, marks: Marks = NO_MARKS) -> Value:
    """Return the value that is exactly this constant."""
    if isinstance(value, str) and len(value) > MOST_TEXT:
        return Value(None, NO_REFS, marks)
    return Value(frozenset((value,)), NO_REFS, marks)


def constants(values: "set[Constant] | frozenset[Constant]", marks: Marks = NO_MARKS) -> Value:
    """Return a choice of constants, unknown when there are too many."""
    if not values or len(values) > MOST_CONSTANTS:
        return Value(None, NO_REFS, marks)
    return Value(frozenset(values), NO_REFS, marks)


def reference(ref: int, marks: Marks = NO_MARKS) -> Value:
    """Return the value that is exactly this object."""
    return Value(NO_CONSTANTS, frozenset((ref,)), marks)


def unknown(marks: Marks = NO_MARKS) -> Value:
    """Return a value of which only the marks are known."""
    return Value(None, NO_REFS, marks) if marks else UNKNOWN


def join(one: Value, two: Value) -> Value:
    """Return the value that may be either; `one` itself when `two` adds nothing."""
    if one is two:
        return one
    known: frozenset[Constant] | None
    if one.constants is None or two.constants is None:
        known = None
    elif two.constants <= one.constants:
        known = one.constants
    else:
        known = one.constants | two.constants
        if len(known) > MOST_CONSTANTS:
            known = None
    refs = one.refs if two.refs <= one.refs else one.refs | two.refs
    marks = one.marks if two.marks <= one.marks else one.marks | two.marks
    prefix = one.prefix if one.prefix == two.prefix else _common(one, two)
    if known is one.constants and refs is one.refs and marks is one.marks and prefix == one.prefix:
        return one
    return Value(known, refs, marks, prefix)


def _common(one: Value, two: Value) -> str:
    """Return the prefix of a join: kept beside null and nothing, given up otherwise."""
    if not one.prefix and not one.refs and one.constants is not None and one.constants <= _NULL:
        return two.prefix
    if not two.prefix and not two.refs and two.constants is not None and two.constants <= _NULL:
        return one.prefix
    return ""


def moved(marks: Marks, place: Place, kind: str = "") -> Marks:
    """Return the marks one step further."""
    return frozenset(mark.moved(place, kind) for mark in marks) if marks else marks
