"""From captures to evidence: the demo captures, losses, phases, and what stays unknown."""

import base64
import gzip
import json
import random
import zlib
from pathlib import Path
from typing import Any

import pytest

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.errors import InputError
from scanner.model.static import App, Endpoint, StaticEvidence
from scanner.traffic.actors import ActorTable
from scanner.traffic.attribute import attribute
from scanner.traffic.gather import TrafficGathering, gather_traffic

BODY = '{"imei":"860000042718287","loc":"39.908823,116.397470"}'


def entry(**changes: Any) -> dict[str, Any]:
    """Return a HAR entry."""
    return {
        "startedDateTime": "2026-06-10T02:00:10.000Z",
        "serverIPAddress": "202.106.46.151",
        "request": {
            "method": "POST",
            "url": "https://api.vendor.example/v1/user/8600000427182870?a=1",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "bodySize": len(BODY),
            "postData": {"mimeType": "application/json", "text": BODY},
        },
        "response": {"status": 200, "headers": [], "content": {"size": 0}},
    } | changes


def har(path: Path, *entries: Any) -> Path:
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def codes(seen: TrafficGathering) -> set[str]:
    return {gap.code for gap in seen.gaps}


@pytest.mark.parametrize("name", ["dirty.mitm", "dirty.har"])
def test_the_demo_capture_shows_what_the_demo_app_sends(
    captures: Path, know: Knowledge, name: str
) -> None:
    seen = gather_traffic([captures / name], know, subject=captures / "subject.yaml")
    facts = {(s.data_type, s.host, s.phase, s.field, s.encodings) for s in seen.traffic.sightings}
    early = "before_consent"
    assert ("imei", "api.qingkong.example", early, "uid", ("json", "md5")) in facts
    assert (
        "mac_address", "api.qingkong.example", early, "payload.wm", ("json", "base64", "json"),
    ) in facts  # fmt: skip
    assert ("installed_apps", "ulogs.umeng.com", early, "apps", ("json",)) in facts
    assert ("location_precise", "ulogs.umeng.com", early, "loc", ("json",)) in facts
    assert (
        "android_id", "api.amplitude.com", "after_consent", "event.device_id",
        ("json", "base64", "json", "md5"),
    ) in facts  # fmt: skip
    places = {d.host: (d.hosting_country, d.outside) for d in seen.traffic.destinations}
    assert places["api.amplitude.com"] == ("US", True)
    assert places["ulogs.umeng.com"] == ("CN", False)
    actors = {s.host: s.actor for s in seen.traffic.sightings}
    assert actors["api.amplitude.com"] == "amplitude"
    assert actors["api.qingkong.example"] == "host:api.qingkong.example"
    assert not seen.gaps


def test_no_raw_value_reaches_the_evidence(captures: Path, know: Knowledge) -> None:
    seen = gather_traffic([captures / "dirty.mitm"], know, subject=captures / "subject.yaml")
    text = repr(seen)
    for value in ("860000042718287", "9f3c7a51d2e8b604", "39.908823", "com.example.bank"):
        assert value not in text


def test_the_same_capture_gives_the_same_evidence(captures: Path, know: Knowledge) -> None:
    once = gather_traffic([captures / "dirty.har"], know)
    assert once == gather_traffic([captures / "dirty.har"], know)


def test_equal_values_have_equal_tokens_and_types_keep_them_apart(
    captures: Path, know: Knowledge
) -> None:
    seen = gather_traffic([captures / "dirty.mitm"], know, subject=captures / "subject.yaml")
    tokens = {s.value_key for s in seen.traffic.sightings if s.data_type == "android_id"}
    assert len(tokens) == 1
    assert len({s.value_key for s in seen.traffic.sightings}) > 1


def test_detectors_work_without_a_subject(tmp_path: Path, know: Knowledge) -> None:
    seen = gather_traffic([har(tmp_path / "a.har", entry())], know)
    facts = {(s.data_type, s.how) for s in seen.traffic.sightings}
    assert ("imei", "checksum+key") in facts
    assert ("location_precise", "key+shape") in facts
    assert codes(seen) == {"no-phases", "no-subject"}
    assert seen.traffic.exchanges[0].path == "/v1/user/86************70"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"request": None}, "entry-not-json"),
        ({"request": {"url": "nonsense", "method": "GET"}}, "bad-entry"),
        ("text", ""),
    ],
)
def test_one_bad_entry_never_loses_the_file(
    tmp_path: Path, know: Knowledge, broken: Any, reason: str
) -> None:
    bad = entry(**broken) if isinstance(broken, dict) else broken
    seen = gather_traffic([har(tmp_path / "a.har", entry(), bad, entry())], know)
    capture = seen.traffic.captures[0]
    assert capture.exchanges == 2
    assert capture.lost == (1 if reason else 0)
    assert [loss.code for loss in capture.loss] == ([reason] if reason else [])
    assert all("记录" in loss.text.zh and "entries" in loss.text.en for loss in capture.loss)
    assert ("lost-entries" in codes(seen)) == bool(reason)


def test_broken_json_inside_one_entry_is_counted(tmp_path: Path, know: Knowledge) -> None:
    good = json.dumps(entry())
    path = tmp_path / "a.har"
    path.write_text('{"log":{"entries":[' + good + ',{"request":{"url" "x"}},' + good + "]}}")
    capture = gather_traffic([path], know).traffic.captures[0]
    assert (capture.exchanges, capture.lost) == (2, 1)


def test_a_cut_har_keeps_its_whole_entries(tmp_path: Path, know: Knowledge) -> None:
    path = har(tmp_path / "a.har", entry(), entry())
    path.write_bytes(path.read_bytes()[:-300])
    capture = gather_traffic([path], know).traffic.captures[0]
    assert capture.exchanges == 1
    assert [(loss.code, loss.count) for loss in capture.loss] == [("har-cut", 1)]


def test_a_cut_dump_keeps_its_whole_flows(captures: Path, tmp_path: Path, know: Knowledge) -> None:
    path = tmp_path / "cut.mitm"
    path.write_bytes((captures / "dirty.mitm").read_bytes()[:-200])
    seen = gather_traffic([path], know)
    assert seen.traffic.captures[0].exchanges == 7
    (loss,) = seen.traffic.captures[0].loss
    assert loss.code == "dump-cut"
    assert "截断" in loss.text.zh
    assert "(7; " in loss.text.en
    gap = next(gap for gap in seen.gaps if gap.code == "lost-entries")
    assert gap.blocks == ("traffic.sightings",)


def test_binary_and_websocket_bodies_of_har_writers(tmp_path: Path, know: Knowledge) -> None:
    packed = gzip.compress(BODY.encode())
    tool_kit = entry()
    tool_kit["request"] = tool_kit["request"] | {
        "postData": {
            "mimeType": "application/octet-stream",
            "encoding": "base64",
            "text": base64.b64encode(packed).decode(),
        }
    }
    raw = entry()
    raw["request"] = raw["request"] | {
        "postData": {"mimeType": "x/y", "text": zlib.compress(BODY.encode()).decode("latin-1")}
    }
    chrome = entry(_webSocketMessages=[{"type": "send", "time": 1.0, "opcode": 1, "data": BODY}])
    chrome["request"] = chrome["request"] | {
        "postData": None,
        "bodySize": 0,
        "url": "wss://w.example/",
    }
    params = entry()
    params["request"] = params["request"] | {
        "postData": {"params": [{"name": "imei", "value": "860000042718287"}]},
        "headers": [{"name": "content-type", "value": "application/x-www-form-urlencoded"}],
    }
    path = har(tmp_path / "a.har", tool_kit, raw, chrome, params)
    seen = gather_traffic([path], know)
    imeis = [s for s in seen.traffic.sightings if s.data_type == "imei"]
    assert sum(s.count for s in imeis) == 4
    assert {s.encodings for s in imeis} >= {
        ("gzip", "json"),
        ("zlib", "json"),
        ("json",),
        ("form",),
    }


def test_contents_that_the_writer_left_out_are_a_gap(tmp_path: Path, know: Knowledge) -> None:
    without = entry()
    without["request"] = without["request"] | {"postData": None}
    seen = gather_traffic([har(tmp_path / "a.har", without)], know)
    assert seen.traffic.exchanges[0].readable == "absent"
    assert "absent-bodies" in codes(seen)


def test_encrypted_contents_are_a_gap(tmp_path: Path, know: Knowledge) -> None:
    noise = base64.b64encode(random.Random(1).randbytes(900)).decode()
    closed = entry()
    closed["request"] = closed["request"] | {"postData": {"text": noise}}
    seen = gather_traffic([har(tmp_path / "a.har", closed)], know)
    gap = next(gap for gap in seen.gaps if gap.code == "opaque-bodies")
    assert (gap.subject, gap.blocks) == ("api.vendor.example", ("traffic.sightings",))


def test_an_empty_capture_proves_nothing(tmp_path: Path, know: Knowledge) -> None:
    seen = gather_traffic([har(tmp_path / "a.har")], know)
    gap = next(gap for gap in seen.gaps if gap.code == "nothing-decoded")
    assert gap.blocks == ("traffic.sightings",)


PHASES = """
by: tester
phases:
- {phase: before_consent, start: '2026-06-10T10:00:00+08:00', end: '2026-06-10T10:00:20+08:00'}
- {phase: after_consent, start: '2026-06-10T10:00:20+08:00', end: '2026-06-10T10:01:00+08:00'}
"""


@pytest.mark.parametrize(
    ("time", "phase"),
    [
        ("02:00:00.100", "before_consent"),
        ("02:00:17.900", "before_consent"),
        ("02:00:18.100", "boundary"),
        ("02:00:21.900", "boundary"),
        ("02:00:22.100", "after_consent"),
        ("02:01:30.000", "unknown"),
        ("01:59:00.000", "unknown"),
    ],
)
def test_phases_from_times_with_a_guard_band(
    tmp_path: Path, know: Knowledge, time: str, phase: str
) -> None:
    times = tmp_path / "phases.yaml"
    times.write_text(PHASES)
    path = har(tmp_path / "a.har", entry(startedDateTime=f"2026-06-10T{time}Z"))
    seen = gather_traffic([path], know, phases=times)
    assert seen.traffic.exchanges[0].phase == phase
    assert [span.phase for span in seen.traffic.phases] == ["before_consent", "after_consent"]
    assert seen.traffic.phases[0].end == "2026-06-10T02:00:20.000Z"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("phases: [{phase: early, start: '2026-06-10T10:00:00Z'}]", "phase"),
        ("phases: [{phase: in_use, start: '2026-06-10T10:00:00'}]", "no time with a zone"),
        ("phases: [{phase: in_use}]", "start"),
    ],
)
def test_a_wrong_phase_file_names_file_and_field(
    tmp_path: Path, know: Knowledge, text: str, complaint: str
) -> None:
    times = tmp_path / "phases.yaml"
    times.write_text(text)
    with pytest.raises(InputError, match=r"phases\.yaml") as caught:
        gather_traffic([har(tmp_path / "a.har", entry())], know, phases=times)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.har", b"", "the file is empty"),
        ("a.har", b"{}", "no list of entries"),
        ("a.bin", b"\x00\x01\x02", "not a capture"),
        ("a.har", b"\x1f\x8b\x08\x00broken", "a.har"),
        ("a.mitm", b"PK\x03\x04", "not a capture"),
    ],
)
def test_what_is_no_capture_is_refused_in_one_sentence(
    tmp_path: Path, know: Knowledge, name: str, content: bytes, complaint: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        gather_traffic([path], know)
    assert complaint in str(caught.value)
    assert name in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path, know: Knowledge) -> None:
    with pytest.raises(InputError, match="No such file"):
        gather_traffic([tmp_path / "none.har"], know)


def test_the_event_log_beside_a_capture_is_read(
    captures: Path, tmp_path: Path, know: Knowledge
) -> None:
    (tmp_path / "flows.mitm").write_bytes((captures / "clean.mitm").read_bytes())
    rows = [
        {"event": "start", "time": 1781056800.0, "mode": "wireguard"},
        {"event": "phase", "time": 1781056800.0, "phase": "before_consent", "by": "tester"},
        {"event": "phase", "time": 1781056840.0, "phase": "after_consent", "by": "tester"},
        {"event": "dns", "name": "pin.vendor.example", "addresses": ["202.106.46.160"]},
        {"event": "connection", "time": 1781056850.0, "host": "202.106.46.160",
         "verdict": "no-request", "sent": 500, "received": 3000},
        {"event": "connection", "time": 1781056851.0, "host": "ca.vendor.example",
         "verdict": "certificate-refused", "sent": 200, "received": 100,
         "reason": "client-refused", "detail": "unknown ca"},
        {"event": "connection", "time": 1781056852.0, "host": "old.vendor.example",
         "verdict": "upstream-unreachable", "reason": "words of an older recorder"},
        {"event": "connection", "time": 1781056846.0, "host": "android.bugly.qq.com",
         "verdict": "decrypted", "sent": 10, "received": 10},
    ]  # fmt: skip
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + '\n{"event": "conn')
    seen = gather_traffic([tmp_path], know)
    verdicts = {fact.host: fact.verdict for fact in seen.traffic.connections}
    assert verdicts == {
        "pin.vendor.example": "suspected-pinning",
        "ca.vendor.example": "certificate-refused",
        "old.vendor.example": "upstream-unreachable",
        "android.bugly.qq.com": "decrypted",
    }
    texts = {fact.host: fact.text for fact in seen.traffic.connections}
    refused, silent = texts["ca.vendor.example"], texts["pin.vendor.example"]
    assert refused is not None
    assert (refused.zh, refused.en[-12:]) == ("客户端拒绝了代理证书（unknown ca）", "(unknown ca)")
    assert silent is not None
    assert "证书固定" in silent.zh
    assert texts["android.bugly.qq.com"] is None
    assert seen.traffic.captures[0].mode == "wireguard"
    assert {"suspected-pinning", "certificate-refused", "lost-entries"} <= codes(seen)
    phases = {e.host: e.phase for e in seen.traffic.exchanges}
    assert phases["www.qingkong.example"] == "before_consent"
    unread = {d.host for d in seen.traffic.destinations if not d.exchanges}
    assert unread == {"pin.vendor.example", "ca.vendor.example", "old.vendor.example"}


def test_code_says_whose_a_host_is(captures: Path, know: Knowledge) -> None:
    seen = gather_traffic([captures / "dirty.mitm"], know, subject=captures / "subject.yaml")
    app = App(package="com.example.mingcha.demo.dirty", sha256="", size=0)
    static = StaticEvidence(endpoints=(Endpoint(host="api.qingkong.example", actor="app"),))
    joined = attribute(seen.traffic, app, static)
    actors = {d.host: d.actor for d in joined.destinations}
    assert actors["api.qingkong.example"] == "app"
    assert actors["api.amplitude.com"] == "amplitude"
    assert {s.actor for s in joined.sightings if s.host == "api.qingkong.example"} == {"app"}


@pytest.mark.parametrize(
    ("host", "actor"),
    [
        ("a.vendor.com", "app"),
        ("vendor.com", "app"),
        ("evilvendor.com", "host:evilvendor.com"),
        ("x.sdk.cn", "some-sdk"),
        ("both.example", "app"),
    ],
)
def test_unknown_hosts_go_to_whoever_names_them(
    tmp_path: Path, know: Knowledge, host: str, actor: str
) -> None:
    one = entry()
    one["request"] = one["request"] | {"url": f"https://{host}/"}
    seen = gather_traffic([har(tmp_path / "a.har", one)], know)
    static = StaticEvidence(
        endpoints=(
            Endpoint(host="x.sdk.cn", actor="some-sdk"),
            Endpoint(host="both.example", actor="some-sdk"),
            Endpoint(host="both.example", actor="app"),
        )
    )
    joined = attribute(seen.traffic, App(package="com.vendor.app", sha256="", size=0), static)
    assert joined.destinations[0].actor == actor


def test_a_value_in_the_name_of_a_host_is_seen(tmp_path: Path, know: Knowledge) -> None:
    subject = tmp_path / "subject.yaml"
    subject.write_text("values: {imei: ['860000042718287']}\n")
    hidden = entry()
    hidden["request"] = hidden["request"] | {
        "url": "https://860000042718287.t.vendor.example/",
        "postData": {"text": "{}"},
        "headers": [{"name": "Host", "value": "860000042718287.t.vendor.example"}],
    }
    seen = gather_traffic([har(tmp_path / "a.har", hidden)], know, subject=subject)
    assert [(s.data_type, s.field) for s in seen.traffic.sightings] == [("imei", "host")]


@pytest.mark.parametrize(
    ("url", "actor"),
    [
        ("https://crash.vendor.example/api/42/envelope/", "sentry"),
        ("https://data.vendor.example/sa?project=production", "sensorsdata"),
        ("https://data.vendor.example/sales?project=x", "host:data.vendor.example"),
        ("https://vendor.example/stat/matomo.php", "host:vendor.example"),
        ("https://vendor.example/matomo.php?idsite=1", "matomo"),
        ("https://graph.facebook.com/v16.0/123/activities", "facebook-appevents"),
        ("https://notfacebook.com/v16.0/123/activities", "host:notfacebook.com"),
    ],
)
def test_a_path_of_a_protocol_names_its_sdk(
    tmp_path: Path, know: Knowledge, url: str, actor: str
) -> None:
    sent = entry()
    sent["request"] = sent["request"] | {"url": url}
    seen = gather_traffic([har(tmp_path / "a.har", sent)], know)
    assert seen.traffic.exchanges[0].actor == actor


def test_signs_of_actors_name_sdks_that_exist(know: Knowledge) -> None:
    signs = table(know, "traffic_actors", ActorTable)
    assert {sign.sdk for sign in (*signs.paths, *signs.headers)} <= set(know.sdks)
