"""Entries of the third-party list without the content that must be told."""

from collections.abc import Callable, Iterator

from checks.api import Hit, NotApplicable
from checks.judging import judging
from checks.names import join, type_name
from checks.reasons import NO_LIST
from checks.sdk_list import is_entry, left_out
from profiles.model import Knowledge
from scanner.model.common import Severity
from scanner.model.policy import PolicyEvidence, SdkRow

_FIELDS: tuple[tuple[str, Severity, Callable[[SdkRow], bool]], ...] = (
    ("purpose", "medium", lambda row: bool(row.purpose)),
    ("data", "medium", lambda row: bool(row.data_text or row.data_types)),
    ("company", "low", lambda row: bool(row.company)),
    ("link", "low", lambda row: bool(row.link)),
)


def run(policy: PolicyEvidence, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit for each kind of content that entries lack, with the names of the entries."""
    entries = [(n, row) for n, row in enumerate(policy.sdks) if is_entry(row)]
    if not entries:
        raise NotApplicable(NO_LIST)
    least = judging(know).telling_chars
    for field, severity, has in _FIELDS:
        lacking = [(n, row) for n, row in entries if not has(row)]
        plain = [(n, row) for n, row in lacking if not _is_prose(row, least)]
        if lacking:
            sure = bool(plain) and severity == "medium"
            shown = plain if sure else lacking
            yield Hit(
                subject=field,
                message=field,
                args={
                    "count": str(len(shown)),
                    "names": join(dict.fromkeys(row.name for _, row in shown)),
                },
                evidence=tuple(f"policy/sdks/{n}" for n, _ in shown[:4]),
                confidence="firm" if plain else "tentative",
                severity=severity if sure else "low",
                outcome="fail" if sure else "review",
            )
    yield from _omitted(entries, know)


def _omitted(entries: list[tuple[int, SdkRow]], know: Knowledge) -> Iterator[Hit]:
    """Yield one hit per SDK whose vendor declares data that the app's entries leave out."""
    for number, sdk, left in left_out(entries, know):
        yield Hit(
            subject=f"omits/{sdk.id}",
            message="omits",
            args={"sdk": sdk.name, "data": join(type_name(know, t) for t in left)},
            evidence=(f"policy/sdks/{number}",),
            confidence="tentative",
            severity="low",
            outcome="review",
        )


def _is_prose(row: SdkRow, least: int) -> bool:
    """Tell whether a cell holds a sentence, which may well say what another column lacks."""
    return any(len(cell) >= least for cell in (row.data_text, row.purpose, row.method))
