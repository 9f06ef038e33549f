"""A small dex assembler: classes with methods in, dex bytes out. For tests only.

Instructions are functions from the id tables to code units, so that tests can name what they mean:
`dex([cls("La;", [method("m", "()V", [invoke_static("Lb;", "n", "()V"), return_void()])])])`.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Units = Callable[["Tables"], list[int]]
PUBLIC, STATIC, ABSTRACT, CONSTRUCTOR = 0x1, 0x8, 0x400, 0x10000


@dataclass(frozen=True)
class Method:
    name: str
    descriptor: str
    code: tuple[Units, ...] | None
    flags: int
    registers: int
    share: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Class:
    name: str
    methods: tuple[Method, ...] = ()
    sup: str = "Ljava/lang/Object;"
    interfaces: tuple[str, ...] = ()
    flags: int = PUBLIC
    fields: tuple[tuple[str, str], ...] = ()


def cls(name: str, methods: Sequence[Method] = (), **rest: object) -> Class:
    return Class(name, tuple(methods), **rest)  # type: ignore[arg-type]


def method(
    name: str,
    descriptor: str,
    code: Sequence[Units] | None,
    *,
    static: bool = False,
    registers: int = 8,
    share: str = "",
    marks: Sequence[str] = (),
) -> Method:
    """`marks` are the types of annotations without elements."""
    flags = PUBLIC | (STATIC if static or name == "<clinit>" else 0)
    flags |= CONSTRUCTOR if name.startswith("<") else 0
    flags |= ABSTRACT if code is None else 0
    body = None if code is None else tuple(code)
    return Method(name, descriptor, body, flags, registers, share, tuple(marks))


@dataclass
class Tables:
    """Sorted id tables; looking something up while collecting adds it."""

    strings: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    protos: dict[str, int] = field(default_factory=dict)
    fields: dict[tuple[str, str, str], int] = field(default_factory=dict)
    methods: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def string(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def type(self, name: str) -> int:
        self.string(name)
        return self.types.setdefault(name, len(self.types))

    def proto(self, descriptor: str) -> int:
        params, ret = split(descriptor)
        for name in (*params, ret):
            self.type(name)
        self.string(shorty(descriptor))
        return self.protos.setdefault(descriptor, len(self.protos))

    def field(self, owner: str, name: str, kind: str) -> int:
        self.type(owner), self.type(kind), self.string(name)
        return self.fields.setdefault((owner, name, kind), len(self.fields))

    def method(self, owner: str, name: str, descriptor: str) -> int:
        self.type(owner), self.string(name), self.proto(descriptor)
        return self.methods.setdefault((owner, name, descriptor), len(self.methods))

    def sorted(self) -> "Tables":
        def number(keys: list) -> dict:  # type: ignore[type-arg]
            return {key: place for place, key in enumerate(keys)}

        strings = number(sorted(self.strings, key=lambda s: s.encode("utf-16-be", "surrogatepass")))
        types = number(sorted(self.types, key=strings.__getitem__))
        protos = number(
            sorted(
                self.protos,
                key=lambda d: (types[split(d)[1]], [types[p] for p in split(d)[0]]),
            )
        )
        return Tables(
            strings,
            types,
            protos,
            number(sorted(self.fields, key=lambda f: (types[f[0]], strings[f[1]], types[f[2]]))),
            number(sorted(self.methods, key=lambda m: (types[m[0]], strings[m[1]], protos[m[2]]))),
        )


def split(descriptor: str) -> tuple[list[str], str]:
    inner, _, ret = descriptor[1:].partition(")")
    params: list[str] = []
    at = 0
    while at < len(inner):
        start = at
        while inner[at] == "[":
            at += 1
        at = inner.index(";", at) + 1 if inner[at] == "L" else at + 1
        params.append(inner[start:at])
    return params, ret


def shorty(descriptor: str) -> str:
    params, ret = split(descriptor)
    return "".join("L" if p[0] in "L[" else p for p in (ret, *params))


# instructions ---------------------------------------------------------------------------------


def raw(*units: int) -> Units:
    return lambda _: list(units)


def return_void() -> Units:
    return raw(0x0E)


def return_object(register: int) -> Units:
    return raw(0x11 | register << 8)


def return_value(register: int) -> Units:
    return raw(0x0F | register << 8)


def const4(register: int, value: int) -> Units:
    return raw(0x12 | register << 8 | (value & 15) << 12)


def const_string(register: int, text: str) -> Units:
    return lambda t: [0x1A | register << 8, t.string(text)]


def const_string_jumbo(register: int, text: str) -> Units:
    return lambda t: [0x1B | register << 8, t.string(text) & 0xFFFF, t.string(text) >> 16]


def const_class(register: int, name: str) -> Units:
    return lambda t: [0x1C | register << 8, t.type(name)]


def check_cast(register: int, name: str) -> Units:
    return lambda t: [0x1F | register << 8, t.type(name)]


def new_instance(register: int, name: str) -> Units:
    return lambda t: [0x22 | register << 8, t.type(name)]


def sget(register: int, owner: str, name: str, kind: str, opcode: int = 0x62) -> Units:
    return lambda t: [opcode | register << 8, t.field(owner, name, kind)]


def sput(register: int, owner: str, name: str, kind: str) -> Units:
    return sget(register, owner, name, kind, 0x69)


def iget(register: int, object_: int, owner: str, name: str, kind: str) -> Units:
    return lambda t: [0x54 | register << 8 | object_ << 12, t.field(owner, name, kind)]


def move_result_object(register: int) -> Units:
    return raw(0x0C | register << 8)


def if_eqz(register: int, units: int) -> Units:
    return raw(0x38 | register << 8, units & 0xFFFF)


def _invoke(opcode: int, owner: str, name: str, descriptor: str, regs: Sequence[int]) -> Units:
    five = [*regs, 0, 0, 0, 0, 0][:5]
    word = five[0] | five[1] << 4 | five[2] << 8 | five[3] << 12

    def units(t: Tables) -> list[int]:
        head = opcode | five[4] << 8 | len(regs) << 12
        return [head, t.method(owner, name, descriptor), word]

    return units


def invoke_virtual(owner: str, name: str, descriptor: str, *regs: int) -> Units:
    return _invoke(0x6E, owner, name, descriptor, regs or (0,))


def invoke_super(owner: str, name: str, descriptor: str, *regs: int) -> Units:
    return _invoke(0x6F, owner, name, descriptor, regs or (0,))


def invoke_direct(owner: str, name: str, descriptor: str, *regs: int) -> Units:
    return _invoke(0x70, owner, name, descriptor, regs or (0,))


def invoke_static(owner: str, name: str, descriptor: str, *regs: int) -> Units:
    return _invoke(0x71, owner, name, descriptor, regs)


def invoke_interface(owner: str, name: str, descriptor: str, *regs: int) -> Units:
    return _invoke(0x72, owner, name, descriptor, regs or (0,))


def invoke_range(owner: str, name: str, descriptor: str, first: int, count: int) -> Units:
    return lambda t: [0x77 | count << 8, t.method(owner, name, descriptor), first]


# assembly -------------------------------------------------------------------------------------


def _uleb(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append((value & 0x7F) | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


def _mutf8(text: str) -> bytes:
    out = bytearray()
    for unit in struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}H", text.encode("utf-16-le")):
        out += chr(unit).encode("utf-8", "surrogatepass") if unit else b"\xc0\x80"
    return bytes(out)


class _Data:
    def __init__(self, base: int) -> None:
        self.base, self.bytes = base, bytearray()

    def add(self, item: bytes, align: int = 1) -> int:
        self.bytes += b"\0" * (-(self.base + len(self.bytes)) % align)
        self.bytes += item
        return self.base + len(self.bytes) - len(item)


def _collect(classes: Sequence[Class]) -> Tables:
    tables = Tables()
    for item in classes:
        tables.type(item.name)
        for name in (item.sup, *item.interfaces):
            if name:
                tables.type(name)
        for name, kind in item.fields:
            tables.field(item.name, name, kind)
        for m in item.methods:
            tables.method(item.name, m.name, m.descriptor)
            for mark in m.marks:
                tables.type(mark)
            for units in m.code or ():
                units(tables)
    return tables.sorted()


def _code(m: Method, tables: Tables, data: _Data, shared: dict[str, int]) -> int:
    if m.code is None:
        return 0
    if m.share in shared and m.share:
        return shared[m.share]
    units = [u for part in m.code for u in part(tables)]
    ins = len(split(m.descriptor)[0]) + (0 if m.flags & STATIC else 1)
    head = struct.pack("<4HII", m.registers, ins, 5, 0, 0, len(units))
    shared[m.share] = data.add(head + struct.pack(f"<{len(units)}H", *units), 4)
    return shared[m.share]


def _class_data(item: Class, tables: Tables, data: _Data, shared: dict[str, int]) -> int:
    direct = [m for m in item.methods if m.flags & (STATIC | CONSTRUCTOR)]
    virtual = [m for m in item.methods if m not in direct]
    out = bytearray()
    for count in (len(item.fields), 0, len(direct), len(virtual)):
        out += _uleb(count)
    last = 0
    for number in sorted(tables.fields[item.name, n, k] for n, k in item.fields):
        out += _uleb(number - last) + _uleb(STATIC)
        last = number
    for group in (direct, virtual):
        last = 0
        rows = [(tables.methods[item.name, m.name, m.descriptor], m) for m in group]
        for number, m in sorted(rows, key=lambda row: row[0]):
            out += _uleb(number - last) + _uleb(m.flags) + _uleb(_code(m, tables, data, shared))
            last = number
    return data.add(bytes(out))


def _annotations(item: Class, tables: Tables, data: _Data) -> int:
    """Write the annotations of the methods of a class; 0 when none has any."""
    rows = []
    for m in item.methods:
        items = [data.add(b"\1" + _uleb(tables.types[mark]) + b"\0") for mark in m.marks]
        if items:
            marks = data.add(struct.pack(f"<I{len(items)}I", len(items), *items), 4)
            rows.append((tables.methods[item.name, m.name, m.descriptor], marks))
    if not rows:
        return 0
    flat = [number for row in sorted(rows) for number in row]
    return data.add(struct.pack(f"<4I{len(flat)}I", 0, 0, len(rows), 0, *flat), 4)


def _type_list(names: Sequence[str], tables: Tables, data: _Data) -> int:
    if not names:
        return 0
    item = struct.pack(f"<I{len(names)}H", len(names), *(tables.types[n] for n in names))
    return data.add(item, 4)


def dex(classes: Sequence[Class], version: bytes = b"035") -> bytes:
    """Return a dex file. It has no map list: readers must not need one."""
    t = _collect(classes)
    sizes = [(len(t.strings), 4), (len(t.types), 4), (len(t.protos), 12), (len(t.fields), 8)]
    sizes += [(len(t.methods), 8), (len(classes), 32)]
    offsets, at = [], 0x70
    for count, width in sizes:
        offsets.append(at if count else 0)
        at += count * width
    data, shared = _Data(at), {}
    defs = bytearray()
    for item in classes:
        place = _class_data(item, t, data, shared)
        faces = _type_list(item.interfaces, t, data)
        sup = t.types[item.sup] if item.sup else 0xFFFFFFFF
        notes = _annotations(item, t, data)
        row = (t.types[item.name], item.flags, sup, faces, 0xFFFFFFFF, notes, place, 0)
        defs += struct.pack("<8I", *row)
    protos = bytearray()
    for d in t.protos:
        params, ret = split(d)
        row3 = (t.strings[shorty(d)], t.types[ret], _type_list(params, t, data))
        protos += struct.pack("<3I", *row3)
    strings = bytearray()
    for text in t.strings:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        strings += struct.pack("<I", data.add(_uleb(units) + _mutf8(text) + b"\0"))
    body = bytes(strings) + b"".join(struct.pack("<I", t.strings[n]) for n in t.types)
    body += bytes(protos)
    body += b"".join(
        struct.pack("<HHI", t.types[c], t.types[k], t.strings[n]) for c, n, k in t.fields
    )
    body += b"".join(
        struct.pack("<HHI", t.types[c], t.protos[d], t.strings[n]) for c, n, d in t.methods
    )
    body += bytes(defs) + bytes(data.bytes)
    return _head(sizes, offsets, at, body, version)


def _head(
    sizes: list[tuple[int, int]], offsets: list[int], at: int, body: bytes, version: bytes
) -> bytes:
    total = 0x70 + len(body)
    tail = struct.pack("<5I", total, 0x70, 0x12345678, 0, 0) + struct.pack("<I", 0)
    for (count, _), offset in zip(sizes, offsets, strict=True):
        tail += struct.pack("<II", count, offset)
    tail += struct.pack("<II", total - at, at)
    sha = hashlib.sha1(tail + body, usedforsecurity=False).digest()
    head = b"dex\n" + version + b"\0"
    return head + struct.pack("<I", zlib.adler32(sha + tail + body)) + sha + tail + body
