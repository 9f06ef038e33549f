"""`mingcha export`: a campaign's tables as Parquet."""

from contextlib import closing
from pathlib import Path

import click

from scanner.commands import options
from scanner.commands.query import open_store


@click.command()
@click.option("--campaign", type=options.FILE, help="Campaign folder.")
@click.option("--store", default="", help="Database URL.")
@click.option("-o", "--output", type=options.FILE, required=True, help="Folder for the files.")
def command(campaign: Path | None, store: str, output: Path) -> int:
    """Write the tables of a campaign's store as Parquet files, one a table."""
    from scanner.fleet.parquet import export

    with closing(open_store(campaign, store)) as opened:
        for path in export(opened.engine, output):
            click.echo(str(path))
    return 0
