"""Find personal data without knowing the device: names of fields, shapes and check digits."""

import re
from collections.abc import Iterator, Mapping, Sequence

from profiles.model import Detector
from scanner.model.common import Confidence
from scanner.traffic.checksums import CHECKS, Numbers
from scanner.traffic.decode.leaves import Leaf, leaf_of
from scanner.traffic.hits import BODY, Hit, Joined
from scanner.traffic.masking import mask, mask_position
from scanner.traffic.position import PRECISE, precision
from scanner.traffic.seeds import normal

_MAX_VALUE = 256
_MIN_PLAUSIBLE = 6
_MIN_REPEATED = 4
_MANY_KEYS = 1 << 14
_LAST_NAME = re.compile(r"([^.\[\]/:()]+)[.\[\]/:()]*$")
_FREE = "(?<![0-9A-Za-z])(?:{})(?![0-9A-Za-z])"
_DECIMALS = re.compile(r"-?\d{1,3}\.(\d+)")
_CONFIDENCE: Mapping[str, Confidence] = {
    "checksum+key": "firm",
    "key+shape": "firm",
    "checksum": "tentative",
    "key": "tentative",
}


class Rule:
    """One detector, compiled."""

    def __init__(self, entry: Detector, numbers: Numbers) -> None:
        """Compile the patterns. A bad pattern raises `re.error`; a test compiles them all."""
        self.entry = entry
        self._numbers = numbers
        self._keys = [re.compile(key) for key in entry.keys]
        self._telling = [re.compile(key) for key in entry.telling]
        self.beside = [re.compile(key) for key in entry.beside]
        self.shape = re.compile(entry.pattern) if entry.pattern else None
        self._check = CHECKS[entry.checksum] if entry.checksum else None

    def named(self, key: str) -> bool:
        """Tell whether a normalised key belongs to this kind of data."""
        return any(pattern.fullmatch(key) for pattern in (*self._keys, *self._telling))

    def judge(self, key: str, value: str) -> str:
        """Return the rung of the ladder for a value under a key that is `named`, "" for none."""
        if self.shape is not None and self.shape.fullmatch(value):
            if self._check is None:
                return "key+shape"
            if self._check(value, self._numbers):
                return "checksum+key"
        plausible = len(value) >= _MIN_PLAUSIBLE and " " not in value
        if plausible and any(pattern.fullmatch(key) for pattern in self._telling):
            return "key"
        return ""

    def stands_alone(self, value: str) -> bool:
        """Tell whether a value of the right shape counts without a key."""
        return self._check is not None and self._check(value, self._numbers)


class Detectors:
    """All detectors, ready for messages."""

    def __init__(self, entries: Sequence[Detector], numbers: Numbers) -> None:
        """Compile; answers per key are kept, since keys repeat."""
        self._rules = [Rule(entry, numbers) for entry in entries]
        self._alone = [rule for rule in self._rules if rule.entry.alone and rule.shape is not None]
        self._free = [
            (rule, re.compile(_FREE.format(rule.entry.pattern).encode())) for rule in self._alone
        ]
        self._placeholders = frozenset(numbers.placeholders)
        self._rules_of: dict[str, tuple[Rule, ...]] = {"": ()}

    def for_key(self, key: str) -> tuple[Rule, ...]:
        """Return the rules that a key belongs to; answers are kept, up to a limit."""
        rules = self._rules_of.get(key)
        if rules is None:
            rules = self._for_key(key)
            if len(self._rules_of) >= _MANY_KEYS:
                self._rules_of = {"": ()}
            self._rules_of[key] = rules
        return rules

    def _for_key(self, key: str) -> tuple[Rule, ...]:
        names = {normal(key)}
        last = _LAST_NAME.search(key)
        if last is not None:
            names.add(normal(last[1]))
        return tuple(rule for rule in self._rules if any(map(rule.named, names)))

    def find(self, joined: Joined, reply: bool) -> Iterator[Hit]:
        """Yield what the detectors see. Replies and cookies are full of borrowed names: there only
        detectors made for them count.
        """
        known = self._rules_of
        for row in joined.rows:
            above, label, data = row
            key = label or above.label or above.key()
            rules = known.get(key)
            if rules is None:
                rules = self.for_key(key)
            if rules and len(data) <= _MAX_VALUE:
                yield from self._named(rules, key, leaf_of(row), joined, reply)
        for rule, pattern in self._free:
            for match in pattern.finditer(joined.text):
                value = match[0].decode("ascii", "replace")
                leaf = joined.at(match.start())
                if rule.stands_alone(value) and not rule.named(normal(leaf.node.key())):
                    yield _hit(rule.entry, value, "checksum", leaf)

    def _named(
        self, rules: Sequence[Rule], key: str, leaf: Leaf, joined: Joined, reply: bool
    ) -> Iterator[Hit]:
        value = leaf.value.decode("utf-8", "replace").strip().strip('"')
        if "\ufffd" in value or self._is_nothing(value):
            return
        name = normal(key)
        borrowed = reply or leaf.node.path().startswith("cookie.")
        for rule in rules:
            if borrowed and not rule.entry.replies:
                continue
            how = rule.judge(name, value) or rule.judge(_last(key), value)
            if not how or (borrowed and how == "key"):
                continue
            if rule.beside and not _has_neighbour(rule, leaf, joined):
                continue
            yield _hit(rule.entry, value, how, leaf)

    def _is_nothing(self, value: str) -> bool:
        text = value.lower()
        repeated = len(text) >= _MIN_REPEATED and len(set(text) - set("-:. ")) <= 1
        return repeated or text in self._placeholders


def _last(key: str) -> str:
    found = _LAST_NAME.search(key)
    return normal(found[1]) if found is not None else ""


def _has_neighbour(rule: Rule, leaf: Leaf, joined: Joined) -> bool:
    """Tell whether a field that must stand beside this one does."""
    parent = leaf.node.parent
    return any(
        (above if label else above.parent) is parent
        and any(pattern.fullmatch(normal(label or above.key())) for pattern in rule.beside)
        for above, label, _ in joined.rows
    )


def _hit(entry: Detector, value: str, how: str, leaf: Leaf) -> Hit:
    data_type, size, shown = entry.data_type, "", mask(value)
    if data_type == "location_precise":
        shown = mask_position(value)
        decimals = [len(found[1]) for found in _DECIMALS.finditer(value)]
        if decimals:
            size = precision(min(*decimals, 7, 7))
            if min(decimals) < PRECISE:
                data_type = "location_coarse"
    return Hit(
        data_type=data_type,
        value=value,
        shown=shown,
        how=how,
        field=leaf.node.path() or BODY,
        encodings=leaf.node.layers(),
        confidence=_CONFIDENCE[how],
        precision=size,
    )
