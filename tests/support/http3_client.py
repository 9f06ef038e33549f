"""A small HTTP/3 client on aioquic, which comes with mitmproxy."""

import asyncio
import ssl

from aioquic.asyncio import QuicConnectionProtocol, connect
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import H3Event, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import QuicEvent


class _Client(QuicConnectionProtocol):
    """Sends one request and waits for the headers of the reply."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.http = H3Connection(self._quic)
        self.answered = asyncio.Event()

    def quic_event_received(self, event: QuicEvent) -> None:
        for found in self.http.handle_event(event):
            self._http_event(found)

    def _http_event(self, event: H3Event) -> None:
        if isinstance(event, HeadersReceived):
            self.answered.set()

    async def post(self, host: str, body: bytes) -> None:
        stream = self._quic.get_next_available_stream_id()
        headers = [
            (b":method", b"POST"),
            (b":scheme", b"https"),
            (b":authority", host.encode()),
            (b":path", b"/h3"),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ]
        self.http.send_headers(stream, headers)
        self.http.send_data(stream, body, end_stream=True)
        self.transmit()
        await asyncio.wait_for(self.answered.wait(), 10)


async def post(host: str, port: int, body: bytes) -> None:
    """Post a body over HTTP/3; the certificate is not checked."""
    settings = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name=host)
    settings.verify_mode = ssl.CERT_NONE
    async with connect("127.0.0.1", port, configuration=settings, create_protocol=_Client) as it:
        assert isinstance(it, _Client)
        await it.post(host, body)
