"""The flows of one package file, from opening it to the finished document."""

from pathlib import Path
from typing import NamedTuple

from profiles.model import Knowledge
from scanner.model.progress import Tell, silent
from scanner.static.dex.index import DexIndex
from scanner.static.flow.engine import FlowResult, find_flows
from scanner.static.formats import open_package
from scanner.static.mapping import read_mapping
from scanner.static.names import Names
from scanner.static.package_side import package_side


class AppFlows(NamedTuple):
    """The flows of a file and how it is called in reports (folder and name)."""

    file: str
    result: FlowResult


def flows_of(
    path: Path,
    know: Knowledge,
    *,
    budget_seconds: float = 30.0,
    implicit: bool = False,
    mapping: Path | None = None,
    tell: Tell = silent,
) -> AppFlows:
    """Return the data flows of a package; code that the app itself loads later is left out.

    Raises `InputError` when the file is no package, or the mapping is none.
    """
    package = open_package(path, tell)
    try:
        facts = package_side(package, know, tell).facts
    finally:
        package.close()
    index = DexIndex([(dex.name, dex.data) for dex in facts.dex if not dex.dynamic])
    names = Names(index, read_mapping(mapping) if mapping is not None else None)
    result = find_flows(
        index, facts, know, budget_seconds=budget_seconds, implicit=implicit, names=names, tell=tell
    )
    return AppFlows("/".join(path.parts[-2:]), result)
