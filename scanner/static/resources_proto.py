"""The resource table of app bundles (`ResourceTable` of aapt2's Resources.proto)."""

from scanner.static.proto_xml import item_value
from scanner.static.protobuf_wire import fields, first, number_of
from scanner.static.xml_tree import Value

# Field numbers of aapt.pb (frameworks/base/tools/aapt2/Resources.proto).
_PACKAGE, _PACKAGE_ID, _PACKAGE_TYPE = 2, 1, 3
_TYPE_ID, _TYPE_NAME, _TYPE_ENTRY = 1, 2, 3
_ENTRY_ID, _ENTRY_NAME, _ENTRY_CONFIG = 1, 2, 6
_CONFIG, _VALUE = 1, 2
_LOCALE = 3
_VALUE_ITEM = 4
_APP_PACKAGE = 0x7F


class ProtoEntry:
    """One resource: id, `type`, name, and its plain values by (language, region)."""

    __slots__ = ("id", "name", "type", "values")

    def __init__(self, resource: int, kind: str, name: str) -> None:
        """Start an entry without values."""
        self.id = resource
        self.type = kind
        self.name = name
        self.values: dict[tuple[str, str], Value] = {}


def _entry(raw: bytes, base: int, kind: str) -> ProtoEntry:
    number = number_of(first(raw, _ENTRY_ID), 1)
    entry = ProtoEntry(
        base | number & 0xFFFF, kind, first(raw, _ENTRY_NAME).decode("utf-8", "replace")
    )
    for field, config_value in fields(raw):
        if field != _ENTRY_CONFIG or not isinstance(config_value, bytes):
            continue
        locale = first(first(config_value, _CONFIG), _LOCALE).decode("utf-8", "replace")
        language, _, region = locale.partition("-")
        item = first(first(config_value, _VALUE), _VALUE_ITEM)
        if item:
            entry.values.setdefault((language, region), item_value(item))
    return entry


def read_proto_table(data: bytes) -> list[ProtoEntry]:
    """Return all resources of a bundle module; never raises."""
    found: list[ProtoEntry] = []
    for number, package in fields(data):
        if number != _PACKAGE or not isinstance(package, bytes):
            continue
        package_id = number_of(first(package, _PACKAGE_ID), 1, _APP_PACKAGE) & 0xFF
        for kind_field, kind in fields(package):
            if kind_field != _PACKAGE_TYPE or not isinstance(kind, bytes):
                continue
            type_id = number_of(first(kind, _TYPE_ID), 1) & 0xFF
            name = first(kind, _TYPE_NAME).decode("utf-8", "replace")
            base = package_id << 24 | type_id << 16
            found += [
                _entry(raw, base, name)
                for field, raw in fields(kind)
                if field == _TYPE_ENTRY and isinstance(raw, bytes)
            ]
    return found
