"""The base class of every document type, and bilingual text."""

from collections.abc import Mapping
from typing import dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Doc(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Immutable, strict on input: an unknown or mistyped field is an error with a path."""


class Text(Doc):
    """The same sentence in both languages. Both are required: no silent fallback."""

    zh: str
    en: str

    def fill(self, args: "Mapping[str, str | Text]") -> "Text":
        """Return the text with its `{placeholders}` replaced in both languages.

        Raises `KeyError` when a placeholder has no argument.
        """
        return Text(
            zh=self.zh.format_map({k: v.zh if isinstance(v, Text) else v for k, v in args.items()}),
            en=self.en.format_map({k: v.en if isinstance(v, Text) else v for k, v in args.items()}),
        )


def same(text: str) -> Text:
    """Return a text that reads alike in both languages, such as a class name."""
    return Text(zh=text, en=text)
