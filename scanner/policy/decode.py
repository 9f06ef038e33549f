"""Bytes to text: which encoding a policy file is written in."""

import codecs
import re

from scanner.model.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ODD = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\ue000-\uf8ff]")
_ODD_SHARE = 0.02
_SAMPLE = 65_536
_LEAST = 4


def decode(raw: bytes, name: str, declared: str = "") -> tuple[str, str]:
    """Return the text and the name of the encoding.

    A byte order mark decides, then strict UTF-8, then UTF-16 (by its zero bytes), then the
    charset that the document declares, then GB18030. Raises `InputError` when the bytes are not
    text in any of them. Line ends are kept, so offsets are those of the file's own text.
    """
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return _strict(raw, codec, name), "utf-8" if codec == "utf-8-sig" else codec
    text = _try(raw, "utf-8")
    if text is not None and _plausible(text):
        return text, "utf-8"
    for codec in (_wide(raw), declared, "gb18030"):
        text = _try(raw, codec) if codec else None
        if text is not None and _plausible(text):
            return text, codec
    text = raw.decode("utf-8", "replace")
    if text.count("\ufffd") <= max(2, len(text) * _ODD_SHARE / 4) and _plausible(text):
        return text, "utf-8"
    raise InputError(
        f"{name}: the text encoding is not UTF-8, UTF-16 or GB18030",
        "Save the policy as UTF-8 text, HTML, PDF or DOCX.",
    )


def _strict(raw: bytes, codec: str, name: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: broken {codec} text ({error.reason})") from error


def _try(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _wide(raw: bytes) -> str:
    """Guess UTF-16 without a mark: every other byte of ASCII text or line ends is zero."""
    sample = raw[:_SAMPLE]
    if len(sample) < _LEAST or b"\0" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even == odd:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _plausible(text: str) -> bool:
    """Tell text from binary: few control characters and few private-use code points."""
    sample = text[:_SAMPLE]
    return len(_ODD.findall(sample)) <= len(sample) * _ODD_SHARE
