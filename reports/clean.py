"""Text from an app made harmless to show: bounded, without control or direction characters."""

import re

MAX_CHARS = 2000
# Controls (but tab and newline), and the marks that reorder or hide what stands around them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def clean(text: str, most: int = MAX_CHARS) -> str:
    """Return at most `most` characters of `text`, its invisible characters shown as U+FFFD.

    A mark that reverses text or hides in it could make a report say what it does not.
    """
    if len(text) > most:
        text = text[: most - 1] + "…"
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("\ufffd", text)


_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/%!()*,=@")


def relative_uri(path: str) -> str:
    """Return `path` as the address of a file in a repository: relative, percent-encoded.

    What is already encoded stays; segments that would lead out of the repository are dropped.
    """
    parts = [part for part in clean(path).split("/") if part not in {"", ".", ".."}]
    encoded = "/".join(parts).encode("utf-8", "replace")
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in encoded)
