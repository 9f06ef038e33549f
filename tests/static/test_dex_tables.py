"""The small array and text tools of the dex index, each against the plain way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scanner.static.dex.arrays import order_of, present, unique
from scanner.static.dex.ids import Parameters
from scanner.static.dex.index import Refs
from scanner.static.dex.pool import unite
from scanner.static.dex.text import mutf8, mutf8_all

_KEYS = st.lists(st.one_of(st.integers(0, 9), st.integers(0, 2**61)), max_size=60)


@given(_KEYS)
def test_the_order_is_stable_and_ascending(keys: list[int]) -> None:
    column = np.array(keys, np.int64)
    assert order_of(column).tolist() == sorted(range(len(keys)), key=keys.__getitem__)


@given(_KEYS)
def test_distinct_numbers_with_their_first_places(keys: list[int]) -> None:
    first, inverse = unique(np.array(keys, np.int64))
    ascending = sorted(set(keys))
    assert [keys[at] for at in first.tolist()] == ascending
    assert first.tolist() == [keys.index(key) for key in ascending]
    assert [ascending[k] for k in inverse.tolist()] == keys


@given(st.lists(st.integers(0, 30)))
def test_which_numbers_are_there(keys: list[int]) -> None:
    assert present(np.array(keys, np.int32), 31).tolist() == sorted(set(keys))


@given(st.lists(st.lists(st.sampled_from([b"", b"a", b"b", b"ab", b"c"])), max_size=4))
def test_texts_are_numbered_by_first_appearance(files: list[list[bytes]]) -> None:
    pool, maps = unite(b"", files)
    wanted = list(dict.fromkeys([b"", *(text for file in files for text in file)]))
    assert pool.texts == wanted
    assert [[wanted[k] for k in numbers.tolist()] for numbers in maps] == files
    asked = [*wanted, b"absent", b"\xff"]
    numbers = [*range(len(wanted)), -1, -1]
    assert [pool.find(text) for text in asked] == numbers
    assert pool.find_all(asked).tolist() == numbers


class _Same(bytes):
    """Texts that all have one hash."""

    def __hash__(self) -> int:
        return 7


def test_texts_with_one_hash_stay_apart() -> None:
    a, b, c = _Same(b"a"), _Same(b"b"), _Same(b"c")
    pool, maps = unite(_Same(b""), [[a, b], [b, c, a]])
    assert pool.texts == [b"", b"a", b"b", b"c"]
    assert [numbers.tolist() for numbers in maps] == [[1, 2], [2, 3, 1]]
    assert [pool.find(text) for text in (c, b, _Same(b"d"))] == [3, 2, -1]
    assert pool.find_all([b, _Same(b"d")]).tolist() == [2, -1]


def test_parameters_of_a_prototype() -> None:
    params = Parameters(np.array([0, 0, 2, 3]), np.array([7, 8, 8], np.int32))
    assert [params[k] for k in range(len(params))] == [(), (7, 8), (8,)]
    assert params.holding((7, 5)).tolist() == [False, True, False]
    assert params.holding((-1,)).tolist() == [False, False, False]


@given(st.lists(st.integers(0, 9)), st.sets(st.integers(-1, 12)))
def test_references_are_found_by_what_they_name(ids: list[int], wanted: set[int]) -> None:
    column = np.array(ids, np.int32)
    refs = Refs(column, column, column)
    found = refs.naming(np.array(sorted(wanted), np.int64))
    assert found.tolist() == [at for at, number in enumerate(ids) if number in wanted]


@given(st.lists(st.binary(max_size=6).map(lambda raw: raw.replace(b"\0", b"")), max_size=600))
def test_many_texts_are_decoded_like_one(raw: list[bytes]) -> None:
    assert mutf8_all(raw) == [mutf8(one) for one in raw]
