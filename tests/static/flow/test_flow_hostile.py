"""Damaged code never stops the analysis."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.load import load_knowledge
from scanner.static.dex.index import DexIndex
from scanner.static.facts import ComponentFact, PackageFacts
from scanner.static.flow import find_flows

DEX = Path(__file__).parents[2] / "fixtures" / "flows" / "flows.dex"
WHOLE = DEX.read_bytes()
KNOW = load_knowledge()
CODE = len(WHOLE) // 3
NAMES = ("ArrayLeak", "ExceptionLeak", "IntentLeak", "LoopLeak", "ReflectionLeak", "ThreadLeak")
FACTS = PackageFacts(
    package="fx",
    components=tuple(
        ComponentFact(kind="activity", name=f"fx.{name}", exported=True) for name in NAMES
    ),
)


@settings(max_examples=10)
@given(st.lists(st.tuples(st.integers(CODE, len(WHOLE) - 1), st.integers(0, 255)), max_size=60))
def test_changed_bytes(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    find_flows(DexIndex([("classes.dex", bytes(data))]), FACTS, KNOW, budget_seconds=1)
