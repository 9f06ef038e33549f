"""HTTP/1 in a reassembled byte stream, as far as it goes."""

from scanner.traffic.record import Headers, Record, header

_MAX_EXCHANGES = 2_000
_MAX_HEAD = 64 << 10
_BLANK = b"\r\n\r\n"


def read_exchanges(up: bytes, down: bytes) -> list[Record]:
    """Return the requests in `up` with the replies in `down`, paired by order."""
    records: list[Record] = []
    replies = _messages(down, b"HTTP/")
    for number, (line, headers, body) in enumerate(_messages(up, b"")):
        method, _, rest = line.partition(" ")
        record = Record(
            time=0.0,
            method=method,
            scheme="http",
            host=header(headers, "host").partition(":")[0],
            port=80,
            target=rest.partition(" ")[0],
            request_headers=headers,
            request=body,
            request_size=len(body),
            protocol=rest.rpartition(" ")[2],
        )
        if number < len(replies):
            status, record.response_headers, reply = replies[number]
            code = status.split(" ")[1:2]
            record.status = int(code[0]) if code and code[0].isdigit() else 0
            record.response, record.response_size = reply, len(reply)
        records.append(record)
    return records


def _messages(data: bytes, begin: bytes) -> list[tuple[str, Headers, bytes]]:
    found: list[tuple[str, Headers, bytes]] = []
    at = 0
    while at < len(data) and len(found) < _MAX_EXCHANGES:
        end = data.find(_BLANK, at, at + _MAX_HEAD)
        if end < 0 or not data.startswith(begin, at):
            break
        line, *rows = data[at:end].decode("latin-1").split("\r\n")
        pairs = [row.partition(":") for row in rows]
        headers = [(name.strip(), value.strip()) for name, colon, value in pairs if colon]
        at = end + len(_BLANK)
        body, at = _body(data, at, headers, bool(begin))
        found.append((line, headers, body))
    return found


def _body(data: bytes, at: int, headers: Headers, reply: bool) -> tuple[bytes, int]:
    if header(headers, "transfer-encoding").lower().endswith("chunked"):
        return _chunks(data, at)
    length = header(headers, "content-length")
    if length.isdigit() and len(length) < 12:  # noqa: PLR2004 - a plausible length
        return data[at : at + int(length)], at + int(length)
    return (data[at:], len(data)) if reply and not length else (b"", at)


def _chunks(data: bytes, at: int) -> tuple[bytes, int]:
    out = bytearray()
    while True:
        end = data.find(b"\r\n", at, at + 32)
        try:
            size = int(data[at:end].partition(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return bytes(out), len(data)
        out += data[end + 2 : end + 2 + size]
        at = end + 4 + size
        if size == 0:
            return bytes(out), at
