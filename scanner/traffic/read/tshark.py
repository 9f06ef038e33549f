"""Contents of TLS in a packet capture, through an installed tshark and a log of session keys.

The key log stands beside the capture as `<capture>.keys`, `<capture>.keylog` or `sslkeylog.txt`.
HTTP/1 and HTTP/2; tshark does not decrypt HTTP/3 contents.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.traffic.decode.walk import read_json
from scanner.traffic.read.notes import Notes
from scanner.traffic.record import Headers, Record, header

_SUFFIXES = (".keys", ".keylog")
_COMMON = "sslkeylog.txt"
_SECONDS = 300
_MAX_OUTPUT = 512 << 20
_MAX_STREAMS = 100_000
_HEX = re.compile(r"(?:[0-9a-f]{2}:)*[0-9a-f]{2}")
_HEADERS_FRAME, _DATA_FRAME = "1", "0"

End = tuple[str, int]


@dataclass(slots=True)
class Opened:
    """A decrypted exchange and the client's end of its connection."""

    record: Record
    client: End


def key_log(capture: Path) -> Path | None:
    """Return the key log of a capture, None when there is none."""
    named = [capture.with_name(capture.name + suffix) for suffix in _SUFFIXES]
    return next((p for p in (*named, capture.with_name(_COMMON)) if p.is_file()), None)


def read_contents(capture: Path, notes: Notes) -> list[Opened]:
    """Return the exchanges that tshark can decrypt; [] without a key log or without tshark."""
    keys, program = key_log(capture), shutil.which("tshark")
    if keys is None:
        return []
    if program is None:
        notes.lose("no-tshark")
        return []
    command = [program, "-n", "-r", str(capture), "-o", f"tls.keylog_file:{keys}"]
    command += ["-Y", "tls && (http || http2)", "-T", "json", "--no-duplicate-keys"]
    command += ["-J", "frame ip ipv6 tcp http http2"]
    try:
        # the program comes from PATH, arguments are a list, the files are the user's own
        done = subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        notes.lose("tshark-failed", type(error).__name__)
        return []
    rows = read_json(done.stdout) if len(done.stdout) <= _MAX_OUTPUT else None
    if not isinstance(rows, list):
        notes.lose("tshark-empty")
        return []
    return _Streams().read(rows)


class _Streams:
    """Puts requests and replies together by connection and stream."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Opened] = {}
        self._done: list[Opened] = []

    def read(self, rows: list[Any]) -> list[Opened]:
        for row in rows:
            layers = row.get("_source", {}).get("layers") if isinstance(row, dict) else None
            if isinstance(layers, dict) and isinstance(layers.get("tcp"), dict):
                for part in _list(layers.get("http")):
                    self._http1(part, layers)
                for part in _list(layers.get("http2")):
                    for frame in _list(part.get("http2.stream")):
                        self._http2(frame, layers)
        return [opened for opened in self._done if opened.record.host]

    def _http1(self, part: dict[str, Any], layers: dict[str, Any]) -> None:
        key = (str(layers["tcp"].get("tcp.stream")), "")
        lines = next((v for v in part.values() if isinstance(v, dict) and _is_line(v)), {})
        body = _body(part.get("http.file_data"))
        if "http.request.method" in lines:
            record = self._begin(key, layers, _headers(part.get("http.request.line")))
            record.method = str(lines["http.request.method"])
            record.target = str(lines.get("http.request.uri", ""))
            record.host = header(record.request_headers, "host").partition(":")[0]
            record.request, record.request_size = body, len(body)
            record.protocol, record.plain = "HTTP/1.1", True
        elif key in self._open:
            record = self._open[key].record
            record.status = _number(lines.get("http.response.code"))
            record.response_headers = _headers(part.get("http.response.line"))
            record.response, record.response_size = body, len(body)

    def _http2(self, frame: dict[str, Any], layers: dict[str, Any]) -> None:
        key = (str(layers["tcp"].get("tcp.stream")), str(frame.get("http2.streamid")))
        if frame.get("http2.type") == _HEADERS_FRAME:
            self._headers2(key, frame, layers)
        elif frame.get("http2.type") == _DATA_FRAME and key in self._open:
            opened = self._open[key]
            data = _body(frame.get("http2.data.data"))
            if _end(layers, "src") == opened.client:
                opened.record.request = (opened.record.request or b"") + data
                opened.record.request_size += len(data)
            else:
                opened.record.response = (opened.record.response or b"") + data
                opened.record.response_size += len(data)

    def _headers2(
        self, key: tuple[str, str], frame: dict[str, Any], layers: dict[str, Any]
    ) -> None:
        headers = [
            (str(row.get("http2.header.name", "")), str(row.get("http2.header.value", "")))
            for row in _list(frame.get("http2.header"))
        ]
        method = header(headers, ":method")
        if method:
            record = self._begin(key, layers, headers)
            record.method, record.protocol = method, "HTTP/2.0"
            record.target = header(headers, ":path")
            record.host = header(headers, ":authority").partition(":")[0]
        elif key in self._open:
            record = self._open[key].record
            record.status = _number(header(headers, ":status")) or record.status
            record.response_headers = record.response_headers or headers

    def _begin(self, key: tuple[str, str], layers: dict[str, Any], headers: Headers) -> Record:
        address, port = _end(layers, "dst")
        frame = layers.get("frame")
        moment = frame.get("frame.time_epoch", "") if isinstance(frame, dict) else ""
        record = Record(_seconds(moment), "", "https", "", port, ip=address)
        record.request_headers, record.request, record.response = headers, b"", b""
        if len(self._done) < _MAX_STREAMS:
            self._open[key] = Opened(record, _end(layers, "src"))
            self._done.append(self._open[key])
        return record


def _list(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _is_line(value: dict[str, Any]) -> bool:
    return "http.request.method" in value or "http.response.code" in value


def _headers(lines: Any) -> Headers:
    rows = lines if isinstance(lines, list) else [lines] if isinstance(lines, str) else []
    pairs = [str(row).partition(":") for row in rows]
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]


def _body(text: Any) -> bytes:
    """Return a body: newer versions of tshark print hex, older ones the text."""
    if not isinstance(text, str):
        return b""
    if _HEX.fullmatch(text) and ":" in text:
        return bytes.fromhex(text.replace(":", ""))
    return text.encode("utf-8", "replace")


def _end(layers: dict[str, Any], side: str) -> End:
    network = layers.get("ip") or layers.get("ipv6")
    kind = "ip" if "ip" in layers else "ipv6"
    address = str(network.get(f"{kind}.{side}", "")) if isinstance(network, dict) else ""
    return address, _number(layers["tcp"].get(f"tcp.{side}port"))


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - ports and codes


def _seconds(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return 0.0
