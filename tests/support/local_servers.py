"""Servers on loopback for the capture tests: TLS with HTTP/1.1, HTTP/2, WebSocket; raw TCP."""

import asyncio
import contextlib
import datetime
import gzip
import ipaddress
import json
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import brotli
import h2.config
import h2.connection
import h2.events
import wsproto
import wsproto.events
import zstandard
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAMES = ("app.test", "*.app.test")


def make_certificates(folder: Path) -> None:
    """Write ca.pem, server.pem and server.key for the test names."""
    now = datetime.datetime.now(datetime.UTC)
    begin, end = now - datetime.timedelta(days=1), now + datetime.timedelta(days=20)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def builder(subject: str, issuer: str, public: Any) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name(issuer))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
        )

    issuer = "Test Upstream CA"
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    ca = (
        builder(issuer, issuer, ca_key.public_key())
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(usage, True)
        .add_extension(ca_id, False)
        .sign(ca_key, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [x509.DNSName(text) for text in NAMES]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    leaf = (
        builder(NAMES[0], issuer, key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "server.pem").write_bytes(leaf.public_bytes(pem))
    (folder / "server.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


PAGE = b"""<!doctype html><script>
fetch("/beacon",{method:"POST",headers:{"content-type":"application/json"},
 body:JSON.stringify({imei:"860000042718287"})})
.then(()=>Promise.all(["/gzip","/br","/zstd"].map(p=>fetch(p).then(r=>r.text()))))
.then(()=>{let w=new WebSocket("wss://"+location.host+"/ws");
 w.onopen=()=>w.send("oaid=7b1e42d0-5f3a-4c19-9e8d-0a6c25b7f314");
 w.onmessage=()=>{document.title="done";w.close()}});
</script>hi"""


def reply(path: str, body: bytes, version: str) -> tuple[list[tuple[str, str]], bytes]:
    """Return headers and body for a path."""
    answer = json.dumps({"path": path, "size": len(body), "http": version}).encode()
    headers = [("content-type", "application/json")]
    if path.startswith("/page"):
        return [("content-type", "text/html")], PAGE
    if path == "/gzip":
        answer, coding = gzip.compress(answer), "gzip"
    elif path == "/br":
        answer, coding = brotli.compress(answer), "br"
    elif path == "/zstd":
        answer, coding = zstandard.compress(answer), "zstd"
    elif path == "/big":
        return [("content-type", "application/octet-stream")], b"x" * (9 << 20)
    else:
        return headers, answer
    return [*headers, ("content-encoding", coding)], answer


class Servers:
    """TLS (h2 and http/1.1), plain HTTP and raw TCP servers in a thread of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tls = self.plain = self.raw = 0
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._main, daemon=True)

    def __enter__(self) -> "Servers":
        make_certificates(self.folder)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _main(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._stop = asyncio.Event()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        context.set_alpn_protocols(["h2", "http/1.1"])
        servers = [
            await asyncio.start_server(_serve, "127.0.0.1", 0, ssl=context),
            await asyncio.start_server(_serve, "127.0.0.1", 0),
            await asyncio.start_server(_echo, "127.0.0.1", 0),
        ]
        self.tls, self.plain, self.raw = (s.sockets[0].getsockname()[1] for s in servers)
        self._ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        data = await reader.read(1000)
        writer.write(b"OK" + data[:4])
        await writer.drain()
        writer.close()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
        tls = writer.get_extra_info("ssl_object")
        if tls is not None and tls.selected_alpn_protocol() == "h2":
            await _http2(reader, writer)
        else:
            await _http1(reader, writer)
    writer.close()


async def _http1(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        line, *rows = head.decode("latin-1").split("\r\n")
        headers = {k.strip().lower(): v.strip() for k, _, v in (row.partition(":") for row in rows)}
        path = line.split(" ")[1]
        if headers.get("upgrade", "").lower() == "websocket":
            await _websocket(head, reader, writer)
            return
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        extra, answer = reply(path, body, "1.1")
        text = "".join(f"{name}: {value}\r\n" for name, value in extra)
        writer.write(
            f"HTTP/1.1 200 OK\r\n{text}content-length: {len(answer)}\r\n\r\n".encode() + answer
        )
        await writer.drain()


async def _websocket(
    head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    server = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    server.receive_data(head)
    while True:
        for event in server.events():
            match event:
                case wsproto.events.Request():
                    writer.write(server.send(wsproto.events.AcceptConnection()))
                case wsproto.events.TextMessage():
                    writer.write(server.send(wsproto.events.TextMessage("echo:" + event.data)))
                case wsproto.events.BytesMessage():
                    writer.write(server.send(wsproto.events.BytesMessage(b"echo")))
                case wsproto.events.CloseConnection():
                    writer.write(server.send(event.response()))
                    return
        await writer.drain()
        data = await reader.read(65536)
        if not data:
            return
        server.receive_data(data)


async def _http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    state = h2.connection.H2Connection(
        h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
    )
    state.initiate_connection()
    writer.write(state.data_to_send())
    paths: dict[int, str] = {}
    bodies: dict[int, bytes] = {}
    while data := await reader.read(65536):
        for event in state.receive_data(data):
            match event:
                case h2.events.RequestReceived():
                    paths[event.stream_id] = dict(event.headers)[":path"]
                    bodies[event.stream_id] = b""
                case h2.events.DataReceived():
                    bodies[event.stream_id] += event.data
                    state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                case h2.events.StreamEnded():
                    stream = event.stream_id
                    extra, answer = reply(paths[stream], bodies[stream], "2")
                    state.send_headers(stream, [(":status", "200"), *extra])
                    state.send_data(stream, answer[:16000], end_stream=True)
        writer.write(state.data_to_send())
        await writer.drain()


def free_port() -> int:
    """Return a TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
