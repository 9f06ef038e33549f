"""Packet captures and other sources of metadata."""

import json
import os
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import dpkt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from local_servers import Servers
from tapped import Tap

from profiles.model import Knowledge
from scanner.traffic.gather import gather_traffic
from scanner.traffic.httpdns import learned
from scanner.traffic.read.client_hello import server_name
from scanner.traffic.read.http_text import read_exchanges
from scanner.traffic.record import Record

PHONE, SERVER, RESOLVER = "10.0.0.7", "202.106.46.151", "10.0.0.1"
REQUEST = (
    b"POST /v1?imei=860000042718287 HTTP/1.1\r\nHost: plain.vendor.example\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\na=1&b\r\n2\r\n=2\r\n0\r\n\r\n"
)
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


def hello(name: str) -> bytes:
    """Return the first bytes of a TLS client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def frame(source: str, target: str, segment: "dpkt.tcp.TCP | dpkt.udp.UDP") -> bytes:
    proto = dpkt.ip.IP_PROTO_TCP if isinstance(segment, dpkt.tcp.TCP) else dpkt.ip.IP_PROTO_UDP
    packet = dpkt.ip.IP(
        src=socket.inet_aton(source), dst=socket.inet_aton(target), p=proto, data=segment
    )
    packet.len = len(packet)
    return bytes(dpkt.ethernet.Ethernet(data=packet, type=dpkt.ethernet.ETH_TYPE_IP))


def tcp(data: bytes, sport: int, dport: int, seq: int = 1) -> "dpkt.tcp.TCP":
    return dpkt.tcp.TCP(sport=sport, dport=dport, seq=seq, data=data)


def frames() -> list[bytes]:
    question = dpkt.dns.DNS.Q(name="tls.vendor.example", type=dpkt.dns.DNS_A)
    answer = dpkt.dns.DNS.RR(
        name="tls.vendor.example", type=dpkt.dns.DNS_A, rdata=socket.inet_aton("202.106.46.152")
    )
    answer.ip = socket.inet_aton("202.106.46.152")
    reply = dpkt.dns.DNS(qr=1, qd=[question], an=[answer])
    first = hello("sni.vendor.example")
    return [
        frame(RESOLVER, PHONE, dpkt.udp.UDP(sport=53, dport=4000, data=bytes(reply))),
        frame(PHONE, SERVER, tcp(first[:100], 5001, 443)),
        frame(PHONE, SERVER, tcp(first[100:], 5001, 443, 101)),
        frame(SERVER, PHONE, tcp(b"\x16\x03\x03" + b"x" * 900, 443, 5001)),
        frame(PHONE, "202.106.46.152", tcp(b"\x00\x01private", 5002, 8443)),
        frame(PHONE, SERVER, tcp(REQUEST[60:], 5003, 80, 61)),
        frame(PHONE, SERVER, tcp(REQUEST[:60], 5003, 80, 1)),
        frame(SERVER, PHONE, tcp(REPLY, 80, 5003)),
        b"\x00\x01",
    ]


@pytest.mark.parametrize("writer", [dpkt.pcap.Writer, dpkt.pcapng.Writer], ids=["pcap", "pcapng"])
def test_names_addresses_bytes_and_cleartext(tmp_path: Path, know: Knowledge, writer: type) -> None:
    path = tmp_path / "a.pcap"
    with path.open("wb") as file:
        out = writer(file)
        for number, data in enumerate(frames()):
            out.writepkt(data, ts=1781056800.0 + number)
    seen = gather_traffic([path], know)
    facts = {fact.host: fact for fact in seen.traffic.connections}
    assert facts["sni.vendor.example"].verdict == "metadata-only"
    assert facts["sni.vendor.example"].bytes > 900
    assert facts["tls.vendor.example"].detail == "TCP/8443"
    assert facts["plain.vendor.example"].verdict == "cleartext"
    exchange = seen.traffic.exchanges[0]
    assert (exchange.method, exchange.status, exchange.request_bytes) == ("POST", 200, 7)
    places = {d.host: d.hosting_country for d in seen.traffic.destinations}
    assert places["sni.vendor.example"] == "CN"
    assert {gap.code for gap in seen.gaps} >= {"metadata-only", "no-phases"}
    assert seen.traffic.captures[0].started == "2026-06-10T02:00:01.000Z"


def test_a_cut_packet_capture_keeps_what_it_holds(tmp_path: Path, know: Knowledge) -> None:
    path = tmp_path / "a.pcap"
    with path.open("wb") as file:
        out = dpkt.pcap.Writer(file)
        for data in frames()[:4]:
            out.writepkt(data, ts=1.0)
    path.write_bytes(path.read_bytes()[:-10])
    seen = gather_traffic([path], know)
    assert [fact.host for fact in seen.traffic.connections] == ["sni.vendor.example"]


@pytest.mark.skipif(
    shutil.which("tshark") is None or shutil.which("curl") is None, reason="needs tshark and curl"
)
def test_contents_with_a_key_log_and_tshark(tmp_path: Path, know: Knowledge) -> None:
    capture = tmp_path / "a.pcap"
    environment = os.environ | {"SSLKEYLOGFILE": str(tmp_path / "a.pcap.keys")}
    with Servers(tmp_path) as servers:
        tap = Tap(servers.tls)
        url = f"https://app.test:{tap.port}/a?oaid=7b1e42d0-5f3a-4c19-9e8d-0a6c25b7f314"
        for version in ("--http1.1", "--http2"):
            command = ["curl", "-sS", "-o", os.devnull, version, "--max-time", "10"]
            command += ["--cacert", str(tmp_path / "ca.pem"), "-d", "imei=860000042718287"]
            command += ["--resolve", f"app.test:{tap.port}:127.0.0.1", url]
            subprocess.run(command, check=True, env=environment, timeout=20)
        tap.save(capture)
    seen = gather_traffic([capture], know)
    assert [(e.host, e.protocol, e.status) for e in seen.traffic.exchanges] == [
        ("app.test", "HTTP/1.1", 200),
        ("app.test", "HTTP/2.0", 200),
    ]
    assert {s.data_type: s.count for s in seen.traffic.sightings if s.side == "request"} == {
        "imei": 2,
        "oaid": 2,
    }
    assert {f.verdict for f in seen.traffic.connections} == {"decrypted"}


def test_a_key_log_without_tshark_is_said(
    tmp_path: Path, know: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pcap"
    with path.open("wb") as file:
        out = dpkt.pcap.Writer(file)
        for data in frames()[:4]:
            out.writepkt(data, ts=1.0)
    (tmp_path / "sslkeylog.txt").write_text("CLIENT_RANDOM 00 00\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    capture = gather_traffic([path], know).traffic.captures[0]
    assert [loss.code for loss in capture.loss] == ["no-tshark"]


CSV = (
    "IPProto,SrcIP,SrcPort,DstIp,DstPort,UID,App,PackageName,Proto,Status,Info,BytesSent,"
    "BytesRcvd,PktsSent,PktsRcvd,FirstSeen,LastSeen\n"
    "6,10.0.0.7,5000,202.106.46.151,443,10142,Demo,com.vendor.app,TLS,Closed,a.vendor.example,"
    "500,3000,5,6,1781056800000,1781056810000\n"
    "17,10.0.0.7,5001,10.0.0.1,9,10142,Demo, Inc,com.vendor.app,UDP,Open,x,1,2\n"
    "6,1\n"
)


def test_the_list_of_pcapdroid(tmp_path: Path, know: Knowledge) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    seen = gather_traffic([path], know)
    fact = next(f for f in seen.traffic.connections if f.host == "a.vendor.example")
    assert (fact.bytes, fact.reason, fact.detail) == (3500, "seen", "TLS")
    assert seen.traffic.captures[0].lost == 2
    assert seen.traffic.captures[0].started == "2026-06-10T02:00:00.000Z"


@settings(max_examples=80)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(data: bytes) -> None:
    server_name(b"\x16\x03\x01" + data)
    read_exchanges(b"POST / HTTP/1.1\r\n" + data, b"HTTP/1.1 200\r\n" + data)


def test_a_hello_in_parts_is_waited_for() -> None:
    first = hello("a.example")
    assert server_name(first) == "a.example"
    assert server_name(first[:80]) is None


@pytest.mark.parametrize(
    ("host", "target", "kind", "body"),
    [
        ("203.107.1.1", "/1/d?host=a.example", "application/json",
         {"host": "a.example", "ips": ["202.106.46.9"], "ttl": 60}),
        ("203.107.1.1", "/1/resolve", "application/json",
         {"dns": [{"host": "a.example", "ips": ["202.106.46.9"]}]}),
        ("dns.google", "/resolve?name=a.example", "application/json",
         {"Question": [{"name": "a.example."}], "Answer": [{"data": "202.106.46.9"}]}),
        ("119.29.29.29", "/d?dn=a.example", "text/plain", "202.106.46.9;202.106.46.9,60"),
    ],
)  # fmt: skip
def test_names_asked_over_http(host: str, target: str, kind: str, body: object) -> None:
    record = Record(1.0, "GET", "http", host, 80, target)
    record.response = (body if isinstance(body, str) else json.dumps(body)).encode()
    record.response_headers = [("content-type", kind)]
    servers = frozenset({"203.107.1.1", "dns.google", "119.29.29.29"})
    assert learned(record, servers) == {"202.106.46.9": "a.example"}
    assert learned(record, frozenset()) == {}


def test_a_bare_address_is_named_by_what_was_asked(tmp_path: Path, know: Knowledge) -> None:
    def entry(url: str, reply: str) -> dict[str, object]:
        return {
            "request": {"method": "GET", "url": url, "headers": []},
            "response": {
                "status": 200,
                "headers": [],
                "content": {"size": 1, "text": reply, "mimeType": "application/json"},
            },
        }

    asked = entry(
        "http://203.107.1.1/d?host=api.vendor.example",
        json.dumps({"host": "api.vendor.example", "ips": ["202.106.46.9"]}),
    )
    path = tmp_path / "a.har"
    path.write_text(json.dumps({"log": {"entries": [asked, entry("http://202.106.46.9/x", "")]}}))
    hosts = [e.host for e in gather_traffic([path], know).traffic.exchanges]
    assert hosts == ["203.107.1.1", "api.vendor.example"]
