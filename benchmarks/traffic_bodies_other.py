"""A second, independently styled generator of bodies: other values, spellings and wrappers.

    python benchmarks/traffic_bodies_other.py [--markdown] [--misses] [--each N]

`traffic_bodies.py` grew beside the decoder; this one was written afterwards and run before
anything was changed for it (docs/traffic.md has the first numbers). Each pair of spelling and
wrapper is tried with N ids (3 by default). Positions have a table of their own.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator

from traffic_bodies import Body, record_of
from traffic_other_forms import FORMS, IDS, ONLY, PLACE, SKIP
from traffic_other_neutral import neutral
from traffic_other_places import POSITION_FORMS, POSITION_WRAPPERS, SYSTEMS
from traffic_other_wrappers import MULTI, WRAPPERS, part_of
from traffic_wire import jpeg_with_place

from profiles.load import load_knowledge, table
from profiles.model import Knowledge
from scanner.traffic.checksums import Numbers
from scanner.traffic.detect import Detectors
from scanner.traffic.hits import prune
from scanner.traffic.message import open_request
from scanner.traffic.seeds import AxisNames, SeedFinder
from scanner.traffic.subject import Seed, Subject


def bodies(each: int) -> Iterator[tuple[str, str, str, Body]]:
    """Yield (id, form, wrapper, body): every form in every wrapper, with `each` ids in turn."""
    names = list(IDS)
    turn = 0
    for form, spell in FORMS.items():
        usable = [n for n in ONLY.get(form, names) if n not in SKIP.get(form, ())]
        for wrapper, wrap in WRAPPERS.items():
            for _ in range(min(each, len(usable))):
                turn += 1
                name = usable[turn % len(usable)]
                yield name, form, wrapper, wrap(spell(IDS[name][1]))


class Measure:
    """All ids, ready to be looked for, and the detectors beside them."""

    def __init__(self, know: Knowledge) -> None:
        """Compile."""
        numbers = table(know, "traffic_numbers", Numbers)
        axes = AxisNames(frozenset(numbers.latitude_names), frozenset(numbers.longitude_names))
        seeds = tuple(Seed(kind, value) for kind, value in IDS.values())
        self.seeds = SeedFinder(Subject("", seeds, (PLACE,)), frozenset(numbers.joined_types), axes)
        self.detectors = Detectors(tuple(know.detectors), numbers)

    def found(self, body: Body) -> set[tuple[str, str]]:
        """Return (data type, value) of the known values in a body."""
        opened = open_request(record_of(body))
        hits = prune([*self.seeds.find(opened.joined), *self.seeds.find(opened.raw)])
        return {(hit.data_type, hit.value) for hit in hits}

    def guessed(self, body: Body) -> set[str]:
        """Return the data types that the detectors see without knowing any value."""
        return {
            hit.data_type
            for hit in self.detectors.find(open_request(record_of(body)).joined, False)
        }


def recall(measure: Measure, each: int, markdown: bool, misses: bool) -> None:
    """Print what share of the values is found."""
    forms: dict[str, list[int]] = {name: [0, 0] for name in FORMS}
    wrappers: dict[str, list[int]] = {name: [0, 0] for name in WRAPPERS}
    missed: Counter[tuple[str, str]] = Counter()
    began = time.process_time()
    for name, form, wrapper, body in bodies(each):
        hit = IDS[name] in measure.found(body)
        for row in (forms[form], wrappers[wrapper]):
            row[0] += hit
            row[1] += 1
        missed[form, wrapper] += not hit
    hit, total = (sum(row[i] for row in forms.values()) for i in (0, 1))
    print(
        f"{len(IDS)} ids, {len(FORMS)} forms x {len(WRAPPERS)} wrappers, {total} bodies, "
        f"{time.process_time() - began:.1f} CPU s"
    )
    print(f"recall: {hit}/{total} = {hit / total:.4f}")
    show("form", forms, markdown)
    show("wrapper", wrappers, markdown)
    if misses:
        print(*(f"{n:3} {pair}" for pair, n in missed.most_common(150) if n), sep="\n")


def positions(measure: Measure, markdown: bool) -> None:
    """Print what share of the positions is found."""
    rows: dict[str, list[int]] = {name: [0, 0] for name in POSITION_FORMS}
    for form, spell in POSITION_FORMS.items():
        for system in SYSTEMS.values():
            for wrap in POSITION_WRAPPERS.values():
                seen = measure.found(wrap(spell(*system(PLACE))))
                rows[form][0] += any(kind.startswith("location") for kind, _ in seen)
                rows[form][1] += 1
    photo = Body(jpeg_with_place(*PLACE), "image/jpeg")
    upload = Body(part_of(photo.data, "", "image/jpeg"), MULTI)
    rows["Exif of a JPEG"] = [0, 2]
    for body in (photo, upload):
        rows["Exif of a JPEG"][0] += any(k.startswith("location") for k, _ in measure.found(body))
    print(f"\npositions: {sum(r[0] for r in rows.values())}/{sum(r[1] for r in rows.values())}")
    show("position", rows, markdown)


def show(title: str, rows: dict[str, list[int]], markdown: bool) -> None:
    """Print a table of shares."""
    print(f"\n| {title} | found | of |\n|---|---|---|" if markdown else f"\n{title}")
    for name, (hit, total) in rows.items():
        share = f"{100 * hit / total:5.1f} %"
        print(f"| {name} | {share} | {total} |" if markdown else f"  {name:32} {share} of {total}")


def alarms(measure: Measure, count: int) -> None:
    """Print false alarms: of the known values, and of the detectors without them."""
    seeds = guesses = size = 0
    what: Counter[str] = Counter()
    began = time.process_time()
    for number in range(count):
        body = neutral(number)
        size += len(body.data) + sum(map(len, body.frames))
        seen, guessed = measure.found(body), measure.guessed(body)
        seeds += bool(seen)
        guesses += bool(guessed)
        what.update(f"known {kind}: {value}" for kind, value in seen)
        what.update(f"guessed {kind}" for kind in guessed)
    rate = size / 1e6 / (time.process_time() - began)
    print(
        f"\nfalse alarms: {seeds} of known values, {guesses} of detectors, in {count} neutral "
        f"bodies ({rate:.1f} MB/s)"
    )
    print(*(f"  {n} {name}" for name, n in what.most_common(12)), sep="\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--neutral", type=int, default=3000)
    options = parser.parse_args()
    measure = Measure(load_knowledge())
    recall(measure, options.each, options.markdown, options.misses)
    positions(measure, options.markdown)
    alarms(measure, options.neutral)


if __name__ == "__main__":
    main()
