"""The app's code as the interpreter sees it: classes, members and dispatch over the dex index.

Classes are those that a dex file of the app defines; all others are the framework's. Everything
is looked up on demand and kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scanner.static.dex import opcodes
from scanner.static.dex.index import DexIndex
from scanner.static.dex.values import static_values
from scanner.static.flow.code import Code, FieldRef, MethodRef, decode
from scanner.static.flow.values import ClassName, Constant, Place

STATIC, NATIVE, ABSTRACT, PRIVATE = 0x8, 0x100, 0x400, 0x2
_SYNTHETIC = 0x1000
_MOST_SUBTYPES = 400
OBJECT = "Ljava/lang/Object;"


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the app. `slots` are its parameter types, the receiver first."""

    number: int
    cls: str
    name: str
    descriptor: str
    flags: int

    @property
    def static(self) -> bool:
        """Return whether it has no receiver."""
        return bool(self.flags & STATIC)

    @property
    def native(self) -> bool:
        """Return whether it is implemented outside of the dex files."""
        return bool(self.flags & NATIVE)

    @property
    def abstract(self) -> bool:
        """Return whether it has no body at all."""
        return bool(self.flags & ABSTRACT)

    @property
    def slots(self) -> tuple[str, ...]:
        """Return the first letter or descriptor of each parameter."""
        params = parameters(self.descriptor)
        return params if self.static else (self.cls, *params)

    @property
    def returned(self) -> str:
        """Return the descriptor of the result."""
        return self.descriptor.rpartition(")")[2]


def parameters(descriptor: str) -> tuple[str, ...]:
    """Return the parameter descriptors of a method descriptor."""
    found, at, end = [], 1, descriptor.find(")")
    while 0 < at < end:
        start = at
        while at < end and descriptor[at] == "[":
            at += 1
        at = descriptor.find(";", at) + 1 if descriptor[at] == "L" else at + 1
        if at <= start:
            break
        found.append(descriptor[start:at])
    return tuple(found)


class Program:
    """Classes and members of the app, over the index."""

    def __init__(self, index: DexIndex, opaque: Callable[[str], bool] = lambda _: False) -> None:
        """Look at an index; classes that `opaque` names count as the framework's."""
        self.index = index
        self._opaque = opaque
        self._is_app: dict[str, bool] = {}
        self._rows: dict[str, int] = {}
        self._methods: dict[str, dict[tuple[str, str], Method]] = {}
        self._by_number: dict[int, Method] = {}
        self._code: dict[int, Code | None] = {}
        self._supers: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str, str], Method | None] = {}
        self._subtypes: dict[str, tuple[str, ...]] = {}
        self._refs: dict[tuple[int, int], Any] = {}
        self._owners: dict[FieldRef, str] = {}
        self.made = 0
        self._sites: dict[int, Place] = {}
        self._field_names: dict[FieldRef, str] = {}

    def define(self, cls: str, interface: str, method: Method, code: Code, place: Place) -> None:
        """Add a class that stands in no dex file, with one method and one interface; `place` is
        where it is made.
        """
        self._sites[method.number] = place
        self._is_app[cls] = True
        self._supers[cls] = (cls, *self.ancestors(interface))
        self._methods[cls] = {(method.name, method.descriptor): method}
        self._by_number[method.number] = method
        self._code[method.number] = code
        self.made += 1

    def real(self, place: Place) -> Place:
        """Return a place in the dex files: that of the maker for code that stands in none."""
        return self._sites.get(place.method, place)

    def row(self, cls: str) -> int:
        """Return the class row, -1 for a class of the framework."""
        known = self._rows.get(cls)
        if known is None:
            kind = self.index.type_id(cls)
            known = int(self.index.classes.of_type[kind]) if kind >= 0 else -1
            self._rows[cls] = known
        return known

    def is_app(self, cls: str) -> bool:
        """Return whether the app defines the class and its code is to be followed."""
        known = self._is_app.get(cls)
        if known is None:
            known = self._is_app[cls] = self.row(cls) >= 0 and not self._opaque(cls)
        return known

    def superclass(self, cls: str) -> str:
        """Return the superclass as written, empty when there is none or it is not known."""
        row = self.row(cls)
        sup = int(self.index.classes.sup[row]) if row >= 0 else 0
        return self.index.descriptor(sup) if sup else ""

    def interfaces(self, cls: str) -> tuple[str, ...]:
        """Return the interfaces that a class names itself."""
        row, table = self.row(cls), self.index.classes
        if row < 0:
            return ()
        span = table.interfaces[int(table.starts[row]) : int(table.starts[row + 1])]
        return tuple(self.index.descriptor(int(one)) for one in span)

    def ancestors(self, cls: str) -> tuple[str, ...]:
        """Return the class and all it extends or implements, superclasses first."""
        known = self._supers.get(cls)
        if known is None:
            order: dict[str, None] = {}
            chain = cls
            while chain and chain not in order:
                order[chain] = None
                chain = self.superclass(chain)
            for one in list(order):
                self._add_interfaces(one, order)
            known = self._supers[cls] = tuple(order)
        return known

    def _add_interfaces(self, cls: str, order: dict[str, None]) -> None:
        work = list(self.interfaces(cls))
        while work:
            one = work.pop(0)
            if one not in order:
                order[one] = None
                work.extend(self.interfaces(one))

    def is_subtype(self, cls: str, wanted: str) -> bool:
        """Return whether an object of `cls` is surely a `wanted`, as far as the dex files tell."""
        if wanted in (cls, OBJECT) or wanted in self.ancestors(cls):
            return True
        return cls.startswith("[") and wanted.startswith("[") and wanted[1:2] in "L["

    @cached_property
    def _children(self) -> dict[int, list[int]]:
        table = self.index.classes
        children: dict[int, list[int]] = {}
        for row, sup in enumerate(table.sup.tolist()):
            children.setdefault(sup, []).append(row)
        starts = table.starts.tolist()
        interfaces = table.interfaces.tolist()
        for row in range(len(starts) - 1):
            for one in interfaces[starts[row] : starts[row + 1]]:
                children.setdefault(one, []).append(row)
        return children

    def subtypes(self, cls: str) -> tuple[str, ...]:
        """Return the app's classes that extend or implement a class, itself included."""
        known = self._subtypes.get(cls)
        if known is None:
            first = self.index.type_id(cls)
            seen: dict[int, None] = {first: None}
            work = [first]
            while work and len(seen) < _MOST_SUBTYPES:
                for row in self._children.get(work.pop(), ()):
                    kind = int(self.index.classes.type[row])
                    if kind not in seen:
                        seen[kind] = None
                        work.append(kind)
            names = (self.index.descriptor(k) for k in seen if k >= 0)
            known = self._subtypes[cls] = tuple(sorted(n for n in names if self.is_app(n)))
        return known

    @cached_property
    def _defs_of_class(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, cls in enumerate(self.index.defs.cls.tolist()):
            found.setdefault(cls, []).append(row)
        return found

    def methods(self, cls: str) -> dict[tuple[str, str], Method]:
        """Return the methods that a class of the app declares, by name and descriptor."""
        known = self._methods.get(cls)
        if known is None:
            known = {}
            for row in self._defs_of_class.get(self.row(cls), ()):
                method = self.method(row)
                known.setdefault((method.name, method.descriptor), method)
            self._methods[cls] = known
        return known

    def method(self, row: int) -> Method:
        """Return the method of a definition row."""
        known = self._by_number.get(row)
        if known is None:
            cls, name, descriptor = self.index.method_parts(int(self.index.defs.method[row]))
            known = Method(row, cls, name, descriptor, int(self.index.defs.flags[row]))
            self._by_number[row] = known
        return known

    def find(self, cls: str, name: str, descriptor: str) -> Method | None:
        """Return the method that a call on an object of `cls` runs, None for the framework's."""
        key = (cls, name, descriptor)
        if key not in self._found:
            self._found[key] = self._find(cls, name, descriptor)
        return self._found[key]

    def _find(self, cls: str, name: str, descriptor: str) -> Method | None:
        abstract = None
        for one in self.ancestors(cls):
            method = self.methods(one).get((name, descriptor)) if self.is_app(one) else None
            if method is not None and not method.abstract:
                return method
            abstract = abstract or method
        return abstract

    def code(self, method: Method) -> Code | None:
        """Return the decoded body, None for native and abstract methods."""
        if method.number not in self._code:
            has = int(self.index.first[method.number + 1]) > int(self.index.first[method.number])
            self._code[method.number] = (
                decode(self.index, method.number, self._resolve) if has else None
            )
        return self._code[method.number]

    def _resolve(self, kind: int, number: int) -> Any:
        key = (kind, number)
        if key not in self._refs:
            self._refs[key] = self._lookup(kind, number)
        return self._refs[key]

    def _lookup(self, kind: int, number: int) -> Any:
        if kind == opcodes.STRING:
            return self.index.string(number)
        if kind == opcodes.TYPE:
            return self.index.descriptor(number)
        if kind == opcodes.FIELD:
            return FieldRef(*self.index.field_parts(number))
        if kind == opcodes.METHOD:
            return MethodRef(*self.index.method_parts(number))
        return number

    @cached_property
    def _fields_of_class(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, cls in enumerate(self.index.fields.cls.tolist()):
            found.setdefault(cls, []).append(row)
        return found

    def fields(self, cls: str) -> list[tuple[FieldRef, int]]:
        """Return (field, access flags) of the fields that a class declares."""
        table = self.index.fields
        return [
            (FieldRef(*self.index.field_parts(int(table.field[row]))), int(table.flags[row]))
            for row in self._fields_of_class.get(self.row(cls), ())
        ]

    def field_owner(self, ref: FieldRef) -> str:
        """Return the class that declares a field which an instruction may name on a subclass."""
        known = self._owners.get(ref)
        if known is None:
            known = ref.cls
            for one in self.ancestors(ref.cls):
                if self.is_app(one) and any(f.name == ref.name for f, _ in self.fields(one)):
                    known = one
                    break
            self._owners[ref] = known
        return known

    def field_name(self, ref: FieldRef) -> str:
        """Return the name under which an object keeps a field: qualified when a class above the
        declaring one has a field of the same name.
        """
        known = self._field_names.get(ref)
        if known is None:
            owner = self.field_owner(ref)
            hidden = any(
                field.name == ref.name and not flags & STATIC
                for one in self.ancestors(owner)[1:]
                if self.is_app(one)
                for field, flags in self.fields(one)
            )
            known = self._field_names[ref] = f"{ref.name}@{owner}" if hidden else ref.name
        return known

    def static_constants(self, cls: str) -> Iterator[tuple[str, Constant]]:
        """Yield (name, value) of the static fields with an initial value in the file."""
        row = self.row(cls)
        if row < 0:
            return
        statics = [f for f, flags in self.fields(cls) if flags & STATIC]
        for field, value in zip(statics, static_values(self.index, row), strict=False):
            if isinstance(value, bool):
                yield field.name, int(value)
            elif isinstance(value, int | float | str):
                yield field.name, value

    def class_named(self, text: Constant | None) -> str:
        """Return the descriptor of a class given as a Java name or a class object, else empty."""
        if isinstance(text, ClassName):
            return text.name
        if not isinstance(text, str) or not text:
            return ""
        return f"L{text.replace('.', '/')};"
