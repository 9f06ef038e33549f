"""What the static room returns."""

from collections.abc import Iterable
from pathlib import Path

from scanner.model.base import Doc
from scanner.model.common import Gap, Input
from scanner.model.static import App, StaticEvidence
from scanner.static.container_source import FileSource, digest
from scanner.static.package import Package


class StaticGathering(Doc):
    """Everything that the package says.

    `policy_texts` are (place, bytes) of privacy-policy documents found inside; the policy room
    reads them.
    """

    app: App
    static: StaticEvidence
    gaps: tuple[Gap, ...] = ()
    inputs: tuple[Input, ...] = ()
    policy_texts: tuple[tuple[str, bytes], ...] = ()


def sorted_gaps(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return the gaps in a fixed order, each once."""
    return tuple(sorted(dict.fromkeys(gaps), key=lambda g: (g.code, g.subject, g.detail.en)))


def inputs_of(package: Package, mapping: Path | None = None) -> tuple[Input, ...]:
    """Return the files that were read. Raises `InputError` for an unreadable mapping."""
    found = [
        Input(role="app", name=p.name, sha256=p.digests.sha256, size=p.digests.size)
        for p in package.parts
    ]
    if mapping is not None:
        source = FileSource(mapping)
        try:
            read = digest(source)
        finally:
            source.close()
        found.append(Input(role="mapping", name=mapping.name, sha256=read.sha256, size=read.size))
    return tuple(found)
