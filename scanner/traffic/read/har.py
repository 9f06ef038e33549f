"""Read HAR files of any writer, entry by entry: a bad entry is counted, never the file lost."""

import base64
import binascii
import mmap
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from scanner.model.errors import InputError
from scanner.traffic.decode.walk import read_json
from scanner.traffic.read.har_slices import Buffer, slices
from scanner.traffic.read.notes import Notes
from scanner.traffic.record import Frame, Headers, Link, Record, header

_MAX_ENTRY = 256 << 20
_MAX_PAGES = 4 << 20
_SAMPLE = 4096
_MAX_FRAMES = 20_000
_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


def read_har(path: Path, notes: Notes) -> Generator[Record]:
    """Yield the exchanges of a HAR file, which is never read as a whole.

    Raises `InputError` when the file has no `log.entries`.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
        yield from read_har_buffer(buffer, path.name, notes)


def read_har_buffer(buffer: Buffer, name: str, notes: Notes) -> Generator[Record]:
    """Yield the exchanges of HAR text in memory. See `read_har`."""
    titles: dict[str, str] = {}
    started = False
    for kind, start, end in slices(buffer):
        if kind == "pages":
            titles = _titles(buffer[start:end])
        elif kind == "tls-errors":
            notes.links += _refused(buffer[start:end])
        elif kind == "entries":
            started = True
        elif kind == "cut":
            notes.lose("har-cut")
        else:
            record = _entry(buffer, start, end, titles, notes)
            if record is not None:
                yield record
    if not started:
        raise InputError(f"{name}: no list of entries, not a HAR file", "export the capture again")


def _titles(text: bytes) -> dict[str, str]:
    content = read_json(text) if len(text) <= _MAX_PAGES else None
    pages = content if isinstance(content, list) else []
    return {str(p.get("id", "")): str(p.get("title", "")) for p in pages if isinstance(p, dict)}


def _refused(text: bytes) -> list[Link]:
    """Return the connections that HTTP Toolkit saw refused: it lists them beside the entries."""
    content = read_json(text) if len(text) <= _MAX_PAGES else None
    return [
        Link(
            host=str(row.get("hostname") or ""),
            verdict="certificate-refused",
            time=moment(row.get("startedDateTime")),
            reason="client-refused",
            detail=str(row.get("cause") or "")[:80],
        )
        for row in _dicts(content)
    ]


def _entry(
    buffer: Buffer, start: int, end: int, titles: dict[str, str], notes: Notes
) -> Record | None:
    if end - start > _MAX_ENTRY:
        notes.lose("entry-too-large", f"{_MAX_ENTRY >> 20} MB")
        return None
    content = read_json(buffer[start:end])
    if not isinstance(content, dict) or not isinstance(content.get("request"), dict):
        notes.lose("entry-not-json")
        return None
    try:
        return _record(content, titles, notes)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        notes.lose("bad-entry", type(error).__name__)
        return None


def _record(entry: dict[str, Any], titles: dict[str, str], notes: Notes) -> Record:
    request = entry["request"]
    response = entry.get("response")
    response = response if isinstance(response, dict) else {}
    url = str(request.get("url", ""))
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError("no host")
    frames = _frames(entry.get("_webSocketMessages"))
    scheme = parts.scheme.lower()
    if frames:
        scheme = {"https": "wss", "http": "ws"}.get(scheme, scheme)
    sent = _request_body(request, notes)
    got = _response_body(response, notes)
    page = str(entry.get("pageref", ""))
    record = Record(
        time=moment(entry.get("startedDateTime")),
        method=str(request.get("method", "")),
        scheme=scheme,
        host=parts.hostname,
        port=parts.port or _PORTS.get(scheme, 0),
        target=parts.path + (f"?{parts.query}" if parts.query else ""),
        status=_number(response.get("status")),
        ip=str(entry.get("serverIPAddress") or "").strip("[]"),
        request_headers=_headers(request.get("headers")),
        response_headers=_headers(response.get("headers")),
        request=sent,
        response=got,
        request_size=max(len(sent or b""), _number(request.get("bodySize"))),
        response_size=max(len(got or b""), _number(response.get("bodySize"))),
        frames=frames,
        phase=str(entry.get("_phase") or titles.get(page) or page),
        protocol=str(request.get("httpVersion", "")),
        error=str(response.get("_error") or entry.get("_error") or ""),
        plain=True,
    )
    _add_query(record, request)
    return record


def _add_query(record: Record, request: dict[str, Any]) -> None:
    """Add the query when the writer left it out of the URL and only listed it."""
    listed = request.get("queryString")
    if "?" not in record.target and isinstance(listed, list):
        pairs = [(str(q.get("name")), str(q.get("value"))) for q in listed if isinstance(q, dict)]
        if pairs:
            record.target += "?" + urlencode(pairs)


def moment(text: Any) -> float:
    """Return an ISO 8601 time as seconds since 1970; 0 when it is none. No zone means UTC."""
    if not isinstance(text, str):
        return 0.0
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return 0.0
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value < 1 << 50 else 0


def _headers(rows: Any) -> Headers:
    return [(str(row.get("name", "")), str(row.get("value", ""))) for row in _dicts(rows)]


def _dicts(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _request_body(request: dict[str, Any], notes: Notes) -> bytes | None:
    """Return the body; b"" when there was none, None when the writer left it out."""
    post = request.get("postData")
    if isinstance(post, dict):
        text = post.get("text")
        if isinstance(text, str) and text:
            coding = str(post.get("encoding") or post.get("_encoding") or "")
            kind = header(_headers(request.get("headers")), "content-type")
            return _bytes(text, coding, kind, notes)
        params = _dicts(post.get("params"))
        if params:
            return urlencode([(str(p.get("name")), str(p.get("value"))) for p in params]).encode()
    content = request.get("_content")
    if isinstance(content, dict) and isinstance(content.get("text"), str):
        return _bytes(content["text"], str(content.get("encoding", "")), "", notes)
    return None if _number(request.get("bodySize")) else b""


def _response_body(response: dict[str, Any], notes: Notes) -> bytes | None:
    content = response.get("content")
    if not isinstance(content, dict):
        return None
    text = content.get("text")
    if isinstance(text, str):
        coding, kind = str(content.get("encoding") or ""), str(content.get("mimeType", ""))
        return _bytes(text, coding, kind, notes)
    return None if _number(content.get("size")) else b""


def _bytes(text: str, encoding: str, kind: str, notes: Notes) -> bytes:
    """Return text as the bytes it stands for: base64 where said, else UTF-8 or raw bytes."""
    if encoding.lower() == "base64":
        try:
            return base64.b64decode(text)
        except binascii.Error:
            notes.lose("bad-base64")
            return b""
    if _is_binary(kind, text[:_SAMPLE]):
        try:
            return text.encode("latin-1")
        except UnicodeEncodeError:
            pass
    return text.encode("utf-8", "replace")


def _is_binary(kind: str, sample: str) -> bool:
    """Tell whether a writer put raw bytes into the text, one character each."""
    if sample.isascii() or max(sample) > "\xff":
        return False
    return "octet-stream" in kind or min(sample) < "\t"


def _frames(rows: Any) -> list[Frame]:
    """Return WebSocket messages as Chrome and mitmproxy list them."""
    frames: list[Frame] = []
    for row in _dicts(rows)[:_MAX_FRAMES]:
        data = str(row.get("data", "")).encode("utf-8", "replace")
        if row.get("opcode") == 2:  # noqa: PLR2004 - a binary frame, as base64
            try:
                data = base64.b64decode(data)
            except binascii.Error:
                continue
        when = row.get("time")
        time = float(when) if isinstance(when, int | float) else 0.0
        frames.append(Frame(row.get("type") in ("send", "request"), data, time))
    return frames
