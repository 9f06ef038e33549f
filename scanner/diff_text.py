"""A comparison in words: lines of text, Markdown, or one HTML page."""

from collections.abc import Callable

import msgspec

from reports.clean import clean
from reports.md_report import plain
from reports.pages import Page, Table, to_html
from reports.words import strings
from scanner.diff import Change, Difference, FindingLine
from scanner.model.base import Text

LISTS = (
    ("permissions", Text(zh="权限", en="Permissions")),
    ("sdks", Text(zh="SDK", en="SDKs")),
    ("data", Text(zh="个人信息", en="Personal data")),
    ("hosts", Text(zh="主机", en="Hosts")),
    ("countries", Text(zh="国家和地区", en="Countries")),
    ("statements", Text(zh="政策声明", en="Statements of the policy")),
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
CONTENT = Text(zh="内容", en="What")
NOTHING = Text(zh="没有变化。", en="Nothing changed.")
DRIFT = Text(zh="行为变了，政策没有跟上", en="Behaviour changed, the policy did not follow")
SAME = Text(zh="隐私政策文本没有变化。", en="The text of the policy is the same.")
LIMITS = Text(zh="比较的局限", en="Limits of the comparison")


class Line(msgspec.Struct, frozen=True):
    """One change: its sign (+ - * = ? !), what it is, and for a finding severity, outcome, id."""

    sign: str
    text: str
    severity: str = ""
    outcome: str = ""
    id: str = ""


class Section(msgspec.Struct, frozen=True):
    """Changes of one kind, under a title."""

    title: str
    lines: tuple[Line, ...]


def sections(difference: Difference, lang: str) -> tuple[Section, ...]:
    """Return what changed, what weighs most first, without empty sections."""

    def say(text: Text) -> str:
        return text.zh if lang == "zh" else text.en

    drift = [say(text) for text in difference.undeclared]
    if drift and difference.same_policy:
        drift.append(say(SAME))
    found = [
        Section(say(DRIFT), tuple(Line("!", text) for text in drift)),
        *(
            Section(say(title), _findings(getattr(difference, name), sign, say))
            for name, sign, title in FINDINGS
        ),
        *(Section(say(title), _changes(getattr(difference, name), say)) for name, title in LISTS),
        Section(say(LIMITS), tuple(Line("!", say(text)) for text in difference.limits)),
    ]
    return tuple(section for section in found if section.lines)


def _findings(
    found: tuple[FindingLine, ...], sign: str, say: Callable[[Text], str]
) -> tuple[Line, ...]:
    words = strings()
    return tuple(
        Line(
            sign,
            say(f.message),
            say(words[f"severity.{f.severity}"]),
            say(words[f"outcome.{f.outcome}"]),
            f.id,
        )
        for f in found
    )


def _changes(change: Change, say: Callable[[Text], str]) -> tuple[Line, ...]:
    parts = (("+", change.added), ("-", change.removed), ("*", change.changed))
    return tuple(Line(sign, say(text)) for sign, texts in parts for text in texts)


def to_lines(difference: Difference, lang: str, *, markdown: bool = False) -> list[str]:
    """Return plain text or Markdown in which nothing that an app says is active."""
    head, safe = ("### ", plain) if markdown else ("", clean)
    lines = [f"{head}{safe(difference.old)} -> {safe(difference.new)}"]
    for section in sections(difference, lang):
        lines += (
            ["", f"{head}{section.title} ({len(section.lines)})"]
            if markdown
            else [f"{section.title} ({len(section.lines)})"]
        )
        lines += [_line(line, safe, markdown=markdown) for line in section.lines]
    if len(lines) == 1:
        lines.append(NOTHING.zh if lang == "zh" else NOTHING.en)
    return lines


def _line(line: Line, safe: Callable[[str], str], *, markdown: bool) -> str:
    if markdown:  # a bare sign would begin a list of its own
        weight = f"**{line.severity}** " if line.severity else ""
        return f"- `{line.sign}` {weight}{safe(line.text)}"
    weight = f"[{line.severity}] " if line.severity else ""
    return f"  {line.sign} {weight}{safe(line.text)}"


def to_page(difference: Difference, lang: str) -> bytes:
    """Return the comparison as one HTML page that needs no network and no script."""
    head = tuple(text.zh if lang == "zh" else text.en for text in HEAD)
    tables = []
    for section in sections(difference, lang):
        title = f"{section.title} ({len(section.lines)})"
        if section.lines[0].id:
            rows = tuple((n.sign, n.severity, n.outcome, n.text, n.id) for n in section.lines)
            tables.append(Table(title=title, head=head, rows=rows))
        else:
            plain_rows = tuple((n.sign, n.text) for n in section.lines)
            tables.append(
                Table(
                    title=title,
                    head=(head[0], CONTENT.zh if lang == "zh" else CONTENT.en),
                    rows=plain_rows,
                )
            )
    nothing = NOTHING.zh if lang == "zh" else NOTHING.en
    page = Page(
        title=f"{difference.old} → {difference.new}",
        tables=tuple(tables),
        lang=lang,
        notes=() if tables else (nothing,),
    )
    return to_html(page)
