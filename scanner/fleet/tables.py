"""The tables of a store: what was scanned, the whole results, and facts that can be asked."""

import sqlalchemy as sa

VERSION = 3
"""Version of the schema. `scanner.fleet.migrate` brings older stores here."""

meta = sa.MetaData()
info = sa.Table(
    "info", meta, sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Text)
)


def _text(name: str, size: int = 0, *, index: bool = False) -> sa.Column[str]:
    """Return a column of text that is empty when nothing is known."""
    kind = sa.String(size) if size else sa.Text()
    return sa.Column(name, kind, nullable=False, default="", server_default="", index=index)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, default=0, server_default="0")


def _measure(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=False, default=0.0, server_default="0")


# One row for one app file in one campaign. `finished` is ISO 8601 in UTC, empty when an older
# store did not note it; `maker` the developer that a manifest names, or else `signer:` and the
# SHA-256 of the certificate; `covered` the percentage of clauses that were examined.
scans = sa.Table(
    "scans",
    meta,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("campaign", sa.String(200), nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    _text("detail"),
    _measure("seconds"),
    _count("peak_bytes"),
    _text("package", 255),
    _text("label"),
    _text("version"),
    _text("version_code", 40),
    _text("sha256", 64, index=True),
    _text("signer", 64),
    _text("developer"),
    _text("maker", 255, index=True),
    _text("store"),
    _text("category"),
    _text("grade", 40),
    _measure("score"),
    _count("fails"),
    _count("reviews"),
    _text("worst", 16),
    _count("covered"),
    _text("q_permissions", 16),
    _text("q_collection", 16),
    _text("q_cross_border", 16),
    _text("knowledge", 64),
    _text("finished", 32),
    sa.Index("ix_scans_app", "campaign", "package", "version", "key"),
    sa.Index("ix_scans_package", "package", "version", "key"),
    sa.Index("ix_scans_score", "campaign", "score", "key"),
)

CASCADE = "CASCADE"
results = sa.Table(
    "results",
    meta,
    sa.Column(
        "scan", sa.String(64), sa.ForeignKey("scans.key", ondelete=CASCADE), primary_key=True
    ),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
# What ids are called, so that nobody needs the knowledge files of the day.
names = sa.Table(
    "names",
    meta,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("id", sa.String(255), primary_key=True),
    _text("zh"),
    _text("en"),
)
# Who works on what at this moment. A claim that is not renewed until `until` (seconds since
# 1970) lapses: its owner was killed.
claims = sa.Table(
    "claims",
    meta,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(80), nullable=False, index=True),
    sa.Column("until", sa.Float, nullable=False),
)


def _facts(name: str, *parts: sa.Column[object] | sa.Index) -> sa.Table:
    """Return a table of facts that belong to one scan."""
    owner = sa.ForeignKey("scans.key", ondelete=CASCADE)
    return sa.Table(name, meta, sa.Column("scan", sa.String(64), owner, nullable=False), *parts)


findings = _facts(
    "findings",
    sa.Column("finding", sa.String(16)),
    sa.Column("check_id", sa.String(80), index=True),
    sa.Column("subject", sa.Text),
    sa.Column("outcome", sa.String(16)),
    sa.Column("severity", sa.String(16)),
    sa.Column("confidence", sa.String(16)),
    sa.Column("data_type", sa.String(60), index=True),
    sa.Column("actor", sa.String(200), index=True),
    sa.Column("zh", sa.Text),
    sa.Column("en", sa.Text),
    sa.Index("ix_findings_scan", "scan", "check_id", "finding"),
)
# Checks that came to an answer: whoever counts failures needs to know of how many.
checks = _facts(
    "checks",
    sa.Column("check_id", sa.String(80), index=True),
    sa.Column("outcome", sa.String(16)),
    sa.Index("ix_checks_scan", "scan"),
)
# Clauses with an answer. One without a row was not assessed, or does not apply.
clauses = _facts(
    "clauses",
    sa.Column("regulation", sa.String(40)),
    sa.Column("clause", sa.String(40)),
    sa.Column("outcome", sa.String(16)),
    sa.Column("examined", sa.Boolean),
    sa.Index("ix_clauses_outcome", "clause", "outcome", "scan"),
    sa.Index("ix_clauses_scan", "scan"),
)
permissions = _facts(
    "permissions",
    sa.Column("permission", sa.String(255), index=True),
    sa.Index("ix_permissions_scan", "scan"),
)
sdks = _facts(
    "sdks",
    sa.Column("sdk", sa.String(80), index=True),
    sa.Column("version", sa.Text),
    sa.Column("declared", sa.Boolean),
    sa.Index("ix_sdks_scan", "scan", "sdk"),
)
cells = _facts(
    "cells",
    sa.Column("data_type", sa.String(60)),
    sa.Column("actor", sa.String(200), index=True),
    sa.Column("reachable", sa.Boolean),
    sa.Column("before_consent", sa.Boolean),
    sa.Column("observed", sa.Integer),
    sa.Column("declared", sa.String(20)),
    sa.Column("outside", sa.Boolean),
    sa.Index("ix_cells_type", "data_type", "outside", "observed"),
    sa.Index("ix_cells_scan", "scan", "data_type"),
)
# `backwards` is the host read from its end, so that "everything below example.com" is a range.
destinations = _facts(
    "destinations",
    sa.Column("host", sa.String(255)),
    sa.Column("backwards", sa.String(255), index=True),
    sa.Column("country", sa.String(2)),
    sa.Column("outside", sa.Boolean),
    sa.Index("ix_destinations_scan", "scan"),
)
# Personal data of one type seen going to one host: the queryable side of the sightings.
sightings = _facts(
    "sightings",
    sa.Column("data_type", sa.String(60), index=True),
    sa.Column("actor", sa.String(200)),
    sa.Column("host", sa.String(255), index=True),
    sa.Column("phase", sa.String(20)),
    sa.Column("times", sa.Integer),
    sa.Index("ix_sightings_scan", "scan"),
)
coverage = _facts(
    "coverage",
    sa.Column("part", sa.String(16)),
    sa.Column("examined", sa.Boolean),
    sa.Index("ix_coverage_scan", "scan"),
)

FACTS = (findings, checks, clauses, permissions, sdks, cells, destinations, sightings, coverage)
