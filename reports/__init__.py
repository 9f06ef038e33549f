"""Renderers: pure functions of the result document and a language."""

from importlib import import_module
from typing import Protocol

from scanner.model.result import Result

FORMATS: dict[str, str] = {
    "html": "html",
    "json": "json",
    "sarif": "sarif",
    "text": "txt",
    "junit": "xml",
    "md": "md",
    "xlsx": "xlsx",
    "docx": "docx",
    "codequality": "json",
}
"""Report formats and their file suffixes. Each is a module of this package with `render`."""

LANGUAGES = ("zh", "en")


class _Renderer(Protocol):
    def render(self, result: Result, lang: str) -> bytes: ...


def render(result: Result, fmt: str, lang: str) -> bytes:
    """Return `result` in format `fmt` and language `lang` ("zh" or "en").

    Same result, same bytes. Raises `ValueError` for an unknown format or language.
    """
    if fmt not in FORMATS or lang not in LANGUAGES:
        raise ValueError(f"no report {fmt!r} in {lang!r}")
    # Imported on demand: a JSON report should not pay for the template engine.
    renderer: _Renderer = import_module(f"reports.{fmt}_report")
    return renderer.render(result, lang)
