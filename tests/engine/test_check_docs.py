"""The page on the checks is generated from the cards and current."""

from pathlib import Path

from checks.registry import load_checks
from profiles.model import Knowledge
from scanner.check_docs import main, page


def test_the_page_is_current(know: Knowledge, root: Path) -> None:
    cards = [check.card for check in load_checks()]
    written = (root / "docs" / "checks.md").read_text(encoding="utf-8")
    assert written == page(cards, know), "run `python -m scanner.check_docs`"


def test_writing_says_how_many(tmp_path: Path) -> None:
    assert main(tmp_path / "checks.md") == 0
    assert "## undisclosed-sdk" in (tmp_path / "checks.md").read_text(encoding="utf-8")
