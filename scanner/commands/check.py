"""`mingcha check`: judge evidence that was gathered before."""

from pathlib import Path
from typing import Any

import click

from scanner.commands import options
from scanner.commands.deliver import Delivery, deliver


@click.command()
@click.argument("bundle", type=options.FILE)
@options.judging
@options.gating
@click.option(
    "-o", "--output", type=options.FILE, default=Path("result.json"), show_default=True,
    help="Result file.",
)  # fmt: skip
@options.language
@options.quiet
def command(bundle: Path, output: Path, **values: Any) -> int:
    """Judge BUNDLE (a folder or an evidence.json) and write the result."""
    from profiles.load import load_knowledge
    from scanner.bundle import encode, read_evidence
    from scanner.gate import apply_gate
    from scanner.output import write_file
    from scanner.pipeline import judge

    evidence = read_evidence(bundle)
    result = judge(evidence, load_knowledge(values["rules"]), options.judgement_from(values))
    delivery = Delivery.from_values({**values, "output": output.parent, "formats": ""})
    gated = apply_gate(result, fail_on=delivery.fail_on, min_coverage=delivery.min_coverage)
    write_file(output, encode(gated))
    return deliver(gated, delivery)
