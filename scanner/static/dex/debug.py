"""Try blocks and source lines of one method, read when a finding needs them."""

from scanner.static.dex.index import DexIndex
from scanner.static.dex.instructions import Handler
from scanner.static.dex.leb import Reader, TruncatedError

_END, _ADVANCE_PC, _ADVANCE_LINE, _START_LOCAL, _START_LOCAL_EXTENDED = range(5)
_END_LOCAL, _RESTART_LOCAL, _PROLOGUE_END, _EPILOGUE_BEGIN, _SET_FILE = range(5, 10)
_FIRST_SPECIAL, _LINE_BASE, _LINE_RANGE = 0x0A, -4, 15
_ULEBS = {
    _START_LOCAL: 3,
    _START_LOCAL_EXTENDED: 4,
    _END_LOCAL: 1,
    _RESTART_LOCAL: 1,
    _SET_FILE: 1,
}
MAX_STEPS = 200_000
MAX_HANDLERS = 65_536


def handlers(index: DexIndex, row: int) -> tuple[Handler, ...]:
    """Return the try blocks of method row `row` in file order; a damaged table gives none."""
    count = int(index.defs.tries[row])
    if not count:
        return ()
    file = index.file_of_def(row)
    after = 2 * (int(index.defs.start[row]) + int(index.defs.units[row]))
    begin = after + after % 4
    reader = Reader(index.files[file].data, begin)
    try:
        tries = [(reader.little(4), reader.little(2), reader.little(2)) for _ in range(count)]
        base = reader.at
        catches = _catches(reader, base, index.maps(file).types.tolist())
    except TruncatedError:
        return ()
    return tuple(
        Handler(2 * start, 2 * (start + size), catches.get(at, ())) for start, size, at in tries
    )


def _catches(reader: Reader, base: int, types: list[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Read all handler lists; the key is the byte offset from the list of lists."""
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for _ in range(min(reader.uleb(), MAX_HANDLERS)):
        key = reader.at - base
        size = reader.sleb()
        rows: list[tuple[int, int]] = []
        for _ in range(min(abs(size), MAX_HANDLERS)):
            kind, at = reader.uleb(), reader.uleb()
            rows.append((types[kind] if kind < len(types) else 0, 2 * at))
        if size <= 0:
            rows.append((0, 2 * reader.uleb()))
        found[key] = tuple(rows)
    return found


def line_of(index: DexIndex, row: int, offset: int) -> int | None:
    """Return the source line of the instruction at byte `offset`, None without debug data."""
    debug = int(index.defs.debug[row])
    if not debug:
        return None
    reader = Reader(index.files[index.file_of_def(row)].data, debug)
    try:
        return _line(reader, offset // 2)
    except TruncatedError:
        return None


def _line(reader: Reader, target: int) -> int | None:
    line = reader.uleb()
    for _ in range(min(reader.uleb(), 255)):
        reader.uleb()
    pc, found = 0, None
    data, size = reader.data, len(reader.data)
    for _ in range(MAX_STEPS):
        if reader.at >= size:
            raise TruncatedError
        code = data[reader.at]
        reader.at += 1
        if code >= _FIRST_SPECIAL:
            step = code - _FIRST_SPECIAL
            pc += step // _LINE_RANGE
            line += _LINE_BASE + step % _LINE_RANGE
            if pc > target:
                return found
            found = line
        elif code == _END:
            break
        else:
            more_pc, more_line = _advance(reader, code)
            pc, line = pc + more_pc, line + more_line
    return found


def _advance(reader: Reader, code: int) -> tuple[int, int]:
    """Read the operands of an opcode that adds no row; return what it adds to (pc, line)."""
    if code == _ADVANCE_PC:
        return reader.uleb(), 0
    if code == _ADVANCE_LINE:
        return 0, reader.sleb()
    for _ in range(_ULEBS.get(code, 0)):
        reader.uleb()
    return 0, 0
