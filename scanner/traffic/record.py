"""What every importer yields: one exchange as captured, with its raw content."""

from dataclasses import dataclass, field

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Frame:
    """One message of a WebSocket, TCP or UDP flow. `time` in seconds since 1970 (UTC)."""

    from_client: bool
    data: bytes
    time: float = 0.0


@dataclass(slots=True)
class Record:
    """One exchange as it stands in the capture, personal values included: never leaves the room.

    `target` is path and query as sent; contents are raw, content-encodings not undone, and None
    when the capture does not hold them. Sizes are bytes on the wire where known. `phase` is what
    the capture itself says; `app` the package name when the capture knows it. `ip` is the address
    that the capture saw. `error` says why no reply came.
    """

    time: float
    method: str
    scheme: str
    host: str
    port: int
    target: str = ""
    status: int = 0
    ip: str = ""
    request_headers: Headers = field(default_factory=list)
    response_headers: Headers = field(default_factory=list)
    request: bytes | None = None
    response: bytes | None = None
    request_size: int = 0
    response_size: int = 0
    frames: list[Frame] = field(default_factory=list)
    phase: str = ""
    protocol: str = ""
    app: str = ""
    error: str = ""
    plain: bool = False
    """The capture format keeps contents with content-encodings already undone (HAR)."""

    @property
    def cleartext(self) -> bool:
        """Tell whether the exchange went over the network without TLS."""
        return self.scheme in ("http", "ws", "tcp", "udp", "dns")


@dataclass(slots=True)
class Link:
    """What became of connections to one host, when the capture holds more than exchanges.

    `verdict` as in `scanner.model.traffic.ConnectionFact`.
    """

    host: str
    verdict: str
    time: float = 0.0
    count: int = 1
    sent: int = 0
    received: int = 0
    ip: str = ""
    reason: str = ""
    detail: str = ""
    phase: str = ""
    app: str = ""


def header(headers: Headers, name: str) -> str:
    """Return the value of a header (lower-case name), "" when absent."""
    for key, value in headers:
        if key.lower() == name:
            return value
    return ""
