"""The ready-made CI files parse, and every option and format they use exists."""

import re
from pathlib import Path

import click
import pytest
import yaml

import reports
from scanner.cli import COMMANDS, cli
from scanner.commands.deliver import file_name

FOLDER = Path(__file__).parent.parent / "docs" / "ci"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".md")
# A command line: `mingcha` and a command, with its continuation lines.
LINE = re.compile(r"(?:^|[\s/])mingcha ([a-z]+)((?:[^\n\\]|\\\n)*)")


def lines(path: Path) -> list[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    return [(name, rest) for name, rest in LINE.findall(text) if name in COMMANDS]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_options_and_formats_exist(path: Path) -> None:
    found = lines(path)
    assert found
    for name, rest in found:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= known, name
        for formats in re.findall(r"--formats (\S+)", rest):
            assert set(formats.split(",")) <= set(reports.FORMATS)


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix in {".yml", ".yaml"}])
def test_yaml_parses(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


def test_reports_that_jobs_pick_up_are_written_under_that_name() -> None:
    written = {file_name(fmt) for fmt in reports.FORMATS}
    for path in FILES:
        named = re.findall(r"mingcha-report/([\w.-]+)", path.read_text(encoding="utf-8"))
        assert set(named) <= written, path.name
