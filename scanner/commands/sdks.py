"""`mingcha sdks`: the catalogue, and what of it is in an app."""

from pathlib import Path

import click

from profiles.model import Knowledge
from scanner.commands import options
from scanner.console import progress
from scanner.model.errors import InputError
from scanner.static.gathering import StaticGathering

RULES = click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")


@click.group()
def command() -> None:
    """List and show SDKs, match an app against them, suggest entries for what is unknown."""


@command.command("list")
@click.option("--category", default="", help="Only this category.")
@RULES
@options.language
def list_sdks(*, category: str, rules: Path | None, lang: str) -> int:
    """List the catalogue."""
    from profiles.load import load_knowledge

    for sdk in load_knowledge(rules).sdks.values():
        if category in {"", sdk.category}:
            name, vendor = getattr(sdk.name, lang), getattr(sdk.vendor.name, lang)
            click.echo(f"{sdk.id:32} {sdk.category:18} {sdk.vendor.country:3} {name}  ({vendor})")
    return 0


@command.command("show")
@click.argument("name")
@RULES
def show(*, name: str, rules: Path | None) -> int:
    """Show one entry with its markers, sources and how sure each is."""
    import msgspec

    from profiles.load import load_knowledge

    sdks = load_knowledge(rules).sdks
    if name not in sdks:
        near = ", ".join(sorted(one for one in sdks if name.lower() in one)[:8])
        raise InputError(f"there is no SDK {name!r}", f"Near: {near}." if near else "")
    entry = {key: value for key, value in msgspec.to_builtins(sdks[name]).items() if value}
    click.echo(msgspec.yaml.encode(entry).decode(), nl=False)
    return 0


@command.command("match")
@click.argument("app", type=options.FILE)
@RULES
@options.language
@options.quiet
def match(*, app: Path, rules: Path | None, lang: str, quiet: bool) -> int:
    """List the SDKs in APP, with the traces they were recognised by."""
    know, read = _read(app, rules, quiet=quiet)
    for found in read.static.sdks:
        name = getattr(know.sdks[found.sdk].name, lang)
        marks = ", ".join(f"{mark.kind} {mark.value}" for mark in found.markers[:3])
        click.echo(f"{found.sdk:32} {found.confidence:10} {name}: {marks}")
    return 0


@command.command("suggest")
@click.argument("app", type=options.FILE)
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@RULES
@options.quiet
def suggest_entries(*, app: Path, limit: int, rules: Path | None, quiet: bool) -> int:
    """Print draft entries for the largest packages and hosts of APP that nobody owns."""
    from profiles.suggest import draft, suggest

    know, read = _read(app, rules, quiet=quiet)
    found = suggest(read.app.package, read.static, None, know, limit)
    click.echo("sdks:" if found else "# nothing unknown")
    for one in found:
        click.echo(draft(one, read.app.package))
    return 0


def _read(app: Path, rules: Path | None, *, quiet: bool) -> tuple[Knowledge, StaticGathering]:
    from profiles.load import load_knowledge
    from scanner.static.gather import gather_static

    know = load_knowledge(rules)
    with progress(quiet) as tell:
        return know, gather_static(app, know, flow_budget=0, tell=tell)
