"""`mingcha policy`: what a privacy policy declares, on its own."""

from pathlib import Path

import click

from scanner.commands import options


@click.command()
@click.argument("files", type=options.FILE, nargs=-1, required=True)
@options.as_json
@click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")
@options.language
def command(files: tuple[Path, ...], json_: bool, rules: Path | None, lang: str) -> int:
    """Read privacy policies: HTML, Markdown, text, PDF, DOCX.

    With --json one line per file: statements, SDKs, elements and the stance on export, with
    offsets in characters of the text as read.
    """
    from profiles.load import load_knowledge
    from reports.policy_text import PolicyText
    from scanner.policy.gather import gather_policy
    from scanner.policy.report import as_json

    know = load_knowledge(rules)
    names = {name: kind.name for name, kind in know.data_types.items()}
    names |= {name: sdk.name for name, sdk in know.sdks.items()}
    for path in files:
        read = gather_policy([path], know)
        if json_:
            click.echo(as_json(read.policy, str(path)))
        else:
            click.echo(PolicyText(read.policy, names, lang).render(str(path)))
        for gap in read.gaps:
            click.echo(f"! {gap.detail.zh if lang == 'zh' else gap.detail.en}", err=True)
    return 0
