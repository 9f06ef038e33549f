"""Find the checks: every card in a group's folder, with the module of the same name."""

import contextlib
import hashlib
import inspect
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

import msgspec

from checks.api import Card, Check, alternatives
from profiles import compiled
from profiles.load import check_ids
from profiles.model import Knowledge
from profiles.strict_yaml import parse
from scanner.model.errors import KnowledgeError
from scanner.model.policy import PolicyEvidence
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import App, StaticEvidence
from scanner.model.traffic import TrafficEvidence

GROUPS = ("permissions", "collection", "cross_border", "policy", "consent")
_PARTS: dict[str, Any] = {
    "app": App,
    "static": StaticEvidence,
    "traffic": TrafficEvidence,
    "runtime": RuntimeEvidence,
    "policy": PolicyEvidence,
}
FIELDS = frozenset(
    f"{part}.{field}" for part, kind in _PARTS.items() for field in kind.__struct_fields__
)
"""Every field that a card may name; a column may follow (`static.permissions.used_by`)."""

_SHAPE = repr(Card.__annotations__).encode()


@cache
def load_checks() -> tuple[Check, ...]:
    """Return every check, ordered by id. Raises `KnowledgeError` naming the card and the field."""
    found = [_check(name, card) for name, card in _cards().items()]
    return tuple(sorted(found, key=lambda check: check.card.id))


def refuse_unknown(know: Knowledge) -> None:
    """Raise `KnowledgeError` when a clause or a profile names a check that does not exist."""
    named = check_ids(know).union(*(one.severity_overrides for one in know.profiles.values()))
    unknown = sorted(named - {check.card.id for check in load_checks()})
    if unknown:
        raise KnowledgeError(f"there is no check {unknown[0]!r}", "docs/checks.md lists them.")


def _cards() -> dict[str, Card]:
    """Return the cards by `group/stem`, from the compiled form when there is one for exactly
    these files.
    """
    sources = {
        f"{group}/{entry.name.removesuffix('.yaml')}": entry.read_bytes()
        for group in GROUPS
        for entry in files("checks").joinpath(group).iterdir()
        if entry.name.endswith(".yaml")
    }
    digest = hashlib.sha256(repr(sorted(sources.items())).encode() + _SHAPE).hexdigest()
    kept = compiled.recall(f"checks-{digest[:32]}")
    if kept is not None:
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(kept, type=dict[str, Card])
    cards = {name: read_card(data, f"checks/{name}.yaml") for name, data in sources.items()}
    compiled.remember(f"checks-{digest[:32]}", msgspec.msgpack.encode(cards))
    return cards


def _check(name: str, card: Card) -> Check:
    group, _, stem = name.partition("/")
    if card.id != stem.replace("_", "-") or card.group != group:
        raise KnowledgeError(
            f"checks/{name}.yaml: id and group must be those of the file's name and folder"
        )
    run = import_module(f"checks.{group}.{stem}").run
    takes = tuple(inspect.signature(run).parameters)
    verify(card, takes, f"checks/{name}.yaml")
    return Check(card=card, run=run, takes=takes)


def read_card(data: bytes, name: str) -> Card:
    """Return the card in a YAML file. Raises `KnowledgeError` naming file and field."""
    try:
        return msgspec.convert(parse(data, name), Card)
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"{name}: {error}") from error


def verify(card: Card, takes: tuple[str, ...], name: str) -> None:
    """Raise `KnowledgeError` when a card and its function do not fit each other."""
    entries = (*card.reads, *card.either, *card.also, *card.silence)
    named = {field for entry in entries for field in alternatives(entry)}
    unknown = sorted(field for field in named if ".".join(field.split(".")[:2]) not in FIELDS)
    if unknown:
        raise KnowledgeError(f"{name}: there is no evidence field `{unknown[0]}`")
    if not card.reads and not card.either:
        raise KnowledgeError(f"{name}: a check must read something")
    parts = {*card.needs, *card.wants}
    allowed = {*parts, *card.extra, "know"}
    required = set(card.extra) if "matrix" in card.extra else {*parts, *card.extra}
    if not required <= set(takes) <= allowed:
        expected = ", ".join(sorted(allowed))
        raise KnowledgeError(f"{name}: parameters must be {expected}, not {', '.join(takes)}")
