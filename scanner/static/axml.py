"""Binary XML as the platform reads it, tolerant of what protectors do to break other readers.

Layout: ResXMLTree of ResourceTypes.h. Android finds an attribute by resource id and ignores its
name string, skips unknown chunks, and takes the attribute stride from the file; a reader that
trusts names, magic numbers or fixed strides can be led astray. So this one does as Android does.
Never raises on any bytes.
"""

import struct
from collections.abc import Iterable
from typing import NamedTuple

from scanner.static.axml_attributes import ATTRIBUTE_NAMES
from scanner.static.limits import XML_BYTES, XML_DEPTH, XML_NODES
from scanner.static.string_pool import StringPool
from scanner.static.xml_tree import ANDROID, T_STRING, Element, Value

_POOL, _MAP = 0x0001, 0x0180
_START_TAG, _END_TAG, _CDATA = 0x0102, 0x0103, 0x0104
_NO_STRING = 0xFFFFFFFF
_CHUNK = struct.Struct("<HHI")
_TAG = struct.Struct("<IIHHHHHH")
_ATTRIBUTE = struct.Struct("<IIIHBBI")
_MOST_ATTRIBUTES = 512
_FRAMEWORK_ATTRIBUTES = 0x0101


class Parsed(NamedTuple):
    """The tree, if there is one, and slugs of what was wrong with the file."""

    root: Element | None
    problems: tuple[str, ...] = ()


def _unasked(number: int) -> bool:
    """Tell one of the hundreds of attributes (sizes, margins, colours) that nobody asks for."""
    return number >> 16 == _FRAMEWORK_ATTRIBUTES and number not in ATTRIBUTE_NAMES


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pool = StringPool(b"", 0, 0)
        self.ids: tuple[int, ...] = ()
        self.skipped: frozenset[int] = frozenset()
        self.keys: dict[tuple[int, int], str] = {}
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.nodes = 0
        self.problems: set[str] = set()

    def run(self) -> None:
        at = 8
        data = self.data
        while at + _CHUNK.size <= len(data):
            kind, header, size = _CHUNK.unpack_from(data, at)
            if size < _CHUNK.size or at + size > len(data):
                self.problems.add("xml-truncated")
                if kind != _POOL:
                    break
                size = len(data) - at
            if not self.chunk(kind, at, max(header, _CHUNK.size), size):
                break
            at += size

    def chunk(self, kind: int, at: int, header: int, size: int) -> bool:
        """Take one chunk; False ends the reading."""
        end = at + size
        if kind == _POOL and not self.pool.count:
            self.pool = StringPool(self.data, at, size)
        elif kind == _MAP:
            count = (size - _CHUNK.size) // 4
            self.ids = struct.unpack_from(f"<{count}I", self.data, at + _CHUNK.size)
            self.skipped = frozenset(k for k, number in enumerate(self.ids) if _unasked(number))
        elif kind == _START_TAG:
            return self.start(at + header, end)
        elif kind == _END_TAG:
            if len(self.stack) > 1:
                self.stack.pop()
        elif kind == _CDATA and self.stack and at + header + 4 <= end:
            (index,) = struct.unpack_from("<I", self.data, at + header)
            self.stack[-1].text += self.pool[index]
        return True

    def start(self, body: int, end: int) -> bool:
        self.nodes += 1
        if body + _TAG.size > end or self.nodes > XML_NODES or len(self.stack) > XML_DEPTH:
            self.problems.add("xml-limit")
            return False
        tag = _TAG.unpack_from(self.data, body)
        element = Element(self.pool[tag[1]])
        for row in self.rows(body + tag[2], max(tag[3], 1), tag[4], end):
            if row[1] not in self.skipped:
                self.attribute(element, row)
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)
        return True

    def rows(self, at: int, step: int, count: int, end: int) -> Iterable[tuple[int, ...]]:
        """Return the attributes that begin at `at`, as many as there is room for."""
        room = max(0, end - _ATTRIBUTE.size - at + step) // step
        count = min(count, _MOST_ATTRIBUTES, room)
        if step == _ATTRIBUTE.size:
            return _ATTRIBUTE.iter_unpack(self.data[at : at + step * count])
        places = range(at, at + step * count, step)
        return (_ATTRIBUTE.unpack_from(self.data, place) for place in places)

    def key(self, space: int, name: int) -> str:
        """Return the key of an attribute by the numbers of its namespace and its name."""
        known = ATTRIBUTE_NAMES.get(self.ids[name]) if name < len(self.ids) else None
        word = self.pool[name]
        uri = self.pool[space] if space != _NO_STRING else ""
        if known or uri == ANDROID:
            key = "android:" + (known or word)
        else:
            key = "app:" + word if uri else word
        self.keys[space, name] = key
        return key

    def attribute(self, element: Element, row: tuple[int, ...]) -> None:
        space, name, raw, _, _, kind, data = row
        key = self.keys.get((space, name))
        if key is None:
            key = self.key(space, name)
        text = self.pool[data] if kind == T_STRING else ""
        if not text and raw != _NO_STRING:
            text = self.pool[raw]
        # The first of two equal attributes counts, as in the platform's lookup.
        element.attributes.setdefault(key, Value(kind, data, text))


def parse_axml(data: bytes) -> Parsed:
    """Return the element tree of a binary XML file, as far as it can be read."""
    if len(data) > XML_BYTES:
        return Parsed(None, ("xml-limit",))
    reader = _Reader(data)
    reader.run()
    if reader.root is None:
        reader.problems.add("xml-empty")
    return Parsed(reader.root, tuple(sorted(reader.problems)))
