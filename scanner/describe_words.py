"""Words and addresses that the descriptions of evidence share."""

from urllib.parse import quote

from profiles.model import Knowledge
from scanner.model.base import Text, same
from scanner.model.static import Location

MAX_LINE = 600
"""Characters kept of a text that an input wrote."""

PHASES = {
    "baseline": Text(zh="基线", en="baseline"),
    "before_consent": Text(zh="同意前", en="before consent"),
    "refused": Text(zh="拒绝后", en="after refusal"),
    "after_consent": Text(zh="同意后", en="after consent"),
    "in_use": Text(zh="使用中", en="in use"),
    "background": Text(zh="后台", en="in background"),
    "after_withdrawal": Text(zh="撤回后", en="after withdrawal"),
    "boundary": Text(zh="阶段交界", en="at the border of two phases"),
    "unknown": Text(zh="阶段未标注", en="phase not marked"),
}


def phase_words(phase: str) -> Text:
    """Return the words for a phase."""
    return PHASES[phase]


def clip(text: str) -> str:
    """Return a text of an input on one line and at a bounded length."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_LINE else flat[: MAX_LINE - 1] + "…"


def both(zh: str, en: str) -> Text:
    """Return a text in both languages."""
    return Text(zh=zh, en=en)


def listed(zh: str, en: str, values: object) -> Text:
    """Return `label: values` in both languages."""
    return Text(zh=f"{zh}：{values}", en=f"{en}: {values}")


def type_words(know: Knowledge, data_type: str) -> Text:
    """Return the name of a data type."""
    known = know.data_types.get(data_type)
    return same(data_type) if known is None else known.name


def code_uri(place: Location) -> str:
    """Return the repository-like address of a place in the code: `classes.dex/a/b/C.java`."""
    outer = place.cls.partition("$")[0].replace(".", "/")
    return quote(f"{place.dex or 'classes.dex'}/{outer}.java")


def network_uri(host: str, path: str) -> str:
    """Return the address of an exchange: `network/host/path`."""
    return quote(f"network/{host}{path.partition('?')[0]}").rstrip("/")


def place_line(place: Location) -> Text:
    """Return where in the code something stands."""
    where = f"{place.cls}.{place.method}{place.descriptor}" if place.method else place.cls
    zh, en = [where], [where]
    if place.dex:
        zh.append(place.dex)
        en.append(place.dex)
    if place.offset >= 0:
        zh.append(f"偏移 0x{place.offset:x}")
        en.append(f"offset 0x{place.offset:x}")
    if place.line:
        zh.append(f"源码第 {place.line} 行")
        en.append(f"source line {place.line}")
    return Text(zh=clip(" · ".join(zh)), en=clip(" · ".join(en)))


def number(index: str, count: int, ref: str) -> int:
    """Return the index of a reference. Raises `LookupError` when it points nowhere."""
    if not index.isdecimal() or int(index) >= count:
        raise LookupError(f"evidence reference points nowhere: {ref}")
    return int(index)
