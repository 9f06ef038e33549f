"""`mingcha profiles`: the rules and the knowledge, seen from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from scanner.commands import options
from scanner.model.errors import InputError

if TYPE_CHECKING:
    from profiles.model import Regulation


@click.group()
def command() -> None:
    """List, show and validate the rules and the knowledge."""


own = click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")


@command.command("list")
@own
@options.language
def list_profiles(rules: Path | None, lang: str) -> int:
    """List the profiles and their regulations."""
    from profiles.load import load_knowledge

    know = load_knowledge(rules)
    for profile in know.profiles.values():
        click.echo(f"{profile.id}  {getattr(profile.title, lang)}")
        for name in profile.regulations:
            regulation = know.regulations[name]
            title = getattr(regulation.title, lang)
            click.echo(f"  {name}  {title} ({len(regulation.clauses)})")
    return 0


@command.command("show")
@click.argument("name")
@own
@options.language
def show(name: str, rules: Path | None, lang: str) -> int:
    """Show a profile or a regulation: its clauses, who answers them, and by which checks."""
    from profiles.load import load_knowledge

    know = load_knowledge(rules)
    if name in know.profiles:
        names = know.profiles[name].regulations
    elif name in know.regulations:
        names = (name,)
    else:
        known = ", ".join(sorted({*know.regulations, *know.profiles}))
        raise InputError(f"there is no regulation or profile {name!r}", f"Known: {known}.")
    for one in names:
        _show(know.regulations[one], lang)
    return 0


def _show(regulation: "Regulation", lang: str) -> None:
    click.echo(f"{getattr(regulation.title, lang)}  {regulation.number}  {regulation.in_force}")
    for clause in regulation.clauses:
        checks = ", ".join(clause.checks)
        click.echo(f"  {clause.id}  [{clause.coverage}]  {getattr(clause.title, lang)}")
        if checks:
            click.echo(f"      {checks}")


@command.command("validate")
@click.argument("folder", type=options.FILE, required=False)
def validate(folder: Path | None) -> int:
    """Validate the knowledge, with FOLDER of your own merged over it when given."""
    from checks.registry import refuse_unknown
    from profiles.load import load_knowledge

    know = load_knowledge(folder)
    refuse_unknown(know)
    for name in know.__struct_fields__:
        value = getattr(know, name)
        if isinstance(value, dict | tuple) and name != "tables":
            click.echo(f"{name:18} {len(value):6}")
    click.echo(f"digest {know.digest}")
    return 0


@command.command("new")
@click.argument("folder", type=options.FILE)
def new(folder: Path) -> int:
    """Start a folder of your own: a profile with one clause, and one SDK, as examples."""
    from scanner.output import write_file

    files = {folder / name: content for name, content in _EXAMPLES.items()}
    for path in files:
        if path.exists():
            raise InputError(f"{path} exists already")
    for path, content in files.items():
        click.echo(str(write_file(path, msgspec.yaml.encode(content))))
    return 0


_CLAUSE = {
    "id": "1",
    "group": "rules",
    "title": {"zh": "收集的信息都写进隐私政策", "en": "All data collected stands in the policy"},
    "coverage": "partial",
    "checks": ["undisclosed-collection", "undisclosed-sdk"],
    "tester": {"zh": "逐项核对政策与流量。", "en": "Compare policy and traffic item by item."},
    "source": ["own rules"],
    "checked": "2026-11-27",
}
_EXAMPLES: dict[str, object] = {
    "profile.yaml": {
        "regulations": [
            {
                "id": "our-rules",
                "title": {"zh": "我们的规则", "en": "Our rules"},
                "number": "1",
                "issuers": ["our company"],
                "issued": "2026-01-01",
                "in_force": "2026-01-01",
                "groups": [{"id": "rules", "title": {"zh": "规则", "en": "Rules"}}],
                "clauses": [_CLAUSE],
            }
        ],
        "profiles": [
            {
                "id": "ours",
                "title": {"zh": "我们的规则与191号文", "en": "Our rules and document 191"},
                "regulations": ["our-rules", "cn-191"],
            }
        ],
    },
    "sdks/ours.yaml": {
        "sdks": [
            {
                "id": "our-sdk",
                "name": {"zh": "我们的 SDK", "en": "Our SDK"},
                "vendor": {"name": {"zh": "某公司", "en": "Some company"}, "country": "CN"},
                "category": "other",
                "packages": ["com.example.our.sdk"],
                "source": ["own catalogue"],
                "checked": "2026-11-27",
            }
        ]
    },
}
