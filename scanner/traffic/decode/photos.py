"""The place that a photo names: GPS fields of Exif in a JPEG, and in formats that embed it."""

import struct

_MARK = b"Exif\0\0"
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
_GPS_IFD = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_RATIONAL, _LONG = 5, 4
_MAX_HEAD = 1 << 18
_MAX_ENTRIES = 200
_DECIMALS = 6


def place_of(data: bytes) -> tuple[str, str] | None:
    """Return latitude and longitude in degrees as text, None when the photo names no place."""
    head = data[:_MAX_HEAD]
    start = head.find(_MARK) + len(_MARK)
    if start < len(_MARK):
        return None
    tiff = head[start:]
    order = _TIFF.get(tiff[:4])
    if order is None:
        return None
    try:
        first = _entries(tiff, order, struct.unpack_from(f"{order}I", tiff, 4)[0])
        gps = first.get(_GPS_IFD)
        fields = _entries(tiff, order, struct.unpack(f"{order}I", gps[2])[0]) if gps else {}
        values = [_degrees(tiff, order, fields, axis) for axis in (_LATITUDE, _LONGITUDE)]
    except (struct.error, ZeroDivisionError):
        return None
    return (values[0], values[1]) if all(values) else None


_Entry = tuple[int, int, bytes]


def _entries(tiff: bytes, order: str, at: int) -> dict[int, _Entry]:
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    found: dict[int, _Entry] = {}
    for number in range(min(count, _MAX_ENTRIES)):
        tag, kind, size, value = struct.unpack_from(f"{order}HHI4s", tiff, at + 2 + number * 12)
        found[tag] = (kind, size, value)
    return found


def _degrees(tiff: bytes, order: str, fields: dict[int, _Entry], axis: int) -> str:
    entry = fields.get(axis)
    if entry is None or entry[:2] != (_RATIONAL, 3):
        return ""
    (at,) = struct.unpack(f"{order}I", entry[2])
    parts = struct.unpack_from(f"{order}6I", tiff, at)
    value = parts[0] / parts[1] + parts[2] / parts[3] / 60 + parts[4] / parts[5] / 3600
    letter = fields.get(axis - 1, (0, 0, b""))[2][:1]
    return f"{-value if letter in b'SW' and letter else value:.{_DECIMALS}f}"
