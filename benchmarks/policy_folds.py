"""Families of policies that share a template, and a split that never divides a family."""

import re
import zlib
from collections import defaultdict

_SHINGLE = 12
_KEPT = 8
_SHARED = 0.35
FOLDS = 10


def shingles(text: str) -> set[int]:
    """A sample of the hashed character 12-grams of a text."""
    body = re.sub(r"[\s*#_]", "", text)
    all_ = (zlib.crc32(body[i : i + _SHINGLE].encode()) for i in range(len(body) - _SHINGLE))
    return {value for value in all_ if value % _KEPT == 0}


def families(texts: dict[str, str]) -> dict[str, str]:
    """Return document -> the name of its family: documents that share a third of their text."""
    prints = {name: shingles(text) for name, text in sorted(texts.items())}
    names = list(prints)
    parent = {name: name for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for i, a in enumerate(names):
        for b in names[:i]:
            least = max(1, min(len(prints[a]), len(prints[b])))
            if len(prints[a] & prints[b]) / least > _SHARED:
                parent[root(a)] = root(b)
    return {name: root(name) for name in names}


def folds(family: dict[str, str]) -> dict[str, int]:
    """Return document -> fold (0..9); a family is never divided."""
    members = defaultdict(list)
    for name, root in family.items():
        members[root].append(name)
    sizes, out = [0] * FOLDS, {}
    for group in sorted(members.values(), key=lambda f: (-len(f), f)):
        fold = sizes.index(min(sizes))
        sizes[fold] += len(group)
        out.update(dict.fromkeys(group, fold))
    return out
