"""`mingcha batch`: a campaign over many apps."""

from pathlib import Path

import click

from scanner.commands import options

UNITS = {"M": 1 << 20, "G": 1 << 30}


@click.command()
@click.argument("inputs", type=options.FILE, nargs=-1, required=True)
@click.option("-o", "--output", type=options.FILE, required=True, help="Campaign folder.")
@click.option("--jobs", type=click.IntRange(1, 256), default=2, show_default=True, help="Workers.")
@click.option(
    "--time-limit",
    type=click.FloatRange(1),
    default=300.0,
    show_default=True,
    help="Seconds for one app.",
)
@click.option("--memory-limit", default="3G", show_default=True, help="Memory for one app.")
@click.option("--profile", default="cn", show_default=True, help="Rules to judge by.")
@click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")
@click.option("--as-of", default="", help="Judge as on this date (YYYY-MM-DD).")
@click.option("--flow-budget", type=click.FloatRange(0), default=30.0, show_default=True)
@click.option("--store", default="", help="Database URL [default: a file in the campaign folder].")
@options.quiet
def command(  # noqa: PLR0917 - click passes by name
    inputs: tuple[Path, ...],
    output: Path,
    jobs: int,
    time_limit: float,
    memory_limit: str,
    profile: str,
    rules: Path | None,
    as_of: str,
    flow_budget: float,
    store: str,
    quiet: bool,
) -> int:
    """Scan all INPUTS: app files, folders, lists (.txt), manifests (.csv, .yaml).

    Each app has a process of its own under hard limits. A second run does only what is new or
    changed. Exit code 0 when every app was examined, 3 when some were not.
    """
    from profiles.load import load_knowledge
    from scanner.console import progress
    from scanner.fleet.batch import FINAL, Batch
    from scanner.fleet.isolate import Limits
    from scanner.fleet.jobs import read_jobs
    from scanner.fleet.store import Store
    from scanner.fleet.work import Options

    batch = Batch(
        output,
        read_jobs(inputs),
        Options(profile=profile, as_of=as_of, rules=str(rules or ""), flow_budget=flow_budget),
        knowledge=load_knowledge(rules).digest,
        limits=Limits(seconds=time_limit, memory=_bytes(memory_limit)),
        workers=jobs,
        store=Store(store) if store else None,
    )
    with progress(quiet) as tell:
        counts = batch.run(
            lambda p: tell(
                f"{p.done}/{p.total}  {p.rate:,.0f}/h  {p.left:,.0f} s left  "
                + " ".join(f"{name} {n}" for name, n in p.states.items())
            )
        )
    if not quiet:
        click.echo(
            " ".join(f"{name}: {n}" for name, n in sorted(counts.items())) or "nothing to do"
        )
    return 0 if set(counts) <= FINAL else 3


def _bytes(text: str) -> int:
    """Return a size such as `3G` or `800M` in bytes."""
    number, unit = text[:-1], text[-1:].upper()
    try:
        return int(float(number) * UNITS[unit])
    except (ValueError, KeyError):
        raise click.BadParameter(
            f"{text!r} is not a size such as 3G", param_hint="--memory-limit"
        ) from None
