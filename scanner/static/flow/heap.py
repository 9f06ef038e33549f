"""The abstract heap: objects by allocation site, with strong updates while an object is one.

An object stands for one run-time object as long as its site has run once (the most recent one);
when the site runs again, the earlier objects move into a summary object, which is updated weakly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from scanner.static.flow.values import (
    NO_MARKS,
    NULL,
    Marks,
    Refs,
    Value,
    join,
)

STATICS: Final = 0
Fields: TypeAlias = dict[str, Value]
_DEEP = 4
_SPECIAL = "$[{^#"  # names of fields that the models keep; the app's own begin with a letter
_MOST_DEEP = 200
_COPIES_PER_UNIT, _JOINS_PER_UNIT = 1000, 300


@dataclass(frozen=True, slots=True)
class Thing:
    """What is known of an abstract object for all of the analysis.

    `weak`: stands for several run-time objects. `component`: an app component or context, never
    searched for data when it is handed around.
    """

    number: int
    cls: str
    weak: bool = False
    component: bool = False
    fresh: bool = True


class Things:
    """The table of all abstract objects; numbers are given in order of discovery.

    With `ageing` the latest object of a site is kept apart from earlier ones; without, a site that
    runs again is one summary from then on (`shared`), which is cheaper. `work` counts what the
    analysis has done, so that a budget gives the same result on every machine.
    """

    def __init__(self) -> None:
        """Start with the object that holds static fields."""
        self.ageing = True
        self.shared: set[int] = set()
        self.work = 0
        self._by_key: dict[object, Thing] = {}
        self._all: list[Thing] = []
        self.add("statics", "")

    def __getitem__(self, ref: int) -> Thing:
        """Return an object by its number."""
        return self._all[ref]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all)

    def add(
        self,
        key: object,
        cls: str,
        *,
        weak: bool = False,
        component: bool = False,
        fresh: bool = True,
    ) -> Thing:
        """Return the object of this key, made when it is new."""
        thing = self._by_key.get(key)
        if thing is None:
            thing = Thing(len(self._all), cls, weak, component, fresh)
            self._by_key[key] = thing
            self._all.append(thing)
        return thing

    def known(self, key: object) -> Thing | None:
        """Return the object of this key, None when there is none yet."""
        return self._by_key.get(key)

    def older(self, thing: Thing) -> Thing:
        """Return the summary of the earlier objects of the same site."""
        return self.add(("older", thing.number), thing.cls, weak=True)


class Heap:
    """The fields of all live objects at one point of the program. Inner dicts are never changed
    in place, so that a copy of the heap is one shallow copy.
    """

    __slots__ = ("objects", "renamed", "things")

    def __init__(self, things: Things, objects: dict[int, Fields] | None = None) -> None:
        """Start empty, or over given objects."""
        self.things = things
        self.objects: dict[int, Fields] = objects if objects is not None else {STATICS: {}}
        self.renamed: frozenset[int] = frozenset()

    def copy(self) -> "Heap":
        """Return an independent heap."""
        self.things.work += len(self.objects) // _COPIES_PER_UNIT
        twin = Heap(self.things, dict(self.objects))
        twin.renamed = self.renamed
        return twin

    def become(self, other: "Heap") -> None:
        """Take over the content of another heap."""
        self.objects = dict(other.objects)
        self.renamed = other.renamed

    def allocate(self, thing: Thing) -> int:
        """Make a new object at the site of `thing`; an earlier one becomes part of the summary."""
        ref = thing.number
        if ref in self.objects and not thing.weak:
            if not self.things.ageing:
                self.things.shared.add(ref)
                return ref
            self._age(thing)
        if not thing.weak or ref not in self.objects:
            self.objects[ref] = {}
        return ref

    def adopt(self, thing: Thing) -> int:
        """Return an object that is there from somewhere else: made when it is not known yet."""
        self.objects.setdefault(thing.number, {})
        return thing.number

    def _age(self, thing: Thing) -> None:
        old, summary = thing.number, self.things.older(thing).number
        fields = self.objects.pop(old)
        known = self.objects.get(summary)
        self.objects[summary] = dict(fields) if known is None else _join_fields(known, fields, True)
        self.rename({old: frozenset((summary,))})
        self.renamed |= {old}

    def rename(self, changes: dict[int, Refs]) -> None:
        """Replace references everywhere."""
        for ref, fields in self.objects.items():
            fresh: Fields | None = None
            for name, value in fields.items():
                new = value.renamed(changes)
                if new is not value:
                    if fresh is None:
                        fresh = dict(fields)
                    fresh[name] = new
            if fresh is not None:
                self.objects[ref] = fresh

    def get(self, ref: int, name: str) -> Value | None:
        """Return a field's value, None when nothing was ever written there."""
        fields = self.objects.get(ref)
        return None if fields is None else fields.get(name)

    def put(self, ref: int, name: str, value: Value, *, weak: bool = False) -> None:
        """Write a field: a strong update for a single object, a join otherwise."""
        fields = self.objects.get(ref, {})
        known = fields.get(name)
        if weak or self.things[ref].weak or ref in self.things.shared:
            value = value if known is None else join(known, value)
        if known is not None and known == value and known.marks == value.marks:
            return
        fresh = dict(fields)
        fresh[name] = value
        self.objects[ref] = fresh

    def put_all(self, refs: Refs, name: str, value: Value, *, weak: bool = False) -> None:
        """Write a field of one of several objects."""
        several = weak or len(refs) > 1
        for ref in sorted(refs):
            if several and self.get(ref, name) is None and self.things[ref].fresh:
                self.put(ref, name, join(value, NULL) if name[0] not in _SPECIAL else value)
            else:
                self.put(ref, name, value, weak=several)

    def drop(self, ref: int, prefix: str) -> None:
        """Forget the fields of an object that begin so."""
        fields = self.objects.get(ref)
        if fields:
            self.objects[ref] = {k: v for k, v in fields.items() if not k.startswith(prefix)}

    def fields(self, ref: int, prefix: str = "") -> Iterator[tuple[str, Value]]:
        """Yield the fields of an object that begin so, in order of writing."""
        for name, value in list(self.objects.get(ref, {}).items()):
            if name.startswith(prefix):
                yield name, value

    def deep_marks(self, value: Value, *, into_app: bool = True) -> Marks:
        """Return the marks of a value and of everything it holds, to a limited depth."""
        found, seen, layer = value.marks, set[int](), value.refs
        for _ in range(_DEEP):
            following: set[int] = set()
            for ref in sorted(layer - seen):
                seen.add(ref)
                if self.things[ref].component or len(seen) > _MOST_DEEP:
                    continue
                for name, inner in self.objects.get(ref, {}).items():
                    if name.startswith("^") or (not into_app and name[0] not in "$[{"):
                        continue
                    if inner.marks:
                        found = found | inner.marks
                    following |= inner.refs
            layer = frozenset(following)
            if not layer:
                break
        return found or NO_MARKS

    def prune(self) -> None:
        """Forget objects without marked data; what refers to them reads unknown values there."""
        self.objects = {
            ref: fields
            for ref, fields in self.objects.items()
            if ref == STATICS
            or self.things[ref].component
            or any(value.marks or name[0] == "^" for name, value in fields.items())
        }

    def collect(self, roots: Refs) -> None:
        """Forget objects that nothing live refers to."""
        live, work = {STATICS}, [STATICS, *sorted(roots)]
        while work:
            ref = work.pop()
            live.add(ref)
            for value in self.objects.get(ref, {}).values():
                for inner in value.refs:
                    if inner not in live:
                        live.add(inner)
                        work.append(inner)
        self.objects = {ref: fields for ref, fields in self.objects.items() if ref in live}


def _join_fields(one: Fields, two: Fields, fresh: bool) -> Fields:
    """Return the join of the fields of one object; a field that one side never wrote is null
    there when the object was made by the app (`fresh`).
    """
    changed: Fields = {}
    for name, value in two.items():
        known = one.get(name)
        if known is None:
            changed[name] = join(value, NULL) if fresh and name[0] not in _SPECIAL else value
        elif known is not value:
            new = join(known, value)
            if new is not known:
                changed[name] = new
    if fresh and (len(two) < len(one) or changed):
        changed.update(_or_null(one, two))
    return {**one, **changed} if changed else one


def _or_null(one: Fields, two: Fields) -> Fields:
    """Return fields of `one` that `two` never wrote, where they may be null besides."""
    missing = {n: v for n, v in one.items() if n not in two and n[0] not in _SPECIAL}
    joined = {name: join(value, NULL) for name, value in missing.items()}
    return {name: new for name, new in joined.items() if new is not missing[name]}


def join_heaps(one: Heap, two: Heap) -> Heap:
    """Return the join; `one` itself when `two` adds nothing."""
    if one is two:
        return one
    result: Heap | None = None
    one.things.work += len(two.objects) // _JOINS_PER_UNIT
    mine = one.objects.get
    differing = [pair for pair in two.objects.items() if mine(pair[0]) is not pair[1]]
    for ref, fields in differing:
        known = mine(ref)
        if known is None:
            new = fields
        else:
            new = _join_fields(known, fields, ref != STATICS and one.things[ref].fresh)
            if new is known:
                continue
        if result is None:
            result = one.copy()
        result.objects[ref] = new
    if not two.renamed <= one.renamed:
        if result is None:
            result = one.copy()
        result.renamed = one.renamed | two.renamed
    return one if result is None else result
