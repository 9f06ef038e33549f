"""A small ELF writer: a library with a dynamic symbol table and texts. For tests only."""

import struct
from collections.abc import Sequence

_SYMTAB, _STRTAB, _STRSZ, _HASH = 6, 5, 10, 4


def elf(
    names: Sequence[str],
    *,
    imported: Sequence[str] = (),
    texts: bytes = b"",
    wide: bool = True,
    with_hash: bool = False,
    base: int = 0x1000,
) -> bytes:
    """Return a library that defines `names`, needs `imported` and holds `texts` as data."""
    head, step, sym, word = (64, 56, 24, "Q") if wide else (52, 32, 16, "I")
    strings, table = b"\0", bytes(sym)
    for name, section in (*((n, 7) for n in names), *((n, 0) for n in imported)):
        place = len(strings)
        strings += name.encode() + b"\0"
        if wide:
            table += struct.pack("<IBBHQQ", place, 0x12, 0, section, 0x40, 8)
        else:
            table += struct.pack("<IIIBBH", place, 0x40, 8, 0x12, 0, section)
    at = head + 2 * step
    symtab, strtab = base + at, base + at + len(table)
    tags = [(_SYMTAB, symtab), (_STRTAB, strtab), (_STRSZ, len(strings))]
    tail = b""
    if with_hash:
        tags.append((_HASH, strtab + len(strings)))
        tail = struct.pack("<II", 1, len(table) // sym)
    body = table + strings + tail
    dynamic = b"".join(struct.pack(f"<{word}{word}", *tag) for tag in (*tags, (0, 0)))
    where = at + len(body)
    whole = where + len(dynamic)
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1, 1]) + bytes(9)
    header = struct.pack(
        f"<HHI{word}{word}{word}IHHHHHH", 3, 183, 1, 0, head, 0, 0, head, step, 2, 0, 0, 0
    )
    load = _program(wide, 1, 0, base, whole)
    return (
        ident + header + load + _program(wide, 2, where, base + where, len(dynamic))
        + body + dynamic + b"\0" + texts + b"\0"
    )  # fmt: skip


def _program(wide: bool, kind: int, offset: int, address: int, size: int) -> bytes:
    if wide:
        return struct.pack("<IIQQQQQQ", kind, 4, offset, address, address, size, size, 1)
    return struct.pack("<IIIIIIII", kind, offset, address, address, size, size, 4, 1)
