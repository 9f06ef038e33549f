"""What traffic could not show, in words."""

from scanner.model.base import Text
from scanner.model.common import Gap

SIGHTINGS, PHASES, SEEDS = "traffic.sightings", "traffic.phases", "traffic.seeds"
PLACES = "traffic.destinations"
_VERDICTS = {
    "certificate-refused": Text(
        zh="应用不信任代理证书（证书固定或不信任用户证书）",
        en="the app refused the proxy's certificate (pinning, or user certificates not trusted)",
    ),
    "suspected-pinning": Text(
        zh="握手完成后总是立即断开，疑似证书固定",
        en="handshakes succeed but no request follows, every time: pinning is likely",
    ),
    "private-protocol": Text(zh="私有协议，内容未识别", en="a private protocol, not understood"),
    "upstream-unreachable": Text(
        zh="代理无法连接服务器", en="the proxy could not reach the server"
    ),
    "no-data": Text(zh="连接中没有数据", en="the connections carried no data"),
    "metadata-only": Text(
        zh="抓包只有元数据，没有内容", en="the capture holds metadata only, no contents"
    ),
}


def verdict_text(verdict: str) -> Text:
    """Return what a verdict of the connection ledger means."""
    return _VERDICTS.get(verdict, Text(zh="未读取", en="not read"))


def nothing_read(name: str) -> Gap:
    """Return the gap of a capture without a single readable exchange."""
    return Gap(
        part="traffic",
        code="nothing-decoded",
        detail=Text(zh="抓包中没有可读的请求", en="the capture holds no readable exchange"),
        blocks=(SIGHTINGS,),
        subject=name,
    )


def lost_entries(name: str, count: int, reasons: tuple[str, ...]) -> Gap:
    """Return the gap of entries that could not be read; `reasons` are in English."""
    why = "; ".join(reasons)
    return Gap(
        part="traffic",
        code="lost-entries",
        detail=Text(zh=f"部分记录无法读取：{why}", en=f"some entries could not be read: {why}"),
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


def unread(host: str, verdict: str, count: int, size: int) -> Gap:
    """Return the gap of connections to a host whose contents nobody saw."""
    why = verdict_text(verdict)
    return Gap(
        part="traffic",
        code=verdict,
        detail=Text(zh=f"{why.zh}（{size} 字节）", en=f"{why.en} ({size} bytes)"),
        blocks=(SIGHTINGS,),
        subject=host,
        count=count,
    )


def limits(notes: dict[str, int]) -> Gap:
    """Return the gap of decoding limits that were hit."""
    what = ", ".join(f"{name} {count}" for name, count in sorted(notes.items()))
    return Gap(
        part="traffic",
        code="decode-limits",
        detail=Text(zh=f"解码触及限制：{what}", en=f"decoding hit its limits: {what}"),
        blocks=(SIGHTINGS,),
        count=sum(notes.values()),
    )


def damaged(notes: dict[str, int]) -> Gap:
    """Return the gap of bodies whose encoding was broken."""
    what = ", ".join(f"{name} {count}" for name, count in sorted(notes.items()))
    return Gap(
        part="traffic",
        code="damaged-bodies",
        detail=Text(zh=f"部分内容的编码损坏：{what}", en=f"some bodies are damaged: {what}"),
        count=sum(notes.values()),
    )


def too_many(what: str, count: int) -> Gap:
    """Return the gap of facts beyond what one report keeps."""
    return Gap(
        part="traffic",
        code="fact-limit",
        detail=Text(
            zh=f"超出数量上限，未逐条保留：{what}",
            en=f"beyond the limit, kept only as counts: {what}",
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
