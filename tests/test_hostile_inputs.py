"""The hostile inputs are what they say, so that a test built on them can fail."""

import zipfile
from pathlib import Path

import pytest

from tests.fixtures import hostile


@pytest.mark.parametrize("kind", ["APPS", "POLICIES", "CAPTURES"])
def test_every_writer_writes_something_small(kind: str, tmp_path: Path) -> None:
    for name, write in getattr(hostile, kind).items():
        folder = tmp_path / name
        folder.mkdir()
        path = write(folder)
        assert path.parent == folder
        assert path.exists() == (name != "missing")
        if path.is_file():
            assert path.stat().st_blocks * 512 < 8 * hostile.MIB


def test_names_that_lead_outside_are_in_the_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(hostile.traversal(tmp_path)) as archive:
        assert {"../../outside.txt", "/absolute.txt"} <= set(archive.namelist())


def test_doubled_names_are_doubled(tmp_path: Path) -> None:
    with zipfile.ZipFile(hostile.doubled_names(tmp_path)) as archive:
        names = archive.namelist()
    assert names.count("AndroidManifest.xml") == names.count("classes.dex") == 2


def test_encrypted_flag_is_set_on_the_code(tmp_path: Path) -> None:
    with zipfile.ZipFile(hostile.encrypted_flag(tmp_path)) as archive:
        flags = {info.filename: info.flag_bits & 1 for info in archive.infolist()}
    assert flags["classes.dex"] == flags["AndroidManifest.xml"] == 1
    assert flags["resources.arsc"] == 0


def test_bomb_inflates_a_thousandfold(tmp_path: Path) -> None:
    path = hostile.bomb(tmp_path)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("assets/zeros.bin")
    assert info.file_size > 500 * info.compress_size
    assert path.stat().st_size < hostile.MIB
