"""Every real capture gives evidence, or one sentence that names file and reason."""

from pathlib import Path

import pytest

from profiles.model import Knowledge
from scanner.model.errors import InputError
from scanner.traffic.gather import gather_traffic

pytestmark = pytest.mark.corpus
NO_CAPTURES = (".json", ".csv", ".ndjson", ".tsv")
REFUSED = {"brokenfile.har", "broken_headers.json"}


def test_every_capture_is_read_or_refused_in_one_sentence(corpus: Path, know: Knowledge) -> None:
    folder = corpus / "traffic"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    read = 0
    for path in files:
        if path.suffix in NO_CAPTURES or path.name in REFUSED:
            with pytest.raises(InputError) as caught:
                gather_traffic([path], know)
            assert path.name in str(caught.value)
            assert "\n" not in str(caught.value)
            continue
        seen = gather_traffic([path], know)
        read += 1
        capture = seen.traffic.captures[0]
        assert bool(capture.lost) == bool(capture.loss)
        assert (
            capture.exchanges
            or seen.traffic.connections
            or "nothing-decoded" in {gap.code for gap in seen.gaps}
        )
    assert read >= 45


@pytest.mark.parametrize(
    ("name", "exchanges"),
    [
        ("mitmproxy/dumpfile-010.mitm", 1),
        ("mitmproxy/dumpfile-011.mitm", 1),
        ("mitmproxy/dumpfile-7-websocket.mitm", 6),
        ("mitmproxy/har_files/chrome.har", 3),
        ("mitmproxy/har_files/firefox.har", 14),
        ("mitmproxy/har_files/safari.har", 19),
        ("mitmproxy/har_files/charles.har", 1),
        ("mitmproxy/har_files/with-bom.har", 1),
        ("mitmproxy/flows/compressed.zhar", 2),
    ],
)
def test_nothing_is_lost(corpus: Path, know: Knowledge, name: str, exchanges: int) -> None:
    capture = gather_traffic([corpus / "traffic" / name], know).traffic.captures[0]
    assert (capture.exchanges, capture.lost) == (exchanges, 0)


def test_the_trackers_of_a_real_app(corpus: Path, know: Knowledge) -> None:
    path = corpus / "traffic" / "reporthar" / "android" / "first-run.har"
    seen = gather_traffic([path], know)
    actors = {sighting.actor for sighting in seen.traffic.sightings}
    assert {"branch", "facebook-core"} & actors or len(actors) > 1
    assert {s.data_type for s in seen.traffic.sightings} >= {"device_model_os", "gaid"}


def test_a_packet_capture_lists_hosts_and_bytes(corpus: Path, know: Knowledge) -> None:
    seen = gather_traffic([corpus / "traffic" / "pcap" / "wechat.pcap"], know)
    hosts = {fact.host: fact for fact in seen.traffic.connections}
    assert hosts["web.wechat.com"].verdict == "metadata-only"
    assert hosts["web.wechat.com"].bytes > 1000
    assert "metadata-only" in {gap.code for gap in seen.gaps}
