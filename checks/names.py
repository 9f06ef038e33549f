"""Names of things in both languages, as the messages of the checks use them."""

from collections.abc import Iterable

from profiles.model import Knowledge
from scanner.model.base import Text, same
from scanner.model.common import APP

_APP = Text(zh="应用自身", en="the app itself")
_CODE = Text(zh="代码包 {name}", en="code under {name}")
_HOST = Text(zh="应用（经主机 {name}）", en="the app (via host {name})")
"""The recipient is not known, but it is the app that sends."""


def actor_name(know: Knowledge, actor: str) -> Text:
    """Return what to call an actor: the app, an SDK, a code prefix or a host."""
    if actor == APP:
        return _APP
    if actor in know.sdks:
        return know.sdks[actor].name
    kind, _, name = actor.partition(":")
    if name:
        return (_CODE if kind == "pkg" else _HOST).fill({"name": name})
    return same(actor)


def type_name(know: Knowledge, data_type: str) -> Text:
    """Return the name of a data type, or its id when the knowledge does not have it."""
    known = know.data_types.get(data_type)
    return same(data_type) if known is None else known.name


def permission_name(know: Knowledge, name: str) -> Text:
    """Return the label of a permission with its constant, such as `读取日历 READ_CALENDAR`."""
    short = name.rpartition(".")[2]
    known = know.permissions.get(name)
    if known is None:
        return same(name)
    return Text(zh=f"{known.label.zh} {short}", en=f"{known.label.en} ({short})")


def join(
    names: Iterable[Text | str], limit: int = 6, separators: tuple[str, str] = ("、", ", ")
) -> Text:
    """Return an enumeration in both languages, cut after `limit` names."""
    texts = [name if isinstance(name, Text) else same(name) for name in names]
    shown, more = texts[:limit], len(texts) - limit
    zh = separators[0].join(text.zh for text in shown)
    en = separators[1].join(text.en for text in shown)
    if more > 0:
        zh, en = f"{zh} 等 {len(texts)} 项", f"{en} and {more} more"
    return Text(zh=zh, en=en)
