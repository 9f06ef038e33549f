"""`mingcha inventory`: drafts for the app's own policy."""

from pathlib import Path

import click

from scanner.commands import options


@click.command()
@click.argument("result", type=options.FILE)
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["md", "html"]),
    default="md",
    show_default=True,
    help="Output format.",
)
@click.option("-o", "--output", type=options.FILE, help="File to write [default: stdout].")
@options.language
def command(result: Path, fmt: str, output: Path | None, lang: str) -> int:
    """Draft the two lists, the permission table and the SDK table from RESULT (a result.json).

    What no evidence answers is marked for a person to fill in.
    """
    from reports.inventory import inventory
    from reports.pages import to_html, to_markdown
    from scanner.bundle import read_document
    from scanner.model.result import Result
    from scanner.output import write_file

    page = inventory(read_document(result, Result), lang)
    content = to_html(page) if fmt == "html" else to_markdown(page)
    if output is None:
        click.echo(content, nl=False)
    else:
        click.echo(str(write_file(output, content)))
    return 0
