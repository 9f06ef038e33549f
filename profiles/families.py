"""SDKs that come as one product: naming one in a policy names its parts."""

from collections.abc import Iterable

from profiles.model import Knowledge

_LEAST = 3


def covered(know: Knowledge, named: Iterable[str], texts: Iterable[str] = ()) -> frozenset[str]:
    """Return the SDKs that a policy speaks of when it names these.

    `texts` are names as the policy writes them that could not be told apart ("the map SDK" of a
    vendor with two): every SDK that goes by such a name counts. A vendor's fallback entry counts
    as soon as one SDK of that vendor is named.
    """
    known = {name for name in named if name in know.sdks}
    lower = [text.lower() for text in texts]
    for sdk in know.sdks.values():
        if any(_goes_by(name.lower(), lower) for name in sdk.policy_names):
            known.add(sdk.id)
    vendors = {know.sdks[name].vendor.name.en for name in known}
    return frozenset(named) | frozenset(
        sdk.id
        for sdk in know.sdks.values()
        if sdk.id in known
        or known.intersection(sdk.named_with)
        or (sdk.fallback and sdk.vendor.name.en in vendors)
    )


def kin(know: Knowledge, actor: str) -> frozenset[str]:
    """Return the actors whose mention in a policy speaks for this one, itself included."""
    sdk = know.sdks.get(actor)
    if sdk is None:
        return frozenset((actor,))
    if not sdk.fallback:
        return frozenset((actor, *sdk.named_with))
    vendor = sdk.vendor.name.en
    same = (other.id for other in know.sdks.values() if other.vendor.name.en == vendor)
    return frozenset((actor, *sdk.named_with, *same))


def _goes_by(name: str, texts: list[str]) -> bool:
    return len(name) >= _LEAST and any(name in text for text in texts)
