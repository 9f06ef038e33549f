"""`mingcha inventory`: drafts for the app's own policy."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands import options

if TYPE_CHECKING:
    from reports.pages import Page


@click.command()
@click.argument("result", type=options.FILE)
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["md", "html", "docx", "xlsx"]),
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
    from scanner.bundle import read_document
    from scanner.model.result import Result
    from scanner.output import write_file

    content = document(inventory(read_document(result, Result), lang), fmt)
    if output is None:
        click.echo(content, nl=False)
    else:
        click.echo(str(write_file(output, content)))
    return 0


def document(page: "Page", fmt: str) -> bytes:
    """Return a plain document as md, html, docx or xlsx."""
    from reports import pages

    if fmt in {"docx", "xlsx"}:
        from reports import office

        return office.to_docx(page) if fmt == "docx" else office.to_xlsx(page)
    return pages.to_html(page) if fmt == "html" else pages.to_markdown(page)
