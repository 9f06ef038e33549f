"""Data flow: score on the Java cases that were written without looking at the engine.

usage: python benchmarks/flow_cases.py [--implicit] [BATCH ...]
Counts as the DroidBench scorer does: per case, flows up to its number of leaks are right, further
ones are wrong, those missing are missed.
"""

import argparse
import resource

from tests.support.flow_cases import batch, batches


def main() -> None:
    """Print each case that is not exact, and the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("batch", nargs="*")
    parser.add_argument("--implicit", action="store_true")
    chosen = parser.parse_args()
    right = wrong = missed = exact = count = 0
    for name in chosen.batch or batches():
        for case in batch(name).cases:
            found = len(batch(name).run(case.name, implicit=chosen.implicit))
            right += min(found, case.leaks)
            wrong += max(0, found - case.leaks)
            missed += max(0, case.leaks - found)
            exact += found == case.leaks
            count += 1
            if found != case.leaks:
                print(f"{name}.{case.name}: {found} found, {case.leaks} leaks")
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} exact {exact} of {count}")
    print(f"CPU seconds {resource.getrusage(resource.RUSAGE_SELF).ru_utime:.1f}")


if __name__ == "__main__":
    main()
