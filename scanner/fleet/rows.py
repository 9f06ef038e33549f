"""From a Result to the rows of a store. Pure: nothing here reads or writes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from scanner.fleet import tables
from scanner.gate import coverage_percent
from scanner.model.base import Text
from scanner.model.common import SEVERITIES
from scanner.model.result import Outcome, Result

Row = dict[str, Any]
_SILENT = (Outcome.NOT_ASSESSED, Outcome.NOT_APPLICABLE)
_UNANSWERED = (*_SILENT, Outcome.ERROR)
# An executemany needs every column in every row.
_NOTHING: Row = {column.name: "" for column in tables.scans.columns} | dict.fromkeys(
    ("score", "fails", "reviews", "covered"), 0
)
# PostgreSQL refuses NUL in text, and both databases refuse half a surrogate pair.
_UNSTORABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One scan as the store keeps it.

    `state`: done, refused, timeout, memory, crash or quarantined. `finished`: ISO 8601, UTC.
    `category` and `version` are what a manifest says; what the result says goes first.
    """

    key: str
    campaign: str
    path: str
    state: str
    detail: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0
    developer: str = ""
    store: str = ""
    category: str = ""
    version: str = ""
    finished: str = ""
    result: Result | None = None


def fitted(table: sa.Table, row: Row) -> Row:
    """Return the row with its texts made storable: no NUL, no half characters, not too long.

    What an app calls itself must not end a campaign.
    """
    return {
        name: _fit(value, getattr(table.c[name].type, "length", None))
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }


def _fit(value: str, most: int | None) -> str:
    text = value if value.isascii() and "\0" not in value else value.translate(_UNSTORABLE)
    return text[:most] if most else text


def scan_row(entry: Entry) -> Row:
    """Return the row of table `scans`."""
    row = {**_NOTHING, **msgspec.structs.asdict(entry)}
    del row["result"]
    row["maker"] = entry.developer
    if entry.result is not None:
        row.update(derived(entry.result))
        row["version"] = row["version"] or entry.version
        row["category"] = entry.result.category.id or entry.category
        row["maker"] = entry.developer or (row["signer"] and f"signer:{row['signer']}")
    return fitted(tables.scans, row)


def derived(result: Result) -> Row:
    """Return the columns of `scans` that follow from the result alone."""
    app = result.app
    outcomes = Counter(f.outcome for f in result.findings if not f.waived)
    failed = {f.severity for f in result.findings if not f.waived and f.outcome is Outcome.FAIL}
    return {
        "package": app.package,
        "label": app.label,
        "version": app.version_name,
        "version_code": app.version_code,
        "sha256": app.sha256,
        "signer": app.signers[0].sha256 if app.signers else "",
        "grade": result.risk.grade if result.risk else "",
        "score": result.risk.score if result.risk else 0.0,
        "fails": outcomes[Outcome.FAIL],
        "reviews": outcomes[Outcome.REVIEW],
        "worst": next((level for level in SEVERITIES if level in failed), ""),
        "covered": coverage_percent(result),
        "knowledge": result.tool.knowledge,
        **{f"q_{answer.question}": answer.outcome.value for answer in result.summary.core},
    }


def name_rows(result: Result) -> Iterator[tuple[str, str, Text]]:
    """Yield (kind, id, words) for every id of the result that has words."""
    for check in result.checks:
        yield "check", check.id, check.title
    for clause in result.clauses:
        yield "clause", f"{clause.regulation}:{clause.clause}", clause.title
    for rule in result.regulations:
        yield "regulation", rule.id, rule.title
    for sdk in filter(lambda one: one.present, result.sdks):
        yield "sdk", sdk.sdk, sdk.name
        yield "vendor", sdk.sdk, sdk.vendor
    for label in result.labels:
        yield "label", label.id, label.text
    yield "category", result.category.id, result.category.name
    if result.risk:
        yield "grade", result.risk.grade, result.risk.name
    for signer in result.app.signers[:1]:
        yield "maker", f"signer:{signer.sha256}", Text(zh=signer.subject, en=signer.subject)


def fact_rows(key: str, result: Result) -> Iterator[tuple[sa.Table, Row]]:
    """Yield the rows of every fact table for one result."""
    for table, row in _facts(result):
        yield table, fitted(table, {"scan": key, **row})


def _facts(result: Result) -> Iterator[tuple[sa.Table, Row]]:
    yield from _judged(result)
    for permission in result.permissions:
        if permission.declared:
            yield tables.permissions, {"permission": permission.name}
    for sdk in result.sdks:
        if sdk.present:
            yield (
                tables.sdks,
                {"sdk": sdk.sdk, "version": sdk.version, "declared": sdk.declared},
            )
    for cell in result.matrix.cells:
        yield (
            tables.cells,
            {
                "data_type": cell.data_type,
                "actor": cell.actor,
                "reachable": cell.reachable,
                "before_consent": cell.before_consent,
                "observed": cell.observed_count,
                "declared": cell.declared,
                "outside": cell.outside,
            },
        )
    yield from _seen(result)
    for part in result.coverage:
        yield tables.coverage, {"part": part.part, "examined": part.examined}


def _judged(result: Result) -> Iterator[tuple[sa.Table, Row]]:
    for f in result.findings:
        yield (
            tables.findings,
            {
                "finding": f.id,
                "check_id": f.check,
                "subject": f.subject,
                "outcome": "waived" if f.waived else f.outcome.value,
                "severity": f.severity,
                "confidence": f.confidence,
                "data_type": f.data_type,
                "actor": f.actor,
                "zh": f.message.zh,
                "en": f.message.en,
            },
        )
    for check in result.checks:
        if check.outcome not in _UNANSWERED:
            yield tables.checks, {"check_id": check.id, "outcome": check.outcome.value}
    for c in result.clauses:
        if c.outcome in _SILENT:
            continue  # nine of ten clauses: the whole result has them
        yield (
            tables.clauses,
            {
                "regulation": c.regulation,
                "clause": c.clause,
                "outcome": c.outcome.value,
                "examined": c.examined,
            },
        )


def _seen(result: Result) -> Iterator[tuple[sa.Table, Row]]:
    for d in result.destinations:
        yield (
            tables.destinations,
            {
                "host": d.host,
                "backwards": d.host[::-1],
                "country": d.hosting_country,
                "outside": d.outside,
            },
        )
    events = result.timeline.events if result.timeline else ()
    counted = Counter((e.data_type, e.actor, e.host, e.phase) for e in events)
    for (data_type, actor, host, phase), times in sorted(counted.items()):
        yield (
            tables.sightings,
            {"data_type": data_type, "actor": actor, "host": host, "phase": phase, "times": times},
        )


def said(text: Mapping[str, str]) -> Text:
    """Return the words of a row with the columns `zh` and `en`."""
    return Text(zh=text["zh"], en=text["en"])
