"""`mingcha notice`: the table forms in which authorities publish apps with problems."""

from pathlib import Path

import click

from scanner.commands import options

FORMS = ("miit", "cverc", "cac")


@click.command()
@click.argument("results", type=options.FILE, nargs=-1, required=True)
@click.option(
    "--form", type=click.Choice(FORMS), default="miit", show_default=True, help="Whose form."
)
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["docx", "xlsx", "html", "md"]),
    default="docx",
    show_default=True,
    help="Output format.",
)
@click.option("-o", "--output", type=options.FILE, help="File to write [default: stdout].")
@options.language
def command(results: tuple[Path, ...], form: str, fmt: str, output: Path | None, lang: str) -> int:
    """Draft the annex of a notice about the apps of RESULTS (result.json files).

    Only what failed and was not waived is listed; developer, operator and store stay blank.
    """
    from reports.notices import notice
    from scanner.bundle import read_document
    from scanner.commands.inventory import document
    from scanner.model.result import Result
    from scanner.output import write_file

    page = notice([read_document(path, Result) for path in results], form, lang)
    content = document(page, fmt)
    if output is None:
        click.echo(content, nl=False)
    else:
        click.echo(str(write_file(output, content)))
    return 0
