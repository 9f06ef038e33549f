"""Places in the code in words: Java-style names, restored by a mapping when there is one."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scanner.model.static import Location
from scanner.static.dex.debug import line_of
from scanner.static.dex.index import DexIndex
from scanner.static.dex.text import java_name

if TYPE_CHECKING:
    from scanner.static.mapping import Mapping


class Names:
    """Names of classes, methods and places of one app."""

    def __init__(self, index: DexIndex, mapping: "Mapping | None" = None) -> None:
        """Keep the index and the mapping."""
        self.index = index
        self.mapping = mapping
        self._dotted: dict[int, str] = {}
        self._parts: dict[int, tuple[str, str, str]] = {}

    @cached_property
    def classes(self) -> list[str]:
        """Return the (restored) Java name of every class row."""
        index = self.index
        texts = index.ids.strings
        raw = [texts[i] for i in index.ids.types[index.classes.type].tolist()]
        names = _java(raw)
        return names if self.mapping is None else [self.mapping.class_name(n) for n in names]

    def type_name(self, type_id: int) -> str:
        """Return the (restored) Java name of a type id."""
        return self.named_class(self.index.class_name(type_id))

    def method(self, method: int) -> tuple[str, str]:
        """Return (class, method name) of a method id, restored."""
        table = self.index.ids.methods
        cls = self.index.class_name(int(table.cls[method]))
        name = self.index.method_name(method)
        if self.mapping is None:
            return cls, name
        params = self.index.ids.proto_params[int(table.kind[method])]
        return self.named_method(cls, name, map(self.index.class_name, params))

    def named_class(self, name: str) -> str:
        """Return a Java-style class name, restored."""
        return name if self.mapping is None else self.mapping.class_name(name)

    def named_method(self, cls: str, name: str, params: Iterable[str]) -> tuple[str, str]:
        """Return (class, method name), restored; all are names as found in the code."""
        if self.mapping is None:
            return cls, name
        return self.mapping.class_name(cls), self.mapping.method_name(cls, name, params)

    def named_field(self, cls: str, name: str) -> str:
        """Return `a.b.C.FIELD`, restored; both are names as found in the code."""
        if self.mapping is not None:
            name = self.mapping.fields.get((cls, name), name)
        return f"{self.named_class(cls)}.{name}"

    def dotted(self, method: int) -> str:
        """Return `a.b.C.method` of a method id."""
        found = self._dotted.get(method)
        if found is None:
            found = self._dotted[method] = ".".join(self.method(method))
        return found

    def field(self, field: int) -> str:
        """Return `a.b.C.FIELD` of a field id."""
        cls, name, _ = self.index.field_parts(field)
        return self.named_field(java_name(cls), name)

    def row(self, row: int) -> str:
        """Return `a.b.C.method` of a method row."""
        return self.dotted(int(self.index.defs.method[row]))

    def place(self, row: int, offset: int = -1) -> Location:
        """Return the place of an instruction, or of a method when the offset is -1."""
        method = int(self.index.defs.method[row])
        parts = self._parts.get(method)
        if parts is None:
            descriptor = self.index.proto(int(self.index.ids.methods.kind[method]))
            if self.mapping is not None:
                descriptor = self.mapping.descriptor(descriptor)
            parts = self._parts[method] = (*self.method(method), descriptor)
        cls, name, descriptor = parts
        return Location(
            cls=cls,
            method=name,
            descriptor=descriptor,
            offset=offset,
            dex=self.index.files[self.index.file_of_def(row)].name,
            line=self._line(row, method, max(offset, 0)),
        )

    def _line(self, row: int, method: int, offset: int) -> int | None:
        """Return the source line of an instruction, restored; None without debug data."""
        line = line_of(self.index, row, offset)
        if line is None or self.mapping is None:
            return line
        table = self.index.ids.methods
        cls, name = self.index.class_name(int(table.cls[method])), self.index.method_name(method)
        params = self.index.ids.proto_params[int(table.kind[method])]
        return self.mapping.line(cls, name, map(self.index.class_name, params), line)

    @cached_property
    def dynamic_rows(self) -> "np.typing.NDArray[np.bool_]":
        """Return a mark per method row; all false until `mark_dynamic` is called."""
        return np.zeros(len(self.index.defs.method), np.bool_)

    def mark_dynamic(self, files: frozenset[str]) -> None:
        """Mark the methods of files that the platform does not load by itself."""
        hits = np.array([f.name.partition("@")[0] in files for f in self.index.files], np.bool_)
        if hits.any():
            self.dynamic_rows[:] = hits[self.index.classes.file[self.index.defs.cls]]


def _java(raw: list[bytes]) -> list[str]:
    """Return the Java names of class descriptors, all in one go when none is odd."""
    whole = b"\n".join(raw)
    between = len(raw) - 1
    if (
        whole[:1] == b"L"
        and whole[-1:] == b";"
        and whole.count(b"\n") == whole.count(b";\nL") == between
    ):
        text = whole[1:-1].decode("utf-8", "replace").replace("/", ".")
        return text.replace(";\nL", "\n").split("\n")
    return [java_name(text.decode("utf-8", "replace")) for text in raw]
