"""The recorder: a mitmproxy addon that writes flows, phases and what became of connections.

Also for plain mitmproxy: `mitmdump -s recorder.py --set mingcha_bundle=FOLDER`. Nothing is kept in
memory, every flow is flushed as it ends, and a killed recorder loses at most the flow in flight.
"""

import contextlib
import json
import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scanner.traffic.connections import Connection, verdict
from scanner.traffic.events import read_events
from scanner.traffic.flow_file import dumps, mend
from scanner.traffic.peers import Peers
from scanner.traffic.phases import GUARD

FLOWS, EVENTS, MARKS = "flows.mitm", "events.jsonl", "marks.jsonl"
_PART_MESSAGES = 500
_PART_BYTES = 1 << 20
"""A long WebSocket or TCP flow is written in parts of this size."""
_POLL = 0.2
_NO_PHASE = "unknown"


class Recorder:
    """Records one bundle. `clock` gives seconds since 1970."""

    def __init__(
        self, bundle: Path | None = None, *, about: dict[str, str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        """Prepare; files are opened when mitmproxy is running."""
        self.bundle = bundle
        self._about = about or {}
        self._clock = clock
        self._connections: dict[str, Connection] = {}
        self._parts: dict[str, int] = {}
        self._open: dict[str, Any] = {}
        self._peers = Peers()
        self._marks: deque[tuple[float, str]] = deque(maxlen=8)
        self._read_marks = 0
        self._polled = 0.0
        self._flows: Any = None
        self._events: Any = None
        self.written = 0

    # life cycle

    def load(self, loader: Any) -> None:
        """Offer the option `mingcha_bundle` to mitmdump."""
        if self.bundle is None:
            loader.add_option("mingcha_bundle", str, "capture", "Folder to record into.")

    def running(self) -> None:
        """Open the files, mending what a killed recorder left behind."""
        if self.bundle is None:
            from mitmproxy import ctx  # noqa: PLC0415 - only under mitmdump

            self.bundle = Path(ctx.options.mingcha_bundle)
        self.open()

    def open(self) -> None:
        """Open flows and events for appending."""
        if self._flows is not None or self.bundle is None:
            return
        self.bundle.mkdir(parents=True, exist_ok=True, mode=0o700)
        lost = mend(self.bundle / FLOWS)
        self._flows = (self.bundle / FLOWS).open("ab")
        events, marks = self.bundle / EVENTS, self.bundle / MARKS
        resumed = events.exists() and events.stat().st_size > 0
        if resumed:
            self._marks.extend((mark.time, mark.phase) for mark in read_events(events).marks[-1:])
            self._read_marks = marks.stat().st_size if marks.exists() else 0
        torn = resumed and not _ends_with_newline(events)
        self._events = events.open("a", encoding="utf-8")
        if torn:
            self._events.write("\n")
        self.event("start", **self._about, mended=lost)

    def done(self) -> None:
        """Write what is still open and close the files."""
        for flow in list(self._open.values()):
            self._close(flow)
        for connection in self._connections.values():
            self._end(connection)
        self._connections.clear()
        if self._events is not None:
            self.event("stop", flows=self.written)
            self._events.close()
            self._flows.close()
            self._events = self._flows = None

    # phases

    def mark(self, phase: str, by: str = "", at: float | None = None) -> None:
        """Begin a phase now, or at the moment `at`."""
        moment = self._clock() if at is None else at
        self._marks.append((moment, phase))
        self.event("phase", phase=phase, by=by, at=moment)

    def phase(self, moment: float) -> str:
        """Return the phase of a moment, `boundary` within the guard band of a change."""
        self.poll()
        current = _NO_PHASE
        previous = _NO_PHASE
        for begin, phase in sorted(self._marks):
            changed = previous not in (phase, _NO_PHASE)
            if changed and abs(begin - moment) <= GUARD:
                return "boundary"
            if begin <= moment:
                current = phase
            previous = phase
        return current

    def poll(self) -> None:
        """Take over marks that another process wrote."""
        now = self._clock()
        if self.bundle is None or now - self._polled < _POLL:
            return
        self._polled = now
        with contextlib.suppress(OSError), (self.bundle / MARKS).open("rb") as file:
            file.seek(self._read_marks)
            lines = file.read().splitlines(keepends=True)
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                self._read_marks += len(line)
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    row = json.loads(line)
                    self.mark(str(row["phase"]), str(row.get("by", "mark")), float(row["time"]))

    # writing

    def event(self, kind: str, **facts: Any) -> None:
        """Append one line to the event log."""
        if self._events is None:
            return
        moment = facts.pop("at", None) or self._clock()
        row = {"event": kind, "time": round(moment, 3), **facts}
        self._events.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._events.flush()

    def write(self, flow: Any, begun: float) -> None:
        """Append a flow with its phase and flush it."""
        if self._flows is None:
            return
        flow.metadata["phase"] = self.phase(begun or self._clock())
        self._flows.write(dumps(self._peers.state(flow)))
        self._flows.flush()
        self.written += 1

    def _part(self, flow: Any, messages: list[Any]) -> None:
        """Write a long flow in parts, so that it neither grows in memory nor is lost at a crash."""
        if len(messages) < _PART_MESSAGES and len(messages[-1].content) < _PART_BYTES:
            return
        self._finish_messages(flow, messages)

    def _finish_messages(self, flow: Any, messages: list[Any]) -> None:
        number = self._parts.get(flow.id, 0)
        if not messages and number:
            return
        flow.metadata["part"] = number
        self._parts[flow.id] = number + 1
        begun = messages[0].timestamp if messages else 0.0
        self.write(flow, begun)
        messages.clear()

    # connections

    def _of(self, client: Any) -> Connection:
        found = self._connections.get(client.id)
        if found is None:
            found = self._connections[client.id] = Connection(time=self._clock())
        return found

    def _end(self, connection: Connection) -> None:
        ruling = verdict(connection)
        if ruling is not None:
            self.event(
                "connection",
                at=connection.time,
                host=connection.host,
                port=connection.port,
                ip=connection.ip,
                verdict=ruling.verdict,
                reason=ruling.reason,
                detail=ruling.detail,
                sent=connection.sent,
                received=connection.received,
                requests=connection.requests,
                phase=self.phase(connection.time),
            )

    def client_connected(self, client: Any) -> None:
        """Begin the record of a connection."""
        self._of(client)

    def client_disconnected(self, client: Any) -> None:
        """Rule on a connection."""
        connection = self._connections.pop(client.id, None)
        if connection is not None:
            self._end(connection)

    def server_connect(self, data: Any) -> None:
        """Note where the connection is meant to go."""
        host, port = data.server.address or ("", 0)
        self._of(data.client).toward(str(host), int(port))

    def server_connected(self, data: Any) -> None:
        """Note the address of the server."""
        peer = data.server.peername
        if peer:
            self._of(data.client).ip = str(peer[0])

    def server_connect_error(self, data: Any) -> None:
        """Note that the server could not be reached."""
        self._of(data.client).upstream_error = str(data.server.error or "no connection")

    def http_connect(self, flow: Any) -> None:
        """Note where a client wants to go."""
        self._of(flow.client_conn).toward(flow.request.host, flow.request.port)

    def http_connect_error(self, flow: Any) -> None:
        """Note that the proxy could not open the tunnel."""
        status = flow.response.status_code if flow.response else ""
        self._of(flow.client_conn).upstream_error = f"tunnel refused {status}".strip()

    def tls_clienthello(self, data: Any) -> None:
        """Note the name a client asks for, and encrypted hellos."""
        connection = self._of(data.context.client)
        address = data.context.server.address or ("", 0)
        connection.toward(data.client_hello.sni or str(address[0]), int(address[1]))
        connection.tls = "hello"

    def tls_established_client(self, data: Any) -> None:
        """Note that the client took our certificate."""
        self._of(data.context.client).tls = "established"

    def tls_failed_client(self, data: Any) -> None:
        """Note that the client refused our certificate."""
        connection = self._of(data.context.client)
        connection.tls, connection.error = "failed", str(data.conn.error or "")

    def tls_failed_server(self, data: Any) -> None:
        """Note that TLS to the server failed."""
        self._of(data.context.client).upstream_error = str(data.conn.error or "TLS failed")

    # flows

    def requestheaders(self, flow: Any) -> None:
        """Count the request as soon as it begins."""
        connection = self._of(flow.client_conn)
        connection.requests += 1
        if not connection.named:
            connection.toward(flow.request.pretty_host, flow.request.port)

    def responseheaders(self, flow: Any) -> None:
        """Let endless replies through as they come."""
        kind = flow.response.headers.get("content-type", "")
        if kind.startswith(("text/event-stream", "application/grpc")):
            flow.response.stream = True

    def response(self, flow: Any) -> None:
        """Write a finished exchange; WebSockets are written when they end."""
        self._count(flow)
        if flow.websocket is None:
            self.write(flow, flow.request.timestamp_start)

    def error(self, flow: Any) -> None:
        """Write an exchange that failed: the request may have left the device."""
        connection = self._of(flow.client_conn)
        connection.errors += 1
        if flow.websocket is None and flow.request is not None:
            self._count(flow)
            self.write(flow, flow.request.timestamp_start)

    def _count(self, flow: Any) -> None:
        connection = self._of(flow.client_conn)
        connection.sent += len(flow.request.raw_content or b"")
        if flow.response is not None:
            connection.received += len(flow.response.raw_content or b"")

    def websocket_message(self, flow: Any) -> None:
        """Count a message and write the flow so far when it grows long."""
        self._open[flow.id] = flow
        messages = flow.websocket.messages
        self._of(flow.client_conn).passed(messages[-1])
        self._part(flow, messages)

    def websocket_end(self, flow: Any) -> None:
        """Write the rest of a WebSocket."""
        self._close(flow)

    def _close(self, flow: Any) -> None:
        """Write what is left of a WebSocket, TCP or UDP flow."""
        self._open.pop(flow.id, None)
        if flow.type == "http":
            self._finish_messages(flow, flow.websocket.messages)
        elif flow.messages or flow.id in self._parts:
            self._finish_messages(flow, flow.messages)
        self._parts.pop(flow.id, None)

    def tcp_message(self, flow: Any) -> None:
        """Count raw bytes and write the flow so far when it grows long."""
        self._raw(flow)

    def udp_message(self, flow: Any) -> None:
        """Count raw bytes and write the flow so far when it grows long."""
        self._raw(flow)

    def _raw(self, flow: Any) -> None:
        connection = self._of(flow.client_conn)
        address = flow.server_conn.address or ("", 0)
        connection.toward(str(address[0]), int(address[1]))
        flow.metadata["host"] = connection.host
        self._open[flow.id] = flow
        connection.raw += len(flow.messages[-1].content)
        connection.passed(flow.messages[-1])
        self._part(flow, flow.messages)

    def tcp_end(self, flow: Any) -> None:
        """Write the rest of a raw flow."""
        self._close(flow)

    def tcp_error(self, flow: Any) -> None:
        """Write the rest of a raw flow that broke."""
        self._close(flow)

    def udp_end(self, flow: Any) -> None:
        """Write the rest of a raw flow."""
        self._close(flow)

    def udp_error(self, flow: Any) -> None:
        """Write the rest of a raw flow that broke."""
        self._close(flow)

    def dns_request(self, flow: Any) -> None:
        """Count a DNS question: such a connection needs no verdict."""
        self._of(flow.client_conn).dns += 1

    def dns_response(self, flow: Any) -> None:
        """Log which addresses a name has, and keep the flow."""
        addresses = [str(answer) for answer in flow.response.answers if answer.type in (1, 28)]
        name = flow.request.questions[0].name if flow.request.questions else ""
        self.event("dns", name=name, addresses=addresses)
        self.write(flow, flow.request.timestamp or 0.0)


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        if not file.tell():
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


addons = [Recorder()] if __name__ != "scanner.traffic.recorder" else []
