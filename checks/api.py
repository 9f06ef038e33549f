"""What a check is made of: its YAML card, what it may know, and its hits."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from scanner.model.base import Doc, Text
from scanner.model.common import PARTS, Confidence, Part, Severity

Group = Literal["permissions", "collection", "cross_border", "policy", "consent"]


def parts_of(fields: tuple[str, ...]) -> tuple[Part, ...]:
    """Return the parts named by evidence fields, in fixed order. Raises `ValueError`."""
    named = {one.partition(".")[0] for field in fields for one in alternatives(field)}
    unknown = named - set(PARTS)
    if unknown:
        raise ValueError(f"unknown evidence part: {min(unknown)}")
    return tuple(part for part in PARTS if part in named)


def alternatives(field: str) -> tuple[str, ...]:
    """Return the evidence fields of an entry: `a.x|b.y` means that either will do."""
    return tuple(field.split("|"))


class Card(Doc):
    """The YAML side of a check: every word that a reader of the report sees.

    `reads`, `either` and `also` are evidence fields (`static.calls`, `policy.statements`);
    `traffic.sightings|runtime.events` means that one of them will do.

    - `reads`: the parts must be there, otherwise the check is not assessed.
    - `either`: each of these fields can show the problem by itself. The check runs when one of
      the parts is there, but "nothing found" counts only when all of them are.
    - `also`: handed over when present, never decisive for "nothing found".
    - `silence`: fields whose emptiness the check holds against the app. When a gap blocks one of
      them the check is not assessed at all: what could not be read is no accusation.

    `core`: belongs to the core question of its group (permissions, collection, cross-border).

    A gap that blocks a field of `reads` or `either` turns "nothing found" into not assessed.
    `extra` asks for `matrix` and `ctx`. The parameters of the check function are the parts
    named, `extra`, and `know`; parts that are read only through the matrix may be left out, and
    so may `know`. Parts of `either` and `also` are None when missing.
    """

    id: str
    title: Text
    group: Group
    reads: tuple[str, ...]
    severity: Severity
    rationale: Text
    limits: Text
    remediation: Text
    confirm: Text
    messages: dict[str, Text]
    either: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    extra: tuple[Literal["matrix", "ctx"], ...] = ()
    on_hit: Literal["fail", "review"] = "fail"
    core: bool = True
    since: str = "0.1.0"

    @property
    def needs(self) -> tuple[Part, ...]:
        """The parts of the evidence without which the check cannot run."""
        return parts_of(tuple(field for field in self.reads if len(alternatives(field)) == 1))

    @property
    def wants(self) -> tuple[Part, ...]:
        """The parts handed over when present."""
        named = parts_of((*self.reads, *self.either, *self.also))
        return tuple(part for part in named if part not in self.needs)


class Hit(Doc):
    """One problem, before its message is worded.

    `subject` identifies the problem within the check and enters the fingerprint: it must not
    hold counts, offsets or versions. `evidence` are references into the Evidence document.
    `severity` and `outcome` override the card; a tentative hit is always for review.
    """

    subject: str
    message: str
    evidence: tuple[str, ...]
    args: dict[str, str | Text] = msgspec.field(default_factory=dict)
    confidence: Confidence = "firm"
    severity: Severity | None = None
    outcome: Literal["fail", "review"] | None = None
    data_type: str = ""
    actor: str = ""


class NotAssessed(Exception):  # noqa: N818 - an answer, not a fault
    """Raised by a check that finds, while running, that it cannot answer. Carries the reason."""

    def __init__(self, reason: Text) -> None:
        """Keep the reason in both languages."""
        super().__init__(reason.en)
        self.reason = reason


class NotApplicable(NotAssessed):
    """Raised by a check whose question does not arise for this app."""


class StoreLabel(Doc):
    """What the developer answered in the Data safety form of Google Play.

    `collected` and `shared` are ids of the form's data types (`PSL_DEVICE_ID`), `encrypted` and
    `deletable` its answers on encryption in transit and deletion on request, None when left open.
    """

    collected: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    encrypted: bool | None = None
    deletable: bool | None = None

    def declares(self, ids: Iterable[str]) -> bool:
        """Tell whether one of the types is ticked, as collected or as shared."""
        return not {*self.collected, *self.shared}.isdisjoint(ids)

    def shares(self, ids: Iterable[str]) -> bool:
        """Tell whether one of the types is ticked as shared."""
        return not set(self.shared).isdisjoint(ids)


class Context(Doc):
    """What the user told besides the evidence.

    `category` is an id of profiles/cn/categories.yaml or "" when unknown; `category_confidence`
    is "certain" when given by the user. `as_of` is an ISO date. `export_facts` are answers about
    data export (`ciio`, `pi_persons`, `spi_persons`, ...), never guessed. `packs` are ids of
    optional regulations that shall judge as well. `store_label` is the store's Data safety form.
    """

    category: str = ""
    category_confidence: Confidence = "tentative"
    as_of: str = ""
    export_facts: Mapping[str, str] = msgspec.field(default_factory=dict)
    packs: tuple[str, ...] = ()
    store_label: StoreLabel | None = None


class Check(Doc):
    """A card together with the function that decides. `takes` are the function's parameters."""

    card: Card
    run: Callable[..., Iterator[Hit]]
    takes: tuple[str, ...] = ()
