"""The flows of one package file, from opening it to the finished document."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.model.progress import Tell, silent
from scanner.static import gather
from scanner.static.dex.index import DexIndex
from scanner.static.flow.engine import FlowResult, find_flows
from scanner.static.flow.report import flows_json, flows_text
from scanner.static.formats import open_package


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
    tell: Tell = silent,
) -> AppFlows:
    """Return the data flows of a package; code that the app itself loads later is left out.

    Raises `InputError` when the file is no package.
    """
    package = open_package(path, tell)
    try:
        facts = gather.package_side(package, know, tell).facts
    finally:
        package.close()
    index = DexIndex([(dex.name, dex.data) for dex in facts.dex if not dex.dynamic])
    result = find_flows(
        index, facts, know, budget_seconds=budget_seconds, implicit=implicit, tell=tell
    )
    return AppFlows("/".join(path.parts[-2:]), result)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the flows of one app: `python -m scanner.static.flow.app APP [--json]`."""
    parser = argparse.ArgumentParser(description="Flows of personal data in an app")
    parser.add_argument("app", type=Path)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--implicit", action="store_true", help="follow decisions on data too")
    parser.add_argument("--flow-budget", type=float, default=30.0, help="seconds")
    chosen = parser.parse_args(arguments)
    found = flows_of(
        chosen.app,
        load_knowledge(),
        budget_seconds=chosen.flow_budget,
        implicit=chosen.implicit,
    )
    write = flows_json if chosen.json else flows_text
    sys.stdout.write(write(found.file, found.result.flows, found.result.gaps) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
