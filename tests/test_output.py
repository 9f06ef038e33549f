"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from scanner.model.errors import OutputError
from scanner.output import write_file, write_files


def test_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    paths = write_files(tmp_path / "new", {"a.json": b"1", "b.html": b"2"})
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a.json", "b.html"]


def test_a_failure_halfway_leaves_the_old_files(tmp_path: Path) -> None:
    write_file(tmp_path / "a.json", b"old")
    (tmp_path / "b.html").mkdir()  # renaming a file onto a folder fails
    (tmp_path / "b.html" / "x").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot write"):
        write_files(tmp_path, {"b.html": b"new", "a.json": b"new"})
    assert (tmp_path / "a.json").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.html"]


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"")
    with pytest.raises(OutputError):
        write_files(tmp_path / "f", {"a": b""})


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scanner.output.os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_files(tmp_path, {"a": b"x"})
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scanner.output.os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, {"a": b"x"})
    assert list(tmp_path.iterdir()) == []
