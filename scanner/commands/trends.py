"""`mingcha trends`: early warning over a store."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands import options
from scanner.commands.query import open_store
from scanner.model.base import Text
from scanner.model.errors import InputError

if TYPE_CHECKING:
    from scanner.fleet.trends import Trend, Trends

KINDS = {
    "sdk": Text(zh="SDK", en="SDK"),
    "host": Text(zh="境外主机", en="overseas host"),
    "abroad": Text(zh="出境的个人信息", en="personal data going abroad"),
    "check": Text(zh="问题", en="finding"),
    "permission": Text(zh="权限", en="permission"),
}
CHANGES = {"new": Text(zh="新出现", en="new"), "rising": Text(zh="上升", en="rising")}
NOTHING = Text(zh="没有新出现或上升的内容。", en="Nothing new and nothing rising.")
SKIPPED = Text(zh="未比较（其中一方从未检查）：", en="Not compared (one side never examined it): ")


@click.command()
@click.option("--campaign", type=options.FILE, help="Campaign folder.")
@click.option("--store", default="", help="Database URL.")
@click.option("--before", type=options.FILE, help="Folder of an earlier campaign.")
@click.option("--old", default="", help="Earlier campaign in the same store.")
@click.option("--new", default="", help="Campaign to look at [default: the latest].")
@click.option(
    "--days", type=click.IntRange(1, 3650), help="Compare the last days with the time before."
)
@click.option(
    "--least", type=click.IntRange(1), default=2, show_default=True, help="Fewest apps to speak of."
)
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@options.language
def command(
    *,
    campaign: Path | None,
    store: str,
    before: Path | None,
    old: str,
    new: str,
    days: int | None,
    least: int,
    fmt: str,
    lang: str,
) -> int:
    """Show what spreads: SDKs, overseas hosts, data going abroad, findings, permissions that are
    new or have risen by more than chance explains, with counts and apps.

    Compares with --before FOLDER, with --old NAME, with the time before the last --days, or with
    the campaign before the latest one.
    """
    from scanner.bundle import encode
    from scanner.fleet.sheets import to_csv
    from scanner.fleet.trends import Ground, compare, last_days, rows

    with ExitStack() as stack:
        here = stack.enter_context(closing(open_store(campaign, store)))
        known = here.campaigns()
        now = Ground(here.engine, pick(known, new))
        if days is not None:
            earlier, now = last_days(now, days)
        elif before is not None:
            there = stack.enter_context(closing(open_store(before, "")))
            earlier = Ground(there.engine, pick(there.campaigns(), old))
        else:
            others = [name for name in known if name != now.campaign]
            earlier = Ground(here.engine, pick(others, old))
        found = compare(earlier, now, least)
    if fmt == "json":
        click.echo(encode(found).decode(), nl=False)
    elif fmt == "csv":
        click.echo(to_csv(rows(found, lang)), nl=False)
    else:
        click.echo("\n".join(_lines(found, lang)))
    return 0


def pick(known: Sequence[str], wanted: str) -> str:
    """Return the campaign that is wanted, or the latest. Raises `InputError`."""
    if wanted and wanted not in known:
        raise InputError(f"no campaign {wanted!r} in the store", f"Known: {', '.join(known)}.")
    if not known:
        raise InputError("no campaign to compare", "Give --before FOLDER, --old NAME or --days N.")
    return wanted or known[-1]


def _lines(found: "Trends", lang: str) -> list[str]:
    lines = [f"{found.old} ({found.before_of}) -> {found.new} ({found.now_of})"]
    lines += [_line(trend, lang) for trend in found.trends]
    if not found.trends:
        lines.append(_say(NOTHING, lang))
    if found.not_compared:
        kinds = ", ".join(_say(KINDS[kind], lang) for kind in found.not_compared)
        lines.append(_say(SKIPPED, lang) + kinds)
    return lines


def _line(t: "Trend", lang: str) -> str:
    counts = f"{t.before}/{t.before_of} -> {t.now}/{t.now_of}"
    rest = f" … +{t.now - len(t.apps)}" if t.now > len(t.apps) else ""
    what = f"[{_say(CHANGES[t.change], lang)}] {_say(KINDS[t.kind], lang)}"
    name = _say(t.name, lang)
    label = t.id if name == t.id else f"{name} ({t.id})"
    return f"{what} {label}: {counts}\n    {' '.join(t.apps)}{rest}"


def _say(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en
