"""Packed blocks, binary documents, unusual letters: opened, bounded, and never a traceback."""

import base64
import bz2
import gzip
import io
import json
import lzma
import random
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.traffic.decode import blobs, blocks, documents, letters, photos
from scanner.traffic.decode.compress import CompressionError
from scanner.traffic.decode.leaves import Decoded, Node
from scanner.traffic.decode.limits import STEP_BYTES
from scanner.traffic.decode.walk import Walker

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import traffic_wire as wire

SECRET = "860000042718287"
TREE = {"head": {"v": "1.2", "t": 1718000000123}, "device": {"ident": SECRET, "charge": 0.83}}
JSON = json.dumps(TREE, indent=1).encode()


def decode(data: bytes, kind: str = "") -> Decoded:
    walker = Walker()
    walker.body(data, kind, "", Node(None))
    return walker.result


def layers(data: bytes, kind: str = "") -> dict[str, tuple[str, ...]]:
    """Return field -> layers of the values that are the secret itself."""
    return {
        leaf.node.path(): leaf.node.layers()
        for leaf in decode(data, kind).leaves
        if leaf.value == SECRET.encode()
    }


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.json", data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "field", "undone"),
    [
        (bz2.compress(JSON), "device.ident", ("bzip2", "json")),
        (lzma.compress(JSON), "device.ident", ("xz", "json")),
        (lzma.compress(JSON, lzma.FORMAT_ALONE), "device.ident", ("lzma", "json")),
        (wire.lz4_frame(JSON * 3), "device.ident", ("lz4",)),
        (wire.snappy(JSON), "device.ident", ("snappy", "json")),
        (wire.snappy_frame(JSON), "device.ident", ("snappy", "json")),
        (len(JSON).to_bytes(4, "little") + wire.lz4_block(JSON), "device.ident", ("lz4", "json")),
        (zipped(JSON), "log.json.device.ident", ("zip", "json")),
        (wire.cbor(TREE), "device.ident", ("cbor",)),
        (wire.bson(TREE), "device.ident", ("bson",)),
        (b"\0\0\1\7" + gzip.compress(JSON), "device.ident", ("gzip", "json")),
        (b"\xaa\x55" + zlib.compress(JSON), "device.ident", ("zlib", "json")),
        (wire.bson({"z": gzip.compress(JSON)}), "z.device.ident", ("bson", "gzip", "json")),
        (base64.b32encode(JSON), "device.ident", ("base32", "json")),
        (base64.a85encode(JSON), "device.ident", ("ascii85", "json")),
        (base64.b85encode(JSON), "device.ident", ("base85", "json")),
        (base64.b64encode(JSON)[::-1], "device.ident", ("reversed base64", "json")),
        (b"while(1);" + JSON, "device.ident", ("json",)),
        (bytes(byte ^ 0xA7 for byte in JSON), "device.ident", ("xor", "json")),
        (json.dumps({"b": list(SECRET.encode())}).encode(), "b", ("json", "codes")),
        (b"x;codes=" + ",".join(map(str, SECRET.encode())).encode(), "", ("codes",)),
        (msgpack.packb({"a": 1}) + msgpack.packb({"id": SECRET}), "id", ("msgpack",)),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_formats_are_opened(data: bytes, field: str, undone: tuple[str, ...]) -> None:
    found = layers(data)
    if undone == ("lz4",):  # three JSON texts one after the other are no JSON
        assert any(SECRET.encode() in leaf.value for leaf in decode(data).leaves)
    else:
        assert found.get(field) == undone


def test_parts_of_a_multipart_body_have_their_transfer_encoding_undone() -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="p"; filename="860000042718287.json"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(JSON) + b"\r\n--B--\r\n"
    )
    found = layers(body, "multipart/form-data; boundary=B")
    assert found["p.device.ident"] == ("multipart", "json")
    names = [leaf.value for leaf in decode(body, "multipart/form-data; boundary=B").leaves]
    assert b"860000042718287.json" in names


def test_text_inside_unknown_bytes_is_read_even_behind_a_letter_that_is_a_length() -> None:
    text = base64.b64encode(JSON)
    body = b"\x0b\x00\x01\x00\x00\x00" + bytes([ord("X")]) + text + b"\n\x00\x02\xff\xfe"
    assert "device.ident" in layers(body)


def test_a_photo_names_its_place_and_a_cut_one_none() -> None:
    photo = wire.jpeg_with_place(31.230416, 121.473701)
    place = photos.place_of(photo)
    assert place is not None
    assert [round(float(axis), 5) for axis in place] == [31.23042, 121.4737]
    assert photos.place_of(photo[:60]) is None
    assert photos.place_of(b"\xff\xd8\xff\xe1Exif\0\0II*\0\xff\xff\xff\xff") is None
    paths = {leaf.node.path() for leaf in decode(photo, "image/jpeg").leaves}
    assert {"gps.latitude", "gps.longitude"} <= paths
    south = photos.place_of(wire.jpeg_with_place(-33.5, -70.25))
    assert south is not None
    assert south[0].startswith("-33.5")


@pytest.mark.parametrize(
    "bomb",
    [
        bz2.compress(bytes(64 << 20)),
        lzma.compress(bytes(64 << 20)),
        zipped(bytes(64 << 20)),
        wire.lz4_frame(bytes(1 << 20)),
        # an LZ4 block that says: one letter, repeated for as long as there are bytes
        len(b"").to_bytes(4, "little") + b"\x1fa\x01\x00" + b"\xff" * 300_000 + b"\x00",
        b"\x80\x80\x80\x80\x0f" + b"\xfe\x01\x00" * 1000,
    ],
    ids=["bzip2", "xz", "zip", "lz4 frame", "lz4 block", "snappy"],
)
def test_bombs_are_bounded(bomb: bytes) -> None:
    result = decode(bomb)
    assert sum(len(leaf.value) for leaf in result.leaves) <= 3 * STEP_BYTES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xa1",
        b"\xbf" * 500,
        b"\xa1\x61a" * 5000,
        b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x61a",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x61a\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x61a\xff\xff\xff\xff",
    ],
)
def test_hostile_cbor_is_refused(data: bytes) -> None:
    assert documents.uncbor(data, True) is None


def test_hostile_bson_is_refused() -> None:
    good = wire.bson({"a": "b", "n": 1})
    assert documents.unbson(good) == {"a": "b", "n": 1}
    for at in range(len(good)):
        broken = good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :]
        content = documents.unbson(broken)
        assert content is None or isinstance(content, dict)
    deep = b""
    for _ in range(100):
        body = b"\x03a\0" + deep + b"\0" if deep else b"\0"
        deep = struct.pack("<i", len(body) + 4) + body
    assert documents.unbson(deep) is None


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_no_bytes_break_a_reader(data: bytes) -> None:
    for undo in (blocks.unlz4, blocks.unsnappy, blocks.unlz4_frame, blocks.unsnappy_frames):
        try:
            assert len(undo(data, 1 << 16)) <= 1 << 17
        except CompressionError:
            continue
    documents.uncbor(data, True)
    documents.unbson(data)
    photos.place_of(b"Exif\0\0II*\0" + data)
    letters.candidates(data)
    blobs.members(b"PK\x03\x04" + data)
    list(blobs.streams(data))


@pytest.mark.parametrize(
    ("pack", "undo"),
    [(wire.lz4_block, blocks.unlz4), (wire.snappy, blocks.unsnappy)],
)
def test_blocks_with_back_references_come_out_as_they_went_in(pack, undo) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(7)
    for size in (1, 13, 60, 300, 70_000):
        data = bytes(chance.choices(b"abc", k=size))
        assert undo(pack(data), STEP_BYTES) == data


def test_random_bytes_are_no_document() -> None:
    chance = random.Random(11)
    for number in range(2000):
        result = decode(chance.randbytes(64 + number % 200))
        assert not any(
            {"cbor", "bson", "snappy", "lz4", "zip", "xor"} & set(leaf.node.layers())
            for leaf in result.leaves
        )
