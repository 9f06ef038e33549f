"""The recorder through the real proxy: real clients, local servers, loopback only."""

import asyncio
import gc
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from local_servers import Servers

from profiles.model import Knowledge
from scanner.model.errors import InputError
from scanner.traffic.capture import CaptureOptions, Session, mark, run_capture
from scanner.traffic.gather import TrafficGathering, gather_traffic

CURL = shutil.which("curl")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SUBJECT = "values:\n  imei: ['860000042718287']\n  oaid: ['7b1e42d0-5f3a-4c19-9e8d-0a6c25b7f314']\n"
pytestmark = [
    pytest.mark.skipif(CURL is None, reason="curl is not installed"),
    # mitmproxy's dependencies warn of each other's old names, and close sockets late
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class ToLoopback:
    """Sends every upstream connection to the local servers; names and URLs stay real."""

    def __init__(self, servers: Servers) -> None:
        self.ports = {443: servers.tls, 80: servers.plain, 7000: servers.raw}

    def server_connect(self, data: Any) -> None:
        _, port = data.server.address
        data.server.address = ("127.0.0.1", self.ports.get(port, port))


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


class Capture:
    """A session with the local servers behind it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.bundle = session.options.bundle
        self.port = session.proxy.addresses[0][1]
        self.ca = session.ca / "mitmproxy-ca-cert.pem"

    def curl(self, *arguments: str, proxy: str = "http", trust: bool = True) -> int:
        command = [str(CURL), "-sS", "-o", os.devnull, "--max-time", "10"]
        command += ["-x", f"{proxy}://127.0.0.1:{self.port}"]
        command += ["--cacert", str(self.ca)] if trust else []
        return subprocess.run(
            [*command, *arguments], check=False, capture_output=True, timeout=20
        ).returncode

    def events(self) -> list[dict[str, Any]]:
        lines = (self.bundle / "events.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def ended(self, host: str) -> bool:
        return any(e["event"] == "connection" and e["host"] == host for e in self.events())


@pytest.fixture
def record(servers: Servers, tmp_path: Path, know: Knowledge) -> Iterator[Callable[..., Capture]]:
    started: list[Session] = []

    def start(mode: str = "regular", **options: Any) -> Capture:
        trust = {"ssl_verify_upstream_trusted_ca": str(servers.folder / "ca.pem")}
        chosen = CaptureOptions(tmp_path / "bundle", mode=mode, mitmproxy=trust, **options)
        session = Session(chosen, know)
        session.proxy._addons.append(ToLoopback(servers))
        started.append(session.start())
        return Capture(session)

    yield start
    for session in started:
        session.stop()


@pytest.fixture(autouse=True)
def sweep() -> Iterator[None]:
    """Collect what mitmproxy leaves to the garbage collector here, not in somebody else's test."""
    yield
    gc.collect()


def study(capture: Capture, tmp_path: Path, know: Knowledge) -> TrafficGathering:
    capture.session.stop()
    subject = tmp_path / "subject.yaml"
    subject.write_text(SUBJECT)
    return gather_traffic([capture.bundle], know, subject=subject)


def until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_what_curl_sends_is_read_and_what_it_hides_is_named(
    record: Callable[..., Capture], tmp_path: Path, know: Knowledge
) -> None:
    capture = record(phase="before_consent")
    pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert capture.curl("--http1.1", "https://one.app.test/a", "-d", "imei=860000042718287") == 0
    for path in ("/gzip", "/br", "/zstd"):
        assert capture.curl("--http2", f"https://two.app.test{path}") == 0
    assert capture.curl("http://plain.app.test/?imei=860000042718287") == 0
    assert capture.curl("https://ca.app.test/", trust=False) == 60
    assert capture.curl("--pinnedpubkey", pin, "https://pin.app.test/") == 90
    assert capture.curl("https://gone.test/") == 0
    until(lambda: capture.ended("pin.app.test"))
    seen = study(capture, tmp_path, know)
    verdicts = {fact.host: fact.verdict for fact in seen.traffic.connections}
    assert verdicts == {
        "one.app.test": "decrypted",
        "two.app.test": "decrypted",
        "plain.app.test": "cleartext",
        "ca.app.test": "certificate-refused",
        "pin.app.test": "suspected-pinning",
        "gone.test": "upstream-unreachable",
    }
    sent = {(s.host, s.cleartext) for s in seen.traffic.sightings if s.side == "request"}
    assert sent == {("one.app.test", False), ("plain.app.test", True)}
    versions = {e.host: e.protocol for e in seen.traffic.exchanges}
    assert versions["two.app.test"] == "HTTP/2.0"
    assert {e.readable for e in seen.traffic.exchanges if e.host == "two.app.test"} == {"decoded"}
    assert {gap.code for gap in seen.gaps} >= {"certificate-refused", "suspected-pinning"}
    assert {s.phase for s in seen.traffic.sightings} == {"before_consent"}


def test_phases_marked_from_another_process(
    record: Callable[..., Capture], tmp_path: Path, know: Knowledge
) -> None:
    capture = record()
    now = time.time()
    mark(capture.bundle, "before_consent", at=now - 60)
    mark(capture.bundle, "after_consent", at=now - 30)
    until(lambda: capture.session.recorder.phase(time.time()) == "after_consent")
    assert capture.curl("http://plain.app.test/") == 0
    mark(capture.bundle, "in_use")
    time.sleep(0.25)
    assert capture.curl("http://plain.app.test/") == 0
    seen = study(capture, tmp_path, know)
    # both lie within two seconds of the last mark
    assert [e.phase for e in seen.traffic.exchanges] == ["boundary", "boundary"]
    assert [s.phase for s in seen.traffic.phases] == ["before_consent", "after_consent", "in_use"]


def test_the_bundle_is_private_and_the_ca_is_its_own(record: Callable[..., Capture]) -> None:
    capture = record()
    for folder in (capture.bundle, capture.session.ca):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((capture.session.ca / "mitmproxy-ca.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tester_is_told_how_to_connect(record: Callable[..., Capture], lang: str) -> None:
    text = record(lang=lang).session.introduction()
    assert "adb reverse tcp:8080" in text
    assert "QUIC" in text
    assert ".0" in text
    assert "{" not in text


def test_raw_tcp_through_socks(
    record: Callable[..., Capture], tmp_path: Path, know: Knowledge
) -> None:
    capture = record(mode="socks5")
    with socket.create_connection(("127.0.0.1", capture.port), 5) as client:
        client.sendall(b"\x05\x01\x00")
        assert client.recv(2) == b"\x05\x00"
        client.sendall(b"\x05\x01\x00\x03\x0braw.example" + (7000).to_bytes(2, "big"))
        assert client.recv(10)[:2] == b"\x05\x00"
        client.sendall(b"\x02\x01\x00imei=860000042718287")
        assert client.recv(10).startswith(b"OK")
    until(lambda: capture.ended("raw.example"))
    seen = study(capture, tmp_path, know)
    assert [(e.method, e.host) for e in seen.traffic.exchanges] == [("TCP", "raw.example")]
    assert seen.traffic.connections[0].verdict == "private-protocol"
    assert {s.data_type for s in seen.traffic.sightings} == {"imei"}


def test_http3(servers: Servers, tmp_path: Path, know: Knowledge) -> None:
    client = pytest.importorskip("http3_client")
    trust = {"ssl_insecure": True}
    options = CaptureOptions(
        tmp_path / "bundle", mode=f"reverse:http3://127.0.0.1:{servers.tls}", mitmproxy=trust
    )
    session = Session(options, know).start()
    try:
        port = session.proxy.addresses[0][1]
        asyncio.run(client.post("app.test", port, b"imei=860000042718287"))
        until(lambda: session.recorder.written > 0)
    finally:
        session.stop()
    seen = gather_traffic([options.bundle], know)
    assert seen.traffic.exchanges[0].protocol == "HTTP/3"
    assert {s.data_type for s in seen.traffic.sightings} == {"imei"}


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_with_http2_websocket_and_codings(
    record: Callable[..., Capture], tmp_path: Path, know: Knowledge
) -> None:
    capture = record()
    flows = capture.bundle / "flows.mitm"
    command = [
        str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}", "--ignore-certificate-errors",
        f"--proxy-server=http://127.0.0.1:{capture.port}", "--remote-debugging-port=0",
        "https://web.app.test/page",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
        try:
            until(lambda: b"echo:oaid" in flows.read_bytes(), 30)
        finally:
            browser.terminate()
    seen = study(capture, tmp_path, know)
    sightings = {(s.data_type, s.how) for s in seen.traffic.sightings if s.host == "web.app.test"}
    assert ("imei", "seed") in sightings
    assert ("oaid", "seed") in sightings
    paths = {e.path for e in seen.traffic.exchanges if e.host == "web.app.test"}
    assert paths >= {"/page", "/beacon", "/gzip", "/br", "/zstd", "/ws"}
    assert {e.scheme for e in seen.traffic.exchanges if e.path == "/ws"} == {"wss"}


CHILD = """
import sys, time
from pathlib import Path
from profiles.load import load_knowledge
from scanner.traffic.capture import CaptureOptions, Session
options = CaptureOptions(Path(sys.argv[1]), mode="reverse:" + sys.argv[2])
session = Session(options, load_knowledge()).start()
print(session.proxy.addresses[0][1], flush=True)
time.sleep(60)
"""


def test_a_killed_recorder_loses_nothing_and_a_restart_appends(
    servers: Servers, tmp_path: Path, know: Knowledge
) -> None:
    bundle = tmp_path / "bundle"
    target = f"http://127.0.0.1:{servers.plain}"
    for expected in (10, 20):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(bundle), target], stdout=subprocess.PIPE, text=True
        )
        try:
            assert child.stdout is not None
            port = child.stdout.readline().strip()
            for number in range(10):
                url = f"http://127.0.0.1:{port}/{number}"
                subprocess.run([str(CURL), "-sS", "-o", os.devnull, url], check=True, timeout=10)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait(10)
            assert child.stdout is not None
            child.stdout.close()
        with (bundle / "flows.mitm").open("ab") as file:
            file.write(b"5000:half a flow")
        capture = gather_traffic([bundle], know).traffic.captures[0]
        assert capture.exchanges == expected
    events = [json.loads(line) for line in (bundle / "events.jsonl").read_text().splitlines()]
    assert [e["mended"] for e in events if e["event"] == "start"] == [0, 16]


def test_run_capture_ends_by_itself(tmp_path: Path, know: Knowledge) -> None:
    shown: list[str] = []
    options = CaptureOptions(tmp_path / "b", mode="regular", seconds=0.3, lang="en")
    assert run_capture(options, know, show=shown.append) == 0
    assert "listens on 127.0.0.1" in shown[0]
    assert shown[-1].startswith("Recorded 0 flows")


def test_wireguard_offers_a_configuration_and_a_code(tmp_path: Path, know: Knowledge) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = CaptureOptions(tmp_path / "b", mode="wireguard", listen="127.0.0.1", port=port)
    session = Session(options, know).start()
    try:
        text = session.introduction()
    finally:
        session.stop()
    assert "[Interface]" in text
    assert "PrivateKey" in text
    assert "█" in text or "▀" in text


def test_bad_options_are_refused(tmp_path: Path, know: Knowledge, captures: Path) -> None:
    with pytest.raises(InputError, match="there is no phase 'later'"):
        Session(CaptureOptions(tmp_path / "b", mode="regular", phase="later"), know)
    with pytest.raises(InputError, match="no capture is recorded here"):
        mark(tmp_path, "in_use")
    with pytest.raises(InputError, match="there is no phase 'unknown'"):
        mark(tmp_path, "unknown")
    with pytest.raises(InputError, match="did not start"):
        Session(CaptureOptions(tmp_path / "b", mode="nonsense"), know).start()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match="did not start"):
            Session(CaptureOptions(tmp_path / "b", mode="regular", port=port), know).start()


def test_one_app_alone_goes_through_the_tunnel(tmp_path: Path, know: Knowledge) -> None:
    options = CaptureOptions(tmp_path / "b", listen="127.0.0.1", app="com.vendor.app")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    session = Session(options._replace(port=port), know).start()
    try:
        text = session.introduction()
    finally:
        session.stop()
    assert "[Interface]\nIncludedApplications = com.vendor.app\nPrivateKey" in text
    with pytest.raises(InputError, match="no package name"):
        Session(options._replace(app="com.x\nPostUp = rm"), know)


def test_plain_mitmdump_records_the_same_bundle(
    servers: Servers, root: Path, tmp_path: Path, know: Knowledge
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bundle = tmp_path / "bundle"
    command = [
        str(Path(sys.executable).with_name("mitmdump")), "-q", "--listen-host", "127.0.0.1",
        "-p", str(port), "-s", str(root / "scanner" / "traffic" / "recorder.py"),
        "--mode", f"reverse:http://127.0.0.1:{servers.plain}",
        "--set", f"mingcha_bundle={bundle}", "--set", f"confdir={tmp_path / 'conf'}",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as dump:
        try:
            until((bundle / "flows.mitm").exists, 30)
            until(lambda: _accepts(port), 30)
            mark(bundle, "before_consent")
            url = f"http://127.0.0.1:{port}/x?imei=860000042718287"
            assert subprocess.run([str(CURL), "-sS", url], check=False).returncode == 0
            until(lambda: (bundle / "flows.mitm").stat().st_size > 0)
        finally:
            dump.terminate()
            dump.wait(15)
    seen = gather_traffic([bundle], know)
    assert [e.phase for e in seen.traffic.exchanges] == ["before_consent"]
    assert {s.data_type for s in seen.traffic.sightings} == {"imei"}


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
