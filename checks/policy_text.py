"""What several checks ask of the policy's elements."""

import re
from collections.abc import Iterable

from checks.api import Hit, NotAssessed
from checks.reasons import FOREIGN_TEXT, NO_MAIN_TEXT
from scanner.model.base import Text, same
from scanner.model.common import Severity
from scanner.model.policy import Element, PolicyEvidence
from scanner.model.static import StaticEvidence

_WHOLE = ("main", "embedded")
"""Kinds of documents that a policy's elements can be expected in; a list page is none."""
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TEN = "十"


def element(policy: PolicyEvidence, name: str) -> Element:
    """Return an element. Raises `NotAssessed` when there is no policy proper, when it is
    foreign, or when nobody looked for the element.
    """
    whole = [document for document in policy.documents if document.kind in _WHOLE]
    if not whole:
        raise NotAssessed(NO_MAIN_TEXT)
    if not any(document.language == "zh" for document in whole):
        raise NotAssessed(FOREIGN_TEXT)
    found = next((e for e in policy.elements if e.id == name), None)
    if found is None:
        what = same(name)
        raise NotAssessed(
            Text(zh=f"未检查政策要素 {what.zh}", en=f"element {what.en} was not looked for")
        )
    return found


def screens(static: StaticEvidence | None, *kinds: str) -> tuple[str, ...]:
    """Return references to what a user would see of the given kinds."""
    if static is None:
        return ()
    return tuple(f"static/ui/{n}" for n, fact in enumerate(static.ui) if fact.kind in kinds)


def missing_right(
    policy: PolicyEvidence,
    static: StaticEvidence | None,
    name: str,
    kinds: tuple[str, ...],
    severity: Severity,
) -> Iterable[Hit]:
    """Yield one hit when a right is told neither in the policy nor on a screen, or half told.

    Messages: `missing` (neither), `screen_only` (a screen offers it, the policy is silent),
    `no_way` (the policy grants it and does not say how to use it).
    """
    found, seen = element(policy, name), screens(static, *kinds)
    ref = f"policy/elements/{name}"
    if found.found == "not_found":
        absent = tuple(f"absence/ui/{kind}" for kind in kinds if static is not None)
        yield Hit(
            subject=name,
            message="screen_only" if seen else "missing",
            evidence=(ref, *(seen[:2] or absent[:1])),
            confidence=found.confidence,
            severity="low" if seen else severity,
            outcome="review" if seen else None,
        )
    elif found.found == "present" and not found.value and not seen:
        yield Hit(
            subject=f"{name}/way",
            message="no_way",
            evidence=(ref,),
            severity="low",
            outcome="review",
        )


def numbers(text: str, unit: str) -> list[int]:
    """Return the numbers that stand before a unit, in digits or in Chinese numerals up to 99."""
    found = re.findall(rf"(\d{{1,3}}|[零一二三四五六七八九十两〇]{{1,3}})\s*个?{unit}", text)
    return [value for one in found if (value := number(one)) is not None]


def number(text: str) -> int | None:
    """Return the value of a short number in digits or Chinese numerals, None when it is none."""
    if text.isascii() and text.isdecimal():
        return int(text)
    tens, has_ten, ones = text.partition(_TEN)
    if not has_ten:
        return _DIGITS.get(text)
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
