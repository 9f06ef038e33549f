"""Small parts of the data-flow engine: addresses, lambdas out of reach, values with a prefix."""

from pathlib import Path

import pytest

from scanner.static.dex.index import DexIndex
from scanner.static.flow.lambdas import site
from scanner.static.flow.models_text import address
from scanner.static.flow.program import Program
from scanner.static.flow.values import (
    NOTHING,
    NULL,
    UNKNOWN,
    Mark,
    Place,
    Value,
    constant,
    join,
)

DEX = Path(__file__).parents[2] / "fixtures" / "flows" / "blind" / "one_library.dex"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://a.example.com/x?d=", "https://a.example.com/"),
        ("http://a.example.com:8080?d=", "http://a.example.com:8080?"),
        ("https://a.example", ""),  # the host may go on in the next part
        ("https://", ""),
        ("ftp://a.example.com/", ""),
        ("see https://a.example.com/", ""),
    ],
)
def test_an_address_counts_when_its_host_is_whole(text: str, host: str) -> None:
    assert address(constant(text)) == host


def test_a_join_keeps_a_prefix_that_both_have() -> None:
    one = Value(None, prefix="https://a.example/")
    other = Value(None, prefix="https://b.example/")
    assert join(one, one).prefix == "https://a.example/"
    assert join(one, other).prefix == ""
    assert join(one, UNKNOWN).prefix == ""
    assert join(NULL, one).prefix == join(one, NOTHING).prefix == "https://a.example/"


def test_marks_leave_the_prefix() -> None:
    value = Value(None, prefix="https://a.example/").with_marks(frozenset((Mark(1),)))
    assert (value.prefix, value.without_marks().prefix) == ("https://a.example/",) * 2


def test_call_sites_that_do_not_exist_make_no_lambda() -> None:
    program = Program(DexIndex([("classes.dex", DEX.read_bytes())]))
    assert site(program, Place(0, 0), 9999) is None
    assert program.made == 0


def test_a_lambda_is_made_once_and_stands_at_its_site() -> None:
    program = Program(DexIndex([("classes.dex", DEX.read_bytes())]))
    first = site(program, Place(0, 4), 0)
    assert first is not None
    assert site(program, Place(0, 8), 0) == first
    assert program.made == 1
    (method,) = program.methods(first.cls).values()
    assert method.number < 0
    assert program.real(Place(method.number, 0)) == Place(0, 4)
