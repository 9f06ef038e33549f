"""`mingcha worksheet`: the questions that a person must answer."""

from pathlib import Path

import click

from scanner.commands import options


@click.command()
@click.argument("result", type=options.FILE)
@click.option(
    "-o", "--output", type=options.FILE, required=True, help="worksheet.yaml or .xlsx to write."
)
@options.language
def command(*, result: Path, output: Path, lang: str) -> int:
    """Write the manual and open clauses of RESULT as a worksheet.

    Fill in the answers and hand them back with `mingcha check BUNDLE --answers FILE`.
    """
    from scanner.bundle import read_document
    from scanner.model.result import Result
    from scanner.output import write_file
    from scanner.worksheet import worksheet
    from scanner.worksheet_file import dump

    sheet = worksheet(read_document(result, Result), lang)
    click.echo(str(write_file(output, dump(sheet, output.name, lang))))
    return 0
