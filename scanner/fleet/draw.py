"""双随机: which apps are examined and who examines them, drawn so that anyone can verify it.

The method, `mingcha.sample/1`. It uses exact fractions and HMAC-SHA-256 only, and nothing that
differs between machines or versions of Python:

1. `key(parts...)` is the lower-case hex HMAC-SHA-256 whose key is the seed in UTF-8 and whose
   message is `mingcha.sample/1` followed by each part as `<length in bytes>:<UTF-8 bytes>`.
2. A stratum is all apps with the same grade, category and history.
3. A grade with N apps and rate r gets n = ceil(r * N) places, at least `at_least` when r > 0 and
   never more than N.
4. The places of a grade go to its strata in proportion to their size: first the whole part of
   n * size / N, then one place each to the largest remainders; equal remainders in ascending
   order of `key("stratum", grade, category, history)`.
5. In a stratum the apps are ordered by `key("app", id)`, ascending, and the first are drawn.
6. Drawn apps are taken in order of `key("app", id)`. Each gets the testers who are free of a
   conflict of interest and have the fewest apps so far; among equals in ascending order of
   `key("tester", app id, tester id)`.
7. The digest of the population is the SHA-256 of a message made as in step 1 from, for each app
   in order of its id: `app`, id, name, grade, category, history, developer; then for each tester
   in order of their id: `tester`, id, name, what they keep away from in ascending order, and an
   empty part.

Ids are ordered by Unicode code points.
"""

import hashlib
import hmac
import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

from scanner.model.base import Doc
from scanner.model.errors import InputError

METHOD = "mingcha.sample/1"


class Item(Doc):
    """An app that may be drawn. `developer` matters for conflicts of interest only."""

    id: str
    name: str = ""
    grade: str = ""
    category: str = ""
    history: str = ""
    developer: str = ""


class Tester(Doc):
    """Somebody who may examine. `excludes`: ids or developers that they must keep away from."""

    id: str
    name: str = ""
    excludes: tuple[str, ...] = ()


class Plan(Doc):
    """What has to be fixed before the seed is drawn. `rates`: per grade, as `0.2` or `20%`."""

    seed: str
    rates: dict[str, str]
    testers_per_app: int = 2
    at_least: int = 1


class Stratum(Doc):
    """How many of how many were drawn in one stratum."""

    grade: str
    category: str
    history: str
    size: int
    drawn: int


class Drawn(Doc):
    """One app that was drawn, the key that decided it, and who examines it."""

    id: str
    key: str
    testers: tuple[str, ...]


class Record(Doc, tag_field="schema", tag=METHOD):
    """Everything that a draw rests on, and what came out. Nothing else is needed to verify it.

    `population_digest` can be published before the seed is drawn.
    """

    plan: Plan
    population_digest: str
    population: tuple[Item, ...]
    testers: tuple[Tester, ...]
    strata: tuple[Stratum, ...]
    drawn: tuple[Drawn, ...]


def draw(plan: Plan, population: Sequence[Item], testers: Sequence[Tester]) -> Record:
    """Return the record of a draw. The order of the inputs does not matter.

    Raises `InputError` for a doubled id, a grade without rate, or too few testers for an app.
    """
    items = tuple(sorted(population, key=lambda item: item.id))
    people = tuple(sorted(testers, key=lambda tester: tester.id))
    _distinct("app", [item.id for item in items])
    _distinct("tester", [tester.id for tester in people])
    places = _places(plan, items)
    chosen: list[tuple[str, Item]] = []
    for stratum, members in _strata(items).items():
        ordered = sorted((key(plan.seed, "app", item.id), item) for item in members)
        chosen += ordered[: places[stratum]]
    chosen.sort(key=lambda one: one[0])
    strata = _strata(items)
    return Record(
        plan=plan,
        population_digest=digest(items, people),
        population=items,
        testers=people,
        strata=tuple(
            Stratum(grade=s[0], category=s[1], history=s[2], size=len(strata[s]), drawn=places[s])
            for s in sorted(strata)
        ),
        drawn=_assigned(plan, chosen, people),
    )


def key(seed: str, *parts: str) -> str:
    """Return the pseudo-random key of something, as the method says."""
    return hmac.new(seed.encode(), _message(*parts), hashlib.sha256).hexdigest()


def _message(*parts: str) -> bytes:
    contents = [part.encode("utf-8", "replace") for part in parts]
    return METHOD.encode() + b"".join(b"%d:%b" % (len(one), one) for one in contents)


def digest(items: Sequence[Item], testers: Sequence[Tester]) -> str:
    """Return the SHA-256 of the population (see step 7 of the method)."""
    parts: list[str] = []
    for item in sorted(items, key=lambda one: one.id):
        parts += ["app", item.id, item.name, item.grade, item.category, item.history]
        parts.append(item.developer)
    for tester in sorted(testers, key=lambda one: one.id):
        parts += ["tester", tester.id, tester.name, *sorted(set(tester.excludes)), ""]
    return hashlib.sha256(_message(*parts)).hexdigest()


def verify(record: Record) -> tuple[str, ...]:
    """Return what in a record does not follow from its seed and its population; nothing if all
    does.
    """
    try:
        again = draw(record.plan, record.population, record.testers)
    except InputError as error:
        return (str(error),)
    wrong = []
    if again.population_digest != record.population_digest:
        wrong.append(f"population_digest: {record.population_digest}")
    if again.strata != record.strata:
        wrong.append("strata: other counts follow from the population and the rates")
    ours, theirs = {d.id: d for d in again.drawn}, {d.id: d for d in record.drawn}
    wrong += [f"{name}: not drawn by this seed" for name in sorted(theirs.keys() - ours.keys())]
    wrong += [f"{name}: drawn, and missing" for name in sorted(ours.keys() - theirs.keys())]
    wrong += [
        f"{name}: other key or testers"
        for name in sorted(ours.keys() & theirs.keys())
        if ours[name] != theirs[name]
    ]
    if not wrong and again.drawn != record.drawn:
        wrong.append("drawn: another order, or an app twice")
    return tuple(wrong)


def rate(text: str) -> Fraction:
    """Return a rate such as `0.2`, `1/5` or `20%`, exactly. Raises `InputError`."""
    number, percent = (text[:-1], 100) if text.endswith("%") else (text, 1)
    try:
        value = Fraction(number.strip()) / percent
    except (ValueError, ZeroDivisionError):
        raise InputError(f"{text!r} is not a rate such as 20%") from None
    if not 0 <= value <= 1:
        raise InputError(f"{text!r}: a rate lies between 0 and 100%")
    return value


_Key = tuple[str, str, str]


def _strata(items: Sequence[Item]) -> dict[_Key, list[Item]]:
    found: defaultdict[_Key, list[Item]] = defaultdict(list)
    for item in items:
        found[item.grade, item.category, item.history].append(item)
    return found


def _places(plan: Plan, items: Sequence[Item]) -> dict[_Key, int]:
    """Return how many apps are drawn in each stratum."""
    sizes = {stratum: len(members) for stratum, members in _strata(items).items()}
    places = {}
    for grade in sorted({stratum[0] for stratum in sizes}):
        if grade not in plan.rates:
            raise InputError(
                f"there is no rate for grade {grade!r}", f"Give one: --rate {grade or 'none'}=10%."
            )
        own = {stratum: size for stratum, size in sizes.items() if stratum[0] == grade}
        places.update(_shared(plan, own, rate(plan.rates[grade])))
    return places


def _shared(plan: Plan, sizes: dict[_Key, int], share: Fraction) -> dict[_Key, int]:
    """Return the places of one grade, shared among its strata by largest remainder."""
    total = sum(sizes.values())
    wanted = -(-share.numerator * total // share.denominator)
    count = min(total, max(wanted, plan.at_least)) if share else 0
    places = {stratum: count * size // total for stratum, size in sizes.items()}
    order = sorted(
        sizes, key=lambda s: (-(count * sizes[s] % total), key(plan.seed, "stratum", *s))
    )
    for stratum in order[: count - sum(places.values())]:
        places[stratum] += 1
    return places


def _assigned(
    plan: Plan, chosen: Sequence[tuple[str, Item]], testers: Sequence[Tester]
) -> tuple[Drawn, ...]:
    load: Counter[str] = Counter()
    drawn = []
    for own, item in chosen:
        free = [t for t in testers if not {item.id, item.developer} & set(t.excludes)]
        if len(free) < plan.testers_per_app and testers:
            raise InputError(
                f"{item.id}: {len(free)} testers without a conflict of interest,"
                f" {plan.testers_per_app} are needed"
            )
        free.sort(key=lambda t: (load[t.id], key(plan.seed, "tester", item.id, t.id)))
        names = tuple(tester.id for tester in free[: plan.testers_per_app])
        load.update(names)
        drawn.append(Drawn(id=item.id, key=own, testers=names))
    return tuple(drawn)


def _distinct(what: str, ids: Sequence[str]) -> None:
    if not all(ids):
        raise InputError(f"an {what} has no id" if what == "app" else f"a {what} has no id")
    doubled = next((one for one, following in itertools.pairwise(ids) if one == following), "")
    if doubled:
        raise InputError(f"{what} {doubled!r} is listed twice")
