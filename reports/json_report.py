"""The result itself as JSON, with a stable field order."""

import msgspec

from scanner.model.result import Result


def render(result: Result, lang: str) -> bytes:  # noqa: ARG001 - the document holds both languages
    """Return the result as indented JSON; both languages are in it."""
    return msgspec.json.format(msgspec.json.encode(result, order="deterministic"), indent=1) + b"\n"
