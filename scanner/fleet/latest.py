"""One scan of each app of a campaign, the latest: what a report counts."""

import sqlalchemy as sa

from scanner.fleet.tables import scans

# A temporary table of the connection that asks.
latest = sa.Table(
    "latest",
    sa.MetaData(),
    sa.Column("key", sa.String(64), primary_key=True),
    prefixes=["TEMPORARY"],
)


def choose(db: sa.Connection, campaign: str) -> None:
    """Fill the table: the scan that finished last, then the higher version."""
    newest = sa.func.row_number().over(
        partition_by=scans.c.package,
        order_by=(
            scans.c.finished.desc(),
            sa.func.length(scans.c.version_code).desc(),
            scans.c.version_code.desc(),
            scans.c.key,
        ),
    )
    ranked = (
        sa.select(scans.c.key, newest.label("place"))
        .where(scans.c.campaign == campaign, scans.c.state == "done")
        .subquery()
    )
    latest.drop(db, checkfirst=True)
    latest.create(db, checkfirst=False)
    first = sa.select(ranked.c.key).where(ranked.c.place == 1)
    db.execute(latest.insert().from_select(["key"], first))
