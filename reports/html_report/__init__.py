"""The HTML report: one self-contained file under a strict content security policy."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.clean import clean
from reports.html_report.paper import paper_style
from reports.html_report.view import View
from reports.words import Words
from scanner.model.result import Result

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


def render(result: Result, lang: str) -> bytes:
    """Return the report as one HTML page in UTF-8 that needs no network and no script to read."""
    style, script = asset("style.css"), asset("script.js")
    words = Words(result, lang)
    paper = paper_style(result, words)
    page = (
        templates(__name__)
        .get_template("report.html.j2")
        .render(
            r=result,
            view=View(result, words),
            t=words.t,
            say=words.say,
            label=words.label,
            coded=words.coded,
            language=LANGUAGE_TAGS[lang],
            csp=policy_for(style, script, paper),
            style=Markup(style),  # noqa: S704 - our own file, no input in it
            paper=Markup(paper),  # noqa: S704 - every character of the app in it is a CSS escape
            script=Markup(script),  # noqa: S704 - our own file, no input in it
        )
    )
    return page.encode("utf-8", "replace")


def keep_compiled(folder: str) -> None:
    """Keep compiled templates in `folder`, which nobody but the user can write.

    Compiling takes longer than most reports take to render; the cache is keyed by the source.
    """
    templates(__name__).bytecode_cache = FileSystemBytecodeCache(folder, "template-%s.cache")


@cache
def templates(package: str) -> Environment:
    """Return the templates of `package`: escaped, strict, and what they show made harmless."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["step"] = _step
    return environment


def _step(line: str) -> str:
    """Return a line of a call chain without the arrow that the drawing of the chain stands for."""
    return line.removeprefix("→ ")


def _shown(value: object) -> object:
    """Return what an expression gave, harmless to show. Markup is ours and stays."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def asset(name: str) -> str:
    """Return one of our own files: the style or the script."""
    return files("reports.html_report").joinpath(name).read_text(encoding="utf-8")


def policy_for(style: str, script: str = "", *styles: str) -> str:
    """Return a content security policy that allows exactly our own styles and script, by digest."""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("style-src", *(f"'{_digest(text)}'" for text in (style, *styles)))),
            f"script-src '{_digest(script)}'" if script else "script-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
