"""Plain documents of tables and lists, as HTML or Markdown: inventories and comparisons."""

from html import escape

import msgspec

from reports.clean import clean
from reports.html_report import LANGUAGE_TAGS, asset, policy_for
from reports.md_report import plain


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with a note, a table under `head`, or with an empty `head` a list of lines."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    note: str = ""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A document. `lang` is "zh" or "en"."""

    title: str
    tables: tuple[Table, ...]
    lang: str
    notes: tuple[str, ...] = ()


def to_markdown(page: Page) -> bytes:
    """Return the document as Markdown in which nothing from an app is active."""
    lines = [f"# {plain(page.title)}", ""]
    for note in page.notes:
        lines += [plain(note), ""]
    for table in page.tables:
        lines += [f"## {plain(table.title)}", ""]
        if table.note:
            lines += [plain(table.note), ""]
        if table.head:
            lines.append("| " + " | ".join(map(plain, table.head)) + " |")
            lines.append("|" + "---|" * len(table.head))
            lines += ["| " + " | ".join(map(plain, row)) + " |" for row in table.rows]
        else:
            lines += [f"- {plain(' '.join(row))}" for row in table.rows]
        lines.append("")
    return "\n".join(lines).encode("utf-8", "replace")


def to_html(page: Page) -> bytes:
    """Return the document as one HTML page that needs no network and no script."""
    style = asset("style.css")
    body = "\n".join(
        (
            f"<h1>{_text(page.title)}</h1>",
            *(f"<p>{_text(note)}</p>" for note in page.notes),
            *(_html(table) for table in page.tables),
        )
    )
    document = f"""<!doctype html>
<html lang="{LANGUAGE_TAGS[page.lang]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy_for(style))}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{_text(page.title)}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
    return document.encode("utf-8", "replace")


def _html(table: Table) -> str:
    title = _text(table.title)
    lines = [f"<h2>{title}</h2>"]
    if table.note:
        lines.append(f'<p class="sub">{_text(table.note)}</p>')
    if not table.head:
        items = "".join(f"<li>{_text(' '.join(row))}</li>" for row in table.rows)
        return "\n".join([*lines, f"<ul>{items}</ul>"])
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in table.head)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{_text(value)}</td>" for value in row) + "</tr>"
        for row in table.rows
    )
    region = f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
    table_ = f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"
    return "\n".join([*lines, f"{region}{table_}</div>"])


def _text(text: str) -> str:
    return escape(clean(text))
