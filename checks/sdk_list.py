"""What the policy says about third parties: which SDKs it names, and how fully."""

from profiles.families import covered
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.policy import PolicyEvidence, SdkRow

_NOT_SDKS = frozenset(("", APP, "affiliate", "third_party"))


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
