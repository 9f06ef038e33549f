"""`mingcha diff`: what changed between two results."""

from pathlib import Path
from typing import Any

import click

from scanner.commands import options


@click.command()
@click.argument("old", type=options.FILE)
@click.argument("new", type=options.FILE)
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["text", "json", "md", "html"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--fail-on-new", is_flag=True, help="Exit code 1 when there are new findings.")
@click.option(
    "--fail-on-drift",
    is_flag=True,
    help="Exit code 1 when the app does something new that its policy does not declare.",
)
@options.language
def command(old: Path, new: Path, fmt: str, lang: str, **fail_on: Any) -> int:
    """Compare two result.json files: what is new, fixed, still open, added and removed."""
    from scanner.bundle import encode, read_document
    from scanner.diff import compare
    from scanner.diff_text import to_lines, to_page
    from scanner.model.result import Result

    difference = compare(read_document(old, Result), read_document(new, Result))
    if fmt == "json":
        click.echo(encode(difference), nl=False)
    elif fmt == "html":
        click.echo(to_page(difference, lang), nl=False)
    else:
        click.echo("\n".join(to_lines(difference, lang, markdown=fmt == "md")))
    new_findings = fail_on["fail_on_new"] and difference.fresh
    return 1 if new_findings or (fail_on["fail_on_drift"] and difference.drift) else 0
