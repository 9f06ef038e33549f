"""Captures made to break a reader: something is kept or refused, and the loss is named."""

import sys
from pathlib import Path

import pytest

from profiles.load import load_knowledge
from scanner.model.errors import InputError
from scanner.traffic.gather import gather_traffic

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
