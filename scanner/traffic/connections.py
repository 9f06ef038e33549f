"""What became of one client connection, as the recorder saw it."""

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(slots=True)
class Connection:
    """Facts of one connection. `tls` is "", `hello`, `established` or `failed`."""

    time: float
    host: str = ""
    port: int = 0
    ip: str = ""
    tls: str = ""
    error: str = ""
    upstream_error: str = ""
    requests: int = 0
    errors: int = 0
    raw: int = 0
    dns: int = 0
    sent: int = 0
    received: int = 0

    @property
    def named(self) -> bool:
        """Tell whether the destination is known by a name."""
        return bool(self.host) and _is_name(self.host)

    def toward(self, host: str, port: int) -> None:
        """Note the destination; a name is kept over a bare address."""
        if host and (not self.host or not _is_name(self.host)):
            self.host = host
        self.port = self.port or port

    def passed(self, message: Any) -> None:
        """Count a message."""
        if message.from_client:
            self.sent += len(message.content)
        else:
            self.received += len(message.content)


class Ruling(NamedTuple):
    """Verdict, the code of its reason (table `traffic_words`), and what the proxy said."""

    verdict: str
    reason: str = ""
    detail: str = ""


def _is_name(host: str) -> bool:
    return any(letter.isalpha() for letter in host) and ":" not in host


def verdict(connection: Connection) -> Ruling | None:
    """Return what became of a finished connection; None when it says nothing of its own."""
    if connection.requests:
        if connection.upstream_error and connection.errors >= connection.requests:
            return Ruling("upstream-unreachable", "upstream", connection.upstream_error)
        return Ruling("decrypted" if connection.tls else "cleartext")
    if connection.dns or not connection.host:
        return None
    if connection.tls == "failed":
        return Ruling("certificate-refused", "client-refused", connection.error)
    if connection.raw:
        secure = connection.tls == "established"
        return Ruling("decrypted" if secure else "private-protocol", "not-http")
    return _without_data(connection)


def _without_data(connection: Connection) -> Ruling:
    if connection.upstream_error:
        return Ruling("upstream-unreachable", "upstream", connection.upstream_error)
    if connection.tls == "established":
        return Ruling("no-request", "no-request")
    if connection.tls == "hello":
        return Ruling("certificate-refused", "handshake-unfinished")
    return Ruling("no-data")
