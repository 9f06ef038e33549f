"""The Dalvik instruction set: names, formats, lengths and what an instruction refers to.

Source: the public Dalvik bytecode and instruction-format pages of AOSP; facts only. A format name
such as `35c` gives code units, register count and the kind of extra data.
"""

from collections.abc import Iterable
from functools import cache

import msgspec
import numpy as np
import numpy.typing as npt

NONE, STRING, TYPE, FIELD, METHOD, CALL_SITE, HANDLE, PROTO = range(8)
"""What the index operand of an instruction names."""

# first opcode, format, names in order. Opcodes that are not listed are unused: length 1.
_ROWS: tuple[tuple[int, str, str], ...] = (
    (0x00, "10x", "nop"),
    (0x01, "12x", "move"),
    (0x02, "22x", "move/from16"),
    (0x03, "32x", "move/16"),
    (0x04, "12x", "move-wide"),
    (0x05, "22x", "move-wide/from16"),
    (0x06, "32x", "move-wide/16"),
    (0x07, "12x", "move-object"),
    (0x08, "22x", "move-object/from16"),
    (0x09, "32x", "move-object/16"),
    (0x0A, "11x", "move-result move-result-wide move-result-object move-exception"),
    (0x0E, "10x", "return-void"),
    (0x0F, "11x", "return return-wide return-object"),
    (0x12, "11n", "const/4"),
    (0x13, "21s", "const/16"),
    (0x14, "31i", "const"),
    (0x15, "21h", "const/high16"),
    (0x16, "21s", "const-wide/16"),
    (0x17, "31i", "const-wide/32"),
    (0x18, "51l", "const-wide"),
    (0x19, "21h", "const-wide/high16"),
    (0x1A, "21c", "const-string"),
    (0x1B, "31c", "const-string/jumbo"),
    (0x1C, "21c", "const-class"),
    (0x1D, "11x", "monitor-enter monitor-exit"),
    (0x1F, "21c", "check-cast"),
    (0x20, "22c", "instance-of"),
    (0x21, "12x", "array-length"),
    (0x22, "21c", "new-instance"),
    (0x23, "22c", "new-array"),
    (0x24, "35c", "filled-new-array"),
    (0x25, "3rc", "filled-new-array/range"),
    (0x26, "31t", "fill-array-data"),
    (0x27, "11x", "throw"),
    (0x28, "10t", "goto"),
    (0x29, "20t", "goto/16"),
    (0x2A, "30t", "goto/32"),
    (0x2B, "31t", "packed-switch sparse-switch"),
    (0x2D, "23x", "cmpl-float cmpg-float cmpl-double cmpg-double cmp-long"),
    (0x32, "22t", "if-eq if-ne if-lt if-ge if-gt if-le"),
    (0x38, "21t", "if-eqz if-nez if-ltz if-gez if-gtz if-lez"),
    (0x44, "23x", "aget aget-wide aget-object aget-boolean aget-byte aget-char aget-short"),
    (0x4B, "23x", "aput aput-wide aput-object aput-boolean aput-byte aput-char aput-short"),
    (0x52, "22c", "iget iget-wide iget-object iget-boolean iget-byte iget-char iget-short"),
    (0x59, "22c", "iput iput-wide iput-object iput-boolean iput-byte iput-char iput-short"),
    (0x60, "21c", "sget sget-wide sget-object sget-boolean sget-byte sget-char sget-short"),
    (0x67, "21c", "sput sput-wide sput-object sput-boolean sput-byte sput-char sput-short"),
    (0x6E, "35c", "invoke-virtual invoke-super invoke-direct invoke-static invoke-interface"),
    (
        0x74,
        "3rc",
        (
            "invoke-virtual/range invoke-super/range invoke-direct/range invoke-static/range "
            "invoke-interface/range"
        ),
    ),
    (
        0x7B,
        "12x",
        (
            "neg-int not-int neg-long not-long neg-float neg-double int-to-long int-to-float "
            "int-to-double long-to-int long-to-float long-to-double float-to-int float-to-long "
            "float-to-double double-to-int double-to-long double-to-float int-to-byte int-to-char "
            "int-to-short"
        ),
    ),
    (
        0x90,
        "23x",
        (
            "add-int sub-int mul-int div-int rem-int and-int or-int xor-int shl-int shr-int "
            "ushr-int "
            "add-long sub-long mul-long div-long rem-long and-long or-long xor-long shl-long "
            "shr-long "
            "ushr-long add-float sub-float mul-float div-float rem-float add-double sub-double "
            "mul-double div-double rem-double"
        ),
    ),
    (
        0xB0,
        "12x",
        (
            "add-int/2addr sub-int/2addr mul-int/2addr div-int/2addr rem-int/2addr and-int/2addr "
            "or-int/2addr xor-int/2addr shl-int/2addr shr-int/2addr ushr-int/2addr add-long/2addr "
            "sub-long/2addr mul-long/2addr div-long/2addr rem-long/2addr and-long/2addr "
            "or-long/2addr "
            "xor-long/2addr shl-long/2addr shr-long/2addr ushr-long/2addr add-float/2addr "
            "sub-float/2addr mul-float/2addr div-float/2addr rem-float/2addr add-double/2addr "
            "sub-double/2addr mul-double/2addr div-double/2addr rem-double/2addr"
        ),
    ),
    (
        0xD0,
        "22s",
        (
            "add-int/lit16 rsub-int mul-int/lit16 div-int/lit16 rem-int/lit16 and-int/lit16 "
            "or-int/lit16 xor-int/lit16"
        ),
    ),
    (
        0xD8,
        "22b",
        (
            "add-int/lit8 rsub-int/lit8 mul-int/lit8 div-int/lit8 rem-int/lit8 and-int/lit8 "
            "or-int/lit8 xor-int/lit8 shl-int/lit8 shr-int/lit8 ushr-int/lit8"
        ),
    ),
    (0xFA, "45cc", "invoke-polymorphic"),
    (0xFB, "4rcc", "invoke-polymorphic/range"),
    (0xFC, "35c", "invoke-custom"),
    (0xFD, "3rc", "invoke-custom/range"),
    (0xFE, "21c", "const-method-handle const-method-type"),
)

_KINDS: tuple[tuple[int, int, int], ...] = (
    (0x1A, 0x1B, STRING),
    (0x1C, 0x1C, TYPE),
    (0x1F, 0x20, TYPE),
    (0x22, 0x25, TYPE),
    (0x52, 0x6D, FIELD),
    (0x6E, 0x72, METHOD),
    (0x74, 0x78, METHOD),
    (0xFA, 0xFB, METHOD),
    (0xFC, 0xFD, CALL_SITE),
    (0xFE, 0xFE, HANDLE),
    (0xFF, 0xFF, PROTO),
)


class InstructionSet(msgspec.Struct, frozen=True, eq=False):
    """Per opcode: name, format, length in code units, and the kind of its index operand."""

    names: tuple[str, ...]
    formats: tuple[str, ...]
    lengths: tuple[int, ...]
    kinds: tuple[int, ...]


def _build() -> InstructionSet:
    names = [f"unused-{op:02x}" for op in range(256)]
    formats = ["10x"] * 256
    kinds = [NONE] * 256
    for first, form, words in _ROWS:
        for op, name in enumerate(words.split(), first):
            names[op], formats[op] = name, form
    for first, last, kind in _KINDS:
        for op in range(first, last + 1):
            kinds[op] = kind
    lengths = tuple(int(form[0]) for form in formats)
    return InstructionSet(tuple(names), tuple(formats), lengths, tuple(kinds))


SET = _build()

PACKED_SWITCH, SPARSE_SWITCH, ARRAY_DATA = 0x0100, 0x0200, 0x0300
"""First code unit of the three payload pseudo-instructions."""


@cache
def unit_lengths() -> npt.NDArray[np.int32]:
    """Return the length by first code unit (65,536 entries); 0 marks a payload, sized apart."""
    table: npt.NDArray[np.int32] = np.array(SET.lengths, np.int32)[np.arange(65536) & 0xFF]
    table[[PACKED_SWITCH, SPARSE_SWITCH, ARRAY_DATA]] = 0
    return table


UNUSED = 255
KIND = bytes(
    UNUSED if name.startswith("unused") else kind
    for name, kind in zip(SET.names, SET.kinds, strict=True)
)
"""The kind of the index operand by opcode, `UNUSED` for those that no instruction has."""


def kinds_of(opcode: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the kind of operand of each opcode (see `KIND`)."""
    return np.frombuffer(opcode.tobytes().translate(KIND), np.uint8)


def among_opcodes(wanted: Iterable[int]) -> npt.NDArray[np.bool_]:
    """Return a mark per opcode: it is one of those."""
    marked = np.zeros(256, np.bool_)
    marked[list(wanted)] = True
    return marked
