"""Writes the report of a campaign: reads the store in portions, renders, and puts files down."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from reports import render as render_result
from reports.campaign_report import Page, Site
from reports.campaign_report.workbook import Sheet, write
from reports.notices import forms
from scanner.fleet.overview import overview
from scanner.fleet.repeats import repeats
from scanner.fleet.survey import MOST_LISTED, PORTION, Survey
from scanner.fleet.trends import Ground
from scanner.model.base import Text
from scanner.model.campaign import AppRow, Cause, Form, Listed, Overview, Room
from scanner.model.errors import InputError, OutputError

T = TypeVar("T")
MARK = "index.html"
WORST = 15
CAUSES_ABOVE = 20
MOST_REPEATS = 2000
ROOMS: dict[str, tuple[Room, str, str]] = {
    "issues": ("issue", "issue", ""),
    "clauses": ("clause", "clause.column", "regulation.column"),
    "sdks": ("sdk", "sdk.column", "vendor.column"),
    "makers": ("maker", "maker.column", ""),
}
BOOK_COLUMNS = (
    *("package.column", "app.column", "version.column", "maker.column", "source"),
    *("category.column", "grade", "score.column", "fails.column", "reviews.column"),
    "covered.column",
)
NOTES = {"issue": "outcome.column", "clause": "outcome.column", "sdk": "sdkversion.column"}


class Wanted(msgspec.Struct, frozen=True):
    """What a report shall hold: its language, pages of single apps, their full reports."""

    lang: str = "zh"
    app_pages: bool = True
    full: bool = False


def write_site(
    survey: Survey,
    folder: Path,
    wanted: Wanted,
    *,
    earlier: Iterable[Ground] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> int:
    """Write the site to `folder`, whole or not at all, and return the number of its files.

    An earlier site there is replaced; another folder with content is refused with `InputError`.
    Raises `OutputError` when the disk is full.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise InputError(f"{folder}: not empty, and not a campaign's report", "Choose another.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".mingcha-", dir=folder.parent) as name:
            made = Path(name) / "site"
            made.mkdir(mode=0o755)
            count = _Writer(survey, made, wanted, tell).all(earlier)
            if folder.exists():
                shutil.move(folder, Path(name) / "old")
            made.rename(folder)
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}") from error
    return count


class _Writer:
    """One site being written."""

    def __init__(
        self,
        survey: Survey,
        folder: Path,
        wanted: Wanted,
        tell: Callable[[str], None],
    ) -> None:
        self._survey = survey
        self._folder = folder
        self._wanted = wanted
        self._tell = tell
        self._count = 0
        self._forms = tuple(forms().values())

    def all(self, earlier: Iterable[Ground]) -> int:
        self._tell("counting")
        before = tuple(earlier)
        o = overview(self._survey, before)
        self._site = Site(o.name, self._wanted.lang, o.version, app_pages=self._wanted.app_pages)
        self._index(o, before)
        self._apps(o)
        self._rooms(o)
        self._causes(o)
        self._notices()
        self._unexamined()
        if self._wanted.app_pages:
            self._app_pages(o)
        self._tell("workbook")
        self._put_book(o)
        return self._count

    def _put(self, path: str, content: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        self._count += 1

    def _page(self, template: str, path: str, title: str, here: str = "", **more: object) -> None:
        self._put(path, self._site.render(template, path, title, here, **more))

    def _index(self, o: Overview, earlier: Sequence[Ground]) -> None:
        worst = list(islice((row for rows in self._survey.apps() for row in rows), WORST))
        title = self._site.t("site.title", name=o.name)
        self._page("index", "index.html", title, "index", o=o, worst=worst)
        found = repeats((*earlier, Ground(self._survey.db.engine, o.name)), MOST_REPEATS)
        names = {one.maker: self._survey.name("maker", one.maker).zh for one in found}
        self._page(
            "trend", "trend.html", self._site.t("nav.trend"), "trend", o=o, repeats=found,
            names=names, issues={one.id: one.name for one in o.issues},
        )  # fmt: skip

    def _apps(self, o: Overview) -> None:
        self._app_list("apps", self._site.t("nav.apps"), "apps", self._survey.apps(), o.apps)

    def _app_list(
        self,
        stem: str,
        title: str,
        here: str,
        portions: Iterable[list[AppRow]],
        total: int,
        *,
        note: str = "",
        above: Sequence[Cause] = (),
        about: str = "",
    ) -> None:
        """Write a paged list of apps."""
        base = {"kind": "apps", "note": note, "about": about}
        for page, rows in self._paged(stem, portions, total):
            first = above if page.n == 1 else ()
            path = self._site.page(stem, page.n)
            self._page("list", path, title, here, rows=rows, page=page, above=first, **base)

    def _paged(
        self, stem: str, portions: Iterable[list[T]], total: int
    ) -> Iterator[tuple[Page, list[T]]]:
        """Yield (where we are, rows) for each page; one empty page when there is nothing."""
        of = max(1, -(-total // PORTION))
        leaf = stem.rpartition("/")[2]
        number = 0
        for number, rows in enumerate(portions, 1):
            back = self._site.page(leaf, number - 1) if number > 1 else ""
            following = self._site.page(leaf, number + 1) if number < of else ""
            yield Page(number, of, back, following), rows
        if not number:
            yield Page(), []

    def _rooms(self, o: Overview) -> None:
        """Write the lists of checks, clauses, SDKs and developers, and a page for each of them."""
        for name, (room, first, column) in ROOMS.items():
            title = self._site.t(f"nav.{name}")
            total = o.makers_total if room == "maker" else len(getattr(o, name))
            listed = self._survey.makers() if room == "maker" else iter(getattr(o, name))
            for page, rows in self._paged(name, _portions(listed), total):
                more = {"above": (), "note": "", "about": self._about(name), "of": o.apps}
                self._page(
                    "list", self._site.page(name, page.n), title, name, rows=rows, page=page,
                    kind=room, first=first, column=column,
                    count="contains.column" if room == "sdk" else "apps.column", **more,
                )  # fmt: skip
                for one in rows:
                    self._room(room, one, name)

    def _room(self, room: Room, one: Listed, here: str) -> None:
        self._tell(f"{room} {one.id}")
        say, stem = self._site.say, self._site.href(room, one.id).removesuffix(".html")
        own = [
            cause
            for cause in self._survey.causes()
            if (room == "sdk" and cause.actor == one.id)
            or (room == "issue" and cause.check == one.id)
        ]
        title = self._site.maker(one.id, say(one.name)) if room == "maker" else say(one.name)
        about = say(one.about)
        if room == "clause":
            about = f"{about} {one.id.partition(':')[2]}"
        if one.apps > MOST_LISTED:
            about = f"{about} {self._site.t('listed.first', n=MOST_LISTED, of=one.apps)}"
        self._app_list(
            stem, title, here, self._survey.listed_under(room, one.id), min(one.apps, MOST_LISTED),
            note=NOTES.get(room, ""), above=own[:CAUSES_ABOVE], about=about,
        )  # fmt: skip

    def _about(self, name: str) -> str:
        notes = {"issues": "what.note", "sdks": "sdk.note", "makers": "makers.note"}
        return self._site.t(notes[name]) if name in notes else ""

    def _causes(self, o: Overview) -> None:
        base = {"kind": "causes", "above": (), "note": "", "about": self._site.t("causes.note")}
        title = self._site.t("nav.causes")
        portions = _portions(self._survey.causes())
        for page, rows in self._paged("causes", portions, o.causes_total):
            path = self._site.page("causes", page.n)
            self._page("list", path, title, "causes", rows=rows, page=page, **base)

    def _notices(self) -> None:
        say, counts = self._site.say, []
        for form in self._forms:
            stem, title = f"notice-{form.id}", say(form.title)
            total = self._survey.noticed(form)
            counts.append((form, total))
            if form.shape == "issues":
                issues = list(self._issues(form))
                path = self._site.page(stem, 1)
                self._page("notice", path, title, "notices", form=form, issues=issues)
                continue
            for page, rows in self._paged(stem, self._survey.notices(form), total):
                lines = self._site.notice_rows(form, rows, (page.n - 1) * PORTION + 1)
                path = self._site.page(stem, page.n)
                self._page("notice", path, title, "notices", form=form, rows=lines, page=page)
        title = self._site.t("notice.title")
        self._page("notices", "notices.html", title, "notices", forms=counts)

    def _issues(self, form: Form) -> Iterator[tuple[Text, int, list[AppRow], str]]:
        """Yield (issue, apps that fail it, the first of them, page with all) of a form."""
        for clause in self._survey.clauses():
            if clause.id.startswith(f"{form.regulation}:") and clause.fails:
                rows = next(self._survey.listed_under("clause", clause.id), [])
                failing = [row for row in rows if row.note == "fail"]
                yield clause.name, clause.fails, failing, self._site.href("clause", clause.id)

    def _unexamined(self) -> None:
        title = self._site.t("nav.unexamined")
        total = self._survey.lost()
        for page, rows in self._paged("unexamined", self._survey.unexamined(), total):
            path = self._site.page("unexamined", page.n)
            self._page("unexamined", path, title, "unexamined", rows=rows, page=page)

    def _app_pages(self, o: Overview) -> None:
        for number, page in enumerate(self._survey.pages(), 1):
            if number % 100 == 1:
                self._tell(f"app {number} of {o.apps}")
            path, full = self._site.href("app", page.row.package), ""
            if self._wanted.full:
                full = f"{path.removesuffix('.html').rpartition('/')[2]}-report.html"
                content = render_result(page.result, "html", self._wanted.lang)
                self._put(f"app/{full}", content)
            self._put(path, self._site.app_page(page, path, full))

    def _put_book(self, o: Overview) -> None:
        with (self._folder / "campaign.xlsx").open("wb") as file:
            write(file, self._sheets(o))
        self._count += 1

    def _sheets(self, o: Overview) -> Iterator[Sheet]:
        t, say = self._site.t, self._site.say
        columns = BOOK_COLUMNS
        yield t("nav.apps"), [t(name) for name in columns], self._app_rows()
        for name, (room, first, column) in ROOMS.items():
            listed = self._survey.makers() if room == "maker" else iter(getattr(o, name))
            head = [first, column or "id", "apps.column", "fails.column", "reviews.column"]
            rows = (
                (say(one.name), say(one.about) if column else one.id, one.apps, one.fails,
                 one.reviews)
                for one in listed
            )  # fmt: skip
            yield t(f"nav.{name}"), [t(key) for key in head], rows
        causes = (
            (self._site.cause(c), c.apps, c.fails, self._site.concerned(c), " ".join(c.examples))
            for c in self._survey.causes()
        )
        head = ["nav.causes", "apps.column", "fails.column", "cause.data", "cause.examples"]
        yield t("nav.causes"), [t(key) for key in head], causes
        for form in self._forms:
            if form.shape == "table":
                yield say(form.title), [t(key) for key in form.columns], self._notice_rows(form)
        lost = (
            (one.path, t(f"state.{one.state}"), one.detail)
            for rows in self._survey.unexamined()
            for one in rows
        )
        head = ["path.column", "state.column", "detail.column"]
        yield t("nav.unexamined"), [t(key) for key in head], lost

    def _app_rows(self) -> Iterator[tuple[object, ...]]:
        say = self._site.say
        for rows in self._survey.apps():
            for row in rows:
                yield (
                    row.package, row.label, row.version,
                    self._site.maker(row.maker, row.maker_name), row.store, say(row.category),
                    say(row.grade_name), row.score, row.fails, row.reviews, row.covered,
                )  # fmt: skip

    def _notice_rows(self, form: Form) -> Iterator[tuple[str, ...]]:
        start = 1
        for notices in self._survey.notices(form):
            yield from self._site.notice_rows(form, notices, start)
            start += len(notices)


def _portions(rows: Iterable[T]) -> Iterator[list[T]]:
    each = iter(rows)
    while portion := list(islice(each, PORTION)):
        yield portion
