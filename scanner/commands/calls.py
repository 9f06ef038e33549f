"""`mingcha calls`: where the code reaches personal data, and how it gets there."""

from pathlib import Path

import click

from profiles.model import Knowledge
from scanner.commands import options
from scanner.console import progress
from scanner.model.base import Text
from scanner.model.errors import InputError


@click.command()
@click.argument("app", type=options.FILE)
@click.option("--data-type", "data_types", multiple=True, help="Only this kind of data (id).")
@click.option("--actor", "actors", multiple=True, help="Only this actor: app, or an SDK id.")
@click.option("--before-consent", is_flag=True, help="Only what runs without a user action.")
@click.option("--mapping", type=options.FILE, help="R8/ProGuard mapping.txt.")
@click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")
@options.as_json
@options.language
@options.quiet
def command(
    *,
    app: Path,
    data_types: tuple[str, ...],
    actors: tuple[str, ...],
    before_consent: bool,
    mapping: Path | None,
    rules: Path | None,
    json_: bool,
    lang: str,
    quiet: bool,
) -> int:
    """List the places in APP that reach personal data, each with its chain from an entry."""
    from checks.library_work import library_work
    from profiles.load import load_knowledge
    from reports.code_text import CodeText
    from scanner.static.calls_report import calls_json, select_calls
    from scanner.static.gather import gather_static

    know = load_knowledge(rules)
    unknown = set(data_types) - know.data_types.keys()
    if unknown:
        raise InputError(f"there is no data type {min(unknown)!r}", "See docs/knowledge.md.")
    with progress(quiet) as tell:
        read = gather_static(app, know, mapping=mapping, flow_budget=0, tell=tell)
    sites = select_calls(read.static, data_types, actors=actors, early_only=before_consent)
    if json_:
        click.echo(calls_json(sites), nl=False)
    else:
        works = library_work(know)
        click.echo(CodeText(names(know), lang).calls(sites, works.what), nl=False)
    for gap in (gap for gap in read.gaps if "static.calls" in gap.blocks):
        click.echo(f"! {gap.detail.zh if lang == 'zh' else gap.detail.en}", err=True)
    return 0


def names(know: Knowledge) -> dict[str, Text]:
    """Return the words for coded values, data types and actors."""
    words = {name: kind.name for name, kind in know.data_types.items()}
    words |= {name: sdk.name for name, sdk in know.sdks.items()}
    return {**know.words, **words, "app": Text(zh="应用自身", en="the app itself")}
