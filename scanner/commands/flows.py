"""`mingcha flows`: data flows from personal data to where it leaves."""

from pathlib import Path

import click

from scanner.commands import options
from scanner.commands.calls import names
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
@click.option("--mapping", type=options.FILE, help="R8/ProGuard mapping.txt.")
@click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")
@options.as_json
@options.language
@options.quiet
def command(
    *,
    app: Path,
    implicit: bool,
    flow_budget: float,
    mapping: Path | None,
    rules: Path | None,
    json_: bool,
    lang: str,
    quiet: bool,
) -> int:
    """List the data flows of APP, statement by statement."""
    from profiles.load import load_knowledge
    from reports.code_text import CodeText
    from scanner.static.flow.app import flows_of
    from scanner.static.flow.report import flows_json

    know = load_knowledge(rules)
    with progress(quiet) as tell:
        found = flows_of(
            app,
            know,
            budget_seconds=flow_budget,
            implicit=implicit,
            mapping=mapping,
            tell=tell,
        )
    flows, gaps = found.result.flows, found.result.gaps
    if json_:
        click.echo(flows_json(found.file, flows, gaps))
        return 0
    click.echo(CodeText(names(know), lang).flows(found.file, flows), nl=False)
    for gap in gaps:
        click.echo(f"! {gap.detail.zh if lang == 'zh' else gap.detail.en}", err=True)
    return 0
