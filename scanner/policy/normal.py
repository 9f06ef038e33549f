"""One spelling for matching: what differs between policies but not in meaning is made alike."""

import re
import string

_SIGNS = r"*_#`\\\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_BLANKS = r" \t\u00a0\u3000"
_DROP = re.compile(
    rf"[{_SIGNS}{_BLANKS}](?:(?<=[{_SIGNS}])"
    rf"|(?<=[^\x00-\x7f][{_BLANKS}])[{_BLANKS}]*|(?<=[{_BLANKS}])[{_BLANKS}]*(?=[^\x00-\x7f]))"
)
"""Signs of mark-up, and blanks behind or before a Han character. It begins with one class of
characters: such a pattern is looked for at full speed.
"""
_LETTERS = string.ascii_letters.encode()
_HAN = bytes(range(0x34, 0xA0))
"""The high bytes of Han characters, U+3400 to U+9FFF, in UTF-16."""
_TABLE = {
    **{ord(a): b for a, b in zip(",;:()?!", "，；：（）？！", strict=True)},
    **{0xFF10 + n: chr(0x30 + n) for n in range(10)},
    **{0xFF21 + n: chr(0x61 + n) for n in range(26)},
    **{0xFF41 + n: chr(0x61 + n) for n in range(26)},
    **{0x41 + n: chr(0x61 + n) for n in range(26)},
    ord("你"): "您",
    ord("妳"): "您",
    ord("帐"): "账",
    ord("﹑"): "、",
    ord("\u00a0"): " ",
    ord("\u3000"): " ",
    ord("\t"): " ",
    ord("\n"): " ",
    ord("\r"): " ",
}
_FOLD = re.compile(
    "["
    + re.escape("".join(chr(c) for c in _TABLE if not chr(c).isupper() or not chr(c).isascii()))
    + "]"
)
"""What the table changes besides capital letters: most sentences have none of it."""
_ENGLISH = {
    **{0x41 + n: chr(0x61 + n) for n in range(26)},
    **{ord(a): b for a, b in zip("‘’“”\u00a0\t\n\r", "''\"\"    ", strict=True)},
}


class Normal:
    """The normalised text of one sentence and the way back to its characters."""

    __slots__ = ("_kept", "_size", "text")

    def __init__(self, text: str, *, chinese: bool = True) -> None:
        """Normalise. Chinese text loses mark-up signs and the blanks beside Han characters."""
        self._size = len(text)
        self._kept: list[int] | None = None
        if not chinese:
            self.text = text.translate(_ENGLISH)
            return
        kept: list[int] = []
        parts: list[str] = []
        last = 0
        for found in _DROP.finditer(text):
            start, end = found.span()
            kept.extend(range(last, start))
            parts.append(text[last:start])
            last = end
        if last:
            kept.extend(range(last, len(text)))
            text = "".join([*parts, text[last:]])
            self._kept = kept
        plain = "İ" not in text and not _FOLD.search(text)
        self.text = text.lower() if plain else text.translate(_TABLE)

    def back(self, position: int) -> int:
        """Return the index in the original of a start position in the normalised text."""
        if self._kept is None:
            return position
        return self._kept[position] if position < len(self._kept) else self._size

    def back_end(self, position: int) -> int:
        """Return the index in the original of an end position (exclusive)."""
        return self.back(position - 1) + 1 if position else self.back(0)


def fold(term: str) -> str:
    """Return a lexicon term in the spelling that `Normal` gives to texts."""
    return Normal(term).text


def is_chinese(text: str) -> bool:
    """Tell whether a text is (mostly) Chinese: one Han character weighs as three letters."""
    han = han_characters(text)
    return han > 0 and han * 3 >= _count(text.encode("utf-8", "surrogatepass"), _LETTERS)


def han_characters(text: str) -> int:
    """Count the Han characters of a text."""
    return _count(text.encode("utf-16-le", "surrogatepass")[1::2], _HAN)


def _count(data: bytes, wanted: bytes) -> int:
    """Count bytes of certain kinds: several times as fast as a pattern over characters."""
    return len(data) - len(data.translate(None, wanted))
