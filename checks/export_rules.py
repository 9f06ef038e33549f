"""The decision table for the export of personal data: first row that fits, facts never guessed."""

from collections.abc import Mapping

import msgspec

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc, Text

_YES, _NO = "yes", "no"
_LONGEST = 12
"""Digits of a number of persons; more are a slip of the hand."""


class Fact(Doc):
    """A fact that only the operator knows, and the question for it."""

    id: str
    kind: str
    question: Text
    choices: tuple[str, ...] = ()


class When(Doc):
    """The condition of a row. What is None does not matter; bounds are inclusive.

    `exempt`: any exemption applies; `exemption`: this one, a choice of the fact `exempt`.
    """

    exempt: bool | None = None
    exemption: str | None = None
    important_data: bool | None = None
    ciio: bool | None = None
    pi_persons_min: int | None = None
    pi_persons_max: int | None = None
    spi_persons_min: int | None = None
    spi_persons_max: int | None = None


class Row(Doc):
    """One row: condition, mechanism, articles."""

    id: str
    when: When
    mechanism: str
    law: tuple[str, ...] = ()
    trust: str = ""


class Mechanism(Doc):
    """A way to legalise export, and what remains due with it."""

    id: str
    name: Text
    still: Text


class ExportTable(Doc):
    """The whole table. It holds from `in_force` on (ISO date)."""

    facts: tuple[Fact, ...]
    rows: tuple[Row, ...]
    mechanisms: tuple[Mechanism, ...]
    in_force: str
    source: tuple[str, ...] = ()
    checked: str = ""


def export_table(know: Knowledge) -> ExportTable:
    """Return the table. Raises `KnowledgeError` when it does not fit its type."""
    return table(know, "cross_border", ExportTable)


def decide(facts: Mapping[str, str], know: Knowledge) -> Mechanism | None:
    """Return the mechanism of the first row that fits, or None when facts are missing.

    A row counts only when all facts it asks for are known, and no earlier row could still fit.
    """
    rules = export_table(know)
    for row in rules.rows:
        fits = _fits(row.when, facts)
        if fits is None:
            return None
        if fits:
            return next(m for m in rules.mechanisms if m.id == row.mechanism)
    return None


def too_early(as_of: str, know: Knowledge) -> bool:
    """Tell whether the table did not hold yet on a date; "" is today."""
    return bool(as_of) and as_of < export_table(know).in_force


def open_questions(facts: Mapping[str, str], know: Knowledge) -> tuple[Text, ...]:
    """Return the questions whose answers are missing or unusable."""
    return tuple(
        fact.question
        for fact in export_table(know).facts
        if (count(facts, fact.id) if fact.kind == "count" else _truth(facts, fact.id)) is None
    )


def problems(facts: Mapping[str, str], know: Knowledge) -> tuple[str, ...]:
    """Return what is wrong with facts as given: unknown names and values that do not fit."""
    known = {fact.id: fact for fact in export_table(know).facts}
    wrong = [f"unknown fact {name!r}" for name in sorted(facts) if name not in known]
    for name, fact in known.items():
        if name in facts and (
            count(facts, name) is None
            if fact.kind == "count"
            else facts[name] not in (fact.choices or (_YES, _NO))
        ):
            wrong.append(f"{name}={facts[name]!r} does not fit")
    return tuple(wrong)


def _fits(when: When, facts: Mapping[str, str]) -> bool | None:
    """Return whether a row fits; None when that depends on a fact not given."""
    wanted = {n: w for n, w in msgspec.structs.asdict(when).items() if w is not None}
    answers = [_answer(name, value, facts) for name, value in wanted.items()]
    if False in answers:
        return False
    return None if None in answers else True


def _answer(name: str, wanted: bool | int | str, facts: Mapping[str, str]) -> bool | None:
    """Return whether one condition holds; None when its fact is not given."""
    if name == "exemption":
        return facts["exempt"] == wanted if "exempt" in facts else None
    if name.endswith(("_min", "_max")):
        number = count(facts, name.rpartition("_")[0])
        low = name.endswith("_min")
        return None if number is None else (number >= int(wanted)) == low or number == wanted
    truth = _truth(facts, name)
    return None if truth is None else truth == wanted


def _truth(facts: Mapping[str, str], name: str) -> bool | None:
    value = facts.get(name)
    return None if value is None else value != _NO


def count(facts: Mapping[str, str], name: str) -> int | None:
    """Return a number of persons, None when it is not given or no number."""
    value = facts.get(name, "").replace(",", "")
    usable = value.isascii() and value.isdecimal() and len(value) <= _LONGEST
    return int(value) if usable else None
