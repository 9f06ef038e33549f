"""The sweep against the plain way: one instruction after the other, method by method."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.static.dex import opcodes
from scanner.static.dex import sweep as module
from scanner.static.dex.sweep import CodeItems, payload_units, sweep

_ODD = st.sampled_from([0x0100, 0x0200, 0x0300, 0x0000, 0x0018, 0x006E, 0x000E, 0xFFFF, 0x0012])
_UNIT = st.one_of(_ODD, st.integers(0, 0xFFFF))


def items_of(lengths: list[int]) -> CodeItems:
    """Return code items one behind the other, four units apart."""
    units = np.array(lengths, np.int64)
    start = np.cumsum([4, *(units[:-1] + 4)])
    small = np.zeros(len(units), np.uint16)
    return CodeItems(start, units, small, small, small, small, small.astype(np.uint32))


def plainly(units: np.ndarray, items: CodeItems) -> list[list[int]]:
    found = []
    for start, size in zip(items.start.tolist(), items.units.tolist(), strict=True):
        here, rows = start, []
        while here < start + size:
            rows.append(here)
            unit = int(units[here])
            payload = unit in (0x0100, 0x0200, 0x0300)
            here += payload_units(units, here) if payload else opcodes.SET.lengths[unit & 255]
        found.append(rows)
    return found


def swept(units: np.ndarray, items: CodeItems) -> list[list[int]]:
    result = sweep(units, items)
    assert result.opcode.tolist() == [int(units[at]) & 255 for at in result.pc]
    cuts = result.first.tolist()
    return [result.pc[a:b].tolist() for a, b in itertools.pairwise(cuts)]


@given(st.lists(st.lists(_UNIT, min_size=0, max_size=900), min_size=1, max_size=4))
@settings(max_examples=80)
def test_pieces_of_any_code_are_joined_as_one_walk_finds_them(bodies: list[list[int]]) -> None:
    items = items_of([len(body) for body in bodies])
    units = np.zeros(int(items.start[-1] + items.units[-1]) + 4, np.uint16)
    for start, body in zip(items.start.tolist(), bodies, strict=True):
        units[start : start + len(body)] = body
    assert swept(units, items) == plainly(units, items)


@pytest.mark.parametrize("few", [0, 2, 5000])
def test_many_methods_are_swept_alike_together_and_in_pieces(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", few)
    monkeypatch.setattr(module, "_VERY_FEW", few // 2)
    random = np.random.default_rng(7)
    items = items_of(random.integers(0, 700, 60).tolist())
    units = random.integers(0, 0x10000, 40_000, dtype=np.uint16)
    units[random.integers(0, 40_000, 2_000)] = 0x0300
    assert swept(units, items) == plainly(units, items)


def test_a_payload_may_reach_over_several_pieces() -> None:
    units = np.zeros(2000, np.uint16)
    units[4:8] = (0x0300, 1, 900, 0)  # 900 bytes of array data: 454 units
    units[8:458] = 0x0300  # what stands in it would itself be taken for payloads
    units[458:] = 0x0012
    items = items_of([1500])
    assert swept(units, items) == plainly(units, items)
    assert swept(units, items)[0][:3] == [4, 458, 459]
