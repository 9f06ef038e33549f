"""What the reports say, word by word, in both languages (`--update-goldens` rewrites)."""

from pathlib import Path

import pytest
import sample

import reports
from reports.inventory import inventory
from reports.pages import to_html, to_markdown

GOLDENS = Path(__file__).parent / "golden"
RESULT = sample.result((sample.finding(), sample.finding(1, waived="reason (owner)")))


def body(page: bytes) -> bytes:
    """Return the part of a page that shows the result: style and script are not its words."""
    return page[page.index(b"<main>") : page.index(b"</main>")] + b"</main>\n"


def produced(name: str, lang: str) -> bytes:
    if name == "inventory.md":
        return to_markdown(inventory(RESULT, lang))
    if name == "inventory.html":
        return body(to_html(inventory(RESULT, lang)))
    fmt = name.removeprefix("report.")
    page = reports.render(RESULT, fmt, lang)
    return body(page) if fmt == "html" else page


@pytest.mark.parametrize("lang", reports.LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [
        "report.html",
        "report.md",
        "report.junit",
        "report.text",
        "report.sarif",
        "inventory.md",
        "inventory.html",
    ],
)
def test_golden(name: str, lang: str, request: pytest.FixtureRequest) -> None:
    path = GOLDENS / f"{lang}-{name}"
    content = produced(name, lang)
    if request.config.getoption("--update-goldens"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert content.decode() == path.read_text(encoding="utf-8"), "see --update-goldens"
