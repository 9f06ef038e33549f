"""The server name in the first bytes of a TLS connection."""

_HANDSHAKE, _CLIENT_HELLO, _SERVER_NAME = 0x16, 0x01, 0
_RECORD_HEAD, _HELLO_HEAD = 5, 4
_MAX_HELLO = 1 << 14


def server_name(data: bytes) -> str | None:
    """Return the SNI of a ClientHello, "" when it has none, None when it is not complete."""
    body = bytearray()
    at = 0
    while at + _RECORD_HEAD <= len(data) and data[at] == _HANDSHAKE:
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        body += data[at + _RECORD_HEAD : at + _RECORD_HEAD + size]
        at += _RECORD_HEAD + size
    if len(body) < _HELLO_HEAD or body[0] != _CLIENT_HELLO:
        return None
    size = int.from_bytes(body[1:4], "big")
    if size > _MAX_HELLO:
        return ""
    if len(body) < _HELLO_HEAD + size:
        return None
    return _extensions(bytes(body[_HELLO_HEAD : _HELLO_HEAD + size]))


def _extensions(hello: bytes) -> str:
    try:
        at = 34  # version and random
        at += 1 + hello[at]  # session id
        at += 2 + int.from_bytes(hello[at : at + 2], "big")  # cipher suites
        at += 1 + hello[at]  # compression methods
        end = min(len(hello), at + 2 + int.from_bytes(hello[at : at + 2], "big"))
        at += 2
        while at + 4 <= end:
            kind = int.from_bytes(hello[at : at + 2], "big")
            size = int.from_bytes(hello[at + 2 : at + 4], "big")
            if kind == _SERVER_NAME:
                return hello[at + 9 : at + 4 + size].decode("ascii", "replace").lower()
            at += 4 + size
    except IndexError:
        pass
    return ""
