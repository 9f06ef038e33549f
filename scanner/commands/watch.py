"""`mingcha watch`: scan what arrives in a folder."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.commands import fleet_options, options
from scanner.model.errors import InputError

if TYPE_CHECKING:
    from scanner.fleet.batch import Progress
    from scanner.fleet.rows import Entry


@click.command()
@click.argument("folder", type=options.FILE)
@click.option("--once", is_flag=True, help="End when everything that lies there is done.")
@click.option(
    "--settle",
    type=click.FloatRange(0.1, 3600),
    default=5.0,
    show_default=True,
    help="Seconds without change after which a file counts as whole.",
)
@fleet_options.running
def command(*, folder: Path, once: bool, settle: float, **values: Any) -> int:
    """Scan each app that arrives in FOLDER, once, into the campaign -o.

    Several may watch the same folder for the same campaign: each app is examined by one of them.
    Ctrl-C ends it; what is finished is kept. Exit code 0, with --once 3 when an app was not
    examined.
    """
    from scanner.console import progress
    from scanner.fleet.arrivals import Arrivals
    from scanner.fleet.batch import EXAMINED

    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    say = _silent if values["quiet"] else _say
    run = fleet_options.campaign_run(values, Arrivals(folder, settle=settle, once=once), tell=say)
    stop = _Stop()
    signal.signal(signal.SIGTERM, stop)  # a service manager's way to say Ctrl-C
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, stop)
    try:
        with progress(values["quiet"]) as tell:

            def show(p: "Progress") -> None:
                stop.check()
                tell(fleet_options.line(p))

            counts = run.run(show)
    except KeyboardInterrupt:
        return 0
    return 0 if set(counts) <= EXAMINED else 3


def _say(entry: "Entry") -> None:
    """Print one line about an app that has ended."""
    about = entry.detail
    if entry.result is not None:
        app = entry.result.app
        grade = entry.result.risk.grade if entry.result.risk else ""
        about = f"{app.package} {app.version_name} {grade}"
    click.echo(f"{entry.state}\t{entry.path}\t{about}")


def _silent(_: "Entry") -> None:
    pass


class _Stop:
    """Ends the watch. An exception that is raised while an object is freed is lost: so it is
    raised again.
    """

    asked = False

    def __call__(self, *_: object) -> None:
        """Note the signal, and end what runs."""
        self.asked = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """End if that was asked."""
        if self.asked:
            raise KeyboardInterrupt
