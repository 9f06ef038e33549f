"""HAR of the named tools, and hostile versions of each: no entry is ever lost unnamed."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import har_made
import pytest

from profiles.model import Knowledge
from scanner.traffic.gather import TrafficGathering, gather_traffic
from scanner.traffic.report import to_json

ODD: tuple[Any, ...] = (None, [], {}, "", -1, 1e308, True, "x\x00\ud800", [None, 3], {"a": [{}]})


def study(path: Path, data: bytes, know: Knowledge) -> TrafficGathering:
    path.write_bytes(data)
    return gather_traffic([path], know)


@pytest.mark.parametrize("tool", sorted(har_made.TOOLS))
def test_every_writer_is_read(tool: str, tmp_path: Path, know: Knowledge) -> None:
    make, readable = har_made.TOOLS[tool]
    entries = make()
    seen = study(tmp_path / "a.har", har_made.file_of(tool, entries), know)
    capture = seen.traffic.captures[0]
    assert (capture.exchanges, capture.lost) == (len(entries), 0)
    found = [s for s in seen.traffic.sightings if s.data_type == "imei" and s.side == "request"]
    assert sum(s.count for s in found) == readable
    assert all(e.time == "2026-06-10T02:00:10.000Z" for e in seen.traffic.exchanges)


def test_contents_that_a_writer_left_out_are_absent_not_empty(
    tmp_path: Path, know: Knowledge
) -> None:
    for tool in ("Chrome", "Charles"):
        entries = har_made.TOOLS[tool][0]()
        seen = study(tmp_path / "a.har", har_made.file_of(tool, entries), know)
        assert seen.traffic.exchanges[-1].readable == "absent"
        assert "absent-bodies" in {gap.code for gap in seen.gaps}


def test_refused_certificates_of_http_toolkit_are_in_the_ledger(
    tmp_path: Path, know: Knowledge
) -> None:
    errors = [
        {
            "startedDateTime": har_made.TIME,
            "hostname": "pin.vendor.example",
            "cause": "cert-rejected",
        },
        {"startedDateTime": 5, "hostname": None},
        "odd",
    ]
    data = har_made.file_of("HTTP Toolkit", har_made.http_toolkit(), _tlsErrors=errors)
    seen = study(tmp_path / "a.har", data, know)
    verdicts = {fact.host: fact.verdict for fact in seen.traffic.connections}
    assert verdicts["pin.vendor.example"] == "certificate-refused"
    assert "certificate-refused" in {gap.code for gap in seen.gaps}


def changed(entry: Any) -> Iterator[Any]:
    """Yield copies of an entry in which one value at a time is something else, or gone."""
    for path in list(_paths(entry)):
        for odd in ODD:
            copied = copy.deepcopy(entry)
            place = copied
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = odd
            yield copied
        if isinstance(path[-1], str):
            del place[path[-1]]
            yield copied


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        return
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*above, key)
        yield from _paths(child, (*above, key))


@pytest.mark.parametrize("tool", sorted(har_made.TOOLS))
def test_hostile_versions_lose_nothing_unnamed(tool: str, tmp_path: Path, know: Knowledge) -> None:
    entries = [version for entry in har_made.TOOLS[tool][0]() for version in changed(entry)]
    assert len(entries) > 300
    seen = study(tmp_path / "a.har", har_made.file_of(tool, entries), know)
    capture = seen.traffic.captures[0]
    assert capture.exchanges + capture.lost >= len(entries)
    assert capture.exchanges <= len(entries)
    assert capture.exchanges > len(entries) * 0.8
    assert capture.lost == sum(loss.count for loss in capture.loss)
    assert har_made.IMEI.encode() not in to_json(seen)
