"""What the reports say, word by word, in both languages (`--update-goldens` rewrites)."""

from pathlib import Path

import msgspec
import pytest
import sample

import reports
from reports.inventory import inventory
from reports.notices import notice
from reports.pages import to_html, to_markdown
from scanner.diff import compare
from scanner.diff_text import to_lines, to_page
from scanner.model.matrix import Cell, Matrix
from scanner.model.result import Outcome, PolicyQuote, PolicyReading, PolicyText

GOLDENS = Path(__file__).parent / "golden"
READ = PolicyReading(
    documents=(PolicyText(name="p.html", kind="main", language="zh", chars=9, sha256="0" * 64),),
    statements=(
        PolicyQuote(
            action="share",
            actor="app",
            polarity="positive",
            types=("mac",),
            purpose="",
            document="p.html",
            start=0,
            quote="我们会共享您的设备信息。",
        ),
    ),
    elements=(),
    parties=(),
)
CHANGED = msgspec.structs.replace(
    sample.result(),
    policy=READ,
    matrix=Matrix(
        cells=(
            *sample.result().matrix.cells,
            Cell(data_type="oaid", actor="app", reachable=True, declared="omitted"),
        )
    ),
)
NOTICED = msgspec.structs.replace(
    sample.result(),
    clauses=tuple(
        msgspec.structs.replace(clause, regulation=rule, outcome=Outcome.FAIL)
        for rule in ("miit-issues", "cac-cverc")
        for clause in sample.result().clauses[:1]
    ),
)
RESULT = sample.result((sample.finding(), sample.finding(1, waived="reason (owner)")))


def body(page: bytes) -> bytes:
    """Return the part of a page that shows the result: style and script are not its words."""
    return page[page.index(b"<main>") : page.index(b"</main>")] + b"</main>\n"


def produced(name: str, lang: str) -> bytes:
    if name == "inventory.md":
        return to_markdown(inventory(RESULT, lang))
    if name == "inventory.html":
        return body(to_html(inventory(RESULT, lang)))
    if name.startswith("notice."):
        return to_markdown(
            notice([NOTICED], name.removeprefix("notice.").removesuffix(".md"), lang)
        )
    if name.startswith("diff."):
        difference = compare(sample.result(()), CHANGED)
        if name == "diff.html":
            return body(to_page(difference, lang))
        lines = to_lines(difference, lang, markdown=name == "diff.md")
        return ("\n".join(lines) + "\n").encode()
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
        "notice.miit.md",
        "notice.cverc.md",
        "notice.cac.md",
        "diff.text",
        "diff.md",
        "diff.html",
    ],
)
def test_golden(name: str, lang: str, request: pytest.FixtureRequest) -> None:
    path = GOLDENS / f"{lang}-{name}"
    content = produced(name, lang)
    if request.config.getoption("--update-goldens"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert content.decode() == path.read_text(encoding="utf-8"), "see --update-goldens"
