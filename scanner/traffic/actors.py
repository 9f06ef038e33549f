"""Who sent an exchange: an SDK known by header, path or host, else the host itself."""

import re
from functools import lru_cache

from profiles.match import Hosts
from profiles.model import HostRule, Knowledge
from scanner.model.base import Doc
from scanner.traffic.record import Record

_HOSTS = 1 << 14
_MAX_HEADER = 512
_MAX_PATH = 1024


class HeaderSign(Doc):
    """A header (or `user-agent`) that an SDK's own HTTP client writes. `pattern` is searched."""

    header: str
    pattern: str
    sdk: str


class PathSign(Doc):
    """A path that an SDK's own protocol uses; `host` is a domain it stands under, "" for any."""

    path: str
    sdk: str
    host: str = ""


class ActorTable(Doc):
    """Table `traffic_actors`."""

    headers: tuple[HeaderSign, ...]
    paths: tuple[PathSign, ...] = ()
    source: tuple[str, ...] = ()
    checked: str = ""


class Actors:
    """Answers who sent an exchange."""

    def __init__(self, know: Knowledge, table: ActorTable) -> None:
        """Index hosts and header signs."""
        self._hosts = Hosts(know.hosts)
        self._signs: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        for sign in table.headers:
            rows = self._signs.setdefault(sign.header.lower(), [])
            rows.append((re.compile(sign.pattern), sign.sdk))
        self._paths = [(sign.host, re.compile(sign.path), sign.sdk) for sign in table.paths]
        self.rule = lru_cache(_HOSTS)(self._rule)

    def _rule(self, host: str) -> HostRule | None:
        return self._hosts.of(host)

    def of(self, record: Record) -> str:
        """Return an SDK id, or `host:<name>` when nobody is known.

        What a host does not tell is left open here: only the code can say that the app itself
        talks to it (see `attribute`).
        """
        for name, value in record.request_headers:
            for pattern, sdk in self._signs.get(name.lower(), ()):
                if pattern.search(value[:_MAX_HEADER]):
                    return sdk
        by_path = self._by_path(record)
        if by_path:
            return by_path
        rule = self.rule(record.host)
        if rule is not None and rule.sdk:
            return rule.sdk
        return f"host:{record.host.lower()}"

    def _by_path(self, record: Record) -> str:
        host = record.host.lower()
        for domain, pattern, sdk in self._paths:
            if pattern.match(record.target, 0, _MAX_PATH) and (
                not domain or host == domain or host.endswith(f".{domain}")
            ):
                return sdk
        return ""
