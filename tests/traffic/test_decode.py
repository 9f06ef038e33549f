"""Layers are undone, and nothing a body does can cost more than its share."""

import base64
import gzip
import json
import random
import struct
import zlib

import brotli
import msgpack
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.traffic.decode.compress import (
    CompressionError,
    gunzip,
    unbrotli,
    undo_codings,
    unzstd,
)
from scanner.traffic.decode.leaves import Decoded, Node
from scanner.traffic.decode.limits import ITEMS, STEP_BYTES
from scanner.traffic.decode.protobuf import parse
from scanner.traffic.decode.walk import Walker

SECRET = "860000042718287"


def decode(data: bytes, kind: str = "", codings: str = "") -> Decoded:
    walker = Walker()
    walker.body(data, kind, codings, Node(None))
    return walker.result


def places(result: Decoded) -> dict[str, tuple[str, ...]]:
    """Return field -> layers of the leaves that hold the secret."""
    return {
        leaf.node.path(): leaf.node.layers()
        for leaf in result.leaves
        if SECRET.encode() in leaf.value
    }


def inner() -> bytes:
    return json.dumps({"d": {"id": SECRET}}).encode()


@pytest.mark.parametrize(
    ("data", "kind", "codings", "field", "layers"),
    [
        (inner(), "application/json", "", "d.id", ("json",)),
        (gzip.compress(inner(), mtime=0), "application/json", "gzip", "d.id", ("gzip", "json")),
        (gzip.compress(inner(), mtime=0), "", "", "d.id", ("gzip", "json")),
        (brotli.compress(inner()), "", "br", "d.id", ("brotli", "json")),
        (zstandard.compress(inner()), "", "zstd", "d.id", ("zstd", "json")),
        (zlib.compress(inner())[2:-4], "", "deflate", "d.id", ("deflate", "json")),
        (b"a=1&x=" + base64.b64encode(inner()), "", "", "x.d.id", ("form", "base64", "json")),
        (inner().hex().encode(), "text/plain", "", "d.id", ("hex", "json")),
        (b"cb(" + inner() + b");", "text/javascript", "", "d.id", ("json",)),
        (b'{"a":1}\n' + inner(), "", "", "d.id", ("json",)),
        (b"data: " + inner() + b"\n\n", "text/event-stream", "", "d.id", ("json",)),
        (f"<r><id>{SECRET}</id></r>".encode(), "text/xml", "", "id", ("xml",)),
        (f"<r id='{SECRET}'/>".encode(), "text/xml", "", "id", ("xml",)),
        (f"<![CDATA[{SECRET}]]>".encode(), "text/xml", "", "cdata", ("xml",)),
        (msgpack.packb({"id": SECRET, "b": b"\xff"}), "", "", "id", ("msgpack",)),
        (f"%7B%22id%22%3A%22{SECRET}%22%7D".encode(), "", "", "id", ("url", "json")),
        ("你好".encode("gbk") + SECRET.encode(), "text/plain; charset=gbk", "", "", ("gbk",)),
    ],
)
def test_layers_are_undone(
    data: bytes, kind: str, codings: str, field: str, layers: tuple[str, ...]
) -> None:
    assert places(decode(data, kind, codings)).get(field) == layers


def test_grpc_with_compressed_protobuf() -> None:
    message = b"\x0a\x0f" + SECRET.encode()
    packed = gzip.compress(message, mtime=0)
    frame = b"\x01" + struct.pack(">I", len(packed)) + packed
    assert [layers[:2] for layers in places(decode(frame, "application/grpc")).values()] == [
        ("grpc", "gzip")
    ]


def test_multipart_keeps_the_names_of_its_parts() -> None:
    body = (
        b'--X\r\nContent-Disposition: form-data; name="who"\r\n\r\n'
        + SECRET.encode()
        + b"\r\n--X--\r\n"
    )
    assert places(decode(body, "multipart/form-data; boundary=X")) == {"who": ("multipart",)}


@pytest.mark.parametrize(
    ("bomb", "coding"),
    [
        (gzip.compress(b"\0" * (64 << 20)), "gzip"),
        (brotli.compress(b"\0" * (64 << 20), quality=5), "br"),
        (zstandard.compress(b"\0" * (64 << 20)), "zstd"),
        (zlib.compress(b"\0" * (64 << 20)), "deflate"),
    ],
    ids=["gzip", "brotli", "zstd", "deflate"],
)
def test_a_bomb_is_cut_and_said_so(bomb: bytes, coding: str) -> None:
    data, undone, notes = undo_codings(bomb, coding, STEP_BYTES)
    assert len(data) == STEP_BYTES
    assert len(undone) == 1
    assert notes == ["cut-coding"]


def test_stacked_codings_are_undone_from_the_last() -> None:
    packed = brotli.compress(gzip.compress(inner()))
    data, undone, notes = undo_codings(packed, "gzip, br", STEP_BYTES)
    assert (data, undone, notes) == (inner(), ["brotli", "gzip"], [])


def test_a_damaged_stream_gives_what_it_holds() -> None:
    packed = gzip.compress(bytes(range(256)) * 400)
    data, state = gunzip(packed[: len(packed) // 2], STEP_BYTES)
    assert data
    assert state == "damaged"


@pytest.mark.parametrize("undo", [gunzip, unbrotli, unzstd])
def test_what_is_not_compressed_is_refused(undo: object) -> None:
    with pytest.raises(CompressionError):
        undo(b"\x00not compressed at all", 1000)  # type: ignore[operator]


def test_forty_layers_of_base64_stop_at_the_limit() -> None:
    data = SECRET.encode()
    for _ in range(40):
        data = base64.b64encode(data)
        if len(data) > 1 << 20:
            break
    result = decode(data, "text/plain")
    assert result.budget.notes["limit-depth"] == 1


def test_deep_json_is_no_trap() -> None:
    assert decode(b"[" * 100_000 + b"]" * 100_000, "application/json").leaves


def test_a_long_list_is_cut_and_said_so() -> None:
    result = decode(json.dumps([f"value-{i}" for i in range(ITEMS + 10)]).encode())
    assert result.budget.notes["limit-items"] == 1


def test_noise_is_opaque_and_pictures_are_not() -> None:
    noise = random.Random(1).randbytes(700)
    assert decode(noise, "application/octet-stream").readable == "opaque"
    assert decode(b"data=" + base64.b64encode(noise)).readable == "opaque"
    assert decode(b"\x89PNG" + noise, "image/png").readable == "media"
    assert decode(inner()).readable == "decoded"
    assert decode(b"").readable == "empty"


def test_random_bytes_rarely_pass_as_protobuf() -> None:
    chance = random.Random(3)
    assert sum(parse(chance.randbytes(64)) is not None for _ in range(3000)) <= 5


@settings(max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(["", "application/json", "application/grpc",
    "multipart/form-data; boundary=X", "application/x-protobuf", "application/dns-message",
    "application/x-www-form-urlencoded", "text/xml", "application/x-msgpack"]))  # fmt: skip
def test_no_body_breaks_the_decoder(data: bytes, kind: str) -> None:
    result = decode(data, kind, "gzip")
    assert result.readable in ("empty", "decoded", "opaque", "media")
