"""Which version of an SDK an app carries, read from what the app shows. Pure: no file is opened.

A reader asks `Versions` what to look for (`fields`, `methods`, `files`), looks, and hands all it
saw back as `Seen`. Each `VersionMarker` reads one text; the first marker of an entry that reads
something wins, so the best one stands first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple, cast

from profiles.match import fits
from profiles.model import Knowledge, VersionKind, VersionMarker

PLAIN = r"^[vV]?(\d{1,6}(?:[._]\d{1,8}){1,4}(?:[.-][0-9A-Za-z]{1,20})?)$"
"""What a whole text must look like when a marker brings no pattern of its own: `v7.5.9`,
`3_0_1`, `5.1.2-beta1`. A lone number is no version: a marker that wants one says so.
"""

LONGEST = 4096
"""Characters of a text that are looked at; what a version file or a constant says comes early."""


class Seen(NamedTuple):
    """What an app shows that can hold a version.

    `fields`: initial value of a static field by `a.b.C.NAME` (a number as its digits); `methods`:
    the one constant that a method returns, by `a.b.C.name`; `files`: text of an archive entry by
    its full path; `meta_data`: value of a manifest key; `native_libs`: file names below `lib/`;
    `strings`: operands of const-string.
    """

    fields: Mapping[str, str] = {}
    methods: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    meta_data: Mapping[str, str] = {}
    native_libs: Sequence[str] = ()
    strings: Sequence[str] = ()


class Version(NamedTuple):
    """A version and the marker and text that say so. `_` between digits is read as a dot."""

    version: str
    marker: VersionMarker
    text: str


def read_version(marker: VersionMarker, text: str) -> str:
    """Return the version that a marker reads from a text, "" when the text holds none."""
    found = _compiled(marker.pattern or PLAIN).search(text[:LONGEST])
    return found.group(1).replace("_", ".") if found is not None and found.group(1) else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Versions:
    """The version markers of some SDKs: what to look for, and what it says."""

    def __init__(self, know: Knowledge, sdks: Iterable[str] | None = None) -> None:
        """Take the markers of these SDKs (`None`: of all). Unknown ids are passed over."""
        wanted = know.sdks if sdks is None else [name for name in sdks if name in know.sdks]
        self._markers = {
            name: markers for name in wanted if (markers := know.sdks[name].version_markers)
        }
        self.fields = self._at("field")
        """Static fields whose value is wanted, as `a.b.C.NAME`."""
        self.methods = self._at("method")
        """Methods whose constant result is wanted, as `a.b.C.name`."""
        self.files = self._at("file")
        """Archive entries whose text is wanted, as full paths; `*` stands for any text."""

    def _at(self, kind: VersionKind) -> frozenset[str]:
        return frozenset(
            marker.at
            for markers in self._markers.values()
            for marker in markers
            if marker.kind == kind
        )

    def read(self, seen: Seen) -> dict[str, Version]:
        """Return SDK id -> version, for the SDKs whose version the app shows."""
        strings = _by_head(self._at("string"), seen.strings)
        found: dict[str, Version] = {}
        for sdk, markers in self._markers.items():
            for marker in markers:
                version = _first(marker, _texts(marker, seen, strings))
                if version is not None:
                    found[sdk] = version
                    break
        return found


def _first(marker: VersionMarker, texts: Iterable[str]) -> Version | None:
    for text in texts:
        version = read_version(marker, text)
        if version:
            return Version(version, marker, text[:LONGEST])
    return None


def _texts(
    marker: VersionMarker, seen: Seen, strings: Mapping[str, Sequence[str]]
) -> Iterable[str]:
    """Return the texts of the app that a marker may read, in a fixed order."""
    if marker.kind == "string":
        return strings.get(marker.at, ())
    if marker.kind == "native-lib":
        return sorted({name for name in seen.native_libs if fits(marker.at, name)})
    kept = {
        "field": seen.fields,
        "method": seen.methods,
        "file": seen.files,
        "meta-data": seen.meta_data,
    }[marker.kind]
    if "*" in marker.at:
        return [kept[name] for name in sorted(kept) if fits(marker.at, name)]
    return (kept[marker.at],) if marker.at in kept else ()


def _by_head(heads: frozenset[str], strings: Sequence[str]) -> dict[str, list[str]]:
    """Return the strings that begin with one of the heads, by that head. One test per string."""
    found: dict[str, list[str]] = {}
    if not heads:
        return found
    every = cast("tuple[str, ...]", tuple(heads))
    for text in strings:
        if text.startswith(every):
            for head in every:
                if text.startswith(head):
                    found.setdefault(head, []).append(text)
    return {head: sorted(set(texts)) for head, texts in found.items()}


def problem(marker: VersionMarker) -> str:
    """Return what is wrong with a marker, "" when it is sound.

    A pattern of its own must compile, have one group, not repeat a repetition (so that no text
    makes it slow), read its `example` and leave its `near_miss` alone.
    """
    if marker.pattern and (complaint := _pattern_problem(marker)):
        return complaint
    if marker.example and not read_version(marker, marker.example):
        return f"`{marker.at}` reads no version from its example `{marker.example}`"
    if marker.near_miss and read_version(marker, marker.near_miss):
        return f"`{marker.at}` reads a version from its near miss `{marker.near_miss}`"
    return ""


def _pattern_problem(marker: VersionMarker) -> str:
    try:
        groups = _compiled(marker.pattern).groups
    except re.error as error:
        return f"the pattern `{marker.pattern}` does not compile: {error}"
    if groups != 1:
        return f"the pattern `{marker.pattern}` needs exactly one group, the version"
    if re.search(r"[*+}]\)?[*+{]", marker.pattern):
        return f"the pattern `{marker.pattern}` repeats a repetition"
    if not marker.example or not marker.near_miss:
        return f"a pattern needs an `example` and a `near_miss`: `{marker.at}`"
    return ""
