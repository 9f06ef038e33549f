"""Two versions of a policy: what is said newly, no longer, or otherwise.

Pure functions, for `mingcha diff` and for the gate. Facts are compared, not words: a sentence that
moved or was polished is no change; data that is declared newly, or denied now, is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scanner.model.base import Doc
from scanner.model.policy import PolicyEvidence
from scanner.model.result import PolicyReading

Step = Literal["added", "removed", "changed"]
Flow = Literal["collect", "outward", "keep"]
_FLOWS: dict[str, Flow] = {
    "share": "outward",
    "entrust": "outward",
    "transfer_abroad": "outward",
    "store": "keep",
}
_UMBRELLA = frozenset({"personal_info", "sensitive_info", "anonymised_info"})
_WEIGHT = {"positive": 0, "conditional": 1, "negative_with_exception": 2, "negative": 3}


class DataChange(Doc):
    """One data type of one actor. `before` and `after` are polarities, empty where not said.

    `flow`: collect (and use), outward (shared, entrusted, exported), keep (stored). `quote` is a
    passage of the new policy, or of the old one where the data is no longer spoken of.
    """

    step: Step
    data_type: str
    actor: str
    flow: Flow
    before: str = ""
    after: str = ""
    quote: str = ""
    document: str = ""


class PartyChange(Doc):
    """A third party that is named newly, no longer, or with other data."""

    step: Step
    name: str
    sdk: str = ""
    before: str = ""
    after: str = ""


class ElementChange(Doc):
    """A thing that a policy must say (E01 to E25): `before` and `after` as in `Element.found`."""

    id: str
    before: str
    after: str


class PolicyDrift(Doc):
    """What changed from an old policy to a new one.

    `same_text`: the documents are the same, byte for byte. `whole`: no version was cut before it
    was compared; otherwise what looks removed may only have been cut. `stance` is
    (before, after) of what is said about export, empty when unchanged.
    """

    same_text: bool
    whole: bool = True
    data: tuple[DataChange, ...] = ()
    parties: tuple[PartyChange, ...] = ()
    elements: tuple[ElementChange, ...] = ()
    stance: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether the new policy says anything else than the old one."""
        return bool(self.data or self.parties or self.elements or self.stance)


@dataclass(frozen=True, slots=True)
class _Said:
    polarity: str
    quote: str
    document: str


@dataclass(frozen=True, slots=True)
class _View:
    """What both kinds of reading have in common."""

    texts: tuple[str, ...]
    data: dict[tuple[str, str, Flow], _Said]
    parties: dict[str, tuple[str, str, str]]
    elements: dict[str, str]
    stance: str
    whole: bool


def drift(old: PolicyEvidence, new: PolicyEvidence) -> PolicyDrift:
    """Return what changed between two gathered policies."""
    return _compare(_of_evidence(old), _of_evidence(new))


def drift_of_readings(old: PolicyReading, new: PolicyReading) -> PolicyDrift:
    """Return the same from the readings that two results carry."""
    return _compare(_of_reading(old), _of_reading(new))


def unanswered(
    behaviour: Iterable[tuple[str, str]], change: PolicyDrift
) -> tuple[tuple[str, str], ...]:
    """Return the new behaviour, (data type, actor), that no change of the policy speaks of.

    Give it what the app does now and did not before, less what the new policy declares clearly:
    what was declared all along needs no new sentence.
    """
    said = {(c.data_type, c.actor) for c in change.data if c.after}
    listed = {c.sdk for c in change.parties if c.sdk and c.step != "removed"}
    return tuple(b for b in sorted(set(behaviour)) if b not in said and b[1] not in listed)


def _compare(old: _View, new: _View) -> PolicyDrift:
    return PolicyDrift(
        same_text=old.texts == new.texts,
        whole=old.whole and new.whole,
        data=tuple(_data(old, new)),
        parties=tuple(_parties(old, new)),
        elements=tuple(
            ElementChange(id=name, before=old.elements[name], after=after)
            for name, after in sorted(new.elements.items())
            if name in old.elements and old.elements[name] != after
        ),
        stance=() if old.stance == new.stance else (old.stance, new.stance),
    )


def _data(old: _View, new: _View) -> Iterable[DataChange]:
    for key in sorted({*old.data, *new.data}):
        before, after = old.data.get(key), new.data.get(key)
        if before and after and before.polarity == after.polarity:
            continue
        shown = after or before
        data_type, actor, flow = key
        yield DataChange(
            step=_step(before, after),
            data_type=data_type,
            actor=actor,
            flow=flow,
            before=before.polarity if before else "",
            after=after.polarity if after else "",
            quote=shown.quote if shown else "",
            document=shown.document if shown else "",
        )


def _parties(old: _View, new: _View) -> Iterable[PartyChange]:
    for key in sorted({*old.parties, *new.parties}):
        before, after = old.parties.get(key), new.parties.get(key)
        if before and after and before[2] == after[2]:
            continue
        name, sdk, _ = after or before or ("", "", "")
        yield PartyChange(
            step=_step(before, after),
            name=name,
            sdk=sdk,
            before=before[2] if before else "",
            after=after[2] if after else "",
        )


def _step(before: object, after: object) -> Step:
    if not before:
        return "added"
    return "changed" if after else "removed"


def _flow(action: str) -> Flow:
    return _FLOWS.get(action, "collect")


def _of_evidence(policy: PolicyEvidence) -> _View:
    said = (
        (t, s.actor, _flow(s.action), _Said(s.polarity, s.quote, s.document))
        for s in policy.statements
        for t in s.data_types
    )
    return _View(
        texts=tuple(sorted(d.sha256 for d in policy.documents)),
        data=_strongest(said),
        parties=_named((row.name, row.sdk, " ".join(row.data_types)) for row in policy.sdks),
        elements={e.id: e.found for e in policy.elements},
        stance=policy.cross_border.stance,
        whole=True,
    )


def _of_reading(policy: PolicyReading) -> _View:
    said = (
        (t, s.actor, _flow(s.action), _Said(s.polarity, s.quote, s.document))
        for s in policy.statements
        for t in s.types
    )
    return _View(
        texts=tuple(sorted(d.sha256 for d in policy.documents)),
        data=_strongest(said),
        parties=_named((p.name, p.sdk, " ".join(p.data.split())) for p in policy.parties),
        elements={e.id: e.found for e in policy.elements},
        stance=policy.stance,
        whole=not policy.omitted,
    )


def _strongest(
    said: Iterable[tuple[str, str, Flow, _Said]],
) -> dict[tuple[str, str, Flow], _Said]:
    """Keep one passage per fact: what is declared outright counts before what is conditional."""
    out: dict[tuple[str, str, Flow], _Said] = {}
    for data_type, actor, flow, passage in said:
        if data_type in _UMBRELLA:
            continue
        key = data_type, actor, flow
        held = out.get(key)
        if held is None or _WEIGHT[passage.polarity] < _WEIGHT[held.polarity]:
            out[key] = passage
    return out


def _named(rows: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, str, str]]:
    """Unite rows of one third party: lists repeat a name once per purpose."""
    out: dict[str, tuple[str, str, str]] = {}
    for name, sdk, data in rows:
        key = sdk or " ".join(name.lower().split())
        held = out.get(key)
        words = sorted({*data.split(), *(held[2].split() if held else ())})
        out[key] = (held[0] if held else name, sdk, " ".join(words))
    return out
