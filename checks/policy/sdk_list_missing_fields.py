"""Entries of the third-party list without the content that must be told."""

from collections.abc import Callable, Iterator

from checks.api import Hit, NotApplicable
from checks.names import join
from checks.reasons import NO_LIST
from checks.sdk_list import is_entry
from scanner.model.common import Severity
from scanner.model.policy import PolicyEvidence, SdkRow

_FIELDS: tuple[tuple[str, Severity, Callable[[SdkRow], bool]], ...] = (
    ("purpose", "medium", lambda row: bool(row.purpose)),
    ("data", "medium", lambda row: bool(row.data_text or row.data_types)),
    ("company", "low", lambda row: bool(row.company)),
    ("link", "low", lambda row: bool(row.link)),
)


def run(policy: PolicyEvidence) -> Iterator[Hit]:
    """Yield one hit for each kind of content that entries lack, with the names of the entries."""
    entries = [(n, row) for n, row in enumerate(policy.sdks) if is_entry(row)]
    if not entries:
        raise NotApplicable(NO_LIST)
    for field, severity, has in _FIELDS:
        lacking = [(n, row) for n, row in entries if not has(row)]
        if lacking:
            yield Hit(
                subject=field,
                message=field,
                args={
                    "count": str(len(lacking)),
                    "names": join(dict.fromkeys(row.name for _, row in lacking)),
                },
                evidence=tuple(f"policy/sdks/{n}" for n, _ in lacking[:4]),
                severity=severity,
                outcome="fail" if severity == "medium" else "review",
            )
