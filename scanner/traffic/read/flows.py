"""Read mitmproxy dumps of every version, offline and flow by flow."""

import io
from collections.abc import Generator
from pathlib import Path
from typing import Any

from scanner.model.unicode import whole
from scanner.traffic.read.notes import Notes
from scanner.traffic.read.plain_flows import read_plain
from scanner.traffic.record import Frame, Headers, Record

_MAX_FRAMES = 20_000
_MAX_RECORD = 512 << 20
_VERSION = "flow format version"
_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


class _Bounded(io.BufferedReader):
    """A file that believes no length prefix: mitmproxy would allocate whatever one says."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as usual. Raises `ValueError` for one record larger than any flow."""
        if size is not None and size > _MAX_RECORD:
            raise ValueError(f"a record of {size} bytes")
        return super().read(size)


def read_flows(path: Path, notes: Notes) -> Generator[Record]:
    """Yield the flows of a dump. A damaged end is named and what came before is kept."""
    from mitmproxy.exceptions import FlowReadException  # noqa: PLC0415 - 0.6 s, only for dumps
    from mitmproxy.io import FlowReader  # noqa: PLC0415

    count, refused = 0, False
    with _Bounded(io.FileIO(path)) as file:
        try:
            for flow in FlowReader(file).stream():
                count += 1
                try:
                    record = _record(flow, notes)
                except _DAMAGE as error:
                    notes.lose("bad-flow", type(error).__name__)
                    continue
                if record is not None:
                    yield record
        except FlowReadException as error:
            if count or _VERSION not in str(error):
                notes.lose("dump-cut", f"{count}; {_line(error)}")
                return
            refused = True
        except _DAMAGE as error:  # mitmproxy lets errors of damaged values through
            notes.lose("dump-cut", f"{count}; {type(error).__name__}")
            return
    if refused:
        yield from read_plain(path, notes)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or "no details"


def _record(flow: Any, notes: Notes) -> Record | None:
    kind = flow.type
    if kind == "http":
        return _http(flow)
    if kind in ("tcp", "udp"):
        return _raw(flow)
    if kind == "dns":
        _dns(flow, notes)
        return None
    notes.lose("unknown-flow", str(kind)[:40])
    return None


def _http(flow: Any) -> Record:
    request, response = flow.request, flow.response
    frames: list[Frame] = []
    scheme = request.scheme or "http"
    if getattr(flow, "websocket", None) is not None:
        scheme = "wss" if scheme in ("https", "wss") else "ws"
        frames = [_frame(m) for m in flow.websocket.messages[:_MAX_FRAMES]]
    part = int(flow.metadata.get("part", 0)) if flow.metadata else 0
    sent, got = request.raw_content, response.raw_content if response is not None else None
    record = Record(
        time=float(request.timestamp_start or getattr(flow, "timestamp_created", 0) or 0),
        method=whole(request.method),
        scheme=whole(scheme),
        host=whole(request.pretty_host or request.host),
        port=request.port,
        target=request.path or "",
        status=response.status_code if response is not None else 0,
        ip=_ip(flow.server_conn),
        request_headers=_headers(request.headers),
        response_headers=_headers(response.headers) if response is not None else [],
        request=sent,
        response=got,
        request_size=_size(sent, request.headers),
        response_size=_size(got, response.headers) if response is not None else 0,
        frames=frames,
        phase=str(flow.metadata.get("phase", "")) if flow.metadata else "",
        protocol=whole(request.http_version or ""),
        app=str(flow.metadata.get("app", "")) if flow.metadata else "",
        error=whole(flow.error.msg) if flow.error is not None else "",
    )
    if part:  # the recorder writes long WebSockets in parts; the handshake counts once
        record.request_headers, record.response_headers, record.target = [], [], _path(record)
    for frame in frames:
        if frame.from_client:
            record.request_size += len(frame.data)
        else:
            record.response_size += len(frame.data)
    return record


def _path(record: Record) -> str:
    """Return the path without the query."""
    return record.target.partition("?")[0]


def _frame(message: Any) -> Frame:
    content = message.content
    data = content.encode("utf-8", "replace") if isinstance(content, str) else bytes(content)
    return Frame(bool(message.from_client), data, float(message.timestamp or 0))


def _size(content: bytes | None, headers: Any) -> int:
    if content is not None:
        return len(content)
    declared = headers.get("content-length", "")
    return int(declared) if declared.isdigit() and len(declared) < 16 else 0  # noqa: PLR2004 - a plausible length


def _headers(headers: Any) -> Headers:
    return [
        (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
        for name, value in headers.fields
    ]


def _ip(connection: Any) -> str:
    peer = getattr(connection, "peername", None)
    return str(peer[0]) if peer else ""


def _raw(flow: Any) -> Record:
    frames = [_frame(m) for m in flow.messages[:_MAX_FRAMES]]
    server = flow.server_conn
    address = server.address or getattr(server, "peername", None) or ("", 0)
    metadata = flow.metadata or {}
    name = str(metadata.get("host") or server.sni or address[0])
    secure = bool(getattr(flow.client_conn, "tls_established", False))
    return Record(
        time=frames[0].time if frames else float(server.timestamp_start or 0),
        method=flow.type.upper(),
        scheme="tls" if secure else flow.type,
        host=name,
        port=int(address[1]),
        ip=_ip(server),
        frames=frames,
        request_size=sum(len(frame.data) for frame in frames if frame.from_client),
        response_size=sum(len(frame.data) for frame in frames if not frame.from_client),
        phase=str(metadata.get("phase", "")),
        protocol=flow.type.upper(),
    )


def _dns(flow: Any, notes: Notes) -> None:
    """Keep which name an address belongs to."""
    if flow.response is None:
        return
    for answer in flow.response.answers:
        address = answer.data
        if len(address) in (4, 16) and flow.request.questions:
            import ipaddress  # noqa: PLC0415 - only for DNS flows

            notes.names[str(ipaddress.ip_address(bytes(address)))] = flow.request.questions[0].name
