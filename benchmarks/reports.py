"""Render time and size of every format for a small and a large result, against plain JSON.

python benchmarks/reports.py [FILE.html]: with a path the large HTML page is kept there, and a
Chromium, when there is one, opens it.
"""

import sys
import tempfile
import time
from pathlib import Path

import msgspec

sys.path[:0] = [
    str(Path(__file__).parent.parent),
    str(Path(__file__).parent.parent / "tests/support"),
]
import browser  # noqa: E402
import sample  # noqa: E402

import reports  # noqa: E402

RUNS = 2


def large() -> object:
    """Return 5,000 findings and 2,000 destinations."""
    one = sample.result().destinations[0]
    return msgspec.structs.replace(
        sample.result(tuple(sample.finding(n) for n in range(5000))),
        destinations=tuple(msgspec.structs.replace(one, host=f"{n}.example") for n in range(2000)),
    )


def best(result: object, fmt: str) -> tuple[float, int]:
    """Return the best time in seconds and the size in bytes."""
    times = []
    page = b""
    for _ in range(RUNS):
        start = time.perf_counter()
        page = reports.render(result, fmt, "zh")  # type: ignore[arg-type]
        times.append(time.perf_counter() - start)
    return min(times), len(page)


def opened(path: Path) -> None:
    """Print how long a browser takes to paint and to finish loading."""
    binary = browser.find()
    if binary is None:
        print("no Chromium: opening was not measured")
        return
    with browser.chromium(binary, Path(tempfile.mkdtemp())) as tab:
        tab.open(path)
        timing = tab.js("performance.getEntriesByType('navigation')[0].toJSON()")
        paint = tab.js("performance.getEntriesByType('paint').map((p) => p.startTime)[0]")
    print(f"first paint {paint:.0f} ms, interactive {timing['domInteractive']:.0f} ms,", end=" ")
    print(f"loaded {timing['loadEventEnd']:.0f} ms")


def main() -> None:
    """Print one line per result and format."""
    for name, result in (("small", sample.result()), ("large", large())):
        floor, _ = best(result, "json")
        for fmt in reports.FORMATS:
            seconds, size = best(result, fmt)
            times = f"{seconds * 1000:8.1f} ms {seconds / floor:6.1f} x JSON"
            print(f"{name} {fmt:6} {times} {size:10,} bytes")
    if len(sys.argv) > 1:
        path = Path(sys.argv[1]).resolve()
        path.write_bytes(reports.render(large(), "html", "zh"))  # type: ignore[arg-type]
        opened(path)


if __name__ == "__main__":
    main()
