"""XML in whichever form a package holds it: compiled, protobuf (bundles) or plain text."""

from scanner.static.axml import Parsed, parse_axml
from scanner.static.proto_xml import parse_proto_xml

_PROTO_ELEMENT = 0x0A


def read_xml(data: bytes) -> Parsed:
    """Return the tree of an XML file of a package; never raises."""
    if data[:1] == bytes((_PROTO_ELEMENT,)):
        return parse_proto_xml(data)
    return parse_axml(data)
