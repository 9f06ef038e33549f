"""What an access means: its data type, by API, AppOps name or words, and who made it."""

import re
from typing import NamedTuple, cast, get_args

from profiles.load import table
from profiles.match import Owners
from profiles.model import Knowledge
from scanner.model.base import Doc, Text, same
from scanner.model.common import APP, Confidence, Phase
from scanner.runtime.raw import Access

_PHASES = frozenset(get_args(Phase))
_CALL = re.compile(r"([A-Za-z_$][\w$]*(?:\.[A-Za-z_$<][\w$>]*)+)")
_PACKAGE_PARTS = 3


class Op(Doc):
    """What an AppOps operation opens."""

    data_type: str
    permission: str = ""


class RuntimeTable(Doc):
    """Table `runtime_logs`."""

    ops: dict[str, Op]
    words: tuple[tuple[str, str], ...]
    taxonomy: dict[str, str]
    phases: dict[str, Phase]
    platform: tuple[str, ...]
    losses: dict[str, Text]
    source: tuple[str, ...] = ()
    checked: str = ""


class Meaning(NamedTuple):
    """What an access comes to."""

    data_type: str
    confidence: Confidence
    permission: str


class Meanings:
    """Interprets accesses with the knowledge."""

    def __init__(self, know: Knowledge) -> None:
        """Index the APIs by `class.method`, and read the table of words."""
        self._table = table(know, "runtime_logs", RuntimeTable)
        self._types = frozenset(know.data_types)
        self._owners = Owners(know)
        self._apis: dict[str, str] = {}
        for api in know.apis.values():
            if api.member is not None and api.role != "generic":
                cls = api.member.cls.removeprefix("L").removesuffix(";").replace("/", ".")
                self._apis.setdefault(f"{cls}.{api.member.name}", api.data_type)

    def of(self, access: Access) -> Meaning:
        """Return the data type of an access, "" when nothing is known about it."""
        if access.data_type in self._types:
            return Meaning(access.data_type, "firm", access.permission)
        op = self._table.ops.get(access.api)
        if op is not None:
            return Meaning(op.data_type, "certain", access.permission or op.permission)
        for name in (access.api, *access.stack[:3]):
            found = self._apis.get(call_of(name))
            if found is not None:
                return Meaning(found, "firm", access.permission)
        return Meaning(self._by_words(access), "tentative", access.permission)

    def _by_words(self, access: Access) -> str:
        words = f"{access.words} {access.api}".lower()
        for prefix, data_type in self._table.taxonomy.items():
            if access.words.lower().startswith(prefix):
                return data_type
        return next((found for word, found in self._table.words if word in words), "")

    def loss(self, code: str, detail: str) -> Text:
        """Return why rows were lost, in words."""
        text = self._table.losses.get(code, same(code))
        return Text(zh=f"{text.zh}（{detail}）", en=f"{text.en} ({detail})") if detail else text

    def phase(self, access: Access) -> Phase:
        """Return the phase that the log names."""
        if access.phase in _PHASES:
            return cast("Phase", access.phase)
        return self._table.phases.get(access.phase, "unknown")

    def actor(self, access: Access) -> str:
        """Return who made the access: the owner of the innermost frame that is not the platform's.

        Without a stack the system counted it for the app as a whole.
        """
        if not access.stack:
            return APP
        for frame in access.stack:
            name = call_of(frame)
            if not name or name.startswith(self._table.platform):
                continue
            cls = name.rpartition(".")[0]
            owner = self._owners.of(cls)
            if owner is not None and not owner.library:
                return owner.id
            if owner is None:
                return self._stranger(cls, access.package)
        return APP

    @staticmethod
    def _stranger(name: str, package: str) -> str:
        if package and name.startswith(f"{package}."):
            return APP
        return "pkg:" + ".".join(name.split(".")[:-1][:_PACKAGE_PARTS])


def call_of(frame: str) -> str:
    """Return `class.method` of a stack line such as `a.b.C.m(File.java:3)`."""
    found = _CALL.search(frame)
    return found[1] if found is not None else ""
