"""`mingcha gather`: evidence without judgement."""

from pathlib import Path
from typing import Any

import click

from scanner.commands import options
from scanner.console import progress


@click.command()
@click.argument("app", type=options.FILE)
@options.inputs
@click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")
@click.option("-o", "--output", type=options.FILE, required=True, help="Bundle folder.")
@click.option("--no-inputs", is_flag=True, help="Do not copy the raw inputs into the bundle.")
@options.quiet
def command(app: Path, rules: Path | None, output: Path, no_inputs: bool, **values: Any) -> int:
    """Read APP and what comes with it, and write the evidence bundle."""
    from profiles.load import load_knowledge
    from scanner.bundle import write_bundle
    from scanner.pipeline import gather

    request = options.request_from(app, values)
    with progress(values["quiet"]) as tell:
        evidence = gather(request, load_knowledge(rules), tell)
        write_bundle(output, evidence, () if no_inputs else request.files())
    if not values["quiet"]:
        click.echo(str(output))
    return 0
