"""Typography of generated Chinese sentences."""

import re

from scanner.model.base import Text

_HAN = "\u4e00-\u9fff"
_BORDER = re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{_HAN}])")


def spaced(text: Text) -> Text:
    """Return the text with a blank between Han characters and Latin letters or digits.

    Names are put into sentences without knowing which script stands beside them.
    """
    return Text(zh=_BORDER.sub(" ", text.zh), en=text.en)
