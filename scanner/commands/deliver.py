"""The last step of a scan: gate, reports on disk, summary on the terminal, exit code."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from profiles.model import Knowledge
from scanner.model.common import Confidence
from scanner.model.errors import InputError
from scanner.model.result import Result

FILE_NAMES = {
    "json": "result.json",
    "sarif": "result.sarif",
    "codequality": "gl-code-quality-report.json",
}


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Where the reports go, in which formats, and what fails the gate."""

    output: Path
    formats: tuple[str, ...]
    lang: str = "zh"
    fail_on: str = "high"
    min_confidence: Confidence = "firm"
    min_coverage: int = 0
    baseline: Path | None = None
    fail_on_drift: bool = False
    waivers: Path | None = None
    quiet: bool = False

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Delivery":
        """Return the delivery that a command's options describe. Raises `InputError`."""
        fields = {name: values[name] for name in cls.__struct_fields__ if name in values}
        return cls(**{**fields, "formats": parse_formats(values["formats"])})


def parse_formats(text: str) -> tuple[str, ...]:
    """Return the formats in a comma-separated list. Raises `InputError` for an unknown one."""
    from reports import FORMATS

    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for name in names:
        if name not in FORMATS:
            raise InputError(
                f"there is no report format {name!r}", f"Formats: {', '.join(FORMATS)}."
            )
    return names


def file_name(fmt: str) -> str:
    """Return the file name of a report in format `fmt`."""
    from reports import FORMATS

    return FILE_NAMES.get(fmt, f"report.{FORMATS[fmt]}")


def gate(result: Result, how: Delivery, today: str, know: Knowledge) -> Result:
    """Return `result` with waivers applied and the gate decided.

    `today` is the ISO date by which waivers end. Raises `InputError` for a bad waiver or baseline
    file.
    """
    from scanner.bundle import read_document
    from scanner.drift import drift_between
    from scanner.gate import apply_gate
    from scanner.risk import graded
    from scanner.waivers import apply_waivers, read_waivers

    if how.fail_on_drift and how.baseline is None:
        raise InputError(
            "--fail-on-drift compares with an earlier result", "Give it with --baseline."
        )
    earlier = None if how.baseline is None else read_document(how.baseline, Result)
    known = frozenset(() if earlier is None else (f.id for f in earlier.findings))
    if how.waivers is not None:
        result = graded(apply_waivers(result, read_waivers(how.waivers), today), know)
    return apply_gate(
        result,
        fail_on=how.fail_on,
        min_confidence=how.min_confidence,
        min_coverage=how.min_coverage,
        known=known,
        drift=drift_between(earlier, result) if how.fail_on_drift and earlier is not None else None,
    )


def today_of(as_of: str) -> str:
    """Return the date to judge by: the one given, or the day it is."""
    return as_of or datetime.now(tz=UTC).date().isoformat()


def deliver(result: Result, how: Delivery) -> int:
    """Write the reports of a gated result, print the summary and return the exit code."""
    from reports import render
    from scanner.output import write_files

    if "html" in how.formats:
        _keep_templates()
    files = {file_name(fmt): render(result, fmt, how.lang) for fmt in how.formats}
    paths = write_files(how.output, files)
    if not how.quiet:
        click.echo(render(result, "text", how.lang).decode())
        for path in paths:
            click.echo(str(path))
    return 0 if result.gate is None else result.gate.code


def _keep_templates() -> None:
    """Let the template engine keep its compiled form where the knowledge keeps its own."""
    from profiles.compiled import own_folder
    from reports.html_report import keep_compiled

    folder = own_folder()
    if folder is not None:
        keep_compiled(str(folder))
