"""Open bytes that are no text: media, archives, documents, packed streams, and what is left."""

from typing import TYPE_CHECKING

from scanner.traffic.decode import attempts, blobs, documents, photos, shapes
from scanner.traffic.decode.leaves import Node
from scanner.traffic.decode.limits import STEP_BYTES

if TYPE_CHECKING:
    from scanner.traffic.decode.walk import Walker

_MIN_PROTOBUF = 24
"""Random bytes pass as protobuf in 0.2 % of cases at 32 bytes, in 0.07 % at 64."""
_OUTER = 2
_MAX_STRETCHED = 1 << 20


def binary(walker: "Walker", data: bytes, node: Node, depth: int, kind: str) -> None:
    """Open a blob, or keep it as it is and count it as opaque when it looks encrypted."""
    if data.startswith(blobs.MAGIC_ZIP) and _archive(walker, data, node, depth):
        return
    if shapes.is_media(data, kind):
        _media(walker, data, node)
        return
    if packed(walker, data, node, depth, kind):
        return
    if depth <= _OUTER and _unmarked(walker, data, node, depth):
        return
    walker.result.add(node, data)
    if not _inside(walker, data, node, depth) and shapes.is_opaque(data):
        walker.result.opaque += len(data)


def _archive(walker: "Walker", data: bytes, node: Node, depth: int) -> bool:
    files = blobs.members(data)
    if files is None:
        return False
    walker.result.structured = True
    base = Node(node, "", "zip")
    for name, content in files:
        walker.value(content, Node(base, name), depth + 1)
    return True


def _media(walker: "Walker", data: bytes, node: Node) -> None:
    walker.result.media += len(data)
    walker.result.add(node, data[:STEP_BYTES])
    place = photos.place_of(data)
    if place is not None:
        base = Node(node, "gps", "exif")
        for name, value in zip(("latitude", "longitude"), place, strict=True):
            walker.result.add(Node(base, name), value.encode())


def packed(walker: "Walker", data: bytes, node: Node, depth: int, kind: str) -> bool:
    """Open gRPC frames, BSON, MessagePack, CBOR and protobuf that say nothing of themselves."""
    if attempts.one_frame(data) and walker.grpc(data, node, depth):
        return True
    for layer, content in (
        ("bson", documents.unbson(data)),
        ("msgpack", attempts.unmsgpack(data, "msgpack" in kind)),
        ("cbor", documents.uncbor(data, "cbor" in kind)),
    ):
        if content is not None:
            walker.result.structured = True
            walker.tree(content, Node(node, "", layer), depth)
            return True
    if len(data) < _MIN_PROTOBUF:
        return False
    messages, framed = attempts.protobuf_messages(data)
    for message in messages:
        walker.protobuf(message, Node(node, "", "framed-protobuf" if framed else "protobuf"), depth)
    return bool(messages)


def _unmarked(walker: "Walker", data: bytes, node: Node, depth: int) -> bool:
    opened = attempts.unmarked(data) or blobs.unmarked_blocks(data) or blobs.unmask(data)
    if opened is None:
        return False
    out, layer = opened
    walker.result.structured = True
    walker.value(out, Node(node, "", layer), depth + 1)
    return True


def _inside(walker: "Walker", data: bytes, node: Node, depth: int) -> bool:
    """Look for packed streams and readable stretches; True when most of the bytes were one."""
    read = 0
    for out, layer in blobs.streams(data):
        walker.value(out, Node(node, "", layer), depth + 1)
        read = len(data)
    for text in blobs.stretches(data[:_MAX_STRETCHED]):
        read += len(text)
        walker.value(text, Node(node, "", "text"), depth + 1)
        for later in blobs.shifted(text):
            opened = attempts.base64_text(later)
            if opened is not None and attempts.means_something(opened[0]):
                walker.value(opened[0], Node(node, "", "base64"), depth + 1)
                break
    walker.result.structured |= read * 2 >= len(data)
    return read * 2 >= len(data)
