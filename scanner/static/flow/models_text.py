"""Models of texts, builders, numbers and other values that are only copied or computed."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.static.flow.values import (
    MOST_CONSTANTS,
    NO_CONSTANTS,
    NO_MARKS,
    NO_REFS,
    NOTHING,
    UNKNOWN,
    Constant,
    Marks,
    Value,
    constant,
    constants,
    join,
    unknown,
)

if TYPE_CHECKING:
    from scanner.static.flow.calls import Call

TEXT = "$text"
_HOST = re.compile(r"https?://[A-Za-z0-9._-]+(?::\d+)?(?=[/?#]).?")


def text_of(call: "Call", value: Value, depth: int = 0) -> Value:
    """Return the text form of a value: known constants and marks, the app's toString included."""
    known: set[Constant] = set()
    marks, open_end, prefix = value.marks, value.constants is None, value.prefix
    for one in value.constants or ():
        known.add("null" if one == 0 else one)
    for ref in sorted(value.refs):
        inner = _text_of_object(call, ref, depth)
        marks = marks | inner.marks
        if inner.constants is None:
            open_end, prefix = True, inner.prefix if len(value.refs) == 1 else ""
        else:
            known |= inner.constants
    if open_end:
        return Value(None, NO_REFS, marks, prefix)
    return constants(known, marks)


def _text_of_object(call: "Call", ref: int, depth: int) -> Value:
    held = call.heap.get(ref, TEXT)
    if held is not None:
        return held
    thing = call.machine.things[ref]
    method = call.calls.method_named(thing.cls, "toString", "()Ljava/lang/String;")
    if method is not None and depth < 2:  # noqa: PLR2004 - toString of toString, then unknown
        result = call.run_method(method, [call.give(ref)])
        return text_of(call, result, depth + 1)
    own = call.give(ref)
    return unknown(call.heap.deep_marks(own, into_app=False))


def _as_text(one: Constant, kind: str) -> str | None:
    if isinstance(one, str):
        return one
    if isinstance(one, int):
        if kind == "C":
            return chr(one & 0xFFFF)
        if kind == "Z":
            return "true" if one else "false"
        return str(one) if kind in "IJSB" else ("null" if one == 0 and kind[0] in "L[" else None)
    return None


def combine(
    left: Value, right: Value, how: Callable[[Constant, Constant], Constant | None]
) -> Value:
    """Return all results of an operation on two constants, with the marks of both."""
    marks = left.marks | right.marks
    if left.constants is None or right.constants is None:
        return Value(None, NO_REFS, marks, address(left)) if how is _concat else unknown(marks)
    if not left.constants or not right.constants:
        return unknown(marks)
    if len(left.constants) * len(right.constants) > 4 * MOST_CONSTANTS:
        return unknown(marks)
    found: set[Constant] = set()
    for one in left.constants:
        for two in right.constants:
            result = how(one, two)
            if result is None:
                return unknown(marks)
            found.add(result)
    return constants(found, marks)


def address(value: Value) -> str:
    """Return the address that a text begins with, up to a complete host; empty when it is none."""
    text = value.prefix or value.single
    found = _HOST.match(text) if isinstance(text, str) else None
    return found.group() if found is not None else ""


def _concat(one: Constant, two: Constant) -> Constant | None:
    return one + two if isinstance(one, str) and isinstance(two, str) else None


def _typed_text(call: "Call", number: int) -> Value:
    """Return an argument as text, read by its declared type."""
    value = call.arg(number)
    kind = declared_kind(call, number)
    if kind[:1] in "L[" and kind != "[C":
        return text_of(call, value)
    if kind == "[C":
        return unknown(call.heap.deep_marks(value))
    if value.constants is None:
        return Value(None, NO_REFS, value.marks, value.prefix)
    texts = {_as_text(one, kind) for one in value.constants}
    known = {one for one in texts if one is not None}
    return constants(set(known), value.marks) if len(known) == len(texts) else unknown(value.marks)


def declared_kind(call: "Call", number: int) -> str:
    """Return the declared type of an argument."""
    from scanner.static.flow.program import parameters  # noqa: PLC0415 - cycle

    kinds = parameters(call.ref.descriptor)
    return kinds[number] if number < len(kinds) else "L"


def copy(call: "Call") -> Value:
    """Return the receiver or the first argument as it is."""
    return call.this if not call.static else call.arg(0)


def to_text(call: "Call") -> Value:
    """Return the text form of the receiver or of the first argument."""
    return text_of(call, call.this) if not call.static else _typed_text(call, 0)


def parts(call: "Call") -> Value:
    """Return something computed from receiver and arguments, of which only the marks are known."""
    return unknown(call.step(all_marks(call)))


def part(call: "Call") -> Value:
    """Return a part of the receiver."""
    marks = call.heap.deep_marks(call.this, into_app=False)
    return unknown(call.step(marks))


def transform(kind: str) -> "Callable[[Call], Value]":
    """Return a model that derives a value by a named transformation."""

    def apply(call: "Call") -> Value:
        return unknown(call.step(all_marks(call), kind))

    return apply


def all_marks(call: "Call") -> Marks:
    """Return the marks of receiver and arguments, with what framework objects hold."""
    marks: Marks = NO_MARKS
    for value in call.args:
        marks = marks | value.marks
        if value.refs:
            marks = marks | call.heap.deep_marks(value, into_app=False)
    return marks


def clean(call: "Call") -> Value:
    """Return something that does not reveal the data; under implicit flows it still depends."""
    if call.machine.implicit:
        return unknown(call.machine.imply(call.frame, all_marks(call)))
    return UNKNOWN


def nothing(_call: "Call") -> Value:
    """Return nothing and change nothing."""
    return NOTHING


def same(call: "Call") -> Value:
    """Return the receiver."""
    return call.this


def concat(call: "Call") -> Value:
    """String.concat."""
    return _with_step(call, combine(text_of(call, call.this), text_of(call, call.arg(0)), _concat))


def _with_step(call: "Call", value: Value) -> Value:
    return value.marked(call.step(value.marks)) if value.marks else value


def text_init(call: "Call") -> Value:
    """Make a text of the arguments."""
    value = _typed_text(call, 0) if call.rest else constant("")
    if declared_kind(call, 0) == "[B":
        value = unknown(call.heap.deep_marks(call.arg(0)))
    elif len(call.rest) > 1:
        # The data may stand in any argument: BigInteger(int sign, byte[] magnitude).
        given = (call.heap.deep_marks(call.arg(n)) for n in range(len(call.rest)))
        value = unknown(value.marks.union(*given))
    call.heap.put_all(call.this.refs, TEXT, _with_step(call, value))
    return NOTHING


def builder_init(call: "Call") -> Value:
    """Make a builder of a text, empty otherwise."""
    given = call.rest and declared_kind(call, 0)[:1] == "L"
    value = _typed_text(call, 0) if given else constant("")
    call.heap.put_all(call.this.refs, TEXT, value)
    return NOTHING


def append(call: "Call") -> Value:
    """Add text at the end of a builder; returns the builder."""
    added = _typed_text(call, 0)
    if len(call.rest) > 1:
        added = unknown(added.marks)
    return _grow(call, added, at_end=True)


def insert(call: "Call") -> Value:
    """Put text somewhere into a builder; returns the builder."""
    return _grow(call, unknown(_typed_text(call, 1).marks), at_end=False)


def _grow(call: "Call", added: Value, *, at_end: bool) -> Value:
    marks = call.step(added.marks)
    added = Value(added.constants, NO_REFS, marks)
    for ref in sorted(call.this.refs):
        held = call.heap.get(ref, TEXT) or unknown()
        grown = combine(held, added, _concat) if at_end else unknown(held.marks | marks)
        call.heap.put(ref, TEXT, grown, weak=len(call.this.refs) > 1)
    if not call.this.refs:
        return unknown(call.this.marks | marks)
    return Value(NO_CONSTANTS, call.this.refs, call.this.marks)


def set_length(call: "Call") -> Value:
    """Cut a builder; to nothing when the length is zero."""
    empty = call.arg(0).single == 0
    for ref in sorted(call.this.refs):
        held = call.heap.get(ref, TEXT) or UNKNOWN
        call.heap.put(ref, TEXT, constant("") if empty else unknown(held.marks))
    return call.this


def change(call: "Call") -> Value:
    """Change a builder in a way that keeps its marks; returns the builder."""
    for ref in sorted(call.this.refs):
        held = call.heap.get(ref, TEXT) or UNKNOWN
        call.heap.put(ref, TEXT, unknown(held.marks))
    return call.this


def mapped(call: "Call", how: Callable[[str], Constant | None]) -> Value:
    """Return the receiver's text with a function applied to every known form of it."""
    value = text_of(call, call.this)
    if value.constants is None:
        return unknown(call.step(value.marks))
    found = {how(one) if isinstance(one, str) else None for one in value.constants}
    known = {one for one in found if one is not None}
    if len(known) != len(found):
        return unknown(call.step(value.marks))
    return constants(set(known), call.step(value.marks))


def lower(call: "Call") -> Value:
    """String.toLowerCase."""
    return mapped(call, str.lower)


def upper(call: "Call") -> Value:
    """String.toUpperCase."""
    return mapped(call, str.upper)


def trim(call: "Call") -> Value:
    """String.trim."""
    return mapped(call, str.strip)


def substring(call: "Call") -> Value:
    """String.substring with known bounds."""
    value = text_of(call, call.this)
    bounds = [one.single for one in call.rest]
    marks = call.step(value.marks, "substring")
    for one in call.rest:
        marks = marks | one.marks
    if value.constants is None or not all(isinstance(b, int) for b in bounds):
        return unknown(marks)
    cut = slice(*[b for b in bounds if isinstance(b, int)])
    start_only = slice(cut.stop, None) if len(bounds) == 1 else cut
    found = {one[start_only] for one in value.constants if isinstance(one, str)}
    return constants(set(found), marks)


def replace(call: "Call") -> Value:
    """String.replace of known texts."""
    value = text_of(call, call.this)
    old, new = (_typed_text(call, n) for n in (0, 1))
    marks = value.marks | new.marks
    if isinstance(old.single, str) and isinstance(new.single, str) and value.constants:
        before, after = old.single, new.single
        found = {s.replace(before, after) for s in value.constants if isinstance(s, str)}
        return constants(set(found), call.step(marks))
    return unknown(call.step(marks))


def to_array(call: "Call") -> Value:
    """Make an array of the parts of a text: all elements carry its marks."""
    ref = call.make("[C")
    call.heap.put(ref, "[*", unknown(call.step(all_marks(call))))
    call.heap.put(ref, "#length", UNKNOWN)
    return call.give(ref)


def get_chars(call: "Call") -> Value:
    """Copy the receiver's parts into the array given third."""
    target = call.arg(2)
    call.heap.put_all(
        target.refs, "[*", unknown(call.step(all_marks_of(call, call.this))), weak=True
    )
    return NOTHING


def all_marks_of(call: "Call", value: Value) -> Marks:
    """Return the marks of one value and of what it holds."""
    return value.marks | call.heap.deep_marks(value, into_app=False)


def parse_number(call: "Call") -> Value:
    """Read a number from a text."""
    value = text_of(call, call.arg(0))
    if call.ref.name in ("parseInt", "valueOf", "parseLong") and value.constants is not None:
        try:
            found: set[Constant] = {int(s) for s in value.constants if isinstance(s, str | int)}
        except ValueError:
            return unknown(call.step(value.marks))
        if len(found) == len(value.constants):
            return constants(found, call.step(value.marks))
    return unknown(call.step(value.marks))


def format_text(call: "Call") -> Value:
    """Build a text from a pattern and an array of arguments; into the receiver for a Formatter.
    A locale only says how to write them.
    """
    marks: Marks = NO_MARKS
    shaped = [n for n in range(len(call.rest)) if declared_kind(call, n) != "Ljava/util/Locale;"]
    for value in [call.this, *(call.arg(n) for n in shaped)]:
        marks = marks | value.marks
        for ref in sorted(value.refs):
            marks = marks | text_of(call, call.give(ref)).marks | _elements(call, ref)
    result = Value(None, NO_REFS, call.step(marks), address(_pattern(call, shaped)))
    if not call.static:
        for ref in sorted(call.this.refs):
            held = call.heap.get(ref, "$content") or NOTHING
            call.heap.put(ref, "$content", join(held, result))
        return Value(NO_CONSTANTS if call.this.refs else None, call.this.refs, result.marks)
    return result


def _pattern(call: "Call", shaped: list[int]) -> Value:
    """Return the pattern that a text is built from, up to its first argument."""
    known = text_of(call, call.arg(shaped[0])).single if shaped and call.static else None
    return constant(known.split("%", maxsplit=1)[0]) if isinstance(known, str) else unknown()


def _elements(call: "Call", ref: int) -> Marks:
    marks: Marks = NO_MARKS
    for _, value in call.heap.fields(ref, "["):
        marks = marks | text_of(call, value).marks
    return marks


OPERATIONS: "dict[str, Callable[[Call], Value]]" = {
    "copy": copy,
    "text": to_text,
    "parts": parts,
    "part": part,
    "clean": clean,
    "nothing": nothing,
    "same": same,
    "text-concat": concat,
    "text-init": text_init,
    "builder-init": builder_init,
    "append": append,
    "insert": insert,
    "set-length": set_length,
    "change": change,
    "lower": lower,
    "upper": upper,
    "trim": trim,
    "substring": substring,
    "replace": replace,
    "to-array": to_array,
    "get-chars": get_chars,
    "parse-number": parse_number,
    "format": format_text,
    "hash": transform("hash"),
    "encrypt": transform("encrypt"),
    "base64": transform("base64"),
    "encode": transform("encode"),
    "json": transform("json"),
    "compress": transform("compress"),
}
