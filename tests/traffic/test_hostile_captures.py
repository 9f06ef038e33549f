"""Captures made to break a reader: something is kept or refused, and the loss is named."""

import sys
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.io import tnetstring

from profiles.load import load_knowledge
from reports.traffic_text import TrafficText
from scanner.model.errors import InputError
from scanner.traffic.flow_file import dumps
from scanner.traffic.gather import gather_traffic
from scanner.traffic.report import to_json

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures"))
import hostile


@pytest.mark.parametrize("name", sorted(hostile.CAPTURES))
def test_every_hostile_capture_is_read_or_refused(name: str, tmp_path: Path) -> None:
    path = hostile.CAPTURES[name](tmp_path)
    said = ""
    try:
        said = gather_traffic([path], load_knowledge()).traffic.captures[0].name
    except InputError as error:
        said = str(error)
    assert path.name in said


def test_a_length_that_lies_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "long.mitm"
    path.write_bytes(b"10000000000:" + b"x" * 100)
    seen = gather_traffic([path], load_knowledge())
    assert seen.traffic.captures[0].lost == 1
    assert "traffic.sightings" in {field for gap in seen.gaps for field in gap.blocks}


def test_bytes_that_are_no_text_reach_no_document(root: Path, tmp_path: Path) -> None:
    with (root / "tests" / "fixtures" / "traffic" / "dirty.mitm").open("rb") as file:
        flow: dict[str, Any] = tnetstring.load(file)
    odd = b"\xff\xfe"
    flow["request"] |= {
        "path": b"/a" + odd + b"?x" + odd + b"=860000042718287",
        "method": b"PO" + odd,
        "http_version": b"HTTP" + odd,
        "headers": ((b"x" + odd, odd * 9), (b"cookie", b"imei" + odd + b"=860000042718287")),
    }
    path = tmp_path / "odd.mitm"
    path.write_bytes(dumps(flow))
    know = load_knowledge()
    seen = gather_traffic([path], know)
    assert seen.traffic.captures[0].exchanges == 1
    assert b"PO??" in to_json(seen)
    assert TrafficText({}, "zh").render(seen.traffic, seen.gaps)
