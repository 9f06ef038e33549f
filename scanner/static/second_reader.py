"""A second reading of the package by androguard, independent of our own readers.

Evidence that must hold should not rest on one parser. Ours is used for everything because it is
fast and keeps going where androguard refuses; androguard is asked, on demand, whether it reads
the same. Where the two disagree, the report says so and a person decides.
"""

import contextlib
from collections.abc import Callable, Collection
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.static import App, StaticEvidence

MAX_NAMES = 5


class SecondReading(NamedTuple):
    """What the second reader said: one line for the report, and disagreements as gaps."""

    note: str
    gaps: tuple[Gap, ...]


def cross_check(path: Path, app: App, static: StaticEvidence) -> SecondReading:
    """Return whether androguard reads the same identity, permissions, components and signers.

    A package that androguard refuses is no disagreement: the note says that it was refused.
    """
    reader = f"androguard {metadata.version('androguard')}"
    theirs = _read(path)
    if theirs is None:
        return SecondReading(f"{reader}: refused the package", ())
    differences = {
        what: (ours, other)
        for what, (ours, other) in _pairs(app, static, theirs).items()
        if ours != other
    }
    agreed = [what for what in _pairs(app, static, theirs) if what not in differences]
    gaps = tuple(_gap(reader, what, *pair) for what, pair in sorted(differences.items()))
    return SecondReading(f"{reader}: {', '.join(agreed)} agree", gaps)


def _read(path: Path) -> Any | None:
    """Return androguard's view, or None: it raises whatever it likes on odd packages."""
    from androguard.core.apk import APK  # noqa: PLC0415 - half a second, and only on demand
    from loguru import logger  # noqa: PLC0415

    logger.disable("androguard")
    try:
        found = APK(str(path))
        return found if found.is_valid_APK() else None
    except Exception:  # noqa: BLE001 - see above
        return None


def _pairs(app: App, static: StaticEvidence, theirs: Any) -> dict[str, tuple[object, object]]:
    """Return what each reader says, by subject. What androguard cannot answer is left out."""
    declared = {fact.name for fact in static.permissions if fact.declared}
    questions: dict[str, tuple[object, Callable[[], object]]] = {
        "package": (app.package, theirs.get_package),
        "version": (app.version_code, lambda: str(theirs.get_androidversion_code())),
        "target SDK": (app.target_sdk, lambda: int(theirs.get_target_sdk_version())),
        "permissions": (
            frozenset(declared),
            lambda: frozenset(theirs.get_permissions()) | _newer(declared, static),
        ),
        "services": (_named(static, "service"), lambda: frozenset(theirs.get_services())),
        "receivers": (_named(static, "receiver"), lambda: frozenset(theirs.get_receivers())),
        "providers": (_named(static, "provider"), lambda: frozenset(theirs.get_providers())),
        "signers": (frozenset(s.sha256 for s in app.signers), lambda: _signers(theirs)),
    }
    pairs: dict[str, tuple[object, object]] = {}
    for what, (ours, ask) in questions.items():
        # androguard fails on code-named SDK levels and on odd signature blocks.
        with contextlib.suppress(Exception):
            pairs[what] = (ours, ask())
    return pairs


def _newer(declared: Collection[str], static: StaticEvidence) -> frozenset[str]:
    """Return permissions of elements that androguard does not read."""
    return frozenset(
        fact.name
        for fact in static.permissions
        if fact.name in declared and fact.element not in {"", "uses-permission"}
    )


def _named(static: StaticEvidence, kind: str) -> frozenset[str]:
    return frozenset(c.name for c in static.components if c.kind == kind)


def _signers(theirs: Any) -> frozenset[str]:
    found = theirs.get_certificates()
    return frozenset(certificate.sha256.hex() for certificate in found)


def _gap(reader: str, what: str, ours: object, other: object) -> Gap:
    we, they = _words(ours, other), _words(other, ours)
    return Gap(
        part="app" if what in {"package", "version", "target SDK", "signers"} else "static",
        code="readers-disagree",
        subject=what,
        detail=Text(
            zh=f"两种解析结果不一致（{what}）：本工具 {we}；{reader} {they}",
            en=f"Two readers disagree ({what}): ours {we}; {reader} {they}",
        ),
    )


def _words(mine: object, other: object) -> str:
    """Return a value in words; of two sets only what the other lacks."""
    if isinstance(mine, frozenset) and isinstance(other, frozenset):
        names = sorted(mine - other)
        more = f" … ({len(names)})" if len(names) > MAX_NAMES else ""
        return ", ".join(names[:MAX_NAMES]) + more if names else "–"
    return str(mine)
