"""What recording costs: our recorder against bare mitmdump, in one run; memory over many flows.

    python benchmarks/traffic_capture.py [--flows 2000] [--rounds 3] [--memory 20000]

One client process keeps 8 connections busy against a local server through a reverse proxy on
loopback. Bare mitmdump, mitmdump that saves (`-w`), and our recorder take turns; medians are
compared. `--memory` sends so many flows with 16 kB bodies and prints the recorder's memory.
"""

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER = """
import asyncio
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            size = int(head.lower().partition(b"content-length: ")[2].partition(b"\\r")[0] or 0)
            await reader.readexactly(size)
            writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nOK")
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
RECORDER = """
import sys, time
from pathlib import Path
from profiles.load import load_knowledge
from scanner.traffic.capture import CaptureOptions, Session
options = CaptureOptions(Path(sys.argv[1]), mode="reverse:" + sys.argv[2], port=int(sys.argv[3]))
session = Session(options, load_knowledge()).start()
print("ready", flush=True)
while True:
    time.sleep(60)
"""


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process and end it afterwards."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(20)


def mitmdump(upstream: str, port: int, *more: str) -> list[str]:
    """Return the command of a quiet mitmdump."""
    program = str(Path(sys.executable).with_name("mitmdump"))
    mode = ["--mode", f"reverse:{upstream}", "--listen-host", "127.0.0.1", "-p", str(port)]
    return [program, "-q", *mode, "--set", "stream_large_bodies=8m", *more]


async def _worker(port: int, requests: int, body: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /v1 HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    for _ in range(requests):
        writer.write(head + body)
        await reader.readuntil(b"OK")
        await reader.readuntil(b"OK")
    writer.close()


async def load(port: int, flows: int, size: int) -> float:
    """Send flows over 8 connections; return flows per second."""
    body = b'{"imei":"860000042718287","x":"' + b"a" * (size - 33) + b'"}'
    began = time.perf_counter()
    await asyncio.gather(*(_worker(port, flows // 8, body) for _ in range(8)))
    return flows / (time.perf_counter() - began)


def wait(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the proxy does not listen")


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Return the resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def measure(command: list[str], port: int, flows: int, size: int) -> tuple[float, float]:
    """Return flows per second and CPU milliseconds per flow."""
    with process(*command) as child:
        wait(port)
        asyncio.run(load(port, 160, size))
        before = cpu(child.pid)
        rate = asyncio.run(load(port, flows, size))
        return rate, (cpu(child.pid) - before) / flows * 1000


def compare(upstream: str, folder: Path, flows: int, rounds: int, size: int) -> None:
    """Let the three take turns and print medians and ratios."""
    results: dict[str, list[tuple[float, float]]] = {"bare": [], "mitmdump -w": [], "recorder": []}
    for number in range(rounds):
        for name, rows in results.items():
            port = free_port()
            command = {
                "bare": mitmdump(upstream, port),
                "mitmdump -w": mitmdump(upstream, port, "-w", str(folder / f"w{number}.mitm")),
                "recorder": [
                    sys.executable, "-c", RECORDER, str(folder / f"b{number}"), upstream, str(port)
                ],
            }[name]  # fmt: skip
            rows.append(measure(command, port, flows, size))
    bare = statistics.median(rate for rate, _ in results["bare"])
    bare_cpu = statistics.median(spent for _, spent in results["bare"])
    for name, rows in results.items():
        rate = statistics.median(rate for rate, _ in rows)
        spent = statistics.median(spent for _, spent in rows)
        print(
            f"{size:6} B  {name:12} {rate:7.0f} flows/s ({rate / bare:.2f} of bare)  "
            f"{spent:.2f} CPU ms/flow ({bare_cpu / spent:.2f})"
        )


def grow(upstream: str, folder: Path, flows: int) -> None:
    """Print the recorder's memory while many flows pass."""
    port = free_port()
    bundle = folder / "memory"
    with process(sys.executable, "-c", RECORDER, str(bundle), upstream, str(port)) as child:
        wait(port)
        for part in range(5):
            asyncio.run(load(port, flows // 5, 16_000))
            print(f"{(part + 1) * flows // 5:6} flows of 16 kB: {memory(child.pid):.0f} MB")
    print(f"file {(bundle / 'flows.mitm').stat().st_size / 1e6:.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--flows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, process(sys.executable, "-c", SERVER) as server:
        assert server.stdout is not None
        upstream = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        for size in (1000, 16_000):
            compare(upstream, Path(name), options.flows, options.rounds, size)
        if options.memory:
            grow(upstream, Path(name), options.memory)


if __name__ == "__main__":
    main()
