"""The HTML report in a real browser: it runs clean, filters, reads in order and prints."""

import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import browser
import msgspec
import pytest
import sample
from pypdf import PdfReader

import reports
from scanner.model.base import same
from scanner.model.result import (
    Outcome,
    PolicyElement,
    PolicyReading,
    PolicyText,
    Timeline,
    TimelineEvent,
    TimelineSpan,
)

BINARY = browser.find()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BINARY is None, reason="no Chromium is installed"),
]
SPAN = ("2026-06-10T02:00:00.000Z", "2026-06-10T02:00:30.000Z")
HOSTILE = '</script></title><img src=x onerror="console.error(1)">\u202egnp.exe'

# Elements whose text is too faint on its background (WCAG 2.1 AA, 4.5:1).
CONTRAST = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const one = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * one(r) + .7152 * one(g) + .0722 * one(b);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c[3] === 255) return c;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const e of document.querySelectorAll("main *")) {
    const says = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!says || e.closest("svg") || !e.checkVisibility()) continue;
    const both = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    if ((both[0] + .05) / (both[1] + .05) < 4.5) faint.add(`${e.tagName}.${e.className}`);
  }
  return [...faint];
})()"""


def full() -> Any:
    """Return a result with every section, and two findings of which one is for review."""
    findings = (
        sample.finding(),
        sample.finding(1, outcome=Outcome.REVIEW, severity="low", message=same("另一个问题 other")),
    )
    event = TimelineEvent(
        time=SPAN[0], phase="before_consent", actor="app", data_type="imei", host="a", span=0
    )
    return msgspec.structs.replace(
        sample.result(findings),
        timeline=Timeline(
            spans=(TimelineSpan(phase="before_consent", start=SPAN[0], end=SPAN[1], seconds=30),),
            events=(event,),
        ),
        policy=PolicyReading(
            documents=(PolicyText(name="p.html", kind="main", language="zh", chars=9, sha256="0"),),
            statements=(),
            elements=(PolicyElement(id="E01", found="present", quote="示例公司"),),
            parties=(),
        ),
    )


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Page]:
    assert BINARY is not None
    with browser.chromium(BINARY, tmp_path_factory.mktemp("profile")) as page:
        yield page


def show(tab: browser.Page, folder: Path, result: Any, lang: str = "zh") -> browser.Page:
    path = folder / "report.html"
    path.write_bytes(reports.render(result, "html", lang))
    tab.errors.clear()
    tab.open(path)
    return tab


@pytest.mark.parametrize("lang", reports.LANGUAGES)
def test_it_runs_without_errors_and_filters(tab: browser.Page, tmp_path: Path, lang: str) -> None:
    show(tab, tmp_path, full(), lang)
    visible = "document.querySelectorAll('.finding:not([hidden])').length"
    assert tab.js(visible) == 2
    for control, value, count in (
        ("f-outcome", "review", 1),
        ("f-outcome", "", 2),
        ("f-severity", "high", 1),
        ("f-severity", "", 2),
        ("f-text", "OTHER", 1),
    ):
        tab.js(
            f"(() => {{ const e = document.getElementById('{control}'); e.value = '{value}';"
            " e.dispatchEvent(new Event('input')); })()"
        )
        tab.settle()
        assert tab.js(visible) == count, control
    assert "1" in tab.js("document.getElementById('f-shown').textContent")
    assert tab.errors == []


def test_findings_fold_and_links_unfold_them(tab: browser.Page, tmp_path: Path) -> None:
    show(tab, tmp_path, full())
    tab.js("document.querySelector('.fold').click()")
    assert tab.js("document.querySelector('.fold').getAttribute('aria-expanded')") == "false"
    assert tab.js("document.querySelector('.finding .trio').checkVisibility()") is False
    tab.js("location.hash = document.querySelector('.finding').id")
    tab.settle()
    assert tab.js("document.querySelector('.finding .trio').checkVisibility()") is True
    assert tab.errors == []


def test_it_reads_without_script(tab: browser.Page, tmp_path: Path) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        show(tab, tmp_path, sample.result(tuple(sample.finding(n) for n in range(30))))
        seen = "[...document.querySelectorAll('.trio')].filter((e) => e.checkVisibility()).length"
        assert tab.js(seen) == 30
        controls = (
            "[...document.querySelectorAll('.tools, .theme')].some((e) => e.checkVisibility())"
        )
        assert tab.js(controls) is False, "no control that would do nothing"
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_hostile_strings_stay_text(tab: browser.Page, tmp_path: Path) -> None:
    finding = sample.finding(message=same(HOSTILE), waived=HOSTILE)
    show(tab, tmp_path, sample.result((finding,), label=HOSTILE + "x" * 1_000_000))
    assert tab.js("document.images.length") == 0
    assert tab.js("document.scripts.length") == 1
    assert "\u202e" not in tab.js("document.documentElement.textContent")
    assert tab.js("document.documentElement.outerHTML.length") < 200_000
    assert tab.errors == []


def test_structure_reads_in_order(tab: browser.Page, tmp_path: Path) -> None:
    show(tab, tmp_path, full())
    levels = tab.js("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = tab.js("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    targets = tab.js("[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.hash.slice(1))")
    assert {unquote(name) for name in targets} <= set(ids)


def in_order(nodes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield role and name of the nodes that are not ignored, in the order of reading."""
    by_id = {node["nodeId"]: node for node in nodes}
    waiting = [nodes[0]["nodeId"]]
    while waiting:
        node = by_id[waiting.pop()]
        if not node["ignored"]:
            yield node["role"]["value"], node.get("name", {}).get("value", "")
        waiting += [child for child in reversed(node["childIds"]) if child in by_id]


def test_a_screen_reader_hears_the_answers_before_the_details(
    tab: browser.Page, tmp_path: Path
) -> None:
    """The accessibility tree, as the browser hands it to a screen reader."""
    show(tab, tmp_path, full(), "en")
    tab.call("Accessibility.enable")
    spoken = list(in_order(tab.call("Accessibility.getFullAXTree")["nodes"]))
    links = [name for role, name in spoken if role == "link"]
    assert links[0] == "Skip to content"
    heard = [name for role, name in spoken if role == "heading"]
    order = (
        "晴空天气 1.2", "Undisclosed or unconsented collection", "Not examined",
        "What was examined",
        "Evidence matrix", "Timeline around consent", "Findings", "Clause by clause",
        "Permissions", "Third-party SDKs", "Destinations", "Reading of the policy", "Checks",
        "Method, limits and versions",
    )  # fmt: skip
    places = [heard.index(name) for name in order]
    assert places == sorted(places)
    assert {"navigation", "main", "search"} <= {role for role, _ in spoken}


def test_landmarks_can_be_told_apart(tab: browser.Page, tmp_path: Path) -> None:
    show(tab, tmp_path, full())
    names = tab.js("[...document.querySelectorAll('[role=region]')].map((e) => e.ariaLabel)")
    assert len(names) == len(set(names))


def test_a_long_report_folds_all_but_the_first_of_each_kind(
    tab: browser.Page, tmp_path: Path
) -> None:
    findings = tuple(sample.finding(n) for n in range(30))
    show(tab, tmp_path, sample.result(findings))
    state = "[...document.querySelectorAll('.finding')].map((c) => c.classList.contains('folded'))"
    assert tab.js(state) == [False] + [True] * 29
    show(tab, tmp_path, sample.result(findings[:24]))
    assert not any(tab.js(state))


def test_the_contents_follow_the_reader(tab: browser.Page, tmp_path: Path) -> None:
    show(tab, tmp_path, full())
    current = "document.querySelector('.toc [aria-current]').hash"
    assert tab.js(current) == "#summary"
    tab.js("document.getElementById('method').scrollIntoView()")
    tab.settle()
    assert tab.js(current) == "#method"
    assert tab.js("document.querySelectorAll('.toc [aria-current]').length") == 1


@pytest.mark.parametrize(
    ("selector", "is_bad"),
    [
        ("button", "!e.textContent.trim()"),
        ("th", "!e.scope"),
        ("svg", "e.getAttribute('role') !== 'img' || !e.getAttribute('aria-label')"),
        ("input,select", "!e.labels.length && !e.ariaLabel"),
        (".scroll", "e.tabIndex !== 0 || !e.ariaLabel"),
    ],
)
def test_everything_has_a_name(
    tab: browser.Page, tmp_path: Path, selector: str, is_bad: str
) -> None:
    show(tab, tmp_path, full())
    elements = f"[...document.querySelectorAll('{selector}')]"
    assert tab.js(f"{elements}.length") > 0
    assert tab.js(f"{elements}.filter((e) => {is_bad}).length") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(tab: browser.Page, tmp_path: Path, theme: str) -> None:
    show(tab, tmp_path, full())
    tab.js(f"document.documentElement.dataset.theme = '{theme}'")
    assert tab.js("getComputedStyle(document.documentElement).colorScheme") == theme
    assert tab.js(CONTRAST) == []


def test_a_narrow_screen_scrolls_tables_not_the_page(tab: browser.Page, tmp_path: Path) -> None:
    tab.call(
        "Emulation.setDeviceMetricsOverride",
        width=390,
        height=800,
        deviceScaleFactor=1,
        mobile=False,
    )
    try:
        show(tab, tmp_path, full(), "en")
        assert tab.js("document.documentElement.scrollWidth") <= 390
    finally:
        tab.call("Emulation.clearDeviceMetricsOverride")


def printed(tab: browser.Page) -> str:
    """Return the text of the printed report; NFKC undoes that the font maps some characters
    to their radicals.
    """
    paper = PdfReader(io.BytesIO(tab.pdf()))
    return unicodedata.normalize("NFKC", "".join(page.extract_text() for page in paper.pages))


def test_print_is_a4_whole_and_chinese(tab: browser.Page, tmp_path: Path) -> None:
    show(tab, tmp_path, full())
    tab.js("document.getElementById('f-fold').click()")
    paper = PdfReader(io.BytesIO(tab.pdf()))
    box = paper.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    text = printed(tab)
    assert "另一个问题" in text  # a finding's heading
    assert "35****7" in text  # evidence of a folded finding
    assert "复制证据" not in text
    assert re.search("第 *1.{1,2},共", text)  # every sheet is numbered
    assert "复核:____" in text.replace("：", ":").replace("＿", "_")


def test_paper_holds_what_the_reader_opened(tab: browser.Page, tmp_path: Path) -> None:
    """The manual method of 180 clauses would bury a filed report; an opened one is wanted."""
    show(tab, tmp_path, full())
    assert "请通读全文" not in printed(tab)
    tab.js("document.querySelector('.clauses details').open = true")
    assert "请通读全文" in printed(tab)


def test_evidence_is_printed_once_and_then_referred_to(tab: browser.Page, tmp_path: Path) -> None:
    show(tab, tmp_path, full())
    text = printed(tab)
    assert text.count("TelephonyManager.getDeviceId") == 1
    assert "证据同问题1" in text.replace(" ", "")
