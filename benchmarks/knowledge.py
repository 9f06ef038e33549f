"""Loading and matching the knowledge, each against its plain counterpart in the same run.

Usage: python benchmarks/knowledge.py
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from profiles import compiled
from profiles.load import build
from profiles.match import Catalogue, Traces
from profiles.match_texts import Strings
from profiles.model import Knowledge
from profiles.sources import HERE, compiled_key, digest, read_folder

CLASSES = 40_000
STRINGS = 200_000
ROUNDS = 5


def seconds(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median processor time of an action."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times)


def synthetic(know: Knowledge) -> tuple[list[str], list[str]]:
    """Return classes and strings of an app of the size the aim speaks of."""
    chance = random.Random(20261123)
    prefixes = [p for sdk in know.sdks.values() for p in sdk.packages]
    hosts = [rule.suffix for rule in know.hosts]
    classes = [
        f"{chance.choice(prefixes)}.p{chance.randrange(9)}.C{n}"
        if n % 4
        else f"com.own{n % 97}.ui.C{n}"
        for n in range(CLASSES)
    ]
    strings = [
        f"https://api.{chance.choice(hosts)}/v{n}" if n % 20 == 0 else f"message number {n} of many"
        for n in range(STRINGS)
    ]
    return classes, strings


def everything(know: Knowledge, classes: list[str], strings: list[str]) -> Traces:
    """Return traces of every kind: what a very large app brings, a quarter of it known."""
    chance = random.Random(7)

    def some(field: str, count: int, unknown: str) -> list[str]:
        known = [value for sdk in know.sdks.values() for value in getattr(sdk, field)]
        return [
            unknown.format(n) if n % 4 else chance.choice(known).replace("*", str(n))
            for n in range(count)
        ]

    return Traces(
        classes=classes,
        strings=strings,
        components=some("components", 4000, "com.own.ui.Screen{}"),
        native_libs=some("native_libs", 400, "libown{}.so"),
        meta_data=some("meta_data", 400, "com.own.KEY{}"),
        assets=some("assets", 10_000, "res/own{}.png"),
        hosts=some("hosts", 1000, "h{}.own.example"),
    )


def loop_owner(know: Knowledge, classes: list[str]) -> int:
    """Match the plain way: every prefix against every class."""
    prefixes = [f"{p}." for sdk in know.sdks.values() for p in sdk.packages]
    return sum(any(name.startswith(p) for p in prefixes) for name in classes)


def main() -> None:
    sources = read_folder(HERE, "")
    content = digest(sources)
    key = compiled_key(content)
    know = build(sources, content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knowledge.msgpack"
        path.write_bytes(compiled.encode(key, know))

        def load() -> object:
            found = digest(read_folder(HERE, ""))
            return compiled.decode(path.read_bytes(), compiled_key(found))

        from_yaml = seconds(lambda: build(read_folder(HERE, ""), content), 1)
        from_compiled = seconds(load)
    size = sum(len(source.data) for source in sources)
    print(f"load: {len(sources)} files, {size / 1e6:.1f} MB of YAML")
    print(f"  compiled, digest check included {from_compiled:8.3f} s")
    print(
        f"  from YAML, strictly             {from_yaml:8.3f} s   {from_yaml / from_compiled:.0f}x"
    )

    classes, strings = synthetic(know)
    traces = everything(know, classes, strings)
    match = seconds(lambda: Catalogue(know).match(traces))
    sample = classes[:: CLASSES // 400]
    loop = seconds(lambda: loop_owner(know, sample), 1) * CLASSES / len(sample)
    print(f"match: {CLASSES} classes, {STRINGS} strings, all kinds, {len(know.sdks)} SDKs")
    print(f"  catalogue, index built anew     {match:8.3f} s")
    print(f"  a loop per prefix (classes only){loop:8.3f} s   {loop / match:.0f}x")

    finder = Strings(
        [(rule.suffix, "host", rule) for rule in know.hosts]
        + [(text, api.match, api) for api in know.apis.values() for text in api.strings]
    )
    finder.find(["warm up"])
    found = seconds(lambda: finder.find(strings))
    floor = seconds(lambda: "\n".join(strings).encode())
    print(f"strings: {len(know.hosts)} hosts and the API strings in {STRINGS} strings")
    print(f"  one automaton                   {found:8.3f} s   {found / floor:.0f}x joining them")


if __name__ == "__main__":
    main()
