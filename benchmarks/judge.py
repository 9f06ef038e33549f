"""Judging against its floor: `python benchmarks/judge.py [places] [repeats]`.

The floor is what any judge of a document must do: decode the evidence from JSON and encode the
result. Both run in one process on the same synthetic evidence; the ratio is printed.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

import items  # noqa: E402 - found through the path above
import made  # noqa: E402

from checks.api import Context  # noqa: E402
from checks.registry import load_checks  # noqa: E402
from profiles.load import load_knowledge  # noqa: E402
from scanner.engine import evaluate  # noqa: E402
from scanner.model.evidence import Evidence  # noqa: E402
from scanner.model.result import Result  # noqa: E402

KNOW = load_knowledge()
CHECKS = load_checks()
ACTORS = ["app", *list(KNOW.sdks)[:25]]
TYPES = [t.id for t in KNOW.data_types.values() if not t.group][:40]


def evidence(places: int) -> Evidence:
    """Return an app with this many places that read data, and a quarter as many sightings."""
    calls = tuple(
        made.call(TYPES[n % len(TYPES)], actor=ACTORS[n // 7 % len(ACTORS)]) for n in range(places)
    )
    seen = tuple(
        made.sighting(
            TYPES[n % len(TYPES)], actor=ACTORS[n // 5 % len(ACTORS)], host=f"h{n % 30}.example",
            id=f"s{n}",
        )
        for n in range(places // 4)
    )  # fmt: skip
    return items.app(static={"calls": calls}, sightings=(*items.SIGHTINGS, *seen))


def best(repeats: int, work: Callable[[], object]) -> float:
    """Return the shortest time in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main(places: int = 2000, repeats: int = 5) -> None:
    """Print the times and their ratio."""
    given = evidence(places)
    encoded = msgspec.json.encode(given)
    result = evaluate(given, CHECKS, KNOW.profiles["cn"], KNOW, Context())

    def judge() -> Result:
        return evaluate(given, CHECKS, KNOW.profiles["cn"], KNOW, Context())

    def floor() -> bytes:
        msgspec.json.decode(encoded, type=Evidence)
        return msgspec.json.encode(result)

    judging, least = best(repeats, judge), best(repeats, floor)
    print(f"{places} places, {len(result.matrix.cells)} cells, {len(result.findings)} findings")
    print(
        f"judge {judging * 1000:.1f} ms, floor {least * 1000:.1f} ms, ratio {judging / least:.1f}"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
