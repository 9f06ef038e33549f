"""What the policy says about third parties: which SDKs it names, and how fully."""

from collections.abc import Iterable, Iterator

from profiles.families import covered
from profiles.model import Knowledge, Sdk
from scanner.model.common import APP
from scanner.model.policy import PolicyEvidence, SdkRow

_NOT_SDKS = frozenset(("", APP, "affiliate", "third_party"))
_OWN_WORDS = "high"
"""This much trust in `data_declared` means that the vendor's own statement was read."""


def named_sdks(policy: PolicyEvidence) -> frozenset[str]:
    """Return the ids of the SDKs that the policy names, in its list or in a sentence."""
    rows = {row.sdk for row in policy.sdks if row.sdk}
    actors = {statement.actor for statement in policy.statements}
    return frozenset((rows | actors) - _NOT_SDKS)


def spoken_of(policy: PolicyEvidence, know: Knowledge) -> frozenset[str]:
    """Return the named SDKs and those that are named with them: a map's location half, a core
    that several products share, and every SDK that goes by a name the policy uses for two.
    """
    unclear = (row.name for row in policy.sdks if not row.sdk)
    return covered(know, named_sdks(policy), unclear)


def is_entry(row: SdkRow) -> bool:
    """Tell an entry of a list, which describes a third party, from a mere mention of a name."""
    return bool(row.data_text or row.data_types or row.purpose or row.company or row.link)


def left_out(
    entries: Iterable[tuple[int, SdkRow]], know: Knowledge
) -> Iterator[tuple[int, Sdk, tuple[str, ...]]]:
    """Yield (number of the first entry, SDK, data types) where the vendor's own statement
    declares data that the entries of its SDK leave out. An entry without types says nothing.
    """
    told: dict[str, set[str]] = {}
    first: dict[str, int] = {}
    for number, row in entries:
        if row.sdk in know.sdks:
            told.setdefault(row.sdk, set()).update(row.data_types)
            first.setdefault(row.sdk, number)
    for name, types in told.items():
        sdk = know.sdks[name]
        if types and sdk.data_declared_trust == _OWN_WORDS:
            left = tuple(t for t in sdk.data_declared if not _told(t, types, know))
            if left:
                yield first[name], sdk, left


def _told(data_type: str, told: set[str], know: Knowledge) -> bool:
    """Tell whether entries name the type, a wider one, or (for a group) a kind of it."""
    if told & set(know.ancestors(data_type)):
        return True
    return any(data_type in know.ancestors(other) for other in told)
