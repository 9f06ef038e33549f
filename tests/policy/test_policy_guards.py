"""`(?=[...])` in front of a pattern only saves time: it must let every possible match through."""

import re
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import msgspec
import pytest

import profiles

GUARDED = re.compile(r"\(\?=\[((?:\\.|[^\]\\])+)\]\)(?=\(\?:|\(|[^(])")


def patterns(value, where=""):
    """Yield every text of a table with its place."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from patterns(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from patterns(inner, f"{where}.{number}")


def begins(parsed):
    """Return the characters with which a match can begin, and whether it can be empty."""
    out = set()
    for kind, told in parsed:
        more, empty = one(kind, told)
        out |= more
        if not empty:
            return out, False
    return out, True


def one(kind, told):
    if kind is op.LITERAL:
        return {told}, False
    if kind is op.IN:
        assert all(k in {op.LITERAL, op.RANGE} for k, _ in told), "a class of unknown size"
        return {
            c for k, t in told for c in ([t] if k is op.LITERAL else range(t[0], t[1] + 1))
        }, False
    if kind is op.BRANCH:
        found = [begins(branch) for branch in told[1]]
        return set().union(*(more for more, _ in found)), any(empty for _, empty in found)
    if kind is op.SUBPATTERN:
        return begins(told[3])
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
        more, empty = begins(told[2])
        return more, empty or told[0] == 0
    assert kind in {op.ASSERT, op.ASSERT_NOT, op.AT}, f"begins with {kind}"
    return set(), True


def tables():
    for path in sorted((Path(profiles.__file__).parent / "tables").glob("policy_*.yaml")):
        for where, text in patterns(msgspec.yaml.decode(path.read_bytes()), path.stem):
            guard = GUARDED.match(text)
            if guard:
                yield pytest.param(guard.group(1), text[guard.end() :], id=where)


@pytest.mark.parametrize(("guard", "rest"), list(tables()))
def test_a_guard_names_every_character_with_which_a_match_can_begin(guard, rest):
    told, empty = begins(parser.parse(rest))
    assert not empty
    assert {chr(c) for c in told} == set(re.sub(r"\\(.)", r"\1", guard))


def test_there_are_guards():
    assert len(list(tables())) > 5


def test_the_check_sees_a_missing_character():
    told, empty = begins(parser.parse("(?:如果|若)?您?(?:拒绝|不同意)"))
    assert ({chr(c) for c in told}, empty) == (set("如若您拒不"), False)
