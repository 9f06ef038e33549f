"""`mingcha verify`: check a sealed case."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands import options

if TYPE_CHECKING:
    from scanner.seal_check import Verdict

BAD = ("changed", "missing", "added")
SAID = (*BAD, "withheld", "given")


@click.command()
@click.argument("case", type=options.FILE)
@click.option("--originals", type=options.FILE, help="Folder in which to look for withheld files.")
@click.option(
    "--expect", default="", metavar="SHA256", help="Digest from the record: root, SM3 or file."
)
@click.option(
    "--tsa-ca", type=options.FILE, help="Certificates (PEM) that may have signed the time stamp."
)
@options.as_json
def command(
    case: Path, originals: Path | None, expect: str, tsa_ca: Path | None, json_: bool
) -> int:
    """Check CASE (a sealed zip) and name every file that was changed, lost or added.

    Exit code 0: as sealed; 1: not as sealed; 2: not a sealed case.
    """
    import msgspec

    from scanner.bundle import encode
    from scanner.seal_check import verify

    verdict = verify(case, originals)
    complaints = list(_complaints(verdict, expect.strip().lower(), tsa_ca))
    whole = verdict.whole and not complaints
    if json_:
        click.echo(encode(msgspec.structs.replace(verdict, manifest=b"")).decode(), nl=False)
        return 0 if whole else 1
    for state in SAID:
        for name in getattr(verdict, state):
            click.echo(f"{state}: {_printable(name)}")
    click.echo(f"{len(verdict.intact)} files intact")
    click.echo(f"SHA-256 {verdict.sha256}")
    click.echo(f"SM3     {verdict.sm3 or 'not available in this OpenSSL'}")
    click.echo(f"file    {verdict.file_sha256}")
    for complaint in complaints:
        click.echo(complaint)
    click.echo("as sealed" if whole else "NOT as sealed")
    return 0 if whole else 1


def _complaints(verdict: "Verdict", expect: str, authority: Path | None) -> Iterator[str]:
    """Say what is wrong with the case as a whole: with the record, with the time stamp."""
    if expect and expect not in {verdict.sha256, verdict.sm3, verdict.file_sha256}:
        yield "the case is not the one of the record: no digest of it is the expected one"
    if authority is not None and not verdict.token:
        yield "the case has no time stamp"
    if not verdict.token:
        return
    from scanner.seal_time import check_signature, read_token

    stamp = read_token(verdict.token)
    hint = "" if authority is not None else "; check who signed it with --tsa-ca CERTIFICATES.pem"
    click.echo(f"time stamp {stamp.time}, policy {stamp.policy}{hint}", err=True)
    if stamp.sha256 != verdict.sha256:
        yield "the time stamp is about another manifest"
    elif authority is not None:
        fault = check_signature(verdict.token, verdict.manifest, authority)
        if fault:
            yield f"the time stamp's signature cannot be trusted: {_printable(fault)}"


def _printable(name: str) -> str:
    return "".join(c if unicodedata.category(c)[0] != "C" else "\ufffd" for c in name)
