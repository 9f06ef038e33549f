"""`mingcha flows`: data flows from personal data to where it leaves."""

from pathlib import Path

import click

from scanner.commands import options
from scanner.console import progress


@click.command()
@click.argument("app", type=options.FILE)
@click.option("--implicit", is_flag=True, help="Follow decisions that depend on the data too.")
@click.option(
    "--flow-budget",
    type=click.FloatRange(0, 3600),
    default=30.0,
    show_default=True,
    help="Seconds; what was found by then is kept and marked.",
)
@click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")
@options.as_json
@options.quiet
def command(
    *, app: Path, implicit: bool, flow_budget: float, rules: Path | None, json_: bool, quiet: bool
) -> int:
    """List the data flows of APP, statement by statement."""
    from profiles.load import load_knowledge
    from scanner.static.flow.app import flows_of
    from scanner.static.flow.report import flows_json, flows_text

    know = load_knowledge(rules)
    with progress(quiet) as tell:
        found = flows_of(app, know, budget_seconds=flow_budget, implicit=implicit, tell=tell)
    write = flows_json if json_ else flows_text
    click.echo(write(found.file, found.result.flows, found.result.gaps))
    return 0
