"""R8 and ProGuard mapping files: the names that the developer wrote."""

import re
from array import array
from collections.abc import Iterable
from pathlib import Path

import msgspec

from scanner.model.errors import InputError
from scanner.static.dex.text import dex_name, java_name
from scanner.static.limits import MIB

MAX_BYTES = 512 * MIB
_LONGEST_LINE = 20_000
_TYPE = re.compile(r"L[^;]+;")
_CLASS = re.compile(r"([^\s:]+) -> ([^\s:]+):$")
_LINE = r"(\d{1,9})"
_METHOD = re.compile(
    rf"(?:{_LINE}:{_LINE}:)?([^\s(]+) ([^\s(]+)\(([^)]*)\)(?::{_LINE})?(?::{_LINE})? -> (\S+)$"
)
_FIELD = re.compile(r"([^\s(]+) ([^\s(]+) -> (\S+)$")


class Mapping(msgspec.Struct, eq=False):
    """Renamed -> original. Methods are keyed by renamed class, name and number of parameters
    types as written (original types joined by commas). `lines` are by the same key, four
    numbers a range: first and last line in the code, first and last in the source (last 0: all
    stand for one line); of ranges that overlap the last one counts.
    """

    classes: dict[str, str] = msgspec.field(default_factory=dict)
    methods: dict[tuple[str, str, str], str] = msgspec.field(default_factory=dict)
    fields: dict[tuple[str, str], str] = msgspec.field(default_factory=dict)
    lines: dict[tuple[str, str, str], "array[int]"] = msgspec.field(default_factory=dict)

    def class_name(self, name: str) -> str:
        """Return the original name of a Java-style class name; array brackets stay."""
        element = name.rstrip("[]")
        return self.classes.get(element, element) + name[len(element) :]

    def descriptor(self, text: str) -> str:
        """Return a descriptor with the original names of its classes."""
        return _TYPE.sub(lambda m: dex_name(self.class_name(java_name(m[0]))), text)

    def method_name(self, cls: str, name: str, params: Iterable[str]) -> str:
        """Return the original name of a method; `cls` and `params` as found in the code."""
        key = (cls, name, ",".join(map(self.class_name, params)))
        return self.methods.get(key, name)

    def line(self, cls: str, name: str, params: Iterable[str], line: int) -> int:
        """Return the line in the source of a line of the code; the line itself when the mapping
        says nothing of it.
        """
        key = (cls, name, ",".join(map(self.class_name, params)))
        known, found = self.lines.get(key, ()), line
        for at in range(0, len(known), 4):
            first, last, source, until = known[at : at + 4]
            if first <= line <= last:
                found = source + (line - first if until > source else 0)
        return found


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises `InputError` when it cannot be read or maps no class."""
    found = Mapping()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name}: the mapping file is larger than {MAX_BYTES // MIB} MiB")
        with path.open(encoding="utf-8", errors="replace") as lines:
            _read(lines, found)
    except OSError as error:
        raise InputError(f"{path.name}: cannot read the mapping: {error.strerror}") from error
    if not found.classes:
        raise InputError(
            f"{path.name}: no class is mapped in this file",
            "give the mapping.txt that R8 or ProGuard wrote for exactly this build",
        )
    return found


def _read(lines: Iterable[str], found: Mapping) -> None:
    renamed, group = "", ""
    for line in lines:
        if len(line) > _LONGEST_LINE or line.lstrip().startswith("#"):
            continue
        if not line[:1].isspace():
            match = _CLASS.match(line.rstrip())
            renamed, group = (match[2] if match else ""), ""
            if match:
                found.classes[renamed] = match[1]
        elif renamed:
            group = _member(line.strip(), renamed, group, found)


def _member(line: str, renamed: str, group: str, found: Mapping) -> str:
    """Add one member line; return the key of its line range.

    Frames of one range are inner to outer: the last one of the class itself is the method.
    """
    match = _METHOD.match(line)
    if match is None:
        plain = _FIELD.match(line)
        if plain:
            found.fields.setdefault((renamed, plain[3]), plain[2])
        return group
    first, last, _, name, params, source, until, short = match.groups()
    range_ = f"{short}:{first}:{last}"
    key = (renamed, short, params)
    if "." not in name and (range_ == group or key not in found.methods):
        found.methods[key] = name
    if source and first and "." not in name:
        numbers = array("i", (int(first), int(last), int(source), int(until or 0)))
        known = found.lines.setdefault(key, numbers)
        if known is not numbers:
            known += numbers
    return range_
