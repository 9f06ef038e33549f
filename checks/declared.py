"""What the policy declares about one cell of the matrix: the comparison of PoliCheck, adapted.

A flow is (data type, actor). A statement covers it when its data type is the flow's or a wider
one (the policy's own "device information (IMEI, ...)" counts before the global tree) and its
actor is the flow's or a wider one. The roots of the tree ("personal information") cover nothing:
a policy that says only that has not said what it collects.

Sources: PolicyLint and PoliCheck (relations, narrowing definitions), PoliGraph (local subsumption).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from profiles.families import kin
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.matrix import Declared
from scanner.model.policy import PolicyEvidence, Quote, Statement

_OUTWARD = frozenset({"share", "entrust", "transfer_abroad"})
_THIRD = "third_party"
_AFFILIATE = "affiliate"
_SAME_SENTENCE = 1
_FAR = 99
_ROW_END = 2
"""A sentence may end with a mark that the row leaves out."""

Side = Literal["positive", "conditional", "negative", "excepted"]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A statement or list row that covers the flow, with its two distances (0 = exact)."""

    side: Side
    entity: int
    data: int
    ref: str
    index: int
    start: int = -1
    end: int = -1
    document: str = ""
    listed: bool = False

    @property
    def near(self) -> tuple[int, int, bool, int]:
        """Order: nearest actor, nearest type, text before list, first in the policy."""
        return self.entity, self.data, self.listed, self.index


def declared_for(
    data_type: str, actor: str, policy: PolicyEvidence | None, know: Knowledge
) -> tuple[Declared, str]:
    """Return how the policy covers a flow, and the reference of the nearest passage.

    The reference is `policy/statements/N` or `policy/sdks/N`, or empty. `not_assessed` only when
    there is no policy.
    """
    if policy is None or not policy.documents:
        return "not_assessed", ""
    distances = _distances(data_type, policy, know)
    claims = [
        *_from_statements(policy, actor, distances, know),
        *_from_rows(policy, actor, distances, know),
    ]
    if not claims:
        return "omitted", _related(policy, distances)
    return _verdict(claims)


def _verdict(claims: list[_Claim]) -> tuple[Declared, str]:
    said = [c for c in claims if c.side in {"positive", "conditional"}]
    denied = [c for c in claims if c.side == "negative"]
    if not said and not denied:
        return "conditional", min(claims, key=_nearness).ref
    if not denied:
        return _covered(said)
    if not said:
        return "incorrect", min(denied, key=_nearness).ref
    clashes = [(p, n) for p in said for n in denied if not _together(p, n)]
    if not clashes:
        nearest = min([*said, *denied], key=_nearness)
        return ("incorrect", nearest.ref) if nearest.side == "negative" else _covered(said)
    if any(_contradicts(p, n) for p, n in clashes):
        return "ambiguous", min(denied, key=_nearness).ref
    return "incorrect", min(denied, key=_nearness).ref


def _covered(said: list[_Claim]) -> tuple[Declared, str]:
    """Grade statements that nothing denies."""
    exact = [c for c in said if not c.entity and not c.data]
    firm = [c for c in exact if c.side == "positive"]
    in_text = [c for c in firm if not c.listed]
    if in_text:
        return "clear", min(in_text, key=_nearness).ref
    if firm:
        return "sdk_list", min(firm, key=_nearness).ref
    if exact:
        return "conditional", min(exact, key=_nearness).ref
    return "vague", min(said, key=_nearness).ref


def _contradicts(said: _Claim, denied: _Claim) -> bool:
    """Tell a logical contradiction (the denial covers the claim) from a narrowing definition."""
    if said.data < denied.data:
        return True
    return said.data == denied.data and said.entity <= denied.entity


def _together(a: _Claim, b: _Claim) -> bool:
    """Tell whether two claims stand side by side in one sentence."""
    if a.document != b.document or a.start < 0 or b.start < 0:
        return False
    return max(a.start, b.start) - min(a.end, b.end) <= _SAME_SENTENCE


def _nearness(claim: _Claim) -> tuple[int, int, bool, int]:
    return claim.near


# data ------------------------------------------------------------------------


def _distances(data_type: str, policy: PolicyEvidence, know: Knowledge) -> dict[str, int]:
    """Return how far above the flow's type each covering type is.

    A wider type that the policy itself says includes the flow's type is as good as the type.
    For a group ("location"), every kind of it counts as the type itself.
    """
    chain = know.ancestors(data_type)
    wider = [t for t in chain if know.data_types[t].parent is not None] or [data_type]
    distances = {t: step for step, t in enumerate(wider)}
    distances[data_type] = 0
    if data_type in know.data_types and know.data_types[data_type].group:
        for other in know.data_types:
            if data_type in know.ancestors(other):
                distances[other] = 0
    for parent in _local(data_type, policy):
        if know.data_types.get(parent) is None or know.data_types[parent].parent is not None:
            distances[parent] = 0
    return distances


def _local(data_type: str, policy: PolicyEvidence) -> set[str]:
    """Return the types that the policy itself defines as including this one."""
    found: set[str] = set()
    wanted = {data_type}
    while wanted:
        above = {s.parent for s in policy.subsumptions if wanted & set(s.children)}
        wanted = above - found - {data_type}
        found |= wanted
    return found


def _reach(types: tuple[str, ...], distances: dict[str, int]) -> int | None:
    return min((distances[t] for t in types if t in distances), default=None)


# actors ----------------------------------------------------------------------


def _from_statements(
    policy: PolicyEvidence, actor: str, distances: dict[str, int], know: Knowledge
) -> Iterator[_Claim]:
    names, same = _names(actor, know), kin(know, actor)
    places = [row.place for row in policy.sdks if row.sdk and row.sdk in same]
    for index, statement in enumerate(policy.statements):
        data = _reach(statement.data_types, distances)
        if data is None:
            continue
        entity = 0 if statement.actor in same else _entity(statement, actor, names)
        side = _side(statement, actor)
        if entity is None or side is None:
            continue
        yield _Claim(
            side=side,
            entity=entity,
            data=data,
            ref=f"policy/statements/{index}",
            index=index,
            start=statement.start,
            end=statement.end,
            document=statement.document,
            listed=any(_within(statement, place) for place in places),
        )


def _within(statement: Statement, place: Quote) -> bool:
    """Tell whether a statement stands in a list row: what only the list says is `sdk_list`."""
    same = statement.document == place.document
    return same and place.start <= statement.start and statement.end <= place.end + _ROW_END


def _side(statement: Statement, actor: str) -> Side | None:
    """Return which side a statement is on for a flow to this actor.

    Only denials of getting the data contradict a flow: "we do not share" denies flows to third
    parties, "we do not collect" the app's own; "we do not store" denies neither.
    """
    polarity = statement.polarity
    if polarity in {"positive", "conditional"}:
        return polarity
    outward = statement.action in _OUTWARD
    if statement.action not in _OUTWARD | {"collect"}:
        return None
    if statement.actor == APP and outward == (actor == APP):
        return None
    return "negative" if polarity == "negative" else "excepted"


def _entity(statement: Statement, actor: str, names: tuple[str, ...]) -> int | None:
    """Return 0 for the same actor, 1 or 2 for a wider one, None when it does not speak of it."""
    speaker = statement.actor
    if speaker == actor:
        return 0
    if actor == APP:
        return None
    outward = statement.action in _OUTWARD
    to_it = outward and speaker == APP and _named(statement.receiver, names)
    if to_it or (speaker.startswith("name:") and _named(speaker, names)):
        return 0
    if speaker == _THIRD:
        return 1
    if outward and speaker in {APP, _AFFILIATE}:
        return 1 if statement.receiver else 2
    return None


def _named(text: str, names: tuple[str, ...]) -> bool:
    lower = text.lower()
    return any(name in lower for name in names)


def _names(actor: str, know: Knowledge) -> tuple[str, ...]:
    """Return the lower-case names by which a policy may speak of an SDK."""
    sdk = know.sdks.get(actor)
    if sdk is None:
        return ()
    names = (*sdk.policy_names, *sdk.company_names, sdk.name.zh, sdk.name.en)
    return tuple(sorted({name.lower() for name in names if len(name) > 1}))


def _from_rows(
    policy: PolicyEvidence, actor: str, distances: dict[str, int], know: Knowledge
) -> Iterator[_Claim]:
    """Yield list rows about this SDK, by id or by a name that several of its kind share."""
    sdk = know.sdks.get(actor)
    shared = tuple(name.lower() for name in sdk.policy_names) if sdk else ()
    same = kin(know, actor)
    for index, row in enumerate(policy.sdks):
        data = _reach(row.data_types, distances)
        if data is not None and (row.sdk in same or _named(row.name, shared)):
            yield _Claim(
                side="positive",
                entity=0,
                data=data,
                ref=f"policy/sdks/{index}",
                index=index,
                listed=True,
            )


def _related(policy: PolicyEvidence, distances: dict[str, int]) -> str:
    """Return the passage a reader should see beside an omission: the same data elsewhere."""
    best: tuple[int, str] = (_FAR, "")
    for index, statement in enumerate(policy.statements):
        data = _reach(statement.data_types, distances)
        if data is not None and data < best[0]:
            best = (data, f"policy/statements/{index}")
    for index, row in enumerate(policy.sdks):
        data = _reach(row.data_types, distances)
        if data is not None and data < best[0]:
            best = (data, f"policy/sdks/{index}")
    return best[1]
