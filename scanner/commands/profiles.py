"""`mingcha profiles`: the rules and the knowledge, seen from the command line."""

from pathlib import Path

import click
import msgspec

from scanner.commands import options
from scanner.model.errors import InputError


@click.group()
def command() -> None:
    """List, show and validate the rules and the knowledge."""


@command.command("list")
@options.language
def list_profiles(lang: str) -> int:
    """List the profiles and their regulations."""
    from profiles.load import load_knowledge

    know = load_knowledge()
    for profile in know.profiles.values():
        click.echo(f"{profile.id}  {getattr(profile.title, lang)}")
        for name in profile.regulations:
            regulation = know.regulations[name]
            title = getattr(regulation.title, lang)
            click.echo(f"  {name}  {title} ({len(regulation.clauses)})")
    return 0


@command.command("show")
@click.argument("name")
@options.language
def show(name: str, lang: str) -> int:
    """Show a regulation: its clauses, who answers them, and by which checks."""
    from profiles.load import load_knowledge

    know = load_knowledge()
    if name not in know.regulations:
        known = ", ".join(sorted(know.regulations))
        raise InputError(f"there is no regulation {name!r}", f"Regulations: {known}.")
    regulation = know.regulations[name]
    click.echo(f"{getattr(regulation.title, lang)}  {regulation.number}  {regulation.in_force}")
    for clause in regulation.clauses:
        checks = ", ".join(clause.checks)
        click.echo(f"  {clause.id}  [{clause.coverage}]  {getattr(clause.title, lang)}")
        if checks:
            click.echo(f"      {checks}")
    return 0


@command.command("validate")
@click.argument("folder", type=options.FILE, required=False)
def validate(folder: Path | None) -> int:
    """Validate the knowledge, with FOLDER of your own merged over it when given."""
    from checks.registry import load_checks
    from profiles.load import check_ids, load_knowledge

    know = load_knowledge(folder)
    dangling = check_ids(know) - {check.card.id for check in load_checks()}
    if dangling:
        raise InputError(f"a clause names the unknown check {min(dangling)!r}")
    for name in know.__struct_fields__:
        value = getattr(know, name)
        if isinstance(value, dict | tuple) and name != "tables":
            click.echo(f"{name:18} {len(value):6}")
    click.echo(f"digest {know.digest}")
    return 0


@command.command("new")
@click.argument("folder", type=options.FILE)
def new(folder: Path) -> int:
    """Start a folder with knowledge of your own: one SDK entry as an example."""
    from scanner.output import write_file

    example = {
        "id": "our-sdk",
        "name": {"zh": "我们的 SDK", "en": "Our SDK"},
        "vendor": {"name": {"zh": "某公司", "en": "Some company"}, "country": "CN"},
        "category": "other",
        "packages": ["com.example.our.sdk"],
        "source": ["own catalogue"],
        "checked": "2026-11-24",
    }
    path = folder / "sdks" / "ours.yaml"
    if path.exists():
        raise InputError(f"{path} exists already")
    click.echo(str(write_file(path, msgspec.yaml.encode({"sdks": [example]}))))
    return 0
