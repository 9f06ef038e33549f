"""`mingcha check`: judge evidence that was gathered before."""

from pathlib import Path
from typing import Any

import click

from scanner.commands import options
from scanner.commands.deliver import Delivery, deliver, gate, today_of
from scanner.commands.rules import rules_of


@click.command()
@click.argument("bundle", type=options.FILE)
@options.judging
@options.gating
@options.accepted
@click.option(
    "-o", "--output", type=options.FILE, default=Path("result.json"), show_default=True,
    help="Result file.",
)  # fmt: skip
@click.option(
    "--answers", type=options.FILE, help="Worksheet (.yaml or .xlsx) filled in by the tester."
)
@options.language
@options.quiet
def command(bundle: Path, output: Path, answers: Path | None, **values: Any) -> int:
    """Judge BUNDLE (a folder or an evidence.json) and write the result."""
    from scanner.bundle import encode, read_evidence
    from scanner.output import write_file
    from scanner.pipeline import judge

    evidence = read_evidence(bundle)
    know, profile = rules_of(values)
    result = judge(evidence, know, options.judgement_from(values, profile))
    if answers is not None:
        from scanner.worksheet import merge
        from scanner.worksheet_file import read

        result = merge(result, read(answers))
    delivery = Delivery.from_values({**values, "output": output.parent, "formats": ""})
    gated = gate(result, delivery, today_of(values["as_of"]), know)
    write_file(output, encode(gated))
    return deliver(gated, delivery)
