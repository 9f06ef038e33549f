"""Every signature of every kind: its own example is recognised, a near miss is left alone."""

from collections.abc import Iterator

import pytest

from profiles.load import load_knowledge
from profiles.match import Catalogue, SdkTrace, Traces
from profiles.model import MARKER_FIELDS, Knowledge, MarkerKind, Sdk

_FIELD = {**MARKER_FIELDS, "package": "classes"}


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def catalogue(know: Knowledge) -> Catalogue:
    return Catalogue(know)


def signatures(know: Knowledge) -> Iterator[tuple[Sdk, MarkerKind, str]]:
    """Yield every signature of every SDK."""
    for sdk in know.sdks.values():
        for kind, field in MARKER_FIELDS.items():
            for value in getattr(sdk, field):
                yield sdk, kind, value


def example(kind: MarkerKind, value: str) -> str:
    """Return what an app shows that has this signature."""
    if kind == "package":
        return f"{value}.Zz9"
    if kind == "component" and value.startswith("."):
        return f"com.zz9.app{value}"
    return value.replace("*", "1.2.3")


def near_misses(kind: MarkerKind, value: str) -> Iterator[str]:
    """Yield what looks like it and is something else: a longer name on either side."""
    if kind in ("package", "component"):
        yield f"{value}zz9" if kind == "component" else f"{value}zz9.Zz9"
        yield f"zz9.{value}" if not value.startswith(".") else f"com.zz9{value}Zz9"
    elif kind == "host":
        yield f"zz9{value}"
        yield f"{value}.zz9"
    else:
        if not value.endswith("*"):
            yield f"{value}zz9"
        if not value.startswith("*"):
            yield f"zz9{value}"


def found(catalogue: Catalogue, kind: MarkerKind, name: str) -> tuple[SdkTrace, ...]:
    return catalogue.match(Traces(**{_FIELD[kind]: [name]}))


def test_every_signature_is_recognised(know: Knowledge, catalogue: Catalogue) -> None:
    users: dict[tuple[MarkerKind, str], int] = {}
    for _, kind, value in signatures(know):
        users[kind, value] = users.get((kind, value), 0) + 1
    missed = []
    for sdk, kind, value in signatures(know):
        if kind == "host" or users[kind, value] > 1:
            continue  # a host may belong to the vendor, a shared file proves none by itself
        names = [example(kind, value), value] if kind == "package" else [example(kind, value)]
        seen = [
            m
            for n in names
            for t in found(catalogue, kind, n)
            if t.sdk == sdk.id
            for m in t.markers
        ]
        if (kind, value) not in {(m.kind, m.value) for m in seen}:
            missed.append(f"{sdk.id}: {kind} {value}")
    assert not missed


def test_no_signature_takes_its_neighbour(know: Knowledge, catalogue: Catalogue) -> None:
    taken = [
        f"{sdk.id}: {kind} {value} took {name}"
        for sdk, kind, value in signatures(know)
        for name in near_misses(kind, value)
        for trace in found(catalogue, kind, name)
        if any(m.kind == kind and m.value == value for m in trace.markers)
    ]
    assert not taken


def test_a_marker_of_several_sdks_proves_none(know: Knowledge, catalogue: Catalogue) -> None:
    users: dict[tuple[MarkerKind, str], set[str]] = {}
    for sdk, kind, value in signatures(know):
        if kind not in ("package", "host", "component"):
            users.setdefault((kind, value), set()).add(sdk.id)
    shared = {key: ids for key, ids in users.items() if len(ids) > 1}
    for (kind, value), ids in shared.items():
        named = {trace.sdk for trace in found(catalogue, kind, example(kind, value))}
        assert not named & ids, value
