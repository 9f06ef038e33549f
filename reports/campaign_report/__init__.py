"""A campaign's report: static pages that need neither network nor script, and a workbook.

Pure: the pages are made of `scanner.model.campaign` and a language; `scanner.fleet.site` reads
the store and writes the files.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml
from markupsafe import Markup

from reports.campaign_report.app_rows import AppRows
from reports.clean import clean
from reports.html_report import LANGUAGE_TAGS, policy_for, templates
from reports.html_report import asset as report_asset
from reports.words import LOADER, strings
from scanner.model.base import Text
from scanner.model.campaign import AppPage, AppRow, Cause, Form, Listed, Notice, Overview
from scanner.model.common import CONFIDENCES, SEVERITIES
from scanner.model.result import Finding, Outcome, Result

MOST_FINDINGS = 60
READABLE = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
PAGES = ("apps", "issues", "clauses", "sdks", "makers", "causes")
ACCUSED = (Outcome.FAIL, Outcome.REVIEW)
GRADES = ("severe", "high", "moderate", "minimal")
ORDER = ("fail", "error", "review", "not_assessed", "pass", "not_applicable")


class Part(msgspec.Struct, frozen=True):
    """A stretch of a bar. `start` and `width` in percent, `style` names its colour."""

    style: str
    start: float
    width: float


class Page(msgspec.Struct, frozen=True):
    """Where in a paged list we are, and the file names beside."""

    n: int = 1
    of: int = 1
    back: str = ""
    next: str = ""


class Site:
    """The pages of one campaign in one language."""

    def __init__(self, name: str, lang: str, version: str, *, app_pages: bool = True) -> None:
        """Prepare. Without `app_pages` nothing links to pages of single apps."""
        self.name = name
        self.version = version
        self.app_pages = app_pages
        self._lang = lang
        self.rows = AppRows(self)
        style = Markup(_variables() + asset("campaign.css"))  # noqa: S704 - our own files
        script = Markup(asset("script.js"))  # noqa: S704 - our own file
        self._shared = {
            "site": self,
            "t": self.t,
            "say": self.say,
            "language": LANGUAGE_TAGS[lang],
            "style": style,
            "script": script,
            "csp": policy_for(style, script),
        }

    def render(self, template: str, path: str, title: str, here: str = "", **more: Any) -> bytes:
        """Return the page that will lie at `path`, made with one of our templates."""
        made = templates(__name__).get_template(f"{template}.html.j2")
        root = "../" * path.count("/")
        return made.render(**self._shared, root=root, title=title, here=here, **more).encode(
            "utf-8", "replace"
        )

    def app_page(self, page: AppPage, path: str, full: str = "") -> bytes:
        """Return the page of one app. `full` is the address of its own report, if written."""
        found = sorted(page.result.findings, key=_gravity)
        return self.render(
            "app",
            path,
            clean(page.row.label or page.row.package),
            page=page,
            full=full,
            findings=found[:MOST_FINDINGS],
            more=max(0, len(found) - MOST_FINDINGS),
            present=[sdk for sdk in page.result.sdks if sdk.present],
        )

    def t(self, key: str, **values: object) -> str:
        """Return our own word for `key`, filled. Raises `KeyError` when there is none."""
        text = words().get(key) or strings()[key]
        return self.say(text).format(**values)

    def say(self, text: Text | None) -> str:
        """Return a text in the language of the site."""
        if text is None:
            return ""
        return text.zh if self._lang == "zh" else text.en

    def nav(self) -> list[tuple[str, str]]:
        """Return the pages that every page links to: name of the word, file."""
        names = ["index", *PAGES, "trend", "notices", "unexamined"]
        return [*((name, f"{name}.html") for name in names), ("xlsx", "campaign.xlsx")]

    def href(self, room: str, name: str) -> str:
        """Return the file of one app, check, clause, SDK or developer."""
        return self.page(f"{room}/{slug(name)}", 1)

    def page(self, stem: str, number: int) -> str:
        """Return the file of one page of a list."""
        return f"{stem}.html" if number == 1 else f"{stem}-{number}.html"

    def number(self, value: int) -> str:
        """Return a count with its thousands apart."""
        return f"{value:,}"

    def points(self, value: float) -> str:
        """Return a score without needless decimals."""
        return f"{value:,.1f}".removesuffix(".0")

    def percent(self, part: int, whole: int) -> str:
        """Return a share in percent; one that is not all and not none never reads so."""
        if not whole:
            return "–"
        share = 100 * part / whole
        if part and share < 0.1:  # noqa: PLR2004
            return "<0.1%"
        return f"{min(share, 99.9) if part < whole else share:.1f}%"

    def parts(self, counts: Sequence[tuple[str, int]], whole: int) -> list[Part]:
        """Return the stretches of a bar of length `whole`."""
        made, start = [], 0.0
        for style, count in counts:
            width = 100 * count / whole if whole else 0.0
            made.append(Part(style, round(start, 3), round(width, 3)))
            start += width
        return made

    def known(self, counts: dict[str, int]) -> list[str]:
        """Return the outcomes that occur, the gravest first."""
        return [name for name in ORDER if counts.get(name)]

    def outcomes(self, counts: dict[str, int], whole: int) -> list[Part]:
        """Return the bar of outcomes."""
        return self.parts([(name, counts[name]) for name in self.known(counts)], whole)

    def graded(self, grades: Sequence[Listed], whole: int) -> list[Part]:
        """Return the bar of grades, the gravest first."""
        return self.parts([(self.colour(g.id)[2:], g.apps) for g in grades], whole)

    def colour(self, grade: str) -> str:
        """Return the style class of a grade; a grade of somebody's own table is grey."""
        return f"f-g-{grade if grade in GRADES else 'other'}"

    def lost(self, overview: Overview) -> int:
        """Return how many inputs gave no result."""
        return sum(count for state, count in overview.states.items() if state != "done")

    def knowledge(self, digests: Sequence[str]) -> str:
        """Return the digests of the knowledge, shortened."""
        return self.t("comma").join(digest[:12] for digest in digests) or "–"

    def cause(self, cause: Cause) -> str:
        """Return what a cause does, in one sentence."""
        return self.t(
            "cause.sentence",
            actor=self.say(cause.actor_name),
            version=self.t("cause.version", version=cause.version) if cause.version else "",
            issue=self.say(cause.check_name),
        )

    def concerned(self, cause: Cause) -> str:
        """Return the personal data of a cause, each with its number of apps."""
        return self.t("comma").join(
            f"{self.say(name)} {self.number(apps)}" for name, apps in cause.data
        )

    def maker(self, name: str, shown: str) -> str:
        """Return what to call a developer who may be known by a certificate only."""
        if not name.startswith("signer:"):
            return shown or name
        digest = name.partition(":")[2][:12]
        parts = dict(part.strip().partition("=")[::2] for part in shown.split(","))
        own = parts.get("O") or parts.get("CN") or ""
        return f"{own} [{digest}]" if own else digest

    def cited(self, result: Result, finding: Finding) -> list[tuple[str, str]]:
        """Return the clauses of a finding: what to call them, and the page if they have one."""
        rules = {rule.id: self.say(rule.title) for rule in result.regulations}
        clauses = {f"{c.regulation}:{c.clause}": c for c in result.clauses}
        shown = []
        for name in finding.clauses:
            regulation, _, number = name.partition(":")
            clause = clauses.get(name)
            words = number if clause is None or number[:1].isdigit() else self.say(clause.title)
            accused = clause is not None and clause.outcome in ACCUSED
            page = self.href("clause", name) if accused else ""
            shown.append((f"{rules.get(regulation, regulation)} {words}", page))
        return shown

    def named(self, row: AppRow) -> str:
        """Return an app as notices arranged by issue name it."""
        return self.t(
            "notice.app",
            label=clean(row.label or row.package),
            version=clean(row.version),
            store=clean(row.store) or self.t("notice.store.unknown"),
        )

    def notice_rows(
        self, form: Form, notices: Sequence[Notice], start: int = 1
    ) -> list[tuple[str, ...]]:
        """Return the rows of a form, numbered from `start`."""
        return [
            tuple(self._notice_value(column, one, start + n) for column in form.columns)
            for n, one in enumerate(notices)
        ]

    def _notice_value(self, column: str, notice: Notice, number: int) -> str:
        app = notice.app
        developer = "" if app.maker.startswith("signer:") else app.maker
        values = {
            "notice.no": str(number),
            "form.app_name": app.label or app.package,
            "form.developer": developer,
            "form.operator": developer,
            "form.app_category": self.say(app.category),
            "form.store": app.store,
            "form.app_version": app.version,
            "form.problems": self.t("semicolon").join(map(self.say, notice.issues)),
        }
        return clean(values[column])


def slug(name: str) -> str:
    """Return a file name for an id: the id when it is harmless and readable, else a digest."""
    plain = name.replace(":", "-").replace(".", "-")
    if READABLE.fullmatch(plain) and not name.startswith("signer:"):
        # The digest keeps apart what reads alike once the punctuation is gone.
        return plain if plain == name else f"{plain}-{_digest(name)[:6]}"
    return _digest(name)[:16]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


@cache
def words() -> dict[str, Text]:
    """Return the words of the campaign report by key."""
    content = asset("words.yaml")
    return msgspec.convert(yaml.load(content, LOADER), dict[str, Text])  # noqa: S506 - a safe loader


@cache
def asset(name: str) -> str:
    """Return one of our own files."""
    return files("reports.campaign_report").joinpath(name).read_text(encoding="utf-8")


def _variables() -> str:
    """Return the colours of the app report, light and dark."""
    return report_asset("style.css").partition("*{box-sizing")[0]


def _gravity(finding: Finding) -> tuple[bool, int, int, str]:
    return (
        finding.outcome is not Outcome.FAIL,
        SEVERITIES.index(finding.severity),
        CONFIDENCES.index(finding.confidence),
        finding.id,
    )
