"""Take messages apart that are made of named fields: forms, multipart, XML, gRPC frames."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from scanner.traffic.decode.limits import ITEMS
from scanner.traffic.decode.shapes import BASE64

_MAX_KEY = 80
_BAD_KEY = re.compile(rb"[\s{}<>\"]")
_NAME_LIKE = re.compile(rb"[\w.\-\[\]$:%~@]+\Z")
"""Keys of a form that nobody declared."""
_TAG = re.compile(rb"<(/?)([A-Za-z_][\w:.\-]{0,80})([^<>]{0,20000})>")
_ATTRIBUTE = re.compile(rb"([A-Za-z_][\w:.\-]{0,80})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_NAME = re.compile(rb"[; ]name=\"?([^\";\r\n]*)\"?")
_FILENAME = re.compile(rb"filename=\"?([^\";\r\n]*)\"?")
_TYPE = re.compile(rb"(?i)content-type:\s*([^\r\n]{1,200})")
_TRANSFER = re.compile(rb"(?i)content-transfer-encoding:\s*([\w-]{1,40})")
_BOUNDARY = re.compile(r"boundary=\"?([^\";,\s]{1,200})\"?", re.IGNORECASE)
_GRPC_HEAD = 5

Pair = tuple[bytes, bytes]


def form(data: bytes, declared: bool) -> list[Pair] | None:
    """Return the fields of `a=1&b=2`, percent signs undone; None when it is no form.

    Without a declared type most parts must look like fields.
    """
    parts = data.split(b"&")[:ITEMS]
    pairs: list[Pair] = []
    for part in parts:
        key, equals, value = part.partition(b"=")
        if not equals or not key or len(key) > _MAX_KEY or _BAD_KEY.search(key):
            continue
        if not declared and not _NAME_LIKE.match(key):
            return None
        pairs.append((unquote_to_bytes(key), _form_value(value)))
    if not pairs or (not declared and len(pairs) * 2 <= len(parts)):
        return None
    return pairs


def _form_value(value: bytes) -> bytes:
    """Undo percent signs; a plus is a blank, except in base64 that nobody escaped."""
    if b"+" in value:
        plain = unquote_to_bytes(value)
        if BASE64.match(plain):
            return plain
        value = value.replace(b"+", b" ")
    return unquote_to_bytes(value)


class Part(NamedTuple):
    """One part of a multipart body, its transfer encoding undone."""

    name: bytes
    filename: bytes
    content: bytes
    type: str


def multipart(data: bytes, content_type: str) -> list[Part] | None:
    """Return the parts of a body; None when there is no boundary."""
    found = _BOUNDARY.search(content_type)
    if found is not None:
        boundary = b"--" + found[1].encode("latin-1", "replace")
    elif data.startswith(b"--") and b"\n" in data[:200]:
        boundary = data[:200].split(b"\n", 1)[0].rstrip(b"\r")
    else:
        return None
    parts: list[Part] = []
    for number, part in enumerate(data.split(boundary, ITEMS)[1:ITEMS]):
        head, gap, content = part.partition(b"\r\n\r\n")
        if not gap:
            head, gap, content = part.partition(b"\n\n")
        if not gap:
            continue
        content = content.removesuffix(b"\n").removesuffix(b"\r")
        parts.append(_part(head, content, number))
    return parts or None


def _part(head: bytes, content: bytes, number: int) -> Part:
    name, filename = _NAME.search(head), _FILENAME.search(head)
    kind, transfer = _TYPE.search(head), _TRANSFER.search(head)
    return Part(
        name[1] if name else str(number).encode(),
        filename[1] if filename else b"",
        _transferred(content, transfer[1].lower() if transfer else b""),
        kind[1].decode("latin-1") if kind else "",
    )


def _transferred(content: bytes, coding: bytes) -> bytes:
    """Undo base64 or quoted-printable of a part; broken ones stay as they are."""
    if coding == b"quoted-printable":
        return quopri.decodestring(content)
    if coding == b"base64":
        try:
            return base64.b64decode(content)
        except binascii.Error:
            return content
    return content


def xml(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (name, text) for attributes and text of XML; entities stay as they are.

    Nothing is expanded and nothing is looked up: a linear scan over the tags.
    """
    name, end = b"", 0
    for section in data.split(_CDATA, ITEMS)[1:]:
        yield "cdata", section.partition(_CDATA_END)[0]
    for tag in islice(_TAG.finditer(data), ITEMS):
        text = data[end : tag.start()].strip()
        if text and not text.startswith(_CDATA):
            yield name.decode("latin-1"), text
        end = tag.end()
        if not tag[1]:
            name = tag[2]
            for attribute in _ATTRIBUTE.finditer(tag[3]):
                value = attribute[2] if attribute[2] is not None else attribute[3]
                yield attribute[1].decode("latin-1"), value


def grpc(data: bytes) -> Iterator[tuple[bool, bytes]] | None:
    """Return (compressed, message) of length-prefixed gRPC frames; None when they do not fit."""
    frames: list[tuple[bool, bytes]] = []
    at = 0
    while at < len(data) and len(frames) < ITEMS:
        if at + _GRPC_HEAD > len(data) or data[at] not in (0, 1, 0x80):
            break
        size = int.from_bytes(data[at + 1 : at + _GRPC_HEAD], "big")
        if at + _GRPC_HEAD + size > len(data):
            break
        if data[at] != 0x80:  # noqa: PLR2004 - the trailer frame of gRPC-Web
            frames.append((data[at] == 1, data[at + _GRPC_HEAD : at + _GRPC_HEAD + size]))
        at += _GRPC_HEAD + size
    return iter(frames) if frames else None
