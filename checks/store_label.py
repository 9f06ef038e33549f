"""What the developer told an app store about data (Google Play's Data safety form)."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from checks.api import NotAssessed, StoreLabel
from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc, Text

_NO_LABEL = Text(
    zh="没有提供商店的数据安全声明：请用 --data-safety 给出导出的 CSV",
    en="no Data safety form was given: name its CSV export with --data-safety",
)


class LabelType(Doc):
    """A data type of the form, by its id in the export, and the data types of ours it covers."""

    id: str
    name: Text
    covers: tuple[str, ...]


class LabelTable(Doc):
    """All data types of the form."""

    types: tuple[LabelType, ...]
    source: tuple[str, ...] = ()
    checked: str = ""


def given(label: StoreLabel | None) -> StoreLabel:
    """Return the label. Raises `NotAssessed` when none was given."""
    if label is None:
        raise NotAssessed(_NO_LABEL)
    return label


def label_types(know: Knowledge) -> tuple[LabelType, ...]:
    """Return the data types of the form. Raises `KnowledgeError` when the table does not fit."""
    raw = know.tables.get("store_label")
    return table(know, "store_label", LabelTable).types if raw is None else _decoded(bytes(raw))


@lru_cache(maxsize=4)
def _decoded(raw: bytes) -> tuple[LabelType, ...]:
    return msgspec.msgpack.decode(raw, type=LabelTable).types


def answers_for(data_type: str, know: Knowledge) -> tuple[LabelType, ...]:
    """Return the answers of the form any of which tells of `data_type`.

    The nearest type counts, the data type itself before a wider one; empty when the form has no
    word for it.
    """
    for wider in know.ancestors(data_type):
        found = tuple(one for one in label_types(know) if wider in one.covers)
        if found:
            return found
    return ()


def named(answers: Iterable[LabelType]) -> Text:
    """Return the names of answers, joined."""
    names = [one.name for one in answers]
    return Text(zh="、".join(n.zh for n in names), en=" / ".join(n.en for n in names))
