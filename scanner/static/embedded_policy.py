"""Privacy policies inside the package: pages, documents and long strings, for the policy room."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from scanner.model.static import EmbeddedPolicy
from scanner.static.limits import MIB, POLICY_TEXTS, TEXT_BYTES
from scanner.static.package import Package
from scanner.static.ui_rules import PolicyText, Rules
from scanner.static.ui_texts import PlacedText

_FOLDERS = ("assets/", "res/raw", "root/", "res/")
_TEXTS = (".html", ".htm", ".txt", ".md", ".xhtml", ".mht")
_DOCUMENTS = (".pdf", ".docx")
_MOST_FILES = 3000
_ALL_BYTES = 64 * MIB


class Found(NamedTuple):
    """One policy: the evidence about it, and its bytes as they lie in the package."""

    fact: EmbeddedPolicy
    data: bytes


def find_policies(package: Package, texts: list[PlacedText], rules: Rules) -> tuple[Found, ...]:
    """Return the policy texts, each content once, in order of place."""
    found: dict[str, Found] = {}
    for place, data in [*_files(package, rules), *_strings(texts, rules)]:
        digest = hashlib.sha256(data).hexdigest()
        if digest not in found:
            fact = EmbeddedPolicy(place=place, chars=_length(data), sha256=digest)
            found[digest] = Found(fact, data)
    ordered = sorted(found.values(), key=lambda f: f.fact.place)
    return tuple(ordered[:POLICY_TEXTS])


def _files(package: Package, rules: Rules) -> Iterator[tuple[str, bytes]]:
    left, size = _MOST_FILES, _ALL_BYTES
    for module in package.modules:
        for name in sorted(module.names):
            lower = name.lower()
            if not name.startswith(_FOLDERS) or not lower.endswith((*_TEXTS, *_DOCUMENTS)):
                continue
            left -= 1
            if left < 0:
                return
            if module.size(name) > TEXT_BYTES:
                continue
            size -= module.size(name)
            if size < 0:
                return
            data = module.read(name, TEXT_BYTES)
            if data and _is_policy(lower, data, rules):
                yield module.place(name), data


def _is_policy(name: str, data: bytes, rules: Rules) -> bool:
    if name.endswith(_DOCUMENTS):
        # What a PDF says is the policy room's to read; here only its name can speak.
        base = name.rsplit("/", 1)[-1]
        return any(word in base for word in rules.table.policy_file_words)
    wanted = rules.table.policy_text
    heads = (*wanted.zh[:2], *wanted.en[:2])
    # Most text files are dictionaries and licences: decoding them all would cost too much.
    if not any(w.encode(c) in data for w in heads for c in ("utf-8", "gb18030")):
        lower = data.lower()
        if not any(w.encode() in lower for w in wanted.en[:2]):
            return False
    return speaks_as_policy(_decode(data), wanted)


def _strings(texts: list[PlacedText], rules: Rules) -> Iterator[tuple[str, bytes]]:
    wanted = rules.table.policy_text
    for place, text in texts:
        if len(text) >= wanted.shortest and speaks_as_policy(text, wanted):
            yield place, text.encode("utf-8", "replace")


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


def _length(data: bytes) -> int:
    return len(_decode(data))
