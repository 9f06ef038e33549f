"""Call edges and strings equal androguard's cross-references, difference by difference.

androguard differs in exactly two ways. It knows no methods of array classes: a call such as
`[La/B;->clone()` is filed under the element class, and dropped where the element is a primitive.
And it keeps half a surrogate pair in a string, which no text encoding can write; we put the
replacement character. The test maps both and then wants equality, so any other difference fails.
"""

import logging
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from androguard.core.analysis.analysis import Analysis
from androguard.core.dex import DEX
from loguru import logger

from scanner.static.dex.index import DexIndex

Edge = tuple[str, str, str, str, str, str, int]
String = tuple[str, str, str, str, int]

SMALL = (
    "souch.smsbypass_9.apk",
    "a2dp.Vol_137.apk",
    "UnCrackable-Level3.apk",
    "app-release_legu_signed_zipalign.apk",
)
"""Whole corpus: `benchmarks/static_oracle.py`."""


def dex_files(path: Path) -> list[tuple[str, bytes]]:
    """Return the dex files that the platform loads, in its order."""
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.startswith("classes") and n.endswith(".dex")]
        return [(n, archive.read(n)) for n in sorted(names, key=lambda n: (len(n), n))]


def theirs(files: list[tuple[str, bytes]]) -> tuple[set[Edge], set[String]]:
    """Return androguard's call edges and string references."""
    logger.disable("androguard")
    logging.getLogger("androguard").setLevel(logging.ERROR)
    analysis = Analysis()
    for _, data in files:
        analysis.add(DEX(data))
    analysis.create_xref()
    edges = {
        (*_name(method), *_name(callee), offset)
        for method in analysis.get_methods()
        for _, callee, offset in method.get_xref_to()
    }
    strings = {
        (*_name(method), _whole(text), offset)
        for text, found in analysis.get_strings_analysis().items()
        for _, method, offset in found.get_xref_from(with_offset=True)
    }
    return edges, strings


def _whole(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _name(method: Any) -> tuple[str, str, str]:
    descriptor = str(method.descriptor).replace(" ", "")
    return str(method.class_name), str(method.name), descriptor


def ours(files: list[tuple[str, bytes]]) -> tuple[set[Edge], set[String]]:
    """Return our call edges (without invoke-polymorphic) and string references."""
    index = DexIndex(files)
    parts = {i: index.method_parts(i) for i in range(len(index.ids.methods.cls))}
    calls = index.invokes
    calls = calls.where(index.opcode[calls.at] < 0xFA)
    owners = index.defs.method[calls.owner].tolist()
    offsets = index.offsets(calls).tolist()
    edges = {
        (*parts[o], *parts[c], at)
        for o, c, at in zip(owners, calls.id.tolist(), offsets, strict=True)
    }
    strings = index.const_strings
    owners = index.defs.method[strings.owner].tolist()
    offsets = index.offsets(strings).tolist()
    return edges, {
        (*parts[o], index.string(s), at)
        for o, s, at in zip(owners, strings.id.tolist(), offsets, strict=True)
    }


def as_they_say(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Yield the edges as androguard files those on array classes."""
    for edge in edges:
        owner = edge[3].lstrip("[")
        if owner == edge[3]:
            yield edge
        elif owner.startswith("L"):
            yield (*edge[:3], owner, *edge[4:])


def compare(files: list[tuple[str, bytes]]) -> tuple[int, int]:
    """Assert equality; return the number of edges and of string references."""
    their_edges, their_strings = theirs(files)
    our_edges, our_strings = ours(files)
    mapped = set(as_they_say(our_edges))
    assert sorted(mapped - their_edges) == []
    assert sorted(their_edges - mapped) == []
    assert sorted(our_strings ^ their_strings) == []
    return len(our_edges), len(our_strings)


def test_the_demo_apps_agree(root: Path) -> None:
    for name in ("clean.apk", "dirty.apk"):
        assert min(compare(dex_files(root / "tests" / "fixtures" / "apps" / name))) > 10


@pytest.mark.corpus
@pytest.mark.parametrize("name", SMALL)
def test_small_real_apps_agree(corpus: Path, name: str) -> None:
    assert min(compare(dex_files(corpus / "apk" / name))) > 100


@pytest.mark.corpus
def test_flow_test_apps_agree(corpus: Path) -> None:
    apps = sorted((corpus / "droidbench").glob("*/*.apk"))
    assert len(apps) > 100
    for app in apps[::24]:
        compare(dex_files(app))
