"""The printed page: A4, with what a filed sheet must say in its margins."""

from reports.clean import clean
from reports.words import Words
from scanner.model.result import Result

LONGEST = 120
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")


def paper_style(result: Result, words: Words) -> str:
    """Return the style of the page margins: which report, which sample, which page of how many."""
    app = result.app
    name = f"{app.label or app.package} {app.version_name}".strip()
    sample = (
        f"{app.package} · SHA-256 {app.sha256[:16]}… · {words.t('brand')} {result.tool.version}"
    )
    before, between, after = _around(words)
    boxes = (
        ("top-left", quoted(words.t("title"))),
        ("top-right", quoted(name)),
        ("bottom-left", quoted(sample)),
        (
            "bottom-right",
            f"{quoted(before)} counter(page) {quoted(between)} counter(pages) {quoted(after)}",
        ),
    )
    margins = "".join(f"@{place}{{content:{text}}}" for place, text in boxes)
    font = 'font:7.5pt "Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#444'
    return f"@page{{size:A4;margin:17mm 14mm 16mm;{font};{margins}}}"


def _around(words: Words) -> tuple[str, str, str]:
    """Return the words before, between and after the page number and the number of pages."""
    before, _, rest = words.t("page.of", n="\0", all="\1").partition("\0")
    between, _, after = rest.partition("\1")
    return before, between, after


def quoted(text: str) -> str:
    """Return `text` as a CSS string in which nothing but letters, digits and spaces is literal.

    Names of an app get here: no quote, brace, angle bracket or backslash of theirs may survive.
    """
    safe = "".join(char if char in PLAIN else f"\\{ord(char):06x}" for char in clean(text, LONGEST))
    return f'"{safe}"'
