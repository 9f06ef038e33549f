"""Hosts and addresses named in code and resources, with the owner of the code that names them."""

import re
from collections.abc import Iterable, Iterator

from scanner.model.common import APP
from scanner.model.static import Endpoint
from scanner.static.calls import Code
from scanner.static.facts import ResourceString

MAX_ENDPOINTS = 4000
_URL_CHARS = 300
_URL = re.compile(r"(?:https?|wss?)://[A-Za-z0-9\-._~%:/?#@!$&()*+,;=\[\]{}]{3,300}", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9\-]{1,23}")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def host_of(url: str) -> str:
    """Return the host of an address in lower case, empty when it has no whole one."""
    rest = re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]
    host = rest.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    return host if _HOST.fullmatch(host) or _IP.fullmatch(host) else ""


def _urls(text: str) -> Iterator[str]:
    """Yield the addresses in a text, without what punctuation adds."""
    if "://" in text:
        yield from (match[0].rstrip(".,;:!)]}'") for match in _URL.finditer(text))


def find_endpoints(code: Code, strings: Iterable[ResourceString]) -> tuple[Endpoint, ...]:
    """Return the endpoints, ordered by host, address and actor; each once per actor."""
    ignored = frozenset(code.rules.not_endpoints)
    found: dict[tuple[str, str, str], Endpoint] = {}
    for url, place, actor in (*_in_code(code), *_in_resources(strings)):
        host = host_of(url)
        if host and host not in ignored:
            found.setdefault(
                (host, url, actor),
                Endpoint(
                    host=host,
                    url=url[:_URL_CHARS],
                    cleartext=url[:5].lower() in ("http:", "ws://"),
                    place=place,
                    actor=actor,
                ),
            )
    return tuple(found[key] for key in sorted(found))[:MAX_ENDPOINTS]


def _in_code(code: Code) -> Iterator[tuple[str, str, str]]:
    index = code.index
    strings = index.const_strings
    pairs = zip(code.numbers, code.texts, strict=True)
    urls = {number: list(_urls(text)) for number, text in pairs if "://" in text}
    seen: set[tuple[int, str]] = set()
    for number, row, _, _ in code.sites(strings, urls):
        actor = code.actor(row)
        if (number, actor) not in seen:
            seen.add((number, actor))
            place = code.names.row(row)
            yield from ((url, place, actor) for url in urls[number])


def _in_resources(strings: Iterable[ResourceString]) -> Iterator[tuple[str, str, str]]:
    for string in strings:
        yield from ((url, string.place, APP) for url in _urls(string.text))
