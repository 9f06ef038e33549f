"""`mingcha report`: render a result."""

from pathlib import Path

import click

from scanner.commands import options

PDF = "pdf"


@click.command()
@click.argument("result", type=options.FILE)
@click.option(
    "-f",
    "--format",
    "fmt",
    default="html",
    show_default=True,
    help="html, json, sarif, text, junit, md, xlsx, docx, codequality, or pdf (needs a Chromium).",
)
@click.option("-o", "--output", type=options.FILE, help="File to write [default: stdout].")
@options.language
def command(result: Path, fmt: str, output: Path | None, lang: str) -> int:
    """Render RESULT (a result.json) in one format."""
    from reports import render
    from scanner.bundle import read_document
    from scanner.commands.deliver import parse_formats
    from scanner.model.result import Result
    from scanner.output import write_file
    from scanner.pdf import print_pdf

    if fmt != PDF:
        parse_formats(fmt)
    page = render(read_document(result, Result), "html" if fmt == PDF else fmt, lang)
    if fmt == PDF:
        page = print_pdf(page)
    if output is None:
        click.echo(page, nl=False)
    else:
        click.echo(str(write_file(output, page)))
    return 0
