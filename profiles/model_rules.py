"""Types of the rules: regulations, clauses, articles, app categories, profiles."""

from typing import Literal

import msgspec

from scanner.model.base import Doc, Text
from scanner.model.common import Severity
from scanner.model.result import Coverage


class NecessaryInfo(Doc):
    """One item of necessary information: whose it is and when it is needed."""

    data_type: str
    role: str = ""
    condition: str = ""


class Category(Doc):
    """An app category of document 14 of 2021: what its basic function needs.

    `necessary` are data types, `details` the same with whose they are and when. The permission
    columns hold ids of permission groups and are derived, not official: what is in neither is
    suspected at most. `keywords` occur in labels and package names of such apps (lower case);
    `keywords` that begin with `pkg:` match a part of the package name only.
    """

    id: str
    number: int
    name: Text
    function: Text
    necessary: tuple[str, ...] = ()
    details: tuple[NecessaryInfo, ...] = ()
    permissions_basic: tuple[str, ...] = ()
    permissions_with_function: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    note: str = ""
    trust: str = ""
    source: tuple[str, ...] = ()
    checked: str = ""


class PermissionGroup(Doc):
    """A permission group of the category table: Android permissions and data types."""

    id: str
    name: Text
    permissions: tuple[str, ...]
    data_types: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    checked: str = ""


class LawRef(Doc):
    """One article that a finding may cite. `in_force` is an ISO date.

    An amendment moved some numbers: before `renumbered` (ISO date) the same rule was
    `old_article`. `until` is the last day of an article that is gone. `trust`: read (the text
    itself), summary (a secondary source), derived, memory.
    """

    id: str
    law: Text
    article: str
    gist: Text
    in_force: str = ""
    until: str = ""
    old_article: str = ""
    renumbered: str = ""
    note: str = ""
    trust: str = ""
    source: tuple[str, ...] = ()
    checked: str = ""


class Scenario(Doc):
    """A test scenario as a combination of facts; an empty field does not matter.

    `actor`: app or sdk. `told`: yes, no, unclear, recipient-unnamed (does the policy tell the
    user of this data for this actor). `consent`: before, after, refused. `scene`: ordinary or
    silent-or-background.
    """

    actor: Literal["", "app", "sdk"] = ""
    told: Literal["", "yes", "no", "unclear", "recipient-unnamed"] = ""
    consent: Literal["", "before", "after", "refused"] = ""
    scene: Literal["", "ordinary", "silent-or-background"] = ""


class Clause(Doc):
    """One clause of a regulation, answered by checks, by a person, or both.

    `title` is our own short wording, not the text of the rule. `tester` says what a person does
    by hand, `decide` what makes it a violation, `guard` what must not be mistaken for one.
    `law` are ids of law references, `related` clauses (`regulation:clause`) of other regulations
    that speak of the same thing. `subjects` narrows a check to the subjects that the clause
    speaks of (`policy-element-missing: [E04]`). `trust` says how the clause is known (see
    `LawRef`).
    """

    id: str
    group: str
    title: Text
    coverage: Coverage
    tester: Text
    checks: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    decide: Text | None = None
    guard: Text | None = None
    scenario: Scenario | None = None
    subjects: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    trust: str = ""
    source: tuple[str, ...] = ()
    checked: str = ""


class ClauseGroup(Doc):
    """A heading of a regulation."""

    id: str
    title: Text


class Regulation(Doc):
    """A rule text: its identity and its clauses.

    `role`: rule = clauses an app is judged by; vocabulary = the names under which an authority
    publishes the same findings; guide = a standard or good practice. `in_force` and `until` are
    ISO dates, empty when the instrument is a draft or still in force. `version` names the
    edition. `optional` packs are off unless asked for; `draft` ones are not law.
    """

    id: str
    title: Text
    number: str
    issuers: tuple[str, ...]
    issued: str
    in_force: str
    groups: tuple[ClauseGroup, ...]
    clauses: tuple[Clause, ...]
    role: Literal["rule", "vocabulary", "guide"] = "rule"
    version: str = ""
    until: str = ""
    optional: bool = False
    draft: bool = False
    note: Text | None = None
    trust: str = ""
    source: tuple[str, ...] = ()
    checked: str = ""


class Profile(Doc):
    """A set of regulations that an app is judged by."""

    id: str
    title: Text
    regulations: tuple[str, ...]
    severity_overrides: dict[str, Severity] = msgspec.field(default_factory=dict)
