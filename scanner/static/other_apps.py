"""Code that starts a component of another app, named by its package.

The app's own package and those of the system are left out, and so are screens that open after a
tap (payment, sharing, maps): what counts are services, broadcasts, and screens that open unasked.
"""

from collections.abc import Iterator

from scanner.model.static import Behaviour
from scanner.static.calls import Code
from scanner.static.dex.arrays import Bool
from scanner.static.members import meanings
from scanner.static.named_links import callers, named

_NAMES = "names a package"


def find_other_apps(code: Code) -> Iterator[Behaviour]:
    """Yield the places that name another app, in methods that start something."""
    rules, index = code.rules.other_apps, code.index
    members = [(one.cls, one.names, _NAMES) for one in rules.named_by]
    naming = meanings(index, code.hierarchy, members)[_NAMES].nonzero()[0].tolist()
    sites = code.sites(index.invokes, naming)
    named_at = [(row, offset, _package(code, row, at)) for _, row, offset, at in sites]
    if not any(package for _, _, package in named_at):
        return
    background, screens = (
        callers(index, named(index, names)) for names in (rules.background, rules.screens)
    )
    for row, offset, package in named_at:
        if package and _starts(code, row, background, screens):
            yield Behaviour(
                kind="starts-other-app",
                place=code.names.place(row, offset),
                detail=package,
                actor=code.actor(row),
                reach=code.reach.of(row),
            )


def _starts(code: Code, row: int, background: Bool, screens: Bool) -> bool:
    """Tell a method that starts something nobody asked for."""
    return bool(background[row] or (screens[row] and code.reach.of(row).before_consent))


def _package(code: Code, row: int, at: int) -> str:
    """Return the constant package that a call is given first; empty when it is no other app's."""
    given = code.constants.argument(row, at, 0)
    if given is None or given.string < 0 or code.owners.is_library(int(code.index.defs.cls[row])):
        return ""
    text = code.index.string(given.string)
    inside = f"{text}.".startswith(tuple(f"{name}." for name in code.rules.other_apps.system))
    return "" if inside or text == code.package or "." not in text else text
