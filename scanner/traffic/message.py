"""Open one exchange: every place of a request or reply where a value can stand."""

from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from scanner.model.traffic import Side
from scanner.model.unicode import whole
from scanner.traffic.decode import fields
from scanner.traffic.decode.leaves import Decoded, Node, Row
from scanner.traffic.decode.walk import Walker
from scanner.traffic.hits import BODY, Joined
from scanner.traffic.record import Headers, Record, header

_MIN_SEGMENT = 6
_MAX_HEADERS = 200
_MAX_RAW = 16 << 20
_MAX_STREAM = 1 << 20
_SCHEMES = ("bearer ", "basic ", "token ", "digest ")
_PLAIN_HEADERS = frozenset({
    "accept", "accept-encoding", "accept-language", "cache-control", "connection",
    "content-encoding", "content-length", "content-type", "date", "expires",
    "last-modified", "server", "transfer-encoding", "user-agent", "vary",
})  # fmt: skip
"""Headers whose form the protocol fixes: no layer hides in them."""
_PAGE_TYPES = (
    "text/html",
    "text/css",
    "javascript",
    "ecmascript",
    "image/",
    "font/",
    "video/",
    "audio/",
    "application/wasm",
    "application/zip",
    "application/vnd.android",
)


class Opened(NamedTuple):
    """One side of an exchange: values with their places, and the plain body as a whole."""

    side: Side
    joined: Joined
    raw: Joined
    decoded: Decoded
    readable: str


def open_request(record: Record) -> Opened:
    """Open the request: path, query, headers, cookies, body, messages from the client."""
    walker = Walker()
    # a name may carry a value as well: 8600….collect.example
    walker.result.add(Node(None, "host"), record.host.encode("utf-8", "replace"))
    path, _, query = record.target.partition("?")
    _path(path, walker)
    _query(query.partition("#")[0], walker)
    _headers(record.request_headers, walker)
    raw = _body(record.request, record.request_headers, record.plain, walker, False)
    return _finish("request", walker, raw, record, True)


def open_response(record: Record) -> Opened:
    """Open the reply: headers, cookies, body, messages from the server. Pages, scripts and media
    are not taken apart.
    """
    walker = Walker()
    _headers(record.response_headers, walker)
    raw = _body(record.response, record.response_headers, record.plain, walker, True)
    return _finish("response", walker, raw, record, False)


def _finish(side: Side, walker: Walker, raw: bytes, record: Record, client: bool) -> Opened:
    base = Node(None, "message")
    frames = [frame.data for frame in record.frames if frame.from_client == client]
    for data in frames:
        walker.body(data, "", "", base)
    decoded = walker.result
    body = record.request if client else record.response
    readable = decoded.readable
    if readable == "empty" and body is None:
        readable = "absent"
    whole: list[Row] = []
    if decoded.structured and len(raw) <= _MAX_RAW:
        whole.append((Node(None, BODY), "", raw))
    if len(frames) > 1:  # a value may be cut between two messages
        whole.append((base, "", b"".join(frames)[:_MAX_STREAM]))
    return Opened(side, Joined(decoded.rows), Joined(whole), decoded, readable)


def _path(path: str, walker: Walker) -> None:
    base = Node(None, "path")
    for segment in path.split("/"):
        if len(segment) >= _MIN_SEGMENT:
            walker.value(unquote_to_bytes(segment), base, 1)


def _query(query: str, walker: Walker) -> None:
    if not query:
        return
    base = Node(None, "query")
    data = query.encode("utf-8", "surrogateescape")
    pairs = fields.form(data, True)
    if pairs is None:
        walker.value(unquote_to_bytes(data), base, 0)
        return
    for key, value in pairs:
        walker.value(value, Node(base, key.decode("utf-8", "replace")), 1)


def _headers(headers: Headers, walker: Walker) -> None:
    base = Node(None, "header")
    for name, value in headers[:_MAX_HEADERS]:
        low = whole(name.lower())
        if low == "host":
            continue
        if low in ("cookie", "set-cookie"):
            _cookies(value, walker, low == "set-cookie")
        elif low in _PLAIN_HEADERS:
            walker.result.add(Node(base, low), value.encode("utf-8", "surrogateescape"))
        elif len(value) >= _MIN_SEGMENT and not low.startswith(":"):
            for scheme in _SCHEMES:
                if value[: len(scheme)].lower() == scheme:
                    value = value[len(scheme) :]  # noqa: PLW2901 - the credential without its scheme
            walker.text(value, Node(base, low))


def _cookies(value: str, walker: Walker, single: bool) -> None:
    base = Node(None, "cookie")
    for part in value.split(";")[: 1 if single else None]:
        name, equals, content = part.strip().partition("=")
        if equals:
            walker.text(content.strip('"'), Node(base, whole(name)))


def _body(
    data: bytes | None, headers: Headers, plain: bool, walker: Walker, response: bool
) -> bytes:
    """Decode a body; return it with its content-encodings undone."""
    if not data:
        return b""
    kind = header(headers, "content-type")
    codings = "" if plain else header(headers, "content-encoding")
    root = Node(None)
    if response and any(word in kind.lower() for word in _PAGE_TYPES):
        walker.result.size += len(data)
        walker.result.media += len(data)
        return b""
    return walker.body(data, kind, codings, root)
