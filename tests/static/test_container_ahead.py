"""Entries inflated beside other work are what reading them gives, damage and limits included."""

import zlib

import pytest

from scanner.static.container import Archive
from scanner.static.container_inflate import Ahead, Inflated
from scanner.static.container_source import BytesSource
from tests.support.package_made import archive

PARTS = {f"classes{n}.dex": bytes([n]) * 5000 * n + b"end" for n in range(1, 6)}


def both(data: bytes) -> tuple[Archive, Archive]:
    """Return the same archive twice; the second reads ahead."""
    plain, ahead = Archive(BytesSource(data)), Archive(BytesSource(data))
    ahead.begin(list(ahead.names))
    return plain, ahead


@pytest.mark.parametrize("stored", [False, True])
def test_the_same_bytes_in_any_order(stored: bool) -> None:
    plain, ahead = both(archive(PARTS, stored))
    for name in sorted(PARTS, reverse=True):
        assert ahead.read(name) == plain.read(name) == PARTS[name]
    assert ahead.read("classes1.dex") == PARTS["classes1.dex"]  # a second time
    assert ahead.budget.left == plain.budget.left - len(PARTS["classes1.dex"])
    assert ahead.budget.kept == 0


def test_damage_is_noted_as_without() -> None:
    data = bytearray(archive(PARTS))
    at = data.index(b"classes3.dex") + 40
    data[at : at + 4] = b"\xff\xff\xff\xff"
    plain, ahead = both(bytes(data))
    for name in PARTS:
        assert ahead.read(name) == plain.read(name)
    assert ahead.gaps() == plain.gaps() != ()


def test_what_is_spoken_for_is_not_given_to_others() -> None:
    plain, ahead = both(archive(PARTS))
    size = sum(map(len, PARTS.values()))
    assert ahead.budget.kept == size
    ahead.budget.left = size  # just enough for what was begun
    late = Archive(BytesSource(archive({"big.xml": b"x" * 3000})), ahead.budget)
    assert late.read("big.xml") is None
    assert {gap.code for gap in late.gaps()} == {"total-limit"}
    assert [ahead.read(name) for name in PARTS] == [plain.read(name) for name in PARTS]


def test_an_entry_beyond_the_budget_is_not_begun() -> None:
    target = Archive(BytesSource(archive(PARTS)))
    target.budget.dex = 12_000
    target.begin(list(target.names))
    assert target.budget.kept == len(PARTS["classes1.dex"])
    assert target.read("classes5.dex") == PARTS["classes5.dex"]
    target.stop()


def test_a_job_that_fails_has_no_result() -> None:
    def fails() -> Inflated | None:
        raise MemoryError

    ahead = Ahead({"a": fails, "b": lambda: Inflated(b"x", False, True, zlib.crc32(b"x"))})
    assert ahead.take("a") is None
    assert ahead.take("b") == (b"x", False, True, zlib.crc32(b"x"))
    assert ahead.take("absent") is None
    ahead.stop()
