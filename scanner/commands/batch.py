"""`mingcha batch`: a campaign over many apps."""

from pathlib import Path
from typing import Any

import click

from scanner.commands import fleet_options, options

EXIT_INTERRUPTED = 130


@click.command()
@click.argument("inputs", type=options.FILE, nargs=-1, required=True)
@click.option("--anywhere", is_flag=True, help="Lists may name files outside their own folder.")
@fleet_options.running
def command(*, inputs: tuple[Path, ...], anywhere: bool, **values: Any) -> int:
    """Scan all INPUTS: app files, folders, lists (.txt), manifests (.csv, .yaml).

    Each app has a process of its own under hard limits. A second run does only what is new or
    changed. Exit code 0 when every app was examined, 3 when some were not.
    """
    from scanner.console import progress
    from scanner.fleet.batch import EXAMINED
    from scanner.fleet.jobs import read_jobs

    jobs = read_jobs(inputs, anywhere=anywhere)
    run = fleet_options.campaign_run(values, jobs, len(jobs))
    try:
        with progress(values["quiet"]) as tell:
            counts = run.run(lambda p: tell(fleet_options.line(p)))
    except KeyboardInterrupt:
        click.echo("mingcha: interrupted; what is finished is kept, run again to go on", err=True)
        return EXIT_INTERRUPTED
    elsewhere = run.progress().elsewhere
    if not values["quiet"]:
        said = [f"{name}: {n}" for name, n in sorted(counts.items())]
        said += [f"elsewhere: {elsewhere}"] if elsewhere else []
        click.echo(" ".join(said) or "nothing to do")
    return 0 if set(counts) <= EXAMINED and not elsewhere else 3
