"""What traffic could not show, in words."""

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.traffic import Loss
from scanner.traffic.words import TrafficWords, loss_text

SIGHTINGS, PHASES, SEEDS = "traffic.sightings", "traffic.phases", "traffic.seeds"


def nothing_read(name: str) -> Gap:
    """Return the gap of a capture without a single readable exchange."""
    return Gap(
        part="traffic",
        code="nothing-decoded",
        detail=Text(zh="抓包中没有可读的请求", en="the capture holds no readable exchange"),
        blocks=(SIGHTINGS,),
        subject=name,
    )


def lost_entries(name: str, losses: tuple[Loss, ...], count: int) -> Gap:
    """Return the gap of entries that could not be read."""
    why = loss_text(losses)
    return Gap(
        part="traffic",
        code="lost-entries",
        detail=Text(
            zh=f"部分记录无法读取：{why.zh}", en=f"some entries could not be read: {why.en}"
        ),
        blocks=(SIGHTINGS,),
        subject=name,
        count=count,
    )


def no_phases() -> Gap:
    """Return the gap of captures without any phase."""
    return Gap(
        part="traffic",
        code="no-phases",
        detail=Text(
            zh="抓包未标注同意前后的阶段，可用 --phases 提供时间",
            en="nobody marked consent phases; --phases can supply their times",
        ),
        blocks=(PHASES,),
    )


def no_subject() -> Gap:
    """Return the gap of a scan without known values."""
    return Gap(
        part="traffic",
        code="no-subject",
        detail=Text(
            zh="未提供测试设备的已知值（--subject），哈希或编码后的标识无法识别",
            en="no known values of the test device (--subject): hashed values stay unseen",
        ),
        blocks=(SEEDS,),
    )


def opaque(host: str, count: int, size: int) -> Gap:
    """Return the gap of bodies that were captured but not understood."""
    return Gap(
        part="traffic",
        code="opaque-bodies",
        detail=Text(
            zh=f"请求内容已捕获但无法解读（疑似应用层加密），共 {size} 字节",
            en=f"request contents were captured but not understood (likely encrypted by the app), "
            f"{size} bytes",
        ),
        blocks=(SIGHTINGS,),
        subject=host,
        count=count,
    )


def absent(host: str, count: int) -> Gap:
    """Return the gap of request contents that the capture left out."""
    return Gap(
        part="traffic",
        code="absent-bodies",
        detail=Text(
            zh="抓包文件没有保存请求内容", en="the capture does not hold the request contents"
        ),
        blocks=(SIGHTINGS,),
        subject=host,
        count=count,
    )


def unread(host: str, verdict: str, why: Text, count: int, size: int) -> Gap:
    """Return the gap of connections to a host whose contents nobody saw."""
    return Gap(
        part="traffic",
        code=verdict,
        detail=Text(zh=f"{why.zh}（{size} 字节）", en=f"{why.en} ({size} bytes)"),
        blocks=(SIGHTINGS,),
        subject=host,
        count=count,
    )


def limits(notes: dict[str, int], words: TrafficWords) -> Gap:
    """Return the gap of decoding limits that were hit."""
    what = words.limit(notes)
    return Gap(
        part="traffic",
        code="decode-limits",
        detail=Text(zh=f"解码触及限制：{what.zh}", en=f"decoding hit its limits: {what.en}"),
        blocks=(SIGHTINGS,),
        count=sum(notes.values()),
    )


def damaged(notes: dict[str, int], words: TrafficWords) -> Gap:
    """Return the gap of bodies whose encoding was broken."""
    what = words.limit(notes)
    return Gap(
        part="traffic",
        code="damaged-bodies",
        detail=Text(zh=f"部分内容的编码损坏：{what.zh}", en=f"some bodies are damaged: {what.en}"),
        count=sum(notes.values()),
    )


def too_many(count: int) -> Gap:
    """Return the gap of exchanges and sightings beyond what one report keeps."""
    return Gap(
        part="traffic",
        code="fact-limit",
        detail=Text(
            zh="请求或个人信息发现超出数量上限，只计数、未逐条保留",
            en="exchanges or sightings beyond the limit are counted, not listed",
        ),
        count=count,
    )


def old_countries(label: str) -> Gap:
    """Return the gap of a country table that is older than half a year."""
    return Gap(
        part="traffic",
        code="old-country-data",
        detail=Text(
            zh=f"国家数据早于抓包六个月以上：{label}",
            en=f"the country data is more than six months older than the capture: {label}",
        ),
    )
