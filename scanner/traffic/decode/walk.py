"""Open a message layer by layer until values lie bare. Everything is bounded (see `limits`)."""

import json
from binascii import Error as Base64Error
from typing import Any

import msgspec

from scanner.traffic.decode import attempts, fields, shapes
from scanner.traffic.decode.compress import undo_codings
from scanner.traffic.decode.leaves import Decoded, Leaf, Node
from scanner.traffic.decode.limits import DEPTH, ITEMS, LEAVES, STEP_BYTES
from scanner.traffic.decode.protobuf import Field, is_text, parse

_MIN_LOOK = 12
"""Shorter strings cannot hide a layer around a value worth finding."""
_MIN_INT = 10_000
_MIN_PROTOBUF = 24
"""Random bytes pass as protobuf in 0.2 % of cases at 32 bytes, in 0.07 % at 64."""
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
            self._binary(data, node, depth, kind)

    def _compressed(self, data: bytes, node: Node, depth: int) -> bool:
        opened = attempts.by_magic(data)
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
        if kind.startswith("application/grpc"):
            return self._grpc(data, node, depth)
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
                self._protobuf(message, Node(node, "", "protobuf"), depth)
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
        for name, content, kind in parts:
            self.value(content, Node(base, _label(name)), depth + 1, kind)
        self.result.structured = True
        return True

    def _grpc(self, data: bytes, node: Node, depth: int) -> bool:
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
            return
        escaped = attempts.unescape(stripped)
        if escaped is not None:
            out, layer = escaped
            self.value(out, Node(node, "", layer), depth + 1)
            return
        self.result.add(node, data)
        self._hidden(stripped, node, depth)

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
        lines = attempts.json_lines(data)
        for line in lines:
            self._text(line, Node(node, "", ""), depth + 1, "")
        return bool(lines)

    def _json(self, data: bytes, node: Node, depth: int) -> bool:
        content = read_json(data.removeprefix(b")]}',").lstrip())
        if content is None:
            return False
        self.result.structured = True
        self._tree(content, Node(node, "", "json"), depth)
        return True

    def _tree(self, content: Any, node: Node, depth: int) -> None:  # noqa: C901 - one hot loop
        """Walk a tree of dicts and lists without recursion in Python frames.

        The innermost loop of the decoder: plain values are kept here, without another call.
        """
        leaves, plain = self.result.leaves, shapes.PLAIN_TEXT.match
        stack: list[tuple[Any, Node]] = [(content, node)]
        while stack and len(leaves) < LEAVES:
            value, at = stack.pop()
            if isinstance(value, dict):
                for key, child in value.items():
                    kind = type(child)
                    label = key if type(key) is str else str(key)
                    if kind is str and plain(child):
                        leaves.append(Leaf(Node(at, label), child.encode()))
                    elif kind is dict or kind is list:
                        stack.append((child, Node(at, label)))
                    elif child is not None and kind is not bool:
                        self._scalar(child, Node(at, label), depth)
                    if len(label) >= _MIN_LOOK:
                        leaves.append(Leaf(Node(at, "(key)"), label.encode("utf-8", "replace")))
            elif isinstance(value, list | tuple):
                self.result.budget.notes["limit-items"] += len(value) > ITEMS
                stack.extend((child, at) for child in value[:ITEMS])
            else:
                self._scalar(value, at, depth)
        self.result.budget.notes["limit-leaves"] += bool(stack)

    def _scalar(self, value: Any, node: Node, depth: int) -> None:
        kind = type(value)
        if kind is str:
            self.value(value.encode("utf-8", "replace"), node, depth + 1)
        elif kind is bytes:
            self.value(value, node, depth + 1)
        elif kind is float or (kind is int and abs(value) >= _MIN_INT):
            self.result.add(node, repr(value).encode())

    def _protobuf(self, message: list[Field], node: Node, depth: int) -> None:
        self.result.structured = True
        for number, value in message:
            at = Node(node, f"#{number}")
            if isinstance(value, list):
                self._protobuf(value, at, depth)
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

    def _hidden(self, data: bytes, node: Node, depth: int) -> None:
        """Try hex and base64: the whole text, or long runs inside it."""
        opened = attempts.unhex(data) or attempts.base64_text(data)
        if opened is not None:
            self._guess(*opened, node, depth)
            return
        for run in attempts.runs(data):
            try:
                out = attempts.unbase64(run)
            except Base64Error:
                continue
            if out and attempts.means_something(out):
                self.value(out, Node(node, "", "base64"), depth + 1)

    def _guess(self, out: bytes, layer: str, node: Node, depth: int) -> None:
        """Go on with decoded bytes when they look like something, else keep them for matching."""
        below = Node(node, "", layer)
        if attempts.means_something(out):
            self.value(out, below, depth + 1)
            return
        self.result.add(below, out)
        if shapes.is_opaque(out):
            self.result.opaque += len(out) * (2 if layer == "hex" else 1)

    def _binary(self, data: bytes, node: Node, depth: int, kind: str) -> None:
        if shapes.is_media(data, kind):
            self.result.media += len(data)
            self.result.add(node, data[:STEP_BYTES])
            return
        if self._packed(data, node, depth, kind):
            return
        opened = attempts.unmarked(data) if depth <= 2 else None  # noqa: PLR2004 - outer layers
        if opened is not None:
            out, layer = opened
            self.result.structured = True
            self.value(out, Node(node, "", layer), depth + 1)
            return
        self.result.add(node, data)
        if shapes.is_opaque(data):
            self.result.opaque += len(data)

    def _packed(self, data: bytes, node: Node, depth: int, kind: str) -> bool:
        """Open gRPC frames, msgpack and protobuf that say nothing of themselves."""
        if attempts.one_frame(data) and self._grpc(data, node, depth):
            return True
        content = attempts.unmsgpack(data, "msgpack" in kind)
        if content is not None:
            self.result.structured = True
            self._tree(content, Node(node, "", "msgpack"), depth)
            return True
        if len(data) < _MIN_PROTOBUF:
            return False
        message, skipped = attempts.protobuf_message(data)
        if message is None:
            return False
        layer = "protobuf" if not skipped else "framed-protobuf"
        self._protobuf(message, Node(node, "", layer), depth)
        return True


def read_json(data: bytes) -> Any:
    """Return the content of JSON text, None when it is none. Deep nesting is refused."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    except RecursionError:
        return None
    try:
        return json.loads(data)
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
