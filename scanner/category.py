"""Which of the common app categories the app belongs to: as told, or guessed, or unknown."""

import re

import msgspec

from checks.api import Context
from profiles.model import Category, Knowledge
from scanner.model.base import Text
from scanner.model.common import Confidence
from scanner.model.result import CategoryInfo
from scanner.model.static import App

_SHORT = 5
"""Keywords up to this length must be a whole word of the package name: "map" is in "bitmap"."""

UNKNOWN = Text(zh="未确定", en="not determined")


def settle_category(app: App, know: Knowledge, ctx: Context) -> tuple[CategoryInfo, Context]:
    """Return the category and the context that carries it to the checks.

    A guess is firm only when label and package name point to one category alike and by
    different words; it never counts as told by the user.
    """
    if ctx.category:
        known = know.categories[ctx.category]
        return CategoryInfo(id=known.id, name=known.name, how="given", confidence="certain"), ctx
    guess = _guess(app, know)
    if guess is None:
        return CategoryInfo(id="", name=UNKNOWN, how="unknown"), ctx
    known, confidence, reasons = guess
    info = CategoryInfo(
        id=known.id, name=known.name, how="guessed", confidence=confidence, reasons=reasons
    )
    ctx = msgspec.structs.replace(ctx, category=known.id, category_confidence=confidence)
    return info, ctx


def _guess(app: App, know: Knowledge) -> tuple[Category, Confidence, tuple[str, ...]] | None:
    """Return the category with the most keywords; nothing when two are equally likely."""
    scored = []
    for category in know.categories.values():
        reasons = _reasons(app, category)
        if reasons:
            scored.append((sum(map(_weight, reasons)), category, reasons))
    scored.sort(key=lambda item: (-item[0], item[1].number))
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    _, best, reasons = scored[0]
    kinds = {reason.partition(":")[0] for reason in reasons}
    words = {reason.partition(":")[2] for reason in reasons}
    firm = len(scored) == 1 and len(kinds) > 1 and len(words) > 1
    return best, "firm" if firm else "tentative", tuple(reasons)


def _weight(reason: str) -> int:
    """Weigh a keyword: a long one says more than a short one, the label more than the package."""
    kind, _, word = reason.partition(":")
    return len(word.encode()) + (3 if kind == "label" else 0)


def _reasons(app: App, category: Category) -> list[str]:
    label = f"{app.label} {app.label_en}".lower()
    words = set(_words(label))
    parts = set(re.split(r"[._-]", app.package.lower())[1:])
    reasons = []
    for keyword in category.keywords:
        bare = keyword.removeprefix("pkg:")
        if any(bare in part for part in parts) and (len(bare) > _SHORT or bare in parts):
            reasons.append(f"package:{bare}")
        if keyword == bare and (bare in words or (not bare.isascii() and bare in label)):
            reasons.append(f"label:{bare}")
    return reasons


def _words(label: str) -> list[str]:
    return "".join(c if c.isascii() and c.isalnum() else " " for c in label).split()
