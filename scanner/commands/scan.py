"""`mingcha scan`: the main job."""

from pathlib import Path
from typing import Any

import click

from scanner.commands import options
from scanner.commands.config import apply_config
from scanner.commands.deliver import Delivery, deliver, gate, today_of
from scanner.commands.rules import rules_of
from scanner.console import progress
from scanner.model.errors import InputError


@click.command()
@click.argument("app", type=options.FILE, required=False)
@options.inputs
@options.judging
@options.gating
@options.accepted
@click.option(
    "-o", "--output", type=options.FILE, default=Path("mingcha-report"), show_default=True,
    help="Folder for the reports.",
)  # fmt: skip
@click.option(
    "-f", "--formats", default="html,json,sarif", show_default=True, help="What to write."
)
@click.option("--bundle", type=options.FILE, help="Also keep the evidence in this folder.")
@click.option("--config", type=options.FILE, help="mingcha.yaml [default: the one beside APP].")
@options.language
@options.quiet
@click.pass_context
def command(ctx: click.Context, /, **values: Any) -> int:
    """Scan APP (APK, XAPK, APKS, AAB, folder of splits) and write the reports.

    Exit code 0: gate passed; 1: findings at or above --fail-on; 2: unusable input;
    3: not examined enough.
    """
    from scanner.bundle import write_bundle
    from scanner.pipeline import gather, judge

    values = apply_config(ctx, values, values["config"])
    if values["app"] is None:
        raise InputError("no app given", "Name an APK, or put a mingcha.yaml here.")
    request = options.request_from(values["app"], values)
    delivery = Delivery.from_values(values)
    with progress(values["quiet"]) as tell:
        know, profile = rules_of(values)
        evidence = gather(request, know, tell)
        tell("judging")
        result = judge(evidence, know, options.judgement_from(values, profile))
        if values["bundle"] is not None:
            write_bundle(values["bundle"], evidence, request.files())
        tell("writing reports")
        return deliver(gate(result, delivery, today_of(values["as_of"]), know), delivery)
