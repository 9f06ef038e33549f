"""The words of the reports, in both languages, and the labels that a result brings along."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from scanner.model.base import Text
from scanner.model.result import Result

# libyaml reads this ten times faster; a wheel without it still works.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def strings() -> dict[str, Text]:
    """Return the report's own words by key."""
    content = files("reports").joinpath("strings.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(content, LOADER), dict[str, Text])  # noqa: S506 - a safe loader


class Voice:
    """Says things in one language: the report's own words, and those of the ids it is given."""

    def __init__(self, names: Mapping[str, Text], lang: str) -> None:
        """Take words by id; `lang` is `zh` or `en`."""
        self.lang = lang
        self._names = names

    def say(self, text: Text | None) -> str:
        """Return the text in this language, or nothing."""
        if text is None:
            return ""
        return text.zh if self.lang == "zh" else text.en

    def t(self, key: str, **values: object) -> str:
        """Return the report's own word for `key`, filled. Raises `KeyError` when there is none."""
        return self.say(strings()[key]).format(**values)

    def name(self, id_: str) -> str:
        """Return the word for an id, or the id itself."""
        return self.say(self._names[id_]) if id_ in self._names else id_


class Words(Voice):
    """The voice of a result, which brings its labels along."""

    def __init__(self, result: Result, lang: str) -> None:
        """Take the labels of `result`."""
        super().__init__({label.id: label.text for label in result.labels}, lang)

    def label(self, name: str) -> str:
        """Return the label that the result has for an id, or the id itself."""
        if name in self._names:
            return self.name(name)
        known = strings().get(name)
        return self.say(known) if known is not None else name

    def coded(self, kind: str, value: str) -> str:
        """Return the word for a coded value of some kind, or the value where there is none."""
        word = self.label(f"{kind}.{value}")
        return value if word == f"{kind}.{value}" else word
