"""Dumps of mitmproxy versions that the installed one refuses: read the fields that never moved."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from scanner.traffic.read.notes import Notes
from scanner.traffic.record import Headers, Record


def read_plain(path: Path, notes: Notes) -> Generator[Record]:
    """Yield HTTP exchanges of a dump by the names that request and response have always had."""
    from mitmproxy.io import tnetstring  # noqa: PLC0415 - only for dumps

    count = 0
    with path.open("rb") as file:
        while True:
            try:
                state = _text_keys(tnetstring.load(file))
            except (ValueError, TypeError, RecursionError):
                if file.read(1):
                    notes.lose("dump-cut", str(count))
                return
            count += 1
            record = _record(state) if isinstance(state, dict) else None
            if record is None:
                notes.lose("no-request")
            else:
                yield record


def _text_keys(value: Any) -> Any:
    """Return a structure with text instead of bytes as keys."""
    if isinstance(value, dict):
        return {_text(key): _text_keys(item) for key, item in value.items()}
    return [_text_keys(item) for item in value] if isinstance(value, list) else value


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _record(state: dict[str, Any]) -> Record | None:
    request = state.get("request")
    if not isinstance(request, dict) or not request.get("host"):
        return None
    response = state.get("response")
    response = response if isinstance(response, dict) else {}
    server = state.get("server_conn")
    peer = (
        server.get("peername") or server.get("peer_address") if isinstance(server, dict) else None
    )
    sent, got = _content(request), _content(response)
    return Record(
        time=_number(request.get("timestamp_start")),
        method=_text(request.get("method")),
        scheme=_text(request.get("scheme")) or "http",
        host=_text(request.get("host")),
        port=int(_number(request.get("port"))),
        target=_text(request.get("path")),
        status=int(_number(response.get("status_code", response.get("code")))),
        ip=_text(peer[0]) if isinstance(peer, list | tuple) and peer else "",
        request_headers=_headers(request.get("headers")),
        response_headers=_headers(response.get("headers")),
        request=sent,
        response=got,
        request_size=len(sent or b""),
        response_size=len(got or b""),
    )


def _content(message: dict[str, Any]) -> bytes | None:
    content = message.get("content")
    return content if isinstance(content, bytes) else None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _headers(rows: Any) -> Headers:
    if not isinstance(rows, list | tuple):
        return []
    return [
        (_text(row[0]), _text(row[1]))
        for row in rows
        if isinstance(row, list | tuple) and len(row) > 1
    ]
