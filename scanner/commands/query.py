"""`mingcha query`: the common questions to a campaign's store."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from scanner.commands import options
from scanner.model.errors import InputError

if TYPE_CHECKING:
    from scanner.fleet.store import Store

KINDS = (
    "sdk",
    "sends-abroad",
    "collects",
    "seen",
    "clause",
    "check",
    "host",
    "permission",
    "app",
    "worse",
    "state",
)


@click.command()
@click.argument("question", type=click.Choice(KINDS))
@click.argument("about")
@click.option("--campaign", type=options.FILE, help="Campaign folder.")
@click.option("--store", default="", help="Database URL.")
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="Output format.",
)
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=1000, show_default=True)
@options.language
def command(
    *,
    question: str,
    about: str,
    campaign: Path | None,
    store: str,
    fmt: str,
    limit: int,
    lang: str,
) -> int:
    """Ask which apps: `sdk ID`, `sends-abroad TYPE`, `collects TYPE`, `seen TYPE`, `clause ID`,
    `check ID`, `host NAME`, `permission NAME`, `app PACKAGE`, `worse OLD..NEW`, `state timeout`.
    """
    from scanner.fleet.query import Answer, ask
    from scanner.fleet.sheets import to_csv

    opened = open_store(campaign, store)
    try:
        answer: Answer = ask(opened.engine, question, about, limit, lang)
    finally:
        opened.close()
    if fmt == "json":
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        click.echo(msgspec.json.encode(rows))
    elif fmt == "csv":
        click.echo(to_csv([answer.columns, *answer.rows]), nl=False)
    else:
        for row in (answer.columns, *answer.rows):
            click.echo("  ".join("-" if value is None else str(value) for value in row))
    return 0


def open_store(campaign: Path | None, store: str) -> "Store":
    """Return the store of a campaign folder or behind a URL. Raises `InputError`."""
    from scanner.fleet.store import FILE, Store

    if store:
        return Store(store)
    if campaign is None or not (campaign / FILE).is_file():
        raise InputError("no campaign to ask", "Give --campaign FOLDER or --store URL.")
    return Store.in_folder(campaign)
