"""Offline analysis of captures: speed, linearity, memory, bombs.

    python benchmarks/traffic_speed.py [--big]      (--big: a dump of 1 GB in a temporary folder)

CPU time is what counts, so that a busy machine changes little. The floor is mitmproxy's reader
alone over the same file, in the same run.
"""

import argparse
import base64
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

import brotli
import zstandard
from mitmproxy.io import tnetstring

from profiles.load import load_knowledge
from scanner.traffic.flow_file import dumps

SUBJECT = "values: {imei: ['860000042718287'], android_id: ['9f3c7a51d2e8b604']}\n"


def body(number: int, size: int) -> bytes:
    """Return a JSON report of about `size` bytes; every tenth carries a known value."""
    chance = random.Random(number)
    rows = []
    while len(rows) * 190 < size:
        rows.append(
            {
                "event": f"page_view_{chance.randrange(99)}",
                "time": 1_700_000_000_000 + chance.randrange(10**9),
                "props": {"duration": chance.random(), "from": "home", "title": "天气预报 今日"},
                "trace": f"{chance.getrandbits(64):016x}",
            }
        )
    content = {"device": {"aid": "9f3c7a51d2e8b604" if number % 10 == 0 else ""}, "events": rows}
    return json.dumps(content, ensure_ascii=False).encode()


TEMPLATE = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "traffic" / "clean.mitm"


def state(number: int, content: bytes) -> dict[str, Any]:
    """Return the state of a flow as mitmproxy stores it, made from one of the fixtures."""
    with TEMPLATE.open("rb") as file:
        flow: dict[str, Any] = tnetstring.load(file)
    flow["id"] = f"flow-{number}"
    flow["metadata"] = {"phase": "in_use"}
    flow["request"]["content"] = content
    flow["request"]["method"] = b"POST"
    flow["request"]["headers"] = ((b"content-type", b"application/json"),)
    flow["request"]["timestamp_start"] = 1_781_056_800.0 + number
    return flow


def write(path: Path, flows: int, size: int) -> None:
    """Write a dump of so many flows; a few bodies repeat so that writing stays quick."""
    states = [state(number, body(number, size)) for number in range(50)]
    with path.open("wb") as file:
        for number in range(flows):
            flow = states[number % len(states)]
            flow["request"]["timestamp_start"] = 1_781_056_800.0 + number
            file.write(dumps(flow))


CHILD = """
import sys, time
from pathlib import Path
what, path, subject = sys.argv[1:]
if what == "floor":
    from mitmproxy.io import FlowReader
    began = time.process_time()
    with open(path, "rb") as file:
        count = sum(1 for _ in FlowReader(file).stream())
else:
    from profiles.load import load_knowledge
    from scanner.traffic.gather import gather_traffic
    know = load_knowledge()
    import mitmproxy.io
    began = time.process_time()
    seen = gather_traffic([Path(path)], know, subject=Path(subject))
    count = seen.traffic.captures[0].exchanges
spent = time.process_time() - began
status = Path("/proc/self/status").read_text()
print(count, spent, int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


def run(what: str, path: Path, subject: Path) -> tuple[int, float, float]:
    """Return (flows, CPU seconds, peak MB) of one child process."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, what, str(path), str(subject)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    count, spent, peak = done.stdout.split()
    return int(count), float(spent), float(peak)


def speed(folder: Path, subject: Path) -> None:
    """Print speed for growing files, with the reader alone as the floor."""
    print("flows   size/flow     MB   CPU s  flows/s   MB/s  x reader alone  peak MB")
    for flows, size in ((500, 16_000), (1000, 16_000), (2000, 16_000), (4000, 1000)):
        path = folder / "speed.mitm"
        write(path, flows, size)
        megabytes = path.stat().st_size / 1e6
        count, spent, peak = run("analyse", path, subject)
        _, floor, _ = run("floor", path, subject)
        print(
            f"{count:5} {size:11} {megabytes:6.1f} {spent:7.2f} {count / spent:8.0f} "
            f"{megabytes / spent:6.1f} {spent / floor:15.1f} {peak:8.0f}"
        )


def bombs(folder: Path, subject: Path) -> None:
    """Print memory and time for bodies that unpack to 500 MB."""
    zeros = b"\0" * (500 << 20)
    nested = gzip.compress(gzip.compress(zeros))
    rows = {
        "gzip": (gzip.compress(zeros), "gzip"),
        "gzip in gzip": (nested, ""),
        "brotli": (brotli.compress(zeros, quality=4), "br"),
        "zstd": (zstandard.compress(zeros), "zstd"),
        "deflate": (zlib.compress(zeros), "deflate"),
        "base64 of gzip": (base64.b64encode(nested), ""),
    }
    for name, (content, coding) in rows.items():
        flow = state(1, content)
        flow["request"]["headers"] = [[b"content-encoding", coding.encode()]] if coding else []
        path = folder / "bomb.mitm"
        path.write_bytes(dumps(flow))
        _, spent, peak = run("analyse", path, subject)
        print(f"bomb {name:15} {len(content):9} bytes  {spent:5.2f} CPU s  peak {peak:4.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--big", action="store_true")
    options = parser.parse_args()
    load_knowledge()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subject = folder / "subject.yaml"
        subject.write_text(SUBJECT)
        speed(folder, subject)
        bombs(folder, subject)
        if options.big:
            path = folder / "big.mitm"
            began = time.perf_counter()
            write(path, 62_000, 16_000)
            print(
                f"wrote {path.stat().st_size / 1e9:.2f} GB in {time.perf_counter() - began:.0f} s"
            )
            count, spent, peak = run("analyse", path, subject)
            print(f"1 GB: {count} flows, {spent:.0f} CPU s, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
