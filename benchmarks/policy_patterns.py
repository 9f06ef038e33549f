"""Which patterns of the policy room cost most on hostile sentences.

usage: python benchmarks/policy_patterns.py [--seed N] [--tries N] [--show N]

Every pattern that the room compiles is run on sentences of the greatest length (480 characters)
that are made of its own words, repeated and shuffled. A pattern that backtracks badly shows as
thousands of milliseconds: each run is stopped after two seconds. Prints the slowest ones.
"""

import argparse
import random
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat

from profiles.load import load_knowledge

LIMIT = 480
"""The greatest length of a sentence, see scanner/policy/sentences.py."""

PIECES = re.compile(r"[\u3400-\u9fffa-z]{1,6}|[，；：（）、“”]")
BESIDE = [
    "我们",
    "您",
    "收集",
    "的",
    "信息",
    "，",
    "（",
    "）",
    "、",
    "a",
    "1",
    "：",
    "会",
    "提供",
    "sdk",
]
LONGEST = 2.0


class StoppedError(Exception):
    """A pattern that ran too long."""


@contextmanager
def recorded() -> Iterator[set[str]]:
    """Collect the patterns that are compiled meanwhile."""
    found: set[str] = set()
    compile_ = re.compile

    def keep(pattern, flags=0):
        if isinstance(pattern, str) and not flags:
            found.add(pattern)
        return compile_(pattern, flags)

    re.compile = keep
    try:
        yield found
    finally:
        re.compile = compile_


def sentences(pattern: str, tries: int, rng: random.Random) -> Iterator[str]:
    """Yield sentences made of the words of a pattern: a few repeated, or all of them shuffled."""
    own = PIECES.findall(pattern) or BESIDE
    for number in range(tries):
        if number % 3:
            unit = "".join(rng.choices(own if rng.random() < 0.8 else BESIDE, k=rng.randint(1, 8)))
            text = rng.choice(own) + unit * LIMIT
        else:
            text = "".join(rng.choices(own + BESIDE, k=LIMIT))
        yield text[: LIMIT - 1] + rng.choice("。x！、")


def cost(pattern: re.Pattern[str], text: str) -> float:
    """Return the seconds of CPU that finding all matches takes."""
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    start = time.process_time()
    try:
        for _ in pattern.finditer(text):
            pass
    except StoppedError:
        pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    return time.process_time() - start


def stop(*_: object) -> None:
    raise StoppedError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int, default=24)
    parser.add_argument("--show", type=int, default=12)
    a = parser.parse_args()
    signal.signal(signal.SIGALRM, stop)
    know = load_knowledge()
    with recorded() as found:
        from scanner.policy.gather import gather_policy  # noqa: PLC0415 - compiles at import

        gather_policy([], know, embedded=[("x", b"We collect your e-mail address. " * 20)])
    rng = random.Random(a.seed)
    worst = []
    for text in sorted(found):
        pattern = re.compile(text)
        each = map(cost, repeat(pattern), sentences(text, a.tries, rng))
        worst.append((max(each), text))
    print(f"{len(worst)} patterns, milliseconds for one sentence of {LIMIT} characters")
    for seconds, text in sorted(worst, reverse=True)[: a.show]:
        print(f"{seconds * 1000:8.1f}  {text[:90]!r}")


if __name__ == "__main__":
    main()
