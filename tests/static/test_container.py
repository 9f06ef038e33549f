"""The archive reader: what Android would read is read, the rest is named."""

import os
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.errors import InputError
from scanner.static.container import Archive
from scanner.static.container_source import BytesSource, FileSource, SliceSource, digest
from scanner.static.limits import MIB
from tests.fixtures import hostile
from tests.support.package_made import archive

PARTS = {"AndroidManifest.xml": b"manifest", "assets/a.txt": b"abc" * 100, "empty": b""}


def opened(data: bytes) -> Archive:
    return Archive(BytesSource(data))


def codes(target: Archive) -> set[str]:
    return {gap.code for gap in target.gaps()}


@pytest.mark.parametrize("stored", [False, True])
def test_reads_what_zipfile_reads(stored: bool) -> None:
    target = opened(archive(PARTS, stored))
    assert list(target.names) == list(PARTS)
    assert {name: target.read(name) for name in PARTS} == PARTS
    assert target.read("absent") is None
    assert target.gaps() == ()


def test_peek_gives_the_first_bytes_of_both_kinds() -> None:
    for stored in (False, True):
        assert opened(archive(PARTS, stored)).peek("assets/a.txt", 5) == b"abcab"
    assert opened(archive(PARTS)).peek("absent") == b""


def test_leading_data_shifts_all_offsets() -> None:
    target = opened(b"dex\n035\0" * 40 + archive(PARTS))
    assert target.read("assets/a.txt") == PARTS["assets/a.txt"]


def test_comment_with_a_false_end_record_is_no_end() -> None:
    out = BytesIO(archive(PARTS))
    with zipfile.ZipFile(out, "a") as handle:
        handle.comment = b"x" * 50 + b"PK\x05\x06" + b"\xff" * 40
    assert opened(out.getvalue()).read("AndroidManifest.xml") == b"manifest"


@pytest.mark.parametrize("cut", [10, 30, 80])
def test_a_lost_directory_is_rebuilt_from_local_headers(cut: int) -> None:
    target = opened(archive(PARTS)[:-cut])
    assert target.read("AndroidManifest.xml") == b"manifest"
    assert codes(target) & {"truncated-archive", "truncated-directory"}
    assert target.damaged


def test_bad_checksum_is_named_and_the_bytes_are_kept() -> None:
    data = bytearray(archive(PARTS, stored=True))
    at = data.find(b"abcabc")
    data[at] ^= 1
    target = opened(bytes(data))
    assert target.read("assets/a.txt") == b"`bc" + b"abc" * 99
    assert [(g.code, g.subject, g.blocks) for g in target.gaps()] == [
        ("bad-crc", "assets/a.txt", ())
    ]


def test_an_encrypted_entry_is_a_gap_that_blocks_code() -> None:
    secret = bytes((n * 7 + 3) & 0xFF for n in range(400))
    data = bytearray(archive({"classes.dex": secret}, stored=True))
    at = data.find(secret)
    data[at : at + 400] = secret[::-1]
    target = opened(hostile.flipped(bytes(data), 1, "classes.dex"))
    assert target.read("classes.dex") is None
    (gap,) = target.gaps()
    assert gap.code == "encrypted-entry"
    assert "static.calls" in gap.blocks


def test_the_encryption_flag_alone_hides_nothing() -> None:
    target = opened(hostile.flipped(archive(PARTS), 1, "AndroidManifest.xml"))
    assert target.read("AndroidManifest.xml") == b"manifest"
    assert target.gaps() == ()


@pytest.mark.parametrize("stored", [False, True])
def test_an_invented_method_is_read_by_what_the_bytes_are(stored: bool) -> None:
    data = archive({"a": b"plain text" * 9}, stored)
    data = data.replace(
        struct.pack("<H", 0 if stored else 8) + data[10:14], b"\x77\x77" + data[10:14]
    )
    assert opened(data).read("a") == b"plain text" * 9


def test_a_bomb_is_refused_and_a_dense_entry_is_not() -> None:
    dense = {"a": bytes(MIB)}
    target = opened(hostile.packed(dense.items(), {"b": 64}))
    assert target.read("a") == bytes(MIB)
    assert target.read("b") is None
    assert codes(target) == {"zip-bomb"}


def test_a_bomb_that_lies_about_its_size_is_stopped() -> None:
    body = hostile.zeros(64)
    data = hostile.packed([("a", b"x" * 10)]).replace(hostile.deflated(b"x" * 10), body)
    data = data.replace(
        struct.pack("<I", len(hostile.deflated(b"x" * 10))), struct.pack("<I", len(body))
    )
    read = opened(data).read("a")
    assert read is None or len(read) <= 10


def test_limits_of_one_entry_and_of_the_whole() -> None:
    target = opened(archive(PARTS))
    assert target.read("assets/a.txt", limit=299) is None
    assert codes(target) == {"size-limit"}
    target.budget.left = 0
    assert target.read("AndroidManifest.xml") is None
    assert codes(target) == {"size-limit", "total-limit"}


def test_the_first_of_two_equal_names_counts() -> None:
    target = opened(hostile.packed([("a", b"one"), ("a", b"two")]))
    assert target.read("a") == b"one"
    assert codes(target) == {"duplicate-entry"}


def test_names_that_lead_outside_are_only_labels() -> None:
    target = opened(archive({"../x": b"1", "a/../../y": b"2", "a..b": b"3"}))
    assert target.read("../x") == b"1"
    (gap,) = target.gaps()
    assert (gap.code, gap.count) == ("odd-name", 2)


def test_nested_archives_share_the_budget() -> None:
    for stored in (False, True):
        outer = opened(archive({"in.apk": archive(PARTS)}, stored))
        inner = outer.open_nested("in.apk")
        assert inner is not None
        assert inner.budget is outer.budget
        assert inner.read("AndroidManifest.xml") == b"manifest"
    assert outer.open_nested("absent") is None


@pytest.mark.parametrize("by_position", [True, False])
def test_sources_never_read_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, by_position: bool
) -> None:
    if not by_position:  # as on Windows
        monkeypatch.delattr("os.pread")
    path = tmp_path / "f"
    path.write_bytes(b"0123456789")
    source = FileSource(path)
    part = SliceSource(source, 2, 4)
    assert (part.size, part.read_at(0, 99), part.read_at(3, 5)) == (4, b"2345", b"5")
    assert source.read_at(-1, 5) == source.read_at(99, 5) == part.read_at(-1, 2) == b""
    source.close()


def test_digests_are_those_of_the_bytes() -> None:
    found = digest(BytesSource(b"abc" * 3_000_000))
    assert found.size == 9_000_000
    assert found.md5 == "5fcba8cd68f540e8370ca52d4378a2a2"
    assert found.sha1 == "797084cbc6195f859f6b8c54dccdace1018985d4"
    assert found.sha256 == "a889aaea4dd43c3ef1b6f125177026b6445c8374d9cd585dd0c52bb020bb8cc5"


@pytest.mark.parametrize("name", ["missing", "directory", "empty"])
def test_a_file_that_cannot_be_opened_is_one_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        FileSource(hostile.APPS[name](tmp_path))
    assert str(caught.value).count("\n") == 0
    assert caught.value.hint


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "p.apk"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="not a file"):
        FileSource(pipe)


@settings(max_examples=150)
@given(st.binary(max_size=400), st.integers(0, 400), st.integers(0, 4))
def test_no_bytes_break_the_reader(noise: bytes, at: int, kind: int) -> None:
    sound = archive(PARTS, stored=bool(kind & 1))
    data = sound[:at] + noise + sound[at + (len(noise) if kind & 2 else 0) :]
    target = opened(data if kind < 4 else noise)
    for name in list(target.names)[:50]:
        target.read(name)
        target.peek(name)
    for gap in target.gaps():
        assert gap.detail.zh
        assert gap.detail.en


def test_crc_of_recovered_entries_with_descriptor_is_not_required() -> None:
    body = hostile.deflated(b"data" * 20)
    head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 8, 8, 0, 0, 0, 0, 0, 1, 0) + b"a"
    tail = struct.pack("<4sIII", b"PK\x07\x08", zlib.crc32(b"data" * 20), len(body), 80)
    assert opened(head + body + tail).read("a") == b"data" * 20
