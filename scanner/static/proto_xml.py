"""XML of app bundles: the `XmlNode` message of aapt2's Resources.proto as an element tree."""

from scanner.static.axml import Parsed
from scanner.static.axml_attributes import ATTRIBUTE_NAMES
from scanner.static.limits import MIB, XML_DEPTH, XML_NODES
from scanner.static.protobuf_wire import fields, first, number_of
from scanner.static.xml_tree import (
    ANDROID,
    T_BOOLEAN,
    T_INT_DEC,
    T_INT_HEX,
    T_NULL,
    T_REFERENCE,
    T_STRING,
    Element,
    Value,
)

# Field numbers of aapt.pb (frameworks/base/tools/aapt2/Resources.proto).
_NODE_ELEMENT, _NODE_TEXT = 1, 2
_ELEMENT_NAME, _ELEMENT_ATTRIBUTE, _ELEMENT_CHILD = 3, 4, 5
_ATTR_URI, _ATTR_NAME, _ATTR_VALUE, _ATTR_ID, _ATTR_ITEM = 1, 2, 3, 5, 6
_ITEM_REFERENCE, _ITEM_PRIMITIVE = 1, 7
_ITEM_TEXTS = (2, 3, 4, 5)
# string, raw string, styled string, file path: the text is field 1 of each
_REFERENCE_ID = 2
_BYTES = 4 * MIB
"""Largest file that is parsed: each level of nesting is copied once."""

_PRIMITIVES = {6: T_INT_DEC, 7: T_INT_HEX, 8: T_BOOLEAN}


def item_value(item: bytes, fallback: str = "") -> Value:
    """Return the value of an `Item` message; `fallback` is the text where it has none."""
    for number, raw in fields(item):
        if not isinstance(raw, bytes):
            continue
        if number == _ITEM_REFERENCE:
            return Value(T_REFERENCE, number_of(raw, _REFERENCE_ID), fallback)
        if number in _ITEM_TEXTS:
            return Value(T_STRING, 0, first(raw, 1).decode("utf-8", "replace"))
        if number == _ITEM_PRIMITIVE:
            for kind, data in fields(raw):
                if kind in _PRIMITIVES and isinstance(data, int):
                    return Value(_PRIMITIVES[kind], data & 0xFFFFFFFF, fallback)
    return Value(T_STRING if fallback else T_NULL, 0, fallback)


def _attribute(element: Element, raw: bytes) -> None:
    uri = name = text = ""
    resource = 0
    item = b""
    for number, value in fields(raw):
        if number == _ATTR_ID and isinstance(value, int):
            resource = value
        elif number == _ATTR_ITEM and isinstance(value, bytes):
            item = value
        elif isinstance(value, bytes):
            word = value.decode("utf-8", "replace")
            uri = word if number == _ATTR_URI else uri
            name = word if number == _ATTR_NAME else name
            text = word if number == _ATTR_VALUE else text
    known = ATTRIBUTE_NAMES.get(resource)
    if known or uri == ANDROID:
        key = "android:" + (known or name)
    else:
        key = "app:" + name if uri else name
    element.attributes.setdefault(key, item_value(item, text))


def parse_proto_xml(data: bytes) -> Parsed:
    """Return the element tree of a protobuf XML file, as far as it can be read."""
    if len(data) > _BYTES:
        return Parsed(None, ("xml-limit",))
    holder = Element("")
    stack: list[tuple[bytes, Element, int]] = [(data, holder, 0)]
    nodes = 0
    while stack:
        node, parent, depth = stack.pop()
        body = first(node, _NODE_ELEMENT)
        if not body:
            parent.text += first(node, _NODE_TEXT).decode("utf-8", "replace")
            continue
        nodes += 1
        if nodes > XML_NODES or depth > XML_DEPTH:
            return Parsed(next(iter(holder.children), None), ("xml-limit",))
        element = Element(first(body, _ELEMENT_NAME).decode("utf-8", "replace"))
        parent.children.append(element)
        inner = []
        for number, raw in fields(body):
            if number == _ELEMENT_ATTRIBUTE and isinstance(raw, bytes):
                _attribute(element, raw)
            elif number == _ELEMENT_CHILD and isinstance(raw, bytes):
                inner.append((raw, element, depth + 1))
        stack.extend(reversed(inner))
    root = next(iter(holder.children), None)
    return Parsed(root, () if root is not None and root.tag else ("xml-empty",))
