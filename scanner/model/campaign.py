"""What a campaign's report is made of: counts and rows, never whole results."""

from typing import Literal

from scanner.model.base import Doc, Text
from scanner.model.common import Part
from scanner.model.result import Outcome, Result

Room = Literal["issue", "clause", "sdk", "maker"]
"""What an app can be listed under: a check, a clause, an SDK it contains, its developer."""


class AppRow(Doc):
    """The latest scan of an app. `core`: outcomes of permissions, collection, cross-border.

    `maker` is the developer a manifest names or `signer:` and a certificate digest; `maker_name`
    what to show. `score` grows with risk; `covered` is the percentage of clauses examined.
    `note` says something about the app where it is listed under something.
    """

    package: str
    category: Text
    grade_name: Text
    label: str = ""
    version: str = ""
    maker: str = ""
    maker_name: str = ""
    store: str = ""
    grade: str = ""
    score: float = 0.0
    fails: int = 0
    reviews: int = 0
    covered: int = 0
    core: tuple[str, str, str] = ("", "", "")
    finished: str = ""
    note: str = ""


class Listed(Doc):
    """A check, clause, SDK or developer, and how many apps fail or need a person there.

    `apps`: how many apps have to do with it at all. `about` is what belongs beside its name.
    """

    id: str
    name: Text
    about: Text | None = None
    apps: int = 0
    fails: int = 0
    reviews: int = 0


class Cause(Doc):
    """One cause in many apps: the same part of the same version doing the same thing.

    `data`: the personal data concerned, and in how many of the apps, the most frequent first.
    """

    check: str
    check_name: Text
    actor: str
    actor_name: Text
    version: str
    apps: int
    fails: int
    data: tuple[tuple[Text, int], ...] = ()
    examples: tuple[str, ...] = ()


class Repeat(Doc):
    """An app that failed the same check in several scans: versions, or campaigns."""

    package: str
    label: str
    maker: str
    check: str
    times: int
    where: tuple[str, ...]


class Past(Doc):
    """How a campaign went, one line of the trend. `failing` and `review` count apps."""

    name: str
    last: str
    apps: int
    failing: int
    review: int
    severe: int


class Moved(Doc):
    """How the apps of two campaigns compare; counts of findings, and the apps that got worse."""

    old: str
    apps: int
    fresh: int
    gone: int
    still: int
    worse: tuple[tuple[str, str, int], ...]


class Spread(Doc):
    """Something that spreads between two campaigns (see `scanner.fleet.trends`)."""

    kind: str
    name: Text
    change: str
    before: int
    before_of: int
    now: int
    now_of: int


class Unexamined(Doc):
    """An input that gave no result, and why."""

    path: str
    state: str
    detail: str


class Form(Doc):
    """A form in which an authority publishes. `regulation` is the one whose clause titles are the
    issue names; `columns` are keys of the words; `shape`: a row per app, or a section per issue.
    """

    id: str
    title: Text
    who: Text
    shape: Literal["table", "issues"]
    regulation: str
    source: str
    checked: str
    columns: tuple[str, ...] = ()


class Notice(Doc):
    """One app in a form: the issues it fails under the names of that authority."""

    app: AppRow
    issues: tuple[Text, ...]


class Version(Doc):
    """One scan in the history of an app."""

    campaign: str
    version: str
    finished: str
    fails: int
    reviews: int
    grade_name: Text
    latest: bool = False


class AppPage(Doc):
    """What the page of one app shows: its row, its latest result, its history."""

    row: AppRow
    result: Result
    history: tuple[Version, ...]


class Overview(Doc):
    """The numbers of a campaign. Apps are counted once, by their latest scan.

    `states`: inputs by how they ended. `standing`: apps by worst outcome (`fail`, `review`,
    `pass`). `core`: per question, apps by outcome. `parts`: apps in which a part was examined.
    """

    name: str
    first: str
    last: str
    knowledge: tuple[str, ...]
    version: str
    apps: int
    scans: int
    states: dict[str, int]
    standing: dict[str, int]
    grades: tuple[Listed, ...]
    core: dict[str, dict[str, int]]
    parts: dict[Part, int]
    issues: tuple[Listed, ...]
    clauses: tuple[Listed, ...]
    sdks: tuple[Listed, ...]
    makers: tuple[Listed, ...]
    causes: tuple[Cause, ...]
    past: tuple[Past, ...] = ()
    moved: Moved | None = None
    spread: tuple[Spread, ...] = ()
    makers_total: int = 0
    causes_total: int = 0


STANDING: tuple[Outcome, ...] = (Outcome.FAIL, Outcome.REVIEW, Outcome.PASS)
