"""Which version of an SDK is in the app: read where its catalogue entry says the version stands."""

import re
from collections.abc import Mapping

from profiles.model import Knowledge, VersionMarker
from scanner.static.calls import Code
from scanner.static.facts import PackageFacts
from scanner.static.fixed_values import FixedValues

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+\-]{0,39}")
_LONGEST = 400


class Versions:
    """Answers for the SDKs of one app."""

    def __init__(self, code: Code, facts: PackageFacts) -> None:
        """Keep what the markers are looked up in."""
        self._fixed = FixedValues(code.index)
        self._code = code
        self._meta = {m.name: m.value for m in facts.meta_data}
        self._files = {f.place: f.text for f in facts.version_files}

    def of(self, markers: tuple[VersionMarker, ...]) -> str:
        """Return the version by the first marker that yields one, empty when none does."""
        for marker in markers:
            found = self._read(marker, self._text(marker))
            if found:
                return found
        return ""

    def _text(self, marker: VersionMarker) -> str:
        cls, _, name = marker.at.rpartition(".")
        if marker.kind == "field":
            return self._fixed.field(cls, name)
        if marker.kind == "method":
            return self._fixed.method(cls, name)
        if marker.kind == "string":
            return next((text for text in self._code.texts if marker.at in text), "")
        table: Mapping[str, str] = self._meta if marker.kind == "meta-data" else self._files
        return table.get(marker.at, "")

    @staticmethod
    def _read(marker: VersionMarker, text: str) -> str:
        """Return the version in a text. A resource name, prose or damage is no version."""
        text = text[:_LONGEST].strip()
        if marker.pattern:
            match = re.search(marker.pattern, text)
            text = (match[1] or "") if match and match.re.groups else ""
        return text if _VERSION.fullmatch(text) else ""


def version_file_names(know: Knowledge) -> frozenset[str]:
    """Return the archive entries that hold a version."""
    return frozenset(
        marker.at
        for sdk in know.sdks.values()
        for marker in sdk.version_markers
        if marker.kind == "file"
    )
