"""A TCP relay on loopback that writes what passes as a packet capture: no privilege needed."""

import contextlib
import socket
import threading
from pathlib import Path

import dpkt

_PHONE, _SERVER = "10.0.0.7", "202.106.46.151"
_SYN, _ACK, _PUSH, _FIN = 2, 16, 24, 17


class Tap:
    """Relays connections to a port; `save` writes them as pcap."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._talks: list[list[tuple[bool, bytes]]] = []
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                talk: list[tuple[bool, bytes]] = []
                self._talks.append(talk)
                self._sockets += [client, server]
                for pair in ((client, server, True), (server, client, False)):
                    pump = threading.Thread(target=self._pump, args=(*pair, talk), daemon=True)
                    pump.start()
                    self._threads.append(pump)

    def _pump(
        self, source: socket.socket, target: socket.socket, outward: bool,
        talk: list[tuple[bool, bytes]],
    ) -> None:  # fmt: skip
        with contextlib.suppress(OSError):
            while data := source.recv(1400):
                with self._lock:
                    talk.append((outward, data))
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def save(self, path: Path) -> None:
        """Write every connection as a TCP conversation on port 443."""
        self._listener.close()
        for thread in self._threads:
            thread.join(5)
        for end in self._sockets:
            end.close()
        with path.open("wb") as file:
            writer = dpkt.pcap.Writer(file)
            moment = 1781056800.0
            for number, talk in enumerate(self._talks):
                sequence = {True: 1000, False: 5000}
                rows = [(True, _SYN, b""), (False, _SYN | _ACK, b""), (True, _ACK, b"")]
                rows += [(outward, _PUSH, data) for outward, data in talk]
                for outward, flags, data in rows:
                    moment += 0.001
                    ack = 0 if flags == _SYN else sequence[not outward]
                    packet = _packet(number, outward, flags, (sequence[outward], ack), data)
                    writer.writepkt(packet, ts=moment)
                    sequence[outward] += len(data) or (1 if flags & _SYN else 0)


def _packet(number: int, outward: bool, flags: int, counts: tuple[int, int], data: bytes) -> bytes:
    ends = ((_PHONE, 40000 + number), (_SERVER, 443))
    source, target = ends if outward else ends[::-1]
    segment = dpkt.tcp.TCP(
        sport=source[1], dport=target[1], seq=counts[0], ack=counts[1], flags=flags, data=data
    )
    packet = dpkt.ip.IP(
        src=socket.inet_aton(source[0]), dst=socket.inet_aton(target[0]), p=6, data=segment
    )
    packet.len = len(packet)
    return bytes(dpkt.ethernet.Ethernet(data=packet, type=dpkt.ethernet.ETH_TYPE_IP))
