"""`mingcha campaign`: the report of a campaign, as a site of static pages."""

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands import options
from scanner.commands.query import open_store
from scanner.commands.trends import pick

if TYPE_CHECKING:
    from scanner.fleet.trends import Ground


@click.command()
@click.argument("campaign", type=options.FILE, required=False)
@click.option("--store", default="", help="Database URL of the campaign.")
@click.option("--name", default="", help="Campaign in the store [default: the latest].")
@click.option(
    "--before",
    type=options.FILE,
    multiple=True,
    help="Folder of an earlier campaign, oldest first.",
)
@click.option("-o", "--output", type=options.FILE, required=True, help="Folder for the site.")
@click.option(
    "--app-pages/--no-app-pages", default=True, show_default=True, help="A page for each app."
)
@click.option("--full", is_flag=True, help="The whole report of each app as well.")
@options.language
@options.quiet
def command(
    *,
    campaign: Path | None,
    store: str,
    name: str,
    before: tuple[Path, ...],
    output: Path,
    app_pages: bool,
    full: bool,
    lang: str,
    quiet: bool,
) -> int:
    """Write the report of CAMPAIGN (a folder of `batch` or `watch`) to -o.

    Static pages that need neither network nor script: overview, apps, issues, clauses, SDKs,
    developers, root causes, repeat offenders and trend, notice tables; and a workbook.
    """
    from scanner.console import progress
    from scanner.fleet.overview import grounds
    from scanner.fleet.site import Wanted, write_site
    from scanner.fleet.survey import Survey

    with ExitStack() as stack:
        opened = stack.enter_context(closing(open_store(campaign, store)))
        known = opened.campaigns()
        chosen = pick(known, name)
        earlier: list[Ground] = []
        for folder in before:
            other = stack.enter_context(closing(open_store(folder, "")))
            earlier += grounds(other.engine, other.campaigns(), "")
        earlier += grounds(opened.engine, known, chosen)
        db = stack.enter_context(opened.engine.connect())
        tell = stack.enter_context(progress(quiet))
        count = write_site(
            Survey(db, chosen),
            output,
            Wanted(lang=lang, app_pages=app_pages, full=full),
            earlier=earlier,
            tell=tell,
        )
    if not quiet:
        click.echo(f"{output / 'index.html'}: {count} files")
    return 0
