"""A network namespace plays the phone: everything it sends goes through a real WireGuard tunnel.

Needs root, `ip`, `wg`, `wireguard-go`, `curl` and /dev/net/tun; skipped without them.
"""

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from local_servers import Servers
from mitmproxy import dns

from profiles.model import Knowledge
from scanner.traffic.capture import CaptureOptions, Session
from scanner.traffic.gather import gather_traffic

TOOLS = ("ip", "wg", "wireguard-go", "curl")
READY = (
    sys.platform == "linux"
    and os.geteuid() == 0
    and Path("/dev/net/tun").exists()
    and all(map(shutil.which, TOOLS))
)
pytestmark = [
    pytest.mark.skipif(not READY, reason="needs root, wireguard-go, wg, ip and curl"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SERVER = "93.184.216.34"
SUBJECT = "values:\n  imei: ['860000042718287']\n  oaid: ['7b1e42d0-5f3a-4c19-9e8d-0a6c25b7f314']\n"


class Upstream:
    """Answers names and sends every upstream connection to the local servers."""

    def __init__(self, servers: Servers) -> None:
        self._ports = {443: servers.tls, 80: servers.plain, 7000: servers.raw}

    def dns_request(self, flow: Any) -> None:
        question = flow.request.questions[0]
        answers = [dns.ResourceRecord.A(question.name, ipaddress.IPv4Address(SERVER))]
        flow.response = flow.request.succeed(answers if question.type == 1 else [])

    def server_connect(self, data: Any) -> None:
        _, port = data.server.address
        data.server.address = ("127.0.0.1", self._ports.get(port, port))


class Phone(NamedTuple):
    """A namespace whose only way out is the tunnel."""

    name: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        full = ["ip", "netns", "exec", self.name, *command]
        return subprocess.run(full, check=False, capture_output=True, text=True, timeout=30)

    def curl(self, *arguments: str) -> int:
        return self.run("curl", "-sS", "-o", os.devnull, "--max-time", "10", *arguments).returncode

    def python(self, code: str) -> int:
        return self.run(sys.executable, "-c", code).returncode


def do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=20)


def namespace(name: str) -> None:
    try:
        do("ip", "netns", "add", name)
    except subprocess.CalledProcessError:
        pytest.skip("network namespaces are not allowed here")


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def session(tmp_path: Path, know: Knowledge) -> Iterator[Session]:
    folder = tmp_path / "servers"
    folder.mkdir()
    with Servers(folder) as servers:
        options = CaptureOptions(
            tmp_path / "bundle",
            listen="127.0.0.1",
            port=free_udp_port(),
            phase="before_consent",
            mitmproxy={"ssl_verify_upstream_trusted_ca": str(folder / "ca.pem")},
        )
        running = Session(options, know)
        running.proxy._addons.append(Upstream(servers))
        running.start()
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture
def phone(session: Session, tmp_path: Path) -> Iterator[Phone]:
    """Bring the tunnel up from the configuration that the tester's phone would scan."""
    given = dict(
        line.split(" = ", 1) for line in session.proxy.client_config().splitlines() if " = " in line
    )
    link, name = f"mcwg{os.getpid() % 10_000}", f"mingcha{os.getpid()}"
    keys = tmp_path / "client.conf"
    keys.write_text(
        f"[Interface]\nPrivateKey = {given['PrivateKey']}\n[Peer]\n"
        f"PublicKey = {given['PublicKey']}\nAllowedIPs = {given['AllowedIPs']}\n"
        f"Endpoint = {given['Endpoint']}\nPersistentKeepalive = 5\n"
    )
    resolver = Path("/etc/netns") / name
    environment = {**os.environ, "WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD": "1"}
    namespace(name)
    tunnel = subprocess.Popen(
        ["wireguard-go", "-f", link],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            if Path(f"/var/run/wireguard/{link}.sock").exists():
                break
            time.sleep(0.05)
        do("wg", "setconf", link, str(keys))
        do("ip", "link", "set", link, "netns", name)
        inside = ("ip", "-n", name)
        do(*inside, "addr", "add", given["Address"], "dev", link)
        do(*inside, "link", "set", link, "up")
        do(*inside, "link", "set", "lo", "up")
        do(*inside, "route", "add", "default", "dev", link)
        resolver.mkdir(parents=True, exist_ok=True)
        (resolver / "resolv.conf").write_text(f"nameserver {given['DNS']}\n")
        yield Phone(name)
    finally:
        tunnel.terminate()
        tunnel.wait(10)
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        shutil.rmtree(resolver, ignore_errors=True)


def test_everything_a_phone_sends_through_the_tunnel_is_recorded_with_its_phase(
    session: Session, phone: Phone, tmp_path: Path, know: Knowledge
) -> None:
    ca = str(session.ca / "mitmproxy-ca-cert.pem")
    raw = "import socket;c=socket.create_connection(('{}',7000),5);c.sendall(b'{}');c.recv(9)"
    datagram = (
        "import socket;c=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);"
        f"c.sendto(b'udp imei=860000042718287',('{SERVER}',9999))"
    )
    assert phone.curl("--cacert", ca, "https://one.app.test/a", "-d", "imei=860000042718287") == 0
    assert phone.curl("http://plain.app.test/?imei=860000042718287") == 0
    assert phone.curl("https://ca.app.test/") == 60
    session.recorder.mark("after_consent", "test", time.time() + 60)
    assert phone.python(raw.format(SERVER, "\\x02\\x01imei=860000042718287")) == 0
    assert phone.python(datagram) == 0
    time.sleep(0.5)
    session.stop()
    subject = tmp_path / "subject.yaml"
    subject.write_text(SUBJECT)
    seen = gather_traffic([session.options.bundle], know, subject=subject).traffic
    (capture,) = seen.captures
    assert (capture.mode, capture.lost) == ("wireguard", 0)
    found = {(s.host, s.phase, s.how) for s in seen.sightings if s.data_type == "imei"}
    assert {
        ("one.app.test", "before_consent", "seed"),
        ("plain.app.test", "before_consent", "seed"),
    } <= found
    kinds = {exchange.method for exchange in seen.exchanges if exchange.ip or exchange.host}
    assert {"POST", "GET", "TCP", "UDP"} <= kinds
    assert sum(s.count for s in seen.sightings if s.data_type == "imei") >= 4
    verdicts = {fact.host: fact.verdict for fact in seen.connections}
    assert verdicts["one.app.test"] == "decrypted"
    assert verdicts["plain.app.test"] == "cleartext"
    assert verdicts["ca.app.test"] == "certificate-refused"
    events = (session.options.bundle / "events.jsonl").read_text()
    assert '"event": "dns", ' in events
    assert '"name": "one.app.test"' in events
