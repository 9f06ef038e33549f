"""The dex index on files that we assemble: references, sharing, merging, hostile headers."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.static.dex import opcodes
from scanner.static.dex.debug import handlers, line_of
from scanner.static.dex.index import DexIndex
from scanner.static.dex.instructions import array_data, instructions, switch_cases
from scanner.static.dex.sweep import payload_units
from tests.support.dex_made import (
    check_cast,
    cls,
    const4,
    const_class,
    const_string,
    const_string_jumbo,
    dex,
    iget,
    invoke_interface,
    invoke_range,
    invoke_static,
    invoke_virtual,
    method,
    new_instance,
    raw,
    return_void,
    sget,
    sput,
)

A = cls(
    "La/A;",
    [
        method("<init>", "()V", [return_void()]),
        method(
            "m",
            "(IJ)V",
            [
                const_string(0, "hello"),
                const_string_jumbo(1, "你好\0\U0001f600"),
                invoke_static("Lb/B;", "n", "(Ljava/lang/String;)V", 0),
                invoke_virtual("La/A;", "v", "()V", 5),
                invoke_interface("Ljava/util/List;", "size", "()I", 2),
                invoke_range("Lb/B;", "wide", "(IIIIII)V", 0, 6),
                new_instance(3, "Lb/B;"),
                const_class(3, "Lb/B;"),
                check_cast(3, "Ljava/util/List;"),
                sget(3, "Lb/B;", "F", "Ljava/lang/String;"),
                sput(3, "Lb/B;", "F", "Ljava/lang/String;"),
                iget(3, 4, "Lb/B;", "g", "I"),
                return_void(),
            ],
        ),
        method("v", "()V", [return_void()]),
        method("abs", "()V", None),
    ],
    interfaces=("Ljava/lang/Runnable;", "Ljava/util/List;"),
    fields=(("F", "I"),),
)
B = cls("Lb/B;", [method("n", "(Ljava/lang/String;)V", [return_void()], static=True)], sup="La/A;")


def index_of(*files: bytes) -> DexIndex:
    return DexIndex([(f"classes{n or ''}.dex", data) for n, data in enumerate(files)])


def callees(index: DexIndex) -> list[tuple[str, str, int]]:
    calls = index.invokes
    return [
        (index.method_name(int(index.defs.method[owner])), index.method_parts(callee)[1], offset)
        for owner, callee, offset in zip(
            calls.owner.tolist(), calls.id.tolist(), index.offsets(calls).tolist(), strict=True
        )
    ]


def row_of(index: DexIndex, name: str) -> int:
    rows = [r for r, m in enumerate(index.defs.method.tolist()) if index.method_name(m) == name]
    return rows[0]


def test_every_kind_of_reference_is_found_with_its_offset() -> None:
    index = index_of(dex([A, B]))
    assert callees(index) == [("m", "n", 10), ("m", "v", 16), ("m", "size", 22), ("m", "wide", 28)]
    strings = index.const_strings
    assert [index.string(i) for i in strings.id] == ["hello", "你好\0\U0001f600"]
    assert index.offsets(strings).tolist() == [0, 4]
    for refs in (index.new_instances, index.const_classes):
        assert [index.class_name(int(i)) for i in refs.id] == ["b.B"]
    assert [index.class_name(int(i)) for i in index.check_casts.id] == ["java.util.List"]
    assert [index.field_parts(int(i))[1] for i in index.field_reads.id] == ["F", "g"]
    assert [index.field_parts(int(i))[1] for i in index.field_writes.id] == ["F"]
    assert index.losses == ()


def test_classes_have_supers_interfaces_and_members() -> None:
    index = index_of(dex([A, B]))
    names = [index.class_name(int(t)) for t in index.classes.type]
    a, b = names.index("a.A"), names.index("b.B")
    assert index.class_name(int(index.classes.sup[b])) == "a.A"
    faces = index.classes.interfaces[index.classes.starts[a] : index.classes.starts[a + 1]]
    assert {index.class_name(int(t)) for t in faces} == {"java.lang.Runnable", "java.util.List"}
    assert len(index.fields.field) == 1
    (found,) = index.find_methods("La/A;", "m")
    assert index.method_parts(found) == ("La/A;", "m", "(IJ)V")
    row = int(index.def_of_method[found])
    assert index.defs.registers[row] == 8
    assert index.defs.ins[row] == 3
    assert index.find_methods("La/A;", "nowhere") == index.find_methods("Lno;", "m") == []


def test_a_method_without_code_has_no_instructions() -> None:
    index = index_of(dex([A]))
    row = row_of(index, "abs")
    assert index.first[row] == index.first[row + 1]
    assert list(instructions(index, row)) == []


def test_decoding_gives_registers_and_merged_ids() -> None:
    index = index_of(dex([A, B]))
    code = list(instructions(index, row_of(index, "m")))
    assert [i.name for i in code[:3]] == ["const-string", "const-string/jumbo", "invoke-static"]
    assert index.string(code[0].ref) == "hello"
    assert code[3].regs == (5,)
    assert code[5].regs == (0, 1, 2, 3, 4, 5)
    assert [i.row for i in code] == list(range(code[0].row, code[0].row + len(code)))
    assert [i.offset for i in code][:4] == [0, 4, 10, 16]


@pytest.mark.parametrize(
    ("units", "regs", "literal", "target"),
    [
        ((0xF112,), (1,), -1, -1),
        ((0x0013, 0x8000), (0,), -32768, -1),
        ((0x0015, 0x7FFF), (0,), 0x7FFF0000, -1),
        ((0x0019, 0x8000), (0,), -(1 << 63), -1),
        ((0x0018, 1, 0, 0, 0x8000), (0,), 1 - (1 << 63), -1),
        ((0x02D8, 0xFE01), (2, 1), -2, -1),
        ((0xFE28,), (), 0, -4),
        ((0x0039, 0x0004), (0,), 0, 8),
        ((0x3290, 0x0504), (0x32, 4, 5), 0, -1),
        ((0x1202, 0x0300), (0x12, 0x300), 0, -1),
    ],
)
def test_formats(units: tuple[int, ...], regs: tuple[int, ...], literal: int, target: int) -> None:
    index = index_of(dex([cls("La;", [method("m", "()V", [raw(*units), return_void()])])]))
    first = next(iter(instructions(index, 0)))
    assert (first.regs, first.literal, first.target) == (regs, literal, target)


def test_payloads_are_stepped_over_and_read() -> None:
    packed = [0x0100, 2, 0xFFFF, 0xFFFF, 7, 0, 9, 0]
    array = [0x0300, 1, 3, 0, 0x0201, 0x0003]
    body = [raw(0x002B, 6, 0), raw(0x0126, 11, 0), raw(*packed), raw(*array), return_void()]
    index = index_of(dex([cls("La;", [method("m", "()V", body)])]))
    code = list(instructions(index, 0))
    assert [i.opcode for i in code] == [0x2B, 0x26, 0, 0, 0x0E]
    assert switch_cases(index, 0, code[0]).cases == ((-1, 14), (0, 18))
    assert array_data(index, 0, code[1]) == b"\x01\x02\x03"


def test_long_methods_end_one_by_one_with_the_same_answer() -> None:
    body = [const4(0, 1)] * 3000 + [invoke_static("Lx;", "n", "()V"), return_void()]
    many = [method(f"m{n}", "()V", [return_void()]) for n in range(200)]
    index = index_of(dex([cls("La;", [method("long", "()V", body), *many])]))
    assert len(index.pc) == 3002 + 200
    assert callees(index) == [("long", "n", 6000)]


def test_shared_code_belongs_to_each_method() -> None:
    body = [invoke_static("Lx;", "n", "()V"), return_void()]
    pair = [method(n, "()V", body, share="one") for n in ("p", "q")]
    index = index_of(dex([cls("La;", [*pair, method("r", "()V", body)])]))
    assert sorted(callees(index)) == [("p", "n", 0), ("q", "n", 0), ("r", "n", 0)]
    assert len(index.pc) == 6


def test_ids_of_several_files_are_one_space() -> None:
    one = dex([cls("La;", [method("m", "()V", [invoke_static("Lb;", "n", "()V"), return_void()])])])
    two = dex([cls("Lb;", [method("n", "()V", [return_void()], static=True)])])
    index = index_of(one, two)
    target = int(index.invokes.id[0])
    row = int(index.def_of_method[target])
    assert index.file_of_def(row) == 1
    assert index.class_of_def(row) == index.type_id("Lb;")


def test_of_a_class_defined_twice_the_first_wins() -> None:
    def one(text: str) -> bytes:
        return dex([cls("La;", [method("m", "()V", [const_string(0, text), return_void()])])])

    index = index_of(one("first"), one("second"))
    assert [index.string(i) for i in index.const_strings.id] == ["first"]
    (loss,) = index.losses
    assert (loss.file, loss.code, loss.subjects) == ("classes1.dex", "duplicate-class", ("La;",))


@pytest.mark.parametrize("version", [b"035", b"037", b"038", b"039", b"040"])
def test_versions(version: bytes) -> None:
    assert len(index_of(dex([A], version)).classes.type) == 1


def container(*parts: bytes) -> bytes:
    """Join dex files into a version-41 container: offsets count from its start."""
    out = b""
    for part in parts:
        grown = bytearray(part[:0x70] + b"\0" * 8 + part[0x70:])
        shift = len(out) + 8
        for place in range(0x3C, 0x6C, 8):
            (offset,) = struct.unpack_from("<I", grown, place)
            struct.pack_into("<I", grown, place, offset + shift if offset else 0)
        moved = shift_offsets(part, shift)
        grown[0x78:] = moved[0x70:]
        grown[4:7] = b"041"
        struct.pack_into("<II", grown, 0x20, len(grown), 0x78)
        out += bytes(grown)
    return out


def shift_offsets(data: bytes, by: int) -> bytes:
    """Add to every offset in the tables of a dex without class data fields."""
    out = bytearray(data)
    counts = struct.unpack_from("<12I", data, 0x38)
    for n in range(counts[0]):
        add(out, counts[1] + 4 * n, by)
    for n in range(counts[4]):
        add(out, counts[5] + 12 * n + 8, by)
    for n in range(counts[10]):
        add(out, counts[11] + 32 * n + 12, by)
        add(out, counts[11] + 32 * n + 24, by)
    return bytes(out)


def add(out: bytearray, at: int, by: int) -> None:
    (value,) = struct.unpack_from("<I", out, at)
    struct.pack_into("<I", out, at, value + by if value else 0)


def test_a_container_holds_several_files() -> None:
    data = container(dex([cls("La;")]), dex([cls("Lb;", interfaces=("Ljava/lang/Runnable;",))]))
    index = DexIndex([("classes.dex", data)])
    assert sorted(index.class_name(int(t)) for t in index.classes.type) == ["a", "b"]
    assert [f.name.startswith("classes.dex") for f in index.files] == [True, True]


# hostile --------------------------------------------------------------------------------------

WHOLE = dex([A, B, cls("Lc;", [method("z", "()V", [const_string(0, "kept"), return_void()])])])


@pytest.mark.parametrize("data", [b"", b"dex", b"PK\3\4" + b"\0" * 200, WHOLE[:0x6F]])
def test_what_is_no_dex_is_a_loss(data: bytes) -> None:
    index = DexIndex([("x", data), ("classes.dex", WHOLE)])
    assert [loss.file for loss in index.losses] == ["x"]
    assert len(index.classes.type) == 3


def test_a_damaged_class_is_lost_alone() -> None:
    data = bytearray(WHOLE)
    count, at = struct.unpack_from("<II", data, 0x60)
    struct.pack_into("<I", data, at + 24, len(data) - 1)  # class data of the first class
    index = DexIndex([("classes.dex", bytes(data))])
    assert "damaged-class" in {loss.code for loss in index.losses}
    assert len(index.classes.type) == count
    assert "kept" in [index.string(i) for i in index.const_strings.id]


def test_a_code_item_that_lies_about_its_size_ends_at_the_next() -> None:
    data = bytearray(WHOLE)
    index = DexIndex([("classes.dex", WHOLE)])
    row = row_of(index, "m")
    struct.pack_into("<I", data, 2 * int(index.defs.start[row]) - 4, 200)
    lying = DexIndex([("classes.dex", bytes(data))])
    assert "overlapping-code" in {loss.code for loss in lying.losses}
    assert "kept" in [lying.string(i) for i in lying.const_strings.id]
    assert callees(lying)[:4] == callees(index)[:4]


def test_huge_counts_are_clamped() -> None:
    for place in range(0x38, 0x68, 8):
        data = bytearray(WHOLE)
        struct.pack_into("<I", data, place, 0xFFFFFFFF)
        index = DexIndex([("classes.dex", bytes(data))])
        assert "truncated-table" in {loss.code for loss in index.losses}


def test_strings_that_overlap_cannot_multiply_the_file() -> None:
    data = bytearray(WHOLE)
    count, at = struct.unpack_from("<II", data, 0x38)
    (first,) = struct.unpack_from("<I", data, at)
    data += b"a" * 5000
    for n in range(count):
        struct.pack_into("<I", data, at + 4 * n, first)
    index = DexIndex([("classes.dex", bytes(data))])
    assert sum(map(len, index.ids.strings)) <= 2 * len(data)


def test_a_payload_never_stands_still() -> None:
    units = np.array([0x0300, 0, 0xFFFF, 0xFFFF], np.uint16)
    assert payload_units(units, 0) >= 1
    assert payload_units(units[:1], 0) >= 1


def use(index: DexIndex) -> None:
    """Touch everything that reads the file on demand."""
    for row in range(len(index.defs.method)):
        for ins in instructions(index, row):
            if ins.opcode in (0x2B, 0x2C):
                switch_cases(index, row, ins)
            if ins.opcode == 0x26:
                array_data(index, row, ins)
        handlers(index, row)
        line_of(index, row, 4)
        index.method_parts(int(index.defs.method[row]))
    for kind in (opcodes.STRING, opcodes.METHOD, opcodes.FIELD, opcodes.TYPE):
        index.offsets(index.refs(kind))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=24))
def test_flipped_bytes_never_break_the_reader(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    use(DexIndex([("classes.dex", bytes(data))]))


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(st.integers(0x34 // 4, 0x70 // 4 - 1), st.integers(0, 0xFFFFFFFF)), max_size=6
    ),
    st.integers(0x70, len(WHOLE)),
)
def test_lying_headers_and_truncation(words: list[tuple[int, int]], size: int) -> None:
    data = bytearray(WHOLE)
    for place, value in words:
        struct.pack_into("<I", data, 4 * place, value)
    use(DexIndex([("classes.dex", bytes(data[:size]))]))
