"""Logs of other tools become run-time evidence; traps of their formats are undone."""

import json
from pathlib import Path

import pytest

from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.model.errors import InputError
from scanner.model.runtime import RuntimeEvent
from scanner.runtime.gather import RuntimeGathering, gather_runtime
from scanner.runtime.workbooks import camille_time


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return load_knowledge()


def only(seen: RuntimeGathering) -> RuntimeEvent:
    (event,) = seen.runtime.events
    return event


@pytest.fixture(scope="module")
def logs(root: Path) -> Path:
    return root / "tests" / "fixtures" / "runtime"


def test_camille(logs: Path, know: Knowledge) -> None:
    event = only(gather_runtime([logs / "camille.xls"], know))
    assert (event.data_type, event.phase, event.actor) == (
        "android_id", "before_consent", "umeng-common",
    )  # fmt: skip
    assert event.time == "2026-06-09T08:03:07"
    assert event.count == 2
    assert event.source == "camille:camille.xls"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-0-31 23:59:59", "2026-01-31T23:59:59"),
        ("2026-11-1 0:0:0", "2026-12-01T00:00:00"),
        ("2026-12-1 0:0:0", ""),
        ("", ""),
    ],
)
def test_the_month_of_camille_counts_from_zero(text: str, time: str) -> None:
    assert camille_time(text) == time


def test_privacysentry(logs: Path, know: Knowledge) -> None:
    event = only(gather_runtime([logs / "privacysentry.xls"], know))
    assert (event.data_type, event.actor) == ("mac_address", "pkg:com.example.x")
    assert event.phase == "unknown"


def test_mobsf_objects_joined_by_commas(tmp_path: Path, know: Knowledge) -> None:
    row = {
        "name": "Device Info", "class": "android.telephony.TelephonyManager",
        "method": "getDeviceId", "arguments": [], "result": "860000042718287",
        "calledFrom": "com.vendor.app.Ids.imei(Ids.java:16)",
    }  # fmt: skip
    path = tmp_path / "mobsf_api_monitor.txt"
    path.write_text(json.dumps(row) + "," + json.dumps(row) + ",")
    seen = gather_runtime([path], know, package="com.vendor.app")
    event = only(seen)
    assert (event.data_type, event.count, event.time) == ("imei", 2, "")
    assert "860000042718287" not in repr(seen)


def test_pirogue(tmp_path: Path, know: Knowledge) -> None:
    row = {
        "pid": 1, "process": "com.vendor.app", "timestamp": 1781056801000,
        "data": {"taxonomy_id": "id:android_id", "class": "x.Y", "method": "z",
                 "arguments": [], "returned_value": "9f3c7a51d2e8b604",
                 "stacktrace": [{"class": "com.vendor.app.Ids", "method": "aid"}]},
    }  # fmt: skip
    path = tmp_path / "dynamic_hook.json"
    path.write_text(json.dumps([row, "odd"]))
    seen = gather_runtime([path], know, package="com.vendor.app")
    event = only(seen)
    assert (event.data_type, event.actor) == ("android_id", "app")
    assert event.time == "2026-06-10T02:00:01.000+00:00"
    assert [gap.code for gap in seen.gaps] == ["lost-entries"]


def test_our_own_lines(tmp_path: Path, know: Knowledge) -> None:
    rows = [
        {"format": "mingcha.runtime/1"},
        {"time": "2026-06-10T10:00:01+08:00", "phase": "before_consent",
         "api": "android.location.LocationManager.getLastKnownLocation",
         "stack": ["com.amap.api.location.AMapLocationClient.start(X.java:1)"], "allowed": True},
        {"data_type": "clipboard", "action": "read", "phase": "in_use", "count": 3},
    ]  # fmt: skip
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n{broken\n")
    seen = gather_runtime([path], know)
    facts = {(e.data_type, e.phase, e.count, e.allowed) for e in seen.runtime.events}
    assert facts == {
        ("location_precise", "before_consent", 1, True),
        ("clipboard", "in_use", 3, None),
    }
    assert seen.gaps[0].count == 1


APPOPS = """Current AppOps Service state:
  Uid u0a142:
    state=cch
    Package com.example.app:
      READ_CONTACTS (allow): 
        null=[
          Access: [top-s] 2026-11-23 09:54:40.691 (-12h51m31s225ms)
          Reject: [bg-s]2026-11-23 09:53:37.200 (-1m34s716ms)
        ]
      RECORD_AUDIO (allow / switch COARSE_LOCATION=allow):
        com.sdk.x=[
          Access: [fgsvc-tpd] 2026-11-23 09:58:33.969 (-5ms) duration=+3m53s278ms
        ]
Discrete accesses:
  Uid: 10142
    Package: com.example.app
      FINE_LOCATION
        Attribution: null
          Access [bg-s] at 2026-11-23 18:26:00.000 for 60000 milliseconds
"""  # noqa: W291 - as the system prints it


def test_appops_state_and_history(tmp_path: Path, know: Knowledge) -> None:
    path = tmp_path / "appops.txt"
    path.write_text(APPOPS)
    seen = gather_runtime([path], know)
    facts = {(e.data_type, e.phase, e.allowed, e.time) for e in seen.runtime.events}
    assert facts == {
        ("contacts", "unknown", True, "2026-11-23T09:54:40.691"),
        ("contacts", "background", False, "2026-11-23T09:53:37.200"),
        ("audio_recording", "unknown", True, "2026-11-23T09:58:33.969"),
        ("location_precise", "background", True, "2026-11-23T18:26:00.000"),
    }
    assert {e.actor for e in seen.runtime.events} == {"app"}
    assert {e.confidence for e in seen.runtime.events} == {"certain"}


def test_accesses_of_other_packages_are_not_the_apps(tmp_path: Path, know: Knowledge) -> None:
    path = tmp_path / "appops.txt"
    path.write_text(APPOPS + APPOPS.replace("com.example.app", "com.other"))
    unknown = gather_runtime([path], know)
    assert not unknown.runtime.events
    assert [gap.code for gap in unknown.gaps] == ["several-packages"]
    known = gather_runtime([path], know, package="com.example.app")
    assert len(known.runtime.events) == 4
    assert not known.gaps


NETSTATS = """UID stats:
  ident=[{type=1, subType=COMBINED}] uid=10142 set=DEFAULT tag=0x0
    NetworkStatsHistory: bucketDuration=7200
      st=1600000000 rb=100 rp=1 tb=40 tp=1 op=0
      st=1600007200 rb=1 rp=1 tb=2 tp=1 op=0
  ident=[{type=1, subType=COMBINED}] uid=10142 set=FOREGROUND tag=0x0
      st=1600000000 rb=7 rp=1 tb=8 tp=1 op=0
  ident=[{type=17, subType=COMBINED}] uid=10142 set=DEFAULT tag=0x0
      st=1600000000 rb=999 rp=1 tb=999 tp=1 op=0
UID tag stats:
  ident=[{type=1, subType=COMBINED}] uid=10142 set=DEFAULT tag=0xff
      st=1600000000 rb=500 rp=1 tb=500 tp=1 op=0
NetworkStatsHistory
"""


def test_netstats_counts_once(tmp_path: Path, know: Knowledge) -> None:
    path = tmp_path / "netstats.txt"
    path.write_text(NETSTATS)
    rows = gather_runtime([path], know).runtime.network
    assert [(row.uid, row.state, row.sent, row.received) for row in rows] == [
        ("10142", "background", 42, 101),
        ("10142", "foreground", 8, 7),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xd0\xcf\x11\xe0broken", b"[1, 2, 3]", b'{"a": 1}', b"PK\x03\x04"]
)
def test_what_is_no_log_is_refused_in_one_sentence(
    tmp_path: Path, know: Knowledge, content: bytes
) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        gather_runtime([path], know)
    assert str(caught.value).startswith("some.log: ")
    assert "\n" not in str(caught.value)


def test_losses_are_named_in_both_languages(tmp_path: Path, know: Knowledge) -> None:
    rows = [
        {"data_type": "imei", "time": "yesterday", "phase": "in_use"},
        {"data_type": "imei", "time": -5, "phase": "in_use"},
        {"data_type": "imei", "time": 1781056801, "phase": "in_use"},
        "odd",
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n{broken\n")
    (gap,) = gather_runtime([path], know).gaps
    assert (gap.code, gap.count) == ("lost-entries", 4)
    for zh, en in (("时间无法解析", "time cannot be read"), ("不是 JSON", "not JSON"),
                   ("结构未知", "unknown shape")):  # fmt: skip
        assert zh in gap.detail.zh
        assert en in gap.detail.en


def test_broken_lines_of_transcripts_are_counted(tmp_path: Path, know: Knowledge) -> None:
    path = tmp_path / "appops.txt"
    path.write_text(APPOPS.replace("Access: [top-s] 2026-11-23", "Access: [top-s] 2026-1"))
    seen = gather_runtime([path], know)
    assert [(gap.code, gap.count) for gap in seen.gaps] == [("lost-entries", 1)]
    assert len(seen.runtime.events) == 3
    path = tmp_path / "netstats.txt"
    path.write_text(NETSTATS.replace("rb=7", "rb=x", 1))
    seen = gather_runtime([path], know)
    assert [(gap.code, gap.count) for gap in seen.gaps] == [("lost-entries", 1)]


@pytest.mark.parametrize(
    "rows",
    [
        '{"data": {"stacktrace": [1, null, {"class": []}]}, "timestamp": 1e400}',
        '{"data": {"class": {}, "method": 7}, "timestamp": "x", "process": null}',
        '{"calledFrom": 5, "class": [], "method": {}, "name": null}',
        '{"api": {"a": 1}, "stack": [[[]]], "count": -1, "time": [], "phase": 3}',
        '{"api": "x", "count": 99999999999999999999, "allowed": "yes", "time": 1e300}',
        '{"data_type": "\\ud800", "action": "\\u0000\\u001b[31m"}',
    ],
)
def test_hostile_rows_of_hook_logs(tmp_path: Path, know: Knowledge, rows: str) -> None:
    path = tmp_path / "hook.json"
    path.write_text(f"[{rows}]")
    seen = gather_runtime([path], know)
    assert all(event.count >= 1 for event in seen.runtime.events)


def test_a_hostile_workbook_is_refused_or_counted(
    logs: Path, tmp_path: Path, know: Knowledge
) -> None:
    good = (logs / "camille.xls").read_bytes()
    path = tmp_path / "camille.xls"
    complaints: list[str] = []
    for step in range(0, len(good), len(good) // 40):
        path.write_bytes(good[:step] + b"\xff\x00\xff\x7f" + good[step + 4 :])
        try:
            gather_runtime([path], know)
        except InputError as error:
            complaints.append(str(error))
    assert complaints
    assert all(complaint.startswith("camille.xls: ") for complaint in complaints)
