"""Privacy policies inside the package: pages, documents and long strings, for the policy room."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from scanner.model.static import EmbeddedPolicy
from scanner.static.limits import POLICY_TEXTS
from scanner.static.ui_rules import PlacedText, PolicyText, Rules

_TEXTS = (".html", ".htm", ".txt", ".md", ".xhtml", ".mht")
_DOCUMENTS = (".pdf", ".docx")


class Found(NamedTuple):
    """One policy: the evidence about it, and its bytes as they lie in the package."""

    fact: EmbeddedPolicy
    data: bytes


def policy_of(place: str, data: bytes) -> Found:
    """Return a policy text as evidence and bytes."""
    digest = hashlib.sha256(data).hexdigest()
    return Found(EmbeddedPolicy(place=place, chars=len(_decode(data)), sha256=digest), data)


def find_policies(
    files: Iterable[Found], texts: Iterable[PlacedText], rules: Rules
) -> tuple[Found, ...]:
    """Return the policies of files and string resources, each content once, by place."""
    wanted = rules.table.policy_text
    strings = [
        policy_of(place, text.encode("utf-8", "replace"))
        for place, text in texts
        if speaks_as_policy(text, wanted)
    ]
    found: dict[str, Found] = {}
    for policy in sorted((*files, *strings), key=lambda f: f.fact.place):
        found.setdefault(policy.fact.sha256, policy)
    return tuple(found.values())[:POLICY_TEXTS]


def is_policy(name: str, data: bytes, rules: Rules) -> bool:
    """Tell whether a file is a privacy policy: a document by its name, a text by its words."""
    lower = name.lower()
    if lower.endswith(_DOCUMENTS):
        # What a PDF says is the policy room's to read; here only its name can speak.
        base = lower.rsplit("/", 1)[-1]
        return any(word in base for word in rules.table.policy_file_words)
    if not lower.endswith(_TEXTS):
        return False
    wanted = rules.table.policy_text
    heads = (*wanted.zh[:2], *wanted.en[:2])
    # Most text files are dictionaries and licences: decoding them all would cost too much.
    if not any(w.encode(c) in data for w in heads for c in ("utf-8", "gb18030")):
        small = data.lower()
        if not any(w.encode() in small for w in wanted.en[:2]):
            return False
    return speaks_as_policy(_decode(data), wanted)


def speaks_as_policy(text: str, wanted: PolicyText) -> bool:
    """Tell whether a text is long enough and holds enough of a policy's words.

    One of the first two words of a list must be there: what the document is about.
    """
    if len(text) < wanted.shortest:
        return False
    lower = text.lower()
    for words in (wanted.zh, wanted.en):
        if sum(word.lower() in lower for word in words) >= wanted.least and (
            words[0] in lower or words[1] in lower
        ):
            return True
    return False


def _decode(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
