"""The generated pages are current."""

from pathlib import Path

import pytest

from profiles.docs import main, pages
from profiles.load import load_knowledge


@pytest.mark.parametrize("name", ["sdks.md", "rules.md"])
def test_pages_are_current(root: Path, name: str) -> None:
    written = (root / "docs" / name).read_text(encoding="utf-8")
    assert written == pages(load_knowledge())[name], "run `python -m profiles.docs`"


def test_all_191_items_are_in_the_rules_page() -> None:
    know = load_knowledge()
    text = pages(know)["rules.md"]
    for clause in know.regulations["cn-191"].clauses:
        assert f"| {clause.id} | {clause.title.zh}" in text


def test_pages_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"sdks.md", "rules.md"}
    assert "rules.md" in capsys.readouterr().out
