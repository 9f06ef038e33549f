"""Render time and size of every format for a small and a large result, against plain JSON.

python benchmarks/render.py [FILE.html]: with a path the large HTML page is kept there, and a
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
from scanner.model.base import same  # noqa: E402
from scanner.model.matrix import Cell, Matrix  # noqa: E402
from scanner.model.result import (  # noqa: E402
    Finding,
    Result,
    Timeline,
    TimelineEvent,
    TimelineSpan,
)

RUNS = 2


FINDINGS, EXCHANGES, CHECKS, CELLS = 5000, 2000, 40, 600
PHASES = ("before_consent", "after_consent", "in_use", "background")
START = "2026-06-10T02:00:00.000Z"


def large() -> Result:
    """Return 5,000 findings of 40 checks, no two with the same evidence, and 2,000 exchanges.

    Each exchange has a host of its own, each personal datum in it a dot of the timeline.
    """
    first = sample.result()
    host, check = first.destinations[0], first.checks[0]
    names = [f"check-{n}" for n in range(CHECKS)]
    findings = tuple(finding(n, names[n % CHECKS]) for n in range(FINDINGS))
    events = tuple(
        TimelineEvent(
            time=START,
            phase=PHASES[n % 4],
            actor=f"sdk{n % 9}",
            data_type=f"type{n % 7}",
            host=f"{n}.example",
            span=n % 4,
            after=n % 60,
        )
        for n in range(EXCHANGES)
    )
    spans = tuple(TimelineSpan(phase=name, start=START, end=START, seconds=60) for name in PHASES)
    cells = tuple(
        Cell(
            data_type=f"type{n // 10}",
            actor=f"sdk{n % 10}",
            reachable=True,
            observed=("in_use",),
            observed_count=3,
        )
        for n in range(CELLS)
    )
    return msgspec.structs.replace(
        sample.result(findings),
        checks=tuple(msgspec.structs.replace(check, id=name, findings=()) for name in names),
        destinations=tuple(
            msgspec.structs.replace(host, host=f"{n}.example") for n in range(EXCHANGES)
        ),
        timeline=Timeline(spans=spans, events=events),
        matrix=Matrix(cells=cells),
    )


def finding(number: int, check: str) -> Finding:
    """Return a finding with a chain of eight calls, a request and a passage of its own."""
    code, seen, said = sample.finding().evidence
    chain = tuple(same(f"com.example.module{number}.Class{step}.method") for step in range(8))
    evidence = (
        msgspec.structs.replace(code, ref=f"static/calls/{number}", lines=chain),
        msgspec.structs.replace(
            seen, ref=f"traffic/sightings/{number}", lines=(same(f"body.id{number} = 35****7"),)
        ),
        msgspec.structs.replace(said, ref=f"policy/statements/{number}"),
    )
    return sample.finding(number, check=check, evidence=evidence)


def best(result: Result, fmt: str) -> tuple[float, int]:
    """Return the best time in seconds and the size in bytes."""
    times = []
    page = b""
    for _ in range(RUNS):
        start = time.perf_counter()
        page = reports.render(result, fmt, "zh")
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
        path.write_bytes(reports.render(large(), "html", "zh"))
        opened(path)


if __name__ == "__main__":
    main()
