"""`mingcha diff`: what changed between two results."""

from pathlib import Path

import click

from scanner.commands import options
from scanner.diff import Change, Difference, FindingLine
from scanner.model.base import Text

LISTS = (
    ("permissions", Text(zh="权限", en="Permissions")),
    ("sdks", Text(zh="SDK", en="SDKs")),
    ("data", Text(zh="个人信息", en="Personal data")),
    ("hosts", Text(zh="主机", en="Hosts")),
    ("countries", Text(zh="国家和地区", en="Countries")),
    ("clauses", Text(zh="条款", en="Clauses")),
)
FINDINGS = (
    ("fresh", "+", Text(zh="新增问题", en="New findings")),
    ("fixed", "-", Text(zh="已整改", en="Fixed")),
    ("unknown", "?", Text(zh="本次未能检查", en="Not assessed this time")),
    ("open", "=", Text(zh="仍存在", en="Still open")),
)
HEAD = (
    Text(zh="变化", en="Change"),
    Text(zh="严重程度", en="Severity"),
    Text(zh="结论", en="Outcome"),
    Text(zh="问题", en="Finding"),
    Text(zh="编号", en="Id"),
)
NOTHING = Text(zh="没有变化。", en="Nothing changed.")
DRIFT = Text(
    zh="行为有新增，而隐私政策没有变化。", en="Behaviour was added; the policy stayed the same."
)


@click.command()
@click.argument("old", type=options.FILE)
@click.argument("new", type=options.FILE)
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["text", "json", "md", "html"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--fail-on-new", is_flag=True, help="Exit code 1 when there are new findings.")
@options.language
def command(old: Path, new: Path, fmt: str, fail_on_new: bool, lang: str) -> int:
    """Compare two result.json files: what is new, fixed, still open, added and removed."""
    from scanner.bundle import encode, read_document
    from scanner.diff import compare
    from scanner.model.result import Result

    difference = compare(read_document(old, Result), read_document(new, Result))
    if fmt == "json":
        click.echo(encode(difference).decode(), nl=False)
    elif fmt == "html":
        click.echo(_html(difference, lang), nl=False)
    else:
        click.echo("\n".join(_lines(difference, lang, markdown=fmt == "md")))
    return 1 if fail_on_new and difference.fresh else 0


def _lines(difference: Difference, lang: str, *, markdown: bool) -> list[str]:
    """Return the comparison as lines of plain text or Markdown."""
    head, item = ("### ", "- ") if markdown else ("", "  ")
    lines = [f"{head}{difference.old} -> {difference.new}"]
    if difference.drift:
        lines.append(_say(DRIFT, lang))
    for name, sign, title in FINDINGS:
        found: tuple[FindingLine, ...] = getattr(difference, name)
        if found:
            lines.append(f"{head}{_say(title, lang)} ({len(found)})")
            lines += [f"{item}{sign} [{f.severity}] {_say(f.message, lang)}" for f in found]
    for name, title in LISTS:
        change: Change = getattr(difference, name)
        if change:
            lines.append(f"{head}{_say(title, lang)}")
            lines += [f"{item}+ {_say(text, lang)}" for text in change.added]
            lines += [f"{item}- {_say(text, lang)}" for text in change.removed]
            lines += [f"{item}* {_say(text, lang)}" for text in change.changed]
    return lines if len(lines) > 1 else [*lines, _say(NOTHING, lang)]


def _html(difference: Difference, lang: str) -> bytes:
    """Return the comparison as one HTML page."""
    from reports.pages import Page, Table, to_html

    tables = []
    for name, sign, title in FINDINGS:
        found: tuple[FindingLine, ...] = getattr(difference, name)
        if found:
            rows = tuple((sign, f.severity, f.outcome, _say(f.message, lang), f.id) for f in found)
            heading = f"{_say(title, lang)} ({len(found)})"
            tables.append(Table(title=heading, head=tuple(_say(h, lang) for h in HEAD), rows=rows))
    for name, title in LISTS:
        change: Change = getattr(difference, name)
        marked = (("+", change.added), ("-", change.removed), ("*", change.changed))
        lines = tuple((sign, _say(text, lang)) for sign, texts in marked for text in texts)
        if lines:
            tables.append(Table(title=_say(title, lang), rows=lines))
    notes = [_say(DRIFT, lang)] if difference.drift else []
    if not tables:
        notes.append(_say(NOTHING, lang))
    heading = f"{difference.old} → {difference.new}"
    return to_html(Page(title=heading, tables=tuple(tables), lang=lang, notes=tuple(notes)))


def _say(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en
