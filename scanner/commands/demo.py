"""`mingcha demo`: the main job on an app of our own that misbehaves on purpose."""

from importlib.resources import as_file, files
from pathlib import Path

import click

from scanner.commands import options
from scanner.commands.deliver import Delivery, deliver, gate, today_of
from scanner.console import progress
from scanner.model.errors import InputError

# In a wheel the demo lies in the package; in a checkout beside the tests that use it.
PACKAGED = ("app.apk", "traffic.mitm", "policy.html", "subject.yaml")
CHECKOUT = (
    "apps/dirty.apk",
    "traffic/dirty.mitm",
    "policies/dirty.html",
    "traffic/subject.yaml",
)


@click.command()
@click.option(
    "-o",
    "--output",
    type=options.FILE,
    default=Path("demo-report"),
    show_default=True,
    help="Folder for the reports.",
)
@options.language
@options.quiet
def command(output: Path, lang: str, quiet: bool) -> int:
    """Scan the bundled demo app with its recorded traffic and its policy.

    The exit code is 0 although the demo app fails its gate: the demo did what it should.
    """
    from profiles.load import load_knowledge
    from scanner.pipeline import Judgement, Request, gather, judge

    app, traffic, policy, subject = demo_files()
    request = Request(app=app, traffic=(traffic,), policies=(policy,), subject=subject)
    with progress(quiet) as tell:
        know = load_knowledge()
        result = judge(gather(request, know, tell), know, Judgement(category="38"))
        formats = ("html", "json", "sarif")
        delivery = Delivery(output=output, formats=formats, lang=lang, quiet=quiet)
        deliver(gate(result, delivery, today_of(""), know), delivery)
    return 0


def demo_files() -> tuple[Path, ...]:
    """Return app, traffic, policy and subject of the demo. Raises `InputError`."""
    folder = files("scanner") / "demo"
    names = PACKAGED
    if not (folder / PACKAGED[0]).is_file():
        folder = files("scanner") / ".." / "tests" / "fixtures"
        names = CHECKOUT
    if not (folder / names[0]).is_file():
        raise InputError("the demo files are not part of this installation")
    with as_file(folder) as real:
        return tuple((real / name).resolve() for name in names)
