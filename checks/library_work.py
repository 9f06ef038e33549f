"""What open-source libraries read for their own work (profiles/tables/library_work.yaml)."""

from collections.abc import Container

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc, Text
from scanner.model.static import CollectionSite


class Work(Doc):
    """One piece of work: what it is, the APIs it calls, and the classes in which it does so.

    `own`: only where no other code stands behind the call.
    """

    what: Text
    apis: tuple[str, ...]
    classes: tuple[str, ...]
    own: bool = False


class LibraryWork(Doc):
    """The table."""

    checked: str
    source: tuple[str, ...]
    work: tuple[Work, ...]


class Works:
    """The table, ready to be asked about places in the code."""

    def __init__(self, work: tuple[Work, ...], libraries: Container[str]) -> None:
        """Sort the entries by API."""
        self._libraries = libraries
        self._of: dict[str, list[Work]] = {}
        for one in work:
            for api in one.apis:
                self._of.setdefault(api, []).append(one)

    def what(self, call: CollectionSite) -> Text | None:
        """Return what a library does for itself at a place in the code, if it is nothing else."""
        for work in self._of.get(call.api, ()):
            if any(_inside(call.place.cls, name) for name in work.classes):
                return None if work.own and call.actor not in self._libraries else work.what
        return None


def library_work(know: Knowledge) -> Works:
    """Return the table. Raises `KnowledgeError` when it does not fit its type."""
    return Works(table(know, "library_work", LibraryWork).work, know.libraries)


def _inside(cls: str, name: str) -> bool:
    if name.endswith("."):
        return cls.startswith(name)
    return cls == name or cls.startswith(f"{name}$")
