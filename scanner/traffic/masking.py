"""Values leave this room masked and as a keyed hash only."""

import hashlib
import re

from scanner.model.unicode import whole

_SHOWN_SHARE = 3
"""At most a third of a value is shown."""
_MAX_SHOWN = 4
_KEY_BYTES = 12
_NUMBER = re.compile(r"(-?\d+\.\d)\d*")
_LONG = re.compile(r"[0-9A-Za-z_\-]*\d[0-9A-Za-z_\-]*")
_MIN_SEGMENT = 9
_MAX_PATH = 160


def mask(value: str) -> str:
    """Show the ends of a value and hide the middle: `86*********87`."""
    text = " ".join(value.split())
    if not text:
        return ""
    shown = min(_MAX_SHOWN, len(text) // _SHOWN_SHARE)
    head = (shown + 1) // 2
    tail = shown - head
    hidden = min(len(text) - shown, 24)
    return text[:head] + "*" * hidden + (text[-tail:] if tail else "")


def mask_position(value: str) -> str:
    """Show a position to a tenth of a degree: about eleven kilometres."""
    return _NUMBER.sub(r"\1*", value)


def mask_path(target: str) -> str:
    """Return a URL path without query, in which long segments with digits are hidden."""
    path = whole(target.partition("?")[0].partition("#")[0])
    segments = [
        mask(segment) if len(segment) >= _MIN_SEGMENT and _LONG.fullmatch(segment) else segment
        for segment in path.split("/")
    ]
    return "/".join(segments)[:_MAX_PATH]


class Keyed:
    """A keyed hash: equal values give equal tokens; without the captures nobody can try values."""

    def __init__(self, secret: bytes) -> None:
        """Keep the key (see `gather`: it is made of the bytes of the inputs)."""
        self._secret = secret[:64]

    def token(self, data_type: str, value: str) -> str:
        """Return the token of a value of one data type."""
        text = f"{data_type}\0{value}".encode("utf-8", "surrogateescape")
        return hashlib.blake2b(text, key=self._secret, digest_size=_KEY_BYTES).hexdigest()
