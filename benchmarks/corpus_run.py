"""Gather the static evidence of every file below some folders, and say what became of each.

usage: python benchmarks/corpus_run.py FOLDER ... [--flow-budget SECONDS] [--verbose]

Ends with exit code 1 when a file gave a traceback, broke a reader of the code (gaps `code-failed`,
`flows-failed`) or took longer than the limit.
"""

import argparse
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from profiles.load import load_knowledge
from scanner.model.errors import InputError
from scanner.static.gather import gather_static

LIMIT = 20.0


class Run:
    """One pass over many files, and what became of each."""

    def __init__(self, flow_budget: float, verbose: bool) -> None:
        self.know = load_knowledge()
        self.flow_budget = flow_budget
        self.verbose = verbose
        self.outcomes: Counter[str] = Counter()
        self.gaps: Counter[str] = Counter()
        self.times: list[tuple[float, str]] = []

    def take(self, path: Path) -> None:
        began = time.perf_counter()
        self.outcomes[self._outcome(path)] += 1
        self.times.append((time.perf_counter() - began, path.name))

    def _outcome(self, path: Path) -> str:
        try:
            found = gather_static(path, self.know, flow_budget=self.flow_budget)
        except InputError as error:
            if self.verbose:
                print(f"refused  {error}")
            return "refused"
        except Exception:  # noqa: BLE001 - the one thing that this run looks for
            print(f"TRACEBACK {path}\n{traceback.format_exc()}")
            return "traceback"
        self.gaps.update({gap.code for gap in found.gaps})
        return "result"

    def summary(self) -> int:
        total = sum(seconds for seconds, _ in self.times)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        slowest = sorted(self.times)[-5:][::-1]
        print(f"{len(self.times)} files, {total:.1f} s, peak {peak:.0f} MB: {dict(self.outcomes)}")
        print("gaps:", ", ".join(f"{code} {count}" for code, count in self.gaps.most_common()))
        print("slowest:", ", ".join(f"{name} {seconds:.2f} s" for seconds, name in slowest))
        broken = self.outcomes["traceback"] + self.gaps["code-failed"] + self.gaps["flows-failed"]
        return 1 if broken or slowest[0][0] > LIMIT else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--flow-budget", type=float, default=0.0)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    run = Run(options.flow_budget, options.verbose)
    for path in (p for f in options.folders for p in sorted(f.rglob("*")) if p.is_file()):
        run.take(path)
    return run.summary()


if __name__ == "__main__":
    sys.exit(main())
