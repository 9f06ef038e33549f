"""Evidence from traffic and from the device: sightings, destinations, exchanges, events."""

from checks.names import actor_name
from profiles.model import Knowledge
from scanner.describe_words import (
    both,
    clip,
    listed,
    network_uri,
    number,
    phase_words,
    type_words,
)
from scanner.model.base import Text, same
from scanner.model.evidence import Evidence
from scanner.model.result import EvidenceItem
from scanner.model.traffic import Destination, TrafficEvidence
from scanner.traffic.words import layer_text, traffic_words

_HOW = {
    "seed": both("与测试设备的已知值一致", "equals the known value of the test device"),
    "seed-hash": both(
        "与测试设备已知值的散列一致", "equals a hash of the known value of the test device"
    ),
    "checksum+key": both("校验位正确且字段名相符", "checksum holds and the field name fits"),
    "checksum": both("校验位正确", "checksum holds"),
    "key+shape": both("字段名与格式相符", "field name and shape fit"),
    "key": both("字段名相符", "field name fits"),
}
_UNDECIDABLE = {
    "no-address": both("抓包中没有地址", "no address in the capture"),
    "private-address": both("内网地址", "private address"),
    "anycast": both("任播地址", "anycast address"),
    "cdn": both("内容分发网络", "content delivery network"),
    "disputed": both("数据来源不一致", "sources disagree"),
    "unknown-address": both("地址库未收录", "address not in the country data"),
}
_SIDES = {
    "request": both("发往 {} 的请求", "a request to {}"),
    "response": both("{} 的响应", "a reply from {}"),
}


def _traffic(evidence: Evidence, ref: str) -> TrafficEvidence:
    if evidence.traffic is None:
        raise LookupError(f"no traffic evidence for {ref}")
    return evidence.traffic


def sighting(ref: str, name: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe personal data seen in traffic. The value is masked."""
    found = next((s for s in _traffic(evidence, ref).sightings if s.id == name), None)
    if found is None:
        raise LookupError(f"evidence reference points nowhere: {ref}")
    what, phase = type_words(know, found.data_type), phase_words(found.phase)
    lines = [
        same(clip(f"{found.host}{found.url_path}")),
        same(clip(f"{found.field} = {found.value}")),
        _HOW.get(found.how, same(found.how)),
    ]
    if found.encodings:
        layers = layer_text(traffic_words(know), found.encodings)
        lines.append(both(f"逐层解码：{layers.zh}", f"decoded through: {layers.en}"))
    lines.append(
        both(
            f"{phase.zh}，共 {found.count} 次" + (f"，首次 {found.first}" if found.first else ""),
            f"{phase.en}, {found.count}×" + (f", first at {found.first}" if found.first else ""),
        )
    )
    if found.exchanges:
        lines.append(listed("请求编号", "exchanges", ", ".join(found.exchanges[:5])))
    if found.cleartext:
        lines.append(both("明文传输", "sent in cleartext"))
    return EvidenceItem(
        ref=ref,
        kind="traffic",
        title=both(
            f"{_SIDES[found.side].zh.format(found.host)}中含{what.zh}（{phase.zh}）",
            f"{what.en} in {_SIDES[found.side].en.format(found.host)} ({phase.en})",
        ),
        lines=tuple(lines),
        mark=found.value,
        uri=network_uri(found.host, found.url_path),
    )


def place_of(found: Destination) -> Text:
    """Return where a destination stands, in words that claim no more than is known."""
    if found.outside is None:
        why = _UNDECIDABLE.get(found.reason, same(found.reason or "-"))
        return both(f"所在地不能判定（{why.zh}）", f"place not decidable ({why.en})")
    country = found.hosting_country or "?"
    if found.outside:
        return both(f"位于境外：{country}", f"outside the mainland: {country}")
    return both(f"位于境内：{country}", f"inside the mainland: {country}")


def destination(ref: str, host: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Describe a host that was contacted."""
    found = next((d for d in _traffic(evidence, ref).destinations if d.host == host), None)
    if found is None:
        raise LookupError(f"evidence reference points nowhere: {ref}")
    where = place_of(found)
    lines = [where]
    if found.company:
        country = f" ({found.operator_country})" if found.operator_country else ""
        lines.append(listed("运营者", "operator", found.company + country))
    if found.ips:
        lines.append(listed("地址", "addresses", ", ".join(found.ips[:5])))
    if found.sources:
        lines.append(listed("依据", "according to", ", ".join(found.sources)))
    lines.append(both(f"{found.exchanges} 次请求", f"{found.exchanges} requests"))
    return EvidenceItem(
        ref=ref,
        kind="traffic",
        title=both(
            f"通信对象 {found.host}（{where.zh}）", f"destination {found.host} ({where.en})"
        ),
        lines=tuple(lines),
        mark=found.hosting_country,
        uri=network_uri(found.host, ""),
    )


def exchange(ref: str, name: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Describe one request."""
    found = next((e for e in _traffic(evidence, ref).exchanges if e.id == name), None)
    if found is None:
        raise LookupError(f"evidence reference points nowhere: {ref}")
    phase = phase_words(found.phase)
    return EvidenceItem(
        ref=ref,
        kind="traffic",
        title=both(f"请求 {found.host}", f"request to {found.host}"),
        lines=(
            same(clip(f"{found.method} {found.scheme}://{found.host}{found.path} {found.status}")),
            both(f"{phase.zh} {found.time}", f"{phase.en} {found.time}"),
        ),
        uri=network_uri(found.host, found.path),
    )


def event(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe an access that the device recorded."""
    if evidence.runtime is None:
        raise LookupError(f"no run-time evidence for {ref}")
    events = evidence.runtime.events
    found = events[number(index, len(events), ref)]
    what, phase = type_words(know, found.data_type), phase_words(found.phase)
    who = actor_name(know, found.actor or "app")
    stack = [same(clip(f"at {frame}")) for frame in found.stack[:12]]
    return EvidenceItem(
        ref=ref,
        kind="runtime",
        title=both(
            f"运行时{who.zh}访问{what.zh}（{phase.zh}）",
            f"{who.en} accessed {what.en} at run time ({phase.en})",
        ),
        lines=(
            both(
                f"{found.action}，共 {found.count} 次 {found.time}".rstrip(),
                f"{found.action}, {found.count}× {found.time}".rstrip(),
            ),
            *((listed("记录", "log", found.source),) if found.source else ()),
            *stack,
        ),
        mark=found.action,
    )
