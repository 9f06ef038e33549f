"""`mingcha verify`: check a sealed case."""

import unicodedata
from pathlib import Path

import click

from scanner.commands import options

BAD = ("changed", "missing", "added")
SAID = (*BAD, "withheld", "given")


@click.command()
@click.argument("case", type=options.FILE)
@click.option("--originals", type=options.FILE, help="Folder in which to look for withheld files.")
@click.option("--expect", default="", metavar="SHA256", help="Root digest from the record.")
@options.as_json
def command(case: Path, originals: Path | None, expect: str, json_: bool) -> int:
    """Check CASE (a sealed zip) and name every file that was changed, lost or added.

    Exit code 0: as sealed; 1: not as sealed; 2: not a sealed case.
    """
    from scanner.bundle import encode
    from scanner.seal_check import verify

    verdict = verify(case, originals)
    same_root = not expect or expect.strip().lower() == verdict.sha256
    stamp = _stamp(verdict.token)
    if json_:
        click.echo(encode(verdict).decode(), nl=False)
        return 0 if verdict.whole and same_root and (stamp in ("", verdict.sha256)) else 1
    for state in SAID:
        for name in getattr(verdict, state):
            click.echo(f"{state}: {_printable(name)}")
    click.echo(f"{len(verdict.intact)} files intact")
    click.echo(f"SHA-256 {verdict.sha256}")
    click.echo(f"SM3     {verdict.sm3 or 'not available in this OpenSSL'}")
    if not same_root:
        click.echo("the manifest is not the one of the record: its root digest differs")
    if stamp not in ("", verdict.sha256):
        click.echo("the time stamp is about another manifest")
    whole = verdict.whole and same_root and stamp in ("", verdict.sha256)
    click.echo("as sealed" if whole else "NOT as sealed")
    return 0 if whole else 1


def _stamp(token: bytes) -> str:
    """Return the digest that the case's time stamp is about, "" when there is no stamp."""
    if not token:
        return ""
    from scanner.seal_time import read_token

    stamp = read_token(token)
    click.echo(
        f"time stamp {stamp.time}, policy {stamp.policy};"
        " check its signature with: openssl ts -verify",
        err=True,
    )
    return stamp.sha256


def _printable(name: str) -> str:
    return "".join(c if unicodedata.category(c)[0] != "C" else "\ufffd" for c in name)
