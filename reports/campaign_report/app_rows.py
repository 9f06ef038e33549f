"""The rows of the lists of apps. One app stands in dozens of lists: its cells are made once."""

from collections.abc import Sequence
from html import escape
from typing import Protocol

from markupsafe import Markup

from reports.clean import clean
from scanner.model.base import Text
from scanner.model.campaign import AppRow

KEPT = 5000


class Names(Protocol):
    """What the rows need from the site."""

    app_pages: bool

    def t(self, key: str, **values: object) -> str:
        """Return a word."""

    def say(self, text: Text | None) -> str:
        """Return a text."""

    def href(self, room: str, name: str) -> str:
        """Return a file."""

    def maker(self, name: str, shown: str) -> str:
        """Return what to call a developer."""

    def points(self, value: float) -> str:
        """Return a score."""


class AppRows:
    """Makes the rows. `note` is the word above the column that says something about the app."""

    def __init__(self, site: Names) -> None:
        """Take the site whose rows these are."""
        self._site = site
        self._made: dict[tuple[str, str], tuple[str, str]] = {}

    def __call__(self, rows: Sequence[AppRow], root: str, note: str) -> Markup:
        """Return the rows of a table body; every value in them is escaped here."""
        lines = []
        for row in rows:
            first, rest = self._cells(row, root)
            lines.append(f"<tr>{first}{self._note(row, note)}{rest}</tr>")
        return Markup("\n".join(lines))  # noqa: S704 - escaped by _text

    def _note(self, row: AppRow, note: str) -> str:
        if note == "outcome.column":
            return f'<td><span class="tag c-{row.note}">{self._outcome(row.note)}</span></td>'
        return f"<td><bdi>{_text(row.note or '–')}</bdi></td>" if note else ""

    def _cells(self, row: AppRow, root: str) -> tuple[str, str]:
        """Return what stands before and after the note."""
        if len(self._made) > KEPT:
            self._made.clear()
        known = (row.package, root)
        if known not in self._made:
            self._made[known] = (self._name(row, root), self._rest(row, root))
        return self._made[known]

    def _name(self, row: AppRow, root: str) -> str:
        name = f"<bdi>{_text(row.label or row.package)}</bdi>"
        if self._site.app_pages:
            name = f'<a href="{root}{self._site.href("app", row.package)}">{name}</a>'
        if row.label:
            name += f'<br><span class="mono soft">{_text(row.package)}</span>'
        return f'<th scope="row" class="w">{name}</th>'

    def _rest(self, row: AppRow, root: str) -> str:
        site = self._site
        maker = "–"
        if row.maker:
            shown = _text(site.maker(row.maker, row.maker_name))
            maker = f'<a href="{root}{site.href("maker", row.maker)}"><bdi>{shown}</bdi></a>'
        core = " / ".join(
            f'<span class="c-{outcome or "not_assessed"}">{self._outcome(outcome)}</span>'
            for outcome in row.core
        )
        cells = (
            ("", f"<bdi>{_text(row.version or '–')}</bdi>"),
            ("", maker),
            ("", _text(site.say(row.category) or "–")),
            ("k", _text(site.say(row.grade_name) or "–")),
            ("n", site.points(row.score)),
            ("n c-fail" if row.fails else "n", str(row.fails)),
            ("n c-review" if row.reviews else "n", str(row.reviews)),
            ("k", core),
            ("n", f"{row.covered}%"),
        )
        return "".join(f'<td class="{kind}">{cell}</td>' for kind, cell in cells)

    def _outcome(self, outcome: str) -> str:
        return _text(self._site.t(f"outcome.{outcome or 'not_assessed'}"))


def _text(text: str) -> str:
    return escape(clean(text))
