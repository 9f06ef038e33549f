"""Names that an app asked over HTTP: they say whom it meant by a bare address later."""

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from scanner.traffic.decode.attempts import dns_records
from scanner.traffic.decode.walk import read_json
from scanner.traffic.record import Record, header

_DNS_MESSAGE = "application/dns-message"
_MAX_REPLY = 1 << 16
_MAX_NAMES = 200


def learned(record: Record, hosts: frozenset[str]) -> dict[str, str]:
    """Return address -> name from a DNS-over-HTTPS or HTTPDNS reply; {} for other exchanges.

    `hosts` are servers known to answer such questions.
    """
    body = record.response or b""
    if not body or len(body) > _MAX_REPLY:
        return {}
    kind = header(record.response_headers, "content-type")
    if kind.startswith(_DNS_MESSAGE):
        rows = dns_records(body)
        return {address: rows[0][0] for _, address in rows if address}
    if record.host not in hosts:
        return {}
    content = read_json(body)
    pairs = _plain(record, body) if content is None else _json(content)
    found: dict[str, str] = {}
    for name, address in pairs:
        if is_address(address) and name and len(found) < _MAX_NAMES:
            found[address] = name.lower().rstrip(".")
    return found


def _plain(record: Record, body: bytes) -> Iterator[tuple[str, str]]:
    """Read a reply that only lists addresses: the question has the name (`?dn=` of DNSPod)."""
    question = parse_qs(record.target.partition("?")[2])
    name = (question.get("dn") or question.get("host") or question.get("name") or [""])[0]
    text = body.decode("ascii", "replace").partition(",")[0]
    for address in text.split(";"):
        yield name, address.strip()


def _json(content: Any) -> Iterator[tuple[str, str]]:
    """Read `{host, ips}` objects (Aliyun, Baidu) and Question/Answer (Google, Aliyun DoH)."""
    rows = content if isinstance(content, list) else [content]
    for row in rows:
        if not isinstance(row, dict):
            continue
        yield from _json([value for value in row.values() if isinstance(value, dict)])
        for key in ("dns", "data", "results"):
            if isinstance(row.get(key), list):
                yield from _json(row[key])
        name = str(row.get("host") or row.get("domain") or _question(row))
        for address in _listed(row):
            yield name, address


def _listed(row: dict[str, Any]) -> Iterator[str]:
    for key in ("ips", "ipsv6", "ip", "Answer"):
        values = row.get(key)
        for value in values if isinstance(values, list) else []:
            yield str(value.get("data", "")) if isinstance(value, dict) else str(value)


def _question(row: dict[str, Any]) -> str:
    asked = row.get("Question")
    first = asked[0] if isinstance(asked, list) and asked else asked
    return str(first.get("name", "")) if isinstance(first, dict) else ""


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
