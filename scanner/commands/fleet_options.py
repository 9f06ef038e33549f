"""The options that `batch` and `watch` share, and the engine they describe."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from scanner.commands import options

if TYPE_CHECKING:
    from scanner.fleet.batch import Batch, Progress
    from scanner.fleet.jobs import Job
    from scanner.fleet.rows import Entry

UNITS = {"M": 1 << 20, "G": 1 << 30}

running = options.stack(
    click.option("-o", "--output", type=options.FILE, required=True, help="Campaign folder."),
    click.option(
        "--jobs", type=click.IntRange(1, 256), default=2, show_default=True, help="Local workers."
    ),
    click.option("--scheduler", default="", help="Dask scheduler, such as tcp://host:8786."),
    click.option("--ship", is_flag=True, help="Send the files; the workers share no folder."),
    click.option(
        "--time-limit",
        type=click.FloatRange(1),
        default=300.0,
        show_default=True,
        help="Seconds for one app.",
    ),
    click.option("--memory-limit", default="3G", show_default=True, help="Memory for one app."),
    click.option("--profile", default="cn", show_default=True, help="Rules to judge by."),
    click.option("--rules", type=options.FILE, help="Folder with knowledge of your own."),
    click.option("--as-of", default="", help="Judge as on this date (YYYY-MM-DD)."),
    click.option(
        "--flow-budget",
        type=click.FloatRange(0),
        default=30.0,
        show_default=True,
        help="Seconds for data-flow analysis of one app; 0 turns it off.",
    ),
    click.option(
        "--store", default="", help="Database URL [default: a file in the campaign folder]."
    ),
    click.option("--again", is_flag=True, help="Try quarantined apps again."),
    options.quiet,
)


def campaign_run(
    values: dict[str, Any],
    jobs: "Iterable[Job | None]",
    total: int = 0,
    tell: "Callable[[Entry], None]" = lambda _: None,
) -> "Batch":
    """Return the run that the `running` options describe. Raises `InputError`."""
    from scanner.fleet.batch import Batch
    from scanner.fleet.isolate import Limits
    from scanner.fleet.local import Engine, LocalEngine
    from scanner.fleet.store import Store
    from scanner.fleet.work import Options, knowledge, scan_job

    how = Options(
        profile=values["profile"],
        as_of=values["as_of"],
        rules=str(values["rules"].absolute()) if values["rules"] else "",
        flow_budget=values["flow_budget"],
    )
    limits = Limits(seconds=values["time_limit"], memory=size(values["memory_limit"]))
    know = knowledge(how.rules).digest
    store = Store(values["store"]) if values["store"] else Store.in_folder(values["output"])
    engine: Engine
    if values["scheduler"]:
        from scanner.fleet.cluster import ClusterEngine

        engine = ClusterEngine(
            values["scheduler"], how, limits, know=know, work=scan_job, ship=values["ship"]
        )
    else:
        engine = LocalEngine(how, limits, values["jobs"], scan_job)
    return Batch(
        values["output"],
        jobs,
        how,
        engine,
        knowledge=know,
        total=total,
        store=store,
        again=frozenset({"quarantined"} if values["again"] else ()),
        tell=tell,
    )


def line(progress: "Progress") -> str:
    """Return one line that says how far a run is."""
    states = " ".join(f"{name} {n}" for name, n in progress.states.items())
    elsewhere = f"  elsewhere {progress.elsewhere}" if progress.elsewhere else ""
    return (
        f"{progress.done}/{progress.total}  {progress.rate:,.0f}/h"
        f"  {progress.left:,.0f} s left  {states}{elsewhere}"
    )


def size(text: str) -> int:
    """Return a size such as `3G` or `800M` in bytes."""
    number, unit = text[:-1], text[-1:].upper()
    try:
        return int(float(number) * UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is not a size such as 3G", param_hint="--memory-limit"
        ) from None
