"""`mingcha seal`: pack a case with a manifest of digests."""

from functools import partial
from pathlib import Path

import click

from scanner.commands import options


@click.command()
@click.argument("sources", type=options.FILE, nargs=-1, required=True)
@click.option("-o", "--output", type=options.FILE, required=True, help="Zip file to write.")
@click.option(
    "--redact",
    multiple=True,
    metavar="PATTERN",
    help="Withhold files of this name in the case, e.g. 'inputs/*'; their digests stay.",
)
@click.option("--timestamp", default="", metavar="URL", help="RFC 3161 server to ask for a token.")
@options.as_json
def command(
    sources: tuple[Path, ...], output: Path, redact: tuple[str, ...], timestamp: str, json_: bool
) -> int:
    """Pack SOURCES (bundle folder, report folder, files) into one sealed case.

    The root digests that are printed stand for the whole case: write them into the record. Nothing
    leaves this machine unless --timestamp names a server; it is then sent the root digest.
    """
    from scanner.bundle import encode
    from scanner.seal import seal
    from scanner.seal_time import request_token

    stamp = partial(request_token, timestamp) if timestamp else None
    sealed = seal(sources, output, redact, stamp)
    if json_:
        click.echo(encode(sealed).decode(), nl=False)
        return 0
    click.echo(f"{output}: {sealed.files} files")
    click.echo(f"SHA-256 {sealed.sha256}")
    click.echo(f"SM3     {sealed.sm3 or 'not available in this OpenSSL'}")
    click.echo(f"file    {sealed.file_sha256}")
    for name in sealed.withheld:
        click.echo(f"withheld: {name}")
    return 0
