"""What became of one client connection, as the recorder saw it."""

from dataclasses import dataclass
from typing import Any


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


def _is_name(host: str) -> bool:
    return any(letter.isalpha() for letter in host) and ":" not in host


def verdict(connection: Connection) -> tuple[str, str] | None:
    """Return (verdict, reason) of a finished connection; None when it says nothing of its own."""
    if connection.requests:
        if connection.upstream_error and connection.errors >= connection.requests:
            return "upstream-unreachable", connection.upstream_error
        return ("decrypted" if connection.tls else "cleartext"), ""
    if connection.dns or not connection.host:
        return None
    if connection.tls == "failed":
        return "certificate-refused", connection.error
    if connection.raw:
        return ("decrypted" if connection.tls == "established" else "private-protocol"), "not HTTP"
    return _without_data(connection)


def _without_data(connection: Connection) -> tuple[str, str]:
    if connection.upstream_error:
        return "upstream-unreachable", connection.upstream_error
    if connection.tls == "established":
        return "no-request", "closed after the handshake without a request"
    if connection.tls == "hello":
        return "certificate-refused", "the handshake was not finished"
    return "no-data", ""
