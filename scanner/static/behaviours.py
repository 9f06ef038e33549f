"""Behaviours that the manifest alone proves: self-start, being started by others, open data."""

from collections.abc import Iterator

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc
from scanner.model.common import Confidence
from scanner.model.static import Behaviour, Location
from scanner.static.facts import ComponentFact
from scanner.static.manifest import Manifest


class ManifestSigns(Doc):
    """The table `manifest_signs.yaml`. Prefixes in `associated_start`, endings in `keep_alive` and
    `keep_alive_hints`.
    """

    checked: str
    source: tuple[str, ...]
    auto_start: tuple[str, ...]
    associated_start: tuple[str, ...]
    keep_alive: tuple[str, ...]
    keep_alive_hints: tuple[str, ...]
    keep_alive_actions: tuple[str, ...]
    oldest_runtime_target: int


def manifest_behaviours(manifest: Manifest, know: Knowledge) -> tuple[Behaviour, ...]:
    """Return the manifest's behaviours, ordered by kind and component."""
    signs = table(know, "manifest_signs", ManifestSigns)
    found = [b for c in manifest.components if c.enabled for b in _of(c, signs)]
    if manifest.level < signs.oldest_runtime_target:
        found.append(
            Behaviour(
                kind="old-target-sdk",
                place=Location(cls=manifest.application_class or manifest.package),
                detail=f"targetSdkVersion {manifest.level}",
                confidence="certain",
            )
        )
    return tuple(sorted(found, key=lambda b: (b.kind, b.place.cls, b.detail)))


def _of(component: ComponentFact, signs: ManifestSigns) -> Iterator[Behaviour]:
    place = Location(cls=component.name)
    woken = sorted(set(component.actions).intersection(signs.auto_start))
    if component.kind == "receiver" and woken:
        yield Behaviour(
            kind="auto-start", place=place, detail=", ".join(woken), confidence="certain"
        )
    shared = [a for a in component.actions if a.startswith(signs.associated_start)]
    if component.kind in ("service", "receiver") and component.exported and shared:
        yield Behaviour(
            kind="associated-start", place=place, detail=", ".join(shared), confidence="firm"
        )
    made_to_stay = component.name.endswith(signs.keep_alive)
    why = ", ".join(sorted(set(component.actions).intersection(signs.keep_alive_actions)))
    if made_to_stay or why or component.name.endswith(signs.keep_alive_hints):
        sure: Confidence = "firm" if made_to_stay else "tentative"
        yield Behaviour(kind="keep-alive", place=place, detail=why, confidence=sure)
    if component.kind == "provider" and component.exported and not _guarded(component):
        yield Behaviour(
            kind="exported-provider",
            place=place,
            detail=", ".join(component.authorities),
            confidence="certain",
        )


def _guarded(component: ComponentFact) -> bool:
    return bool(component.permission or (component.read_permission and component.write_permission))
