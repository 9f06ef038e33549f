"""Open a message layer by layer until values lie bare. Everything is bounded (see `limits`)."""

import json
from typing import Any

import msgspec

from scanner.model.unicode import whole_tree
from scanner.traffic.decode import attempts, blobs, fields, letters, shapes
from scanner.traffic.decode.binary import binary
from scanner.traffic.decode.compress import undo_codings
from scanner.traffic.decode.hidden import hidden
from scanner.traffic.decode.leaves import Decoded, Node
from scanner.traffic.decode.limits import DEPTH, ITEMS, LEAVES, STEP_BYTES
from scanner.traffic.decode.protobuf import Field, is_text, parse

_MIN_LOOK = 12
"""Shorter strings cannot hide a layer around a value worth finding."""
_MIN_INT = 10_000
_FIRST_BYTES = frozenset(b"\x1f\x28\x78B\xfd\x5d\x6d\x04\xff")
"""What packed streams begin with."""
_MAX_UNSURE = 4096
"""A guess at a form may be wrong: short texts are kept whole as well."""
_CHARSETS = ("gbk", "gb2312", "gb18030", "utf-16", "utf-16le", "utf-16be", "big5")
_PROTOBUF = ("protobuf", "x-proto", "x-google-protobuf")


class Walker:
    """Decodes one message into `result`. Make one per message."""

    def __init__(self) -> None:
        """Start with a full budget."""
        self.result = Decoded()

    def body(self, data: bytes, content_type: str, codings: str, root: Node) -> bytes:
        """Decode a message body and return it with its content-encodings undone."""
        data, undone, notes = undo_codings(data, codings, STEP_BYTES)
        self.result.budget.notes.update(notes)
        self.result.size += len(data)
        for name in undone:
            root = Node(root, "", name)
        if undone:
            self.result.structured = True
        self.value(data, root, 0, content_type)
        return data

    def text(self, value: str, node: Node) -> None:
        """Look into a header, a path segment or another string outside the body."""
        self.value(value.encode("utf-8", "surrogateescape"), node, 0)

    def value(self, data: bytes, node: Node, depth: int, content_type: str = "") -> None:
        """Look into a string or blob: open it when it is a known layer, else keep it."""
        if not data:
            return
        if not content_type and (len(data) < _MIN_LOOK or shapes.PLAIN.match(data)):
            self.result.add(node, data)
            return
        if depth > DEPTH or not self.result.budget.spend(len(data)):
            self.result.budget.notes["limit-depth"] += depth > DEPTH
            self.result.add(node, data)
            return
        kind = content_type.split(";", 1)[0].strip().lower()
        if self._compressed(data, node, depth) or (
            kind and self._typed(data, node, depth, kind, content_type)
        ):
            return
        if is_text(data):
            self._text(data, node, depth, kind)
        else:
            binary(self, data, node, depth, kind)

    def _compressed(self, data: bytes, node: Node, depth: int) -> bool:
        if data[0] not in _FIRST_BYTES:
            return False
        opened = attempts.by_magic(data) or blobs.packed(data)
        if opened is None:
            return False
        out, layer, state = opened
        if state:
            self.result.budget.notes[f"{state}-coding"] += 1
        self.result.structured = True
        self.value(out, Node(node, "", layer), depth + 1)
        return True

    def _typed(self, data: bytes, node: Node, depth: int, kind: str, declared: str) -> bool:
        """Open a body by its declared type."""
        if kind.startswith("multipart/"):
            return self._multipart(data, node, depth, declared)
        if kind.startswith("application/grpc-web-text"):
            return self.grpc(attempts.unbase64(data), node, depth)
        if kind.startswith("application/grpc"):
            return self.grpc(data, node, depth)
        if kind.endswith("x-www-form-urlencoded"):
            return self._form(data, node, depth, True)
        if kind == "application/dns-message":
            return self._dns(data, node)
        return self._declared_bytes(data, node, depth, declared)

    def _declared_bytes(self, data: bytes, node: Node, depth: int, declared: str) -> bool:
        """Open protobuf, and text in another charset, when the type says so."""
        kind, _, parameters = declared.lower().partition(";")
        if any(word in kind for word in _PROTOBUF):
            message = parse(data)
            if message is not None:
                self.protobuf(message, Node(node, "", "protobuf"), depth)
                return True
        charset = parameters.partition("charset=")[2].strip("\"' ;")
        if charset in _CHARSETS:
            text = data.decode(charset, "replace").encode("utf-8", "replace")
            self.value(text, Node(node, "", charset), depth + 1, kind)
            return True
        return False

    def _multipart(self, data: bytes, node: Node, depth: int, declared: str) -> bool:
        parts = fields.multipart(data, declared)
        if parts is None:
            return False
        base = Node(node, "", "multipart")
        for part in parts:
            at = Node(base, _label(part.name))
            if part.filename:
                self.value(part.filename, Node(at, "(filename)"), depth + 1)
            self.value(part.content, at, depth + 1, part.type)
        self.result.structured = True
        return True

    def grpc(self, data: bytes, node: Node, depth: int) -> bool:
        """Open length-prefixed gRPC frames; False when the bytes are none."""
        frames = fields.grpc(data)
        if frames is None:
            return False
        base = Node(node, "", "grpc")
        for compressed, message in frames:
            kind = "" if compressed else "application/x-protobuf"
            self.value(message, base, depth + 1, kind)
        self.result.structured = True
        return True

    def _form(self, data: bytes, node: Node, depth: int, declared: bool) -> bool:
        pairs = fields.form(data, declared)
        if pairs is None:
            return False
        base = Node(node, "", "form")
        for key, value in pairs:
            self.value(value, Node(base, _label(key)), depth + 1)
            if len(key) >= _MIN_LOOK:
                self.result.add(Node(base, "(key)"), key)
        self.result.structured = True
        return True

    def _dns(self, data: bytes, node: Node) -> bool:
        names = attempts.dns_names(data)
        base = Node(node, "", "dns")
        for name in names:
            self.result.add(Node(base, "name"), name.encode())
        self.result.structured |= bool(names)
        return bool(names)

    def _text(self, data: bytes, node: Node, depth: int, kind: str) -> None:
        stripped = data.strip()
        if _is_prose(stripped):
            self.result.add(node, data)
            return
        first = stripped[:1]
        if first in (b"{", b"[", b'"', b")") and self._json(stripped, node, depth):
            return
        if first == b"<" and "html" not in kind and self._xml(stripped, node, depth):
            return
        if self._framed_text(stripped, node, depth):
            return
        if _may_be_form(stripped) and self._form(stripped, node, depth, False):
            if len(stripped) <= _MAX_UNSURE:
                self.result.add(node, data)
            return
        escaped = attempts.unescape(stripped)
        if escaped is not None:
            out, layer = escaped
            self.value(out, Node(node, "", layer), depth + 1)
            return
        self.result.add(node, data)
        hidden(self, stripped, node, depth)

    def _framed_text(self, data: bytes, node: Node, depth: int) -> bool:
        """Open JWT, JSONP, URLs with a query, and lines of JSON or server-sent events."""
        if shapes.JWT.match(data):
            base = Node(node, "", "jwt")
            for part in data.split(b".")[:2]:
                opened = attempts.unbase64(part)
                if opened:
                    self.value(opened, base, depth + 1)
            self.result.structured = True
            return True
        url = shapes.URL.match(data)
        if url is not None:
            self.result.add(node, data)
            return self._form(data[url.end() :].partition(b"#")[0], node, depth, True)
        inner = attempts.jsonp(data)
        if inner is not None:
            return self._json(inner, node, depth)
        inside = attempts.inner_json(data)
        if inside is not None and self._json(inside, node, depth):
            self.result.add(node, data)
            return True
        lines = attempts.json_lines(data)
        for line in lines:
            self._text(line, Node(node, "", ""), depth + 1, "")
        return bool(lines)

    def _json(self, data: bytes, node: Node, depth: int) -> bool:
        content = read_json(data.removeprefix(b")]}',").lstrip())
        if content is None:
            return False
        self.result.structured = True
        self.tree(content, Node(node, "", "json"), depth)
        return True

    def tree(self, content: Any, node: Node, depth: int) -> None:  # noqa: C901, PLR0912 - one hot loop
        """Walk a tree of dicts and lists without recursion in Python frames.

        The innermost loop of the decoder: plain values are kept here, without another call.
        """
        rows, plain = self.result.rows, shapes.PLAIN_TEXT.match
        keep = rows.append
        stack: list[tuple[Any, Node]] = [(content, node)]
        while stack and len(rows) < LEAVES:
            value, at = stack.pop()
            if isinstance(value, dict):
                for key, child in value.items():
                    kind = type(child)
                    label = key if type(key) is str else str(key)
                    if kind is str:
                        if plain(child):
                            keep((at, label, child.encode()))
                        else:
                            self._scalar(child, Node(at, label), depth)
                    elif kind is float or (kind is int and not -_MIN_INT < child < _MIN_INT):
                        keep((at, label, repr(child).encode()))
                    elif kind is dict or kind is list:
                        stack.append((child, Node(at, label)))
                    elif kind is bytes:
                        self.value(child, Node(at, label), depth + 1)
                    if len(label) >= _MIN_LOOK:
                        self._key(label, at, depth)
            elif isinstance(value, list | tuple):
                stack.extend(self._items(value, at, depth))
            else:
                self._scalar(value, at, depth)
        self.result.budget.notes["limit-leaves"] += bool(stack)

    def _key(self, label: str, node: Node, depth: int) -> None:
        """Look into a key: some senders make maps of values."""
        if shapes.PLAIN_TEXT.match(label):
            self.result.add(Node(node, "(key)"), label.encode())
        elif not shapes.NAME.match(label):
            self.value(label.encode("utf-8", "replace"), Node(node, "(key)"), depth + 1)

    def _items(
        self, values: list[Any] | tuple[Any, ...], node: Node, depth: int
    ) -> list[tuple[Any, Node]]:
        """Keep the plain items of a list in their order; return what has to be opened."""
        self.result.budget.notes["limit-items"] += len(values) > ITEMS
        values = values[:ITEMS]
        if len(values) >= _MIN_LOOK - 4 and all(type(value) is int for value in values):
            out = letters.from_numbers(list(values))
            if out:  # an array of bytes, as Gson writes it
                self.value(out, Node(node, "", "codes"), depth + 1)
                return []
        inner: list[tuple[Any, Node]] = []
        for value in values:
            if isinstance(value, dict | list | tuple):
                inner.append((value, node))
            elif value is not None:
                self._scalar(value, node, depth)
        return inner

    def _scalar(self, value: Any, node: Node, depth: int) -> None:
        kind = type(value)
        if kind is str:
            self.value(value.encode("utf-8", "replace"), node, depth + 1)
        elif kind is bytes:
            self.value(value, node, depth + 1)
        elif kind is float or (kind is int and abs(value) >= _MIN_INT):
            self.result.add(node, repr(value).encode())

    def protobuf(self, message: list[Field], node: Node, depth: int) -> None:
        """Walk the fields of a protobuf message."""
        self.result.structured = True
        for number, value in message:
            at = Node(node, f"#{number}")
            if isinstance(value, list):
                self.protobuf(value, at, depth)
            elif value:
                self._scalar(value, at, depth)

    def _xml(self, data: bytes, node: Node, depth: int) -> bool:
        found = False
        base = Node(node, "", "xml")
        for name, text in fields.xml(data):
            found = True
            self.value(text, Node(base, name), depth + 1)
        self.result.structured |= found
        return found


def read_json(data: bytes) -> Any:
    """Return the content of JSON text, None when it is none. Deep nesting is refused."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    except RecursionError:
        return None
    try:
        return whole_tree(json.loads(data))
    except (ValueError, RecursionError):
        return None


def _is_prose(data: bytes) -> bool:
    """Tell text that is neither structure nor an encoding as a whole, nor holds a long run."""
    foreign = b" " in data or not data.isascii()
    return foreign and bool(shapes.PROSE.match(data)) and not shapes.RUN.search(data)


def _may_be_form(data: bytes) -> bool:
    """Tell a form from base64 whose padding looks like one."""
    return b"=" in data and not shapes.BASE64.match(data)


def _label(name: bytes) -> str:
    return name.decode("utf-8", "replace")
