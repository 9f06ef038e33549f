"""`mingcha traffic`: JSON that reads back, text in both languages."""

from pathlib import Path

import msgspec
import pytest

from profiles.model import Knowledge
from reports.terminal import columns
from reports.traffic_text import TrafficText
from scanner.model.traffic import Capture, Destination, Exchange, TrafficEvidence
from scanner.traffic.gather import TrafficGathering, gather_traffic
from scanner.traffic.report import TrafficDocument, to_json
from scanner.traffic.words import report_names


def said(seen: TrafficGathering, know: Knowledge, lang: str) -> str:
    names = report_names(know) | {name: kind.name for name, kind in know.data_types.items()}
    return TrafficText(names, lang).render(seen.traffic, seen.gaps)


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
        ("zh", ["同意前", "境外", "设备已知值", "已知值的哈希", "明文", "IMEI"]),
        ("en", ["before consent", "outside", "known value", "hash of a known value", "cleartext"]),
    ],
)
def test_text_in_both_languages(
    captures: Path, know: Knowledge, lang: str, words: list[str]
) -> None:
    seen = gather_traffic([captures / "dirty.mitm"], know, subject=captures / "subject.yaml")
    text = said(seen, know, lang)
    for word in words:
        assert word in text
    assert "CC BY 4.0" in " ".join(text.split())
    assert "860000042718287" not in text


def test_gaps_say_that_silence_proves_nothing(captures: Path, know: Knowledge) -> None:
    seen = gather_traffic([captures / "clean.mitm"], know)
    text = " ".join(said(seen, know, "en").split())
    assert "which does not mean it did not happen" in text
    assert "--subject" in text


@pytest.mark.parametrize(("data", "said_so"), [((), True), (("imei",), False)])
def test_a_host_that_got_no_personal_data_says_so(
    know: Knowledge, data: tuple[str, ...], said_so: bool
) -> None:
    host = Destination(host="h.example", outside=False, personal_data=data)
    text = TrafficText(report_names(know), "en").render(TrafficEvidence(destinations=(host,)), ())
    assert ("connection only" in text) is said_so


def test_every_line_fits_the_screen(captures: Path, know: Knowledge) -> None:
    for name in ("dirty.mitm", "clean.mitm"):
        seen = gather_traffic([captures / name], know, subject=captures / "subject.yaml")
        for line in said(seen, know, "zh").splitlines():
            assert columns(line) <= 80, line


def test_a_capture_cannot_steer_the_terminal(know: Knowledge) -> None:
    traffic = TrafficEvidence(
        captures=(Capture(name="a\x1b[31mb\n.har", sha256="0", format="har", exchanges=1),),
        exchanges=(
            Exchange(id="e1", time="2026", method="GET", scheme="https", host="h", path="/\x07"),
        ),
    )
    text = TrafficText(report_names(know), "en").render(traffic, ())
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "a�[31mb�.har" in text
