"""Layers that do not announce themselves: each attempt says what it found, or None."""

import base64
import binascii
import html
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from scanner.traffic.decode import compress, shapes
from scanner.traffic.decode.limits import ITEMS, RUNS, SPECULATIVE_BYTES, STEP_BYTES
from scanner.traffic.decode.protobuf import Field, WireError, is_text, parse, varint

_MIN_GZIP = 18
_MIN_ZLIB = 8
_MIN_PROTOBUF = 24
_MIN_MSGPACK = 8
_GRPC_HEAD = 5
_JSONP = re.compile(rb"[\w$.]{1,64}\s*\(\s*([{\[])")
_PERCENT_U = re.compile(rb"%u([0-9A-Fa-f]{4})")
_ESCAPES = re.compile(rb"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})|\\([0-3][0-7]{2})")
_JSON_INSIDE = re.compile(rb"\[?\{\s*\"|\[\s*\"")
_BRACE = 0x7B
_MAGICS = (compress.MAGIC_GZIP, compress.MAGIC_ZSTD, b"PK\x03\x04", b"BZh", b"\xfd7zXZ")
_MAX_UNESCAPE = 1 << 20

Opened = tuple[bytes, str]


def by_magic(data: bytes) -> tuple[bytes, str, str] | None:
    """Open gzip, zlib or zstd by its first bytes: (output, layer, what is missing)."""
    try:
        if len(data) >= _MIN_GZIP and data.startswith(compress.MAGIC_GZIP):
            out, state = compress.gunzip(data, STEP_BYTES)
            return out, "gzip", state
        if data.startswith(compress.MAGIC_ZSTD):
            out, state = compress.unzstd(data, STEP_BYTES)
            return out, "zstd", state
        if _is_zlib(data):
            out, state = compress.gunzip(data, STEP_BYTES, 15)
            return (out, "zlib", state) if state != "damaged" else None
    except compress.CompressionError:
        return None
    return None


def _is_zlib(data: bytes) -> bool:
    return len(data) >= _MIN_ZLIB and data[0] == 0x78 and (data[0] << 8 | data[1]) % 31 == 0  # noqa: PLR2004 - RFC 1950


def unescape(data: bytes) -> Opened | None:
    """Undo one layer of percent signs, backslash escapes or XML entities in a text."""
    if len(data) > _MAX_UNESCAPE:
        return None
    if shapes.PERCENT.search(data):
        marked = _PERCENT_U.sub(lambda m: chr(int(m[1], 16)).encode("utf-8", "replace"), data)
        out = unquote_to_bytes(marked)
        if out != data:
            return out, "url"
    if shapes.ESCAPE.search(data):
        out = _ESCAPES.sub(_escaped, data).replace(b'\\"', b'"').replace(b"\\/", b"/")
        return out, "escape"
    if shapes.ENTITY.search(data):
        out = html.unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace")
        if out != data:
            return out, "entities"
    return None


def _escaped(found: re.Match[bytes]) -> bytes:
    r"""Return the UTF-8 of `\u1234`; `\xNN` and `\NNN` are bytes, as C and Python write them."""
    if found[1]:
        return chr(int(found[1], 16)).encode("utf-8", "replace")
    return bytes([int(found[2], 16) if found[2] else int(found[3], 8)])


def inner_json(data: bytes) -> bytes | None:
    """Return the JSON that stands inside other text: behind a guard, a number, a log's head."""
    found = _JSON_INSIDE.search(data)
    if found is None or found.start() == 0:
        return None
    closing = b"}" if data[found.start()] == _BRACE else b"]"
    end = data.rfind(closing)
    return data[found.start() : end + 1] if end > found.start() else None


def jsonp(data: bytes) -> bytes | None:
    """Return the JSON inside `callback({...})`."""
    found = _JSONP.match(data)
    end = data.rfind(b")")
    return data[found.start(1) : end].rstrip() if found is not None and end > found.end() else None


def json_lines(data: bytes) -> list[bytes]:
    """Return the JSON texts of NDJSON or server-sent events; [] when it is neither."""
    if b"\n" not in data and not data.startswith(b"data:"):
        return []
    lines = [
        line.removeprefix(b"data:").strip()
        for line in data.split(b"\n", ITEMS)[:ITEMS]
        if line.strip() and not line.startswith((b"event:", b"id:", b"retry:", b":"))
    ]
    starts = sum(line[:1] in (b"{", b"[") and line[-1:] in (b"}", b"]") for line in lines)
    return lines if starts and starts * 2 >= len(lines) else []


def unbase64(data: bytes) -> bytes:
    """Undo base64 of either alphabet, with or without padding. b"" when the length is wrong."""
    core = data.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    if len(core) % 4 == 1:
        return b""
    try:
        return base64.b64decode(core + b"=" * (-len(core) % 4), validate=True)
    except binascii.Error:
        return b""


def base64_text(data: bytes) -> Opened | None:
    """Open a text that is base64 as a whole, in one line or in lines of equal length."""
    if b"\n" in data or b"\\n" in data:
        lines = data.replace(b"\\n", b"\n").split()
        width = len(lines[0]) if lines else 0
        if len(lines) < 2 or width < 20 or any(len(line) != width for line in lines[:-1]):  # noqa: PLR2004 - lines of 64 or 76
            return None
        data = b"".join(lines)
    if not shapes.BASE64.match(data):
        return None
    out = unbase64(data)
    return (out, "base64") if out else None


def unhex(data: bytes) -> Opened | None:
    """Open a text that is hex as a whole, with or without separators."""
    if shapes.HEX.match(data):
        return binascii.unhexlify(data[2:] if data[1:2] in b"xX" else data), "hex"
    if shapes.HEX_SPACED.match(data):
        return binascii.unhexlify(re.sub(rb"[ :,\-]", b"", data)), "hex"
    return None


def runs(data: bytes) -> list[bytes]:
    """Return long runs of base64 letters inside a text, without those that are plain words."""
    found: list[bytes] = []
    for match in shapes.RUN.finditer(data):
        run = match[0]
        if any(48 <= byte <= 57 for byte in run) or run.endswith(b"="):  # noqa: PLR2004 - digits
            found.append(run)
            if len(found) >= RUNS:
                break
    return found


def means_something(data: bytes) -> bool:
    """Tell whether decoded bytes are text, a known container, msgpack or protobuf."""
    if is_text(data):
        return True
    if data.startswith(_MAGICS) or _is_zlib(data):
        return True
    if _utf16(data) is not None:
        return True
    if len(data) < _MIN_PROTOBUF:
        return False
    return parse(data) is not None or unmsgpack(data, False) is not None


def one_frame(data: bytes) -> bool:
    """Tell whether the bytes are gRPC frames: the first length must fit exactly or leave more."""
    if len(data) <= _GRPC_HEAD + 2 or data[0] not in (0, 1):
        return False
    size = int.from_bytes(data[1:_GRPC_HEAD], "big")
    return 0 < size == len(data) - _GRPC_HEAD


def unmsgpack(data: bytes, declared: bool) -> Any:
    """Return the map or list of a msgpack text that uses all bytes (several: a list of them),
    else None.
    """
    first = data[0]
    is_container = 0x80 <= first <= 0x9F or 0xDC <= first <= 0xDF  # noqa: PLR2004 - msgpack map and array
    if not declared and (not is_container or len(data) < _MIN_MSGPACK):
        return None
    import msgpack  # noqa: PLC0415 - only when a body needs it

    reader = msgpack.Unpacker(
        raw=False, strict_map_key=False, unicode_errors="replace", max_buffer_size=len(data) + 1
    )
    reader.feed(data)
    found: list[Any] = []
    try:
        for content in reader:
            if not isinstance(content, dict | list) or len(found) >= ITEMS:
                return None
            found.append(content)
    except (ValueError, msgpack.UnpackException, RecursionError, TypeError):
        return None
    if reader.tell() != len(data) or not any(found):
        return None
    return found[0] if len(found) == 1 else found


def protobuf_messages(data: bytes) -> tuple[list[list[Field]], bool]:
    """Return the protobuf messages in a body, and whether lengths stood before them.

    One message as it is; one behind a length of 1, 2 or 4 bytes; or several, each behind its
    length as a varint.
    """
    message = parse(data)
    if message is not None:
        return [message], False
    for size in (1, 2, 4):
        head, rest = data[:size], data[size:]
        if len(rest) in (int.from_bytes(head, "big"), int.from_bytes(head, "little")):
            message = parse(rest)
            if message is not None:
                return [message], True
    return _delimited(data), True


def _delimited(data: bytes) -> list[list[Field]]:
    found: list[list[Field]] = []
    at = 0
    while at < len(data) and len(found) < ITEMS:
        try:
            size, at = varint(data, at)
        except WireError:
            return []
        message = parse(data[at : at + size]) if 0 < size <= len(data) - at else None
        if message is None:
            return []
        found.append(message)
        at += size
    return found


def unmarked(data: bytes) -> Opened | None:
    """Try brotli and raw deflate, which have no magic: only output that is text counts."""
    if not 8 <= len(data) <= SPECULATIVE_BYTES:  # noqa: PLR2004 - shorter streams prove nothing
        return None
    for layer, undo in (("brotli", compress.unbrotli), ("deflate", compress.inflate)):
        try:
            out, state = undo(data, STEP_BYTES)
        except compress.CompressionError:
            continue
        if not state and len(out) > len(data) // 2 and is_text(out):
            return out, layer
    return _utf16(data)


def _utf16(data: bytes) -> Opened | None:
    if len(data) % 2 or data[:400:2].count(0) + data[1:400:2].count(0) < min(len(data), 400) // 3:
        return None
    little = data[1:400:2].count(0) >= data[:400:2].count(0)
    out = data.decode("utf-16-le" if little else "utf-16-be", "replace").encode("utf-8", "replace")
    return (out.lstrip(b"\xef\xbb\xbf"), "utf-16") if is_text(out) else None


def dns_names(data: bytes) -> list[str]:
    """Return the names asked for and answered in a DNS message."""
    return [name for name, _ in dns_records(data)]


def dns_records(data: bytes) -> list[tuple[str, str]]:
    """Return (name, address) of a DNS message; the address is "" for questions and other types."""
    import socket  # noqa: PLC0415 - only for the text form of addresses

    import dpkt  # noqa: PLC0415 - only when DNS is read

    try:
        message = dpkt.dns.DNS(data)
        found = [(str(question.name), "") for question in message.qd]
        for answer in message.an:
            if answer.type == dpkt.dns.DNS_A:
                found.append((str(answer.name), socket.inet_ntop(socket.AF_INET, answer.ip)))
            elif answer.type == dpkt.dns.DNS_AAAA:
                found.append((str(answer.name), socket.inet_ntop(socket.AF_INET6, answer.ip6)))
    except (dpkt.Error, AttributeError, ValueError, IndexError, UnicodeError, TypeError):
        return []
    return found[:ITEMS]
