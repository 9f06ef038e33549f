"""`mingcha init`: write a mingcha.yaml from what lies in a folder."""

from pathlib import Path

import click

from scanner.commands import options
from scanner.commands.config import NAME
from scanner.model.errors import InputError

APPS = (".apk", ".xapk", ".apks", ".aab", ".hap", ".app")
POLICIES = (".html", ".htm", ".md", ".docx", ".pdf")
CAPTURES = (".mitm", ".har", ".pcap", ".pcapng")
POLICY_WORDS = ("privacy", "policy", "隐私", "政策")
MAX_ENTRIES = 10_000


@click.command()
@click.argument("folder", type=options.FILE, default=Path())
@click.option("--category", default="", help="App category: number 1-39, id or name.")
@click.option("--force", is_flag=True, help="Replace a mingcha.yaml that is there.")
def command(folder: Path, category: str, force: bool) -> int:
    """Write FOLDER/mingcha.yaml with the app, policy and captures found in FOLDER."""
    import yaml

    from scanner.output import write_file

    path = folder / NAME
    if not folder.is_dir():
        raise InputError(f"{folder}: not a folder")
    if path.exists() and not force:
        raise InputError(f"{path}: exists already", "Use --force to replace it.")
    names = sorted(
        p.name for _, p in zip(range(MAX_ENTRIES), folder.iterdir(), strict=False) if p.is_file()
    )
    content: dict[str, object] = found(names)
    if category:
        content["category"] = category
    content |= {"profile": "cn", "lang": "zh", "output": "mingcha-report"}
    content |= {"formats": "html,json,sarif", "gate": {"fail_on": "high", "min_coverage": 0}}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    if not category:
        text += '# category: "38"   # number 1-39, id or name; guessed when absent\n'
    head = "# Read by `mingcha scan`. Paths are relative to this file.\n"
    click.echo(str(write_file(path, (head + text).encode())))
    return 0


def found(names: list[str]) -> dict[str, object]:
    """Return the inputs among file names: the first app, likely policies, all captures."""
    apps = [n for n in names if n.lower().endswith(APPS)]
    policies = [
        n
        for n in names
        if n.lower().endswith(POLICIES) and any(word in n.lower() for word in POLICY_WORDS)
    ]
    captures = [n for n in names if n.lower().endswith(CAPTURES)]
    content: dict[str, object] = {"app": apps[0] if apps else "app-release.apk"}
    if policies:
        content["policy"] = policies
    if captures:
        content["traffic"] = captures
    return content
