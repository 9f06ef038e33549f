"""Third-party SDKs that the app contains or talks to and its policy does not name."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import grade, judging, strength
from checks.names import join, type_name
from checks.sdk_list import spoken_of
from profiles.model import Knowledge, Sdk
from scanner.model.base import Text
from scanner.model.common import SEVERITIES, Severity
from scanner.model.matrix import Cell, Matrix
from scanner.model.policy import PolicyEvidence
from scanner.model.static import StaticEvidence
from scanner.model.traffic import TrafficEvidence


def run(
    static: StaticEvidence | None,
    traffic: TrafficEvidence | None,
    policy: PolicyEvidence,
    matrix: Matrix,
    know: Knowledge,
) -> Iterator[Hit]:
    """Yield one hit for each SDK of the catalogue that is there and not named."""
    named = spoken_of(policy, know)
    present: dict[str, str] = {}
    for place in traffic.destinations if traffic is not None else ():
        present.setdefault(place.actor, f"traffic/destinations/{place.host}")
    for number, match in enumerate(static.sdks if static is not None else ()):
        present[match.sdk] = f"static/sdks/{number}"
    cells: dict[str, list[Cell]] = {}
    for cell in matrix.cells:
        if strength(cell) is not None:
            cells.setdefault(cell.actor, []).append(cell)
    for name in sorted(set(present) & set(know.sdks) - named):
        yield _hit(know.sdks[name], present[name], cells.get(name, []), policy, know)


def _hit(sdk: Sdk, ref: str, cells: list[Cell], policy: PolicyEvidence, know: Knowledge) -> Hit:
    """Grade by what the SDK does: seen collecting, able to, or merely there."""
    evidence = (ref, *(r for cell in cells[:3] for r in cell.evidence[:2]), f"absence/sdk/{sdk.id}")
    vendor_named = any(
        name in (row.company or row.name) for row in policy.sdks for name in sdk.company_names
    )
    strong = [cell for cell in cells if strength(cell) != "reachable"]
    doubtful = vendor_named or sdk.fallback or sdk.category in judging(know).weak_sdk_categories
    low: Severity = "low"
    severities = [grade(know, c.data_type, strength(c) or "reachable") for c in cells]
    worst = min(severities, key=SEVERITIES.index, default=low)
    return Hit(
        subject=sdk.id,
        message="vendor_only" if vendor_named else "collecting" if cells else "present",
        args={
            "sdk": sdk.name if vendor_named else _with_vendor(sdk),
            "vendor": sdk.vendor.name,
            "data": join(type_name(know, cell.data_type) for cell in cells),
        },
        evidence=evidence,
        confidence="tentative" if doubtful else "firm",
        severity=worst if strong and not doubtful else low,
        outcome="fail" if strong else "review",
        actor=sdk.id,
    )


def _with_vendor(sdk: Sdk) -> Text:
    """Return the name with its vendor, unless one is the other."""
    name, vendor = sdk.name, sdk.vendor.name
    if vendor.zh in name.zh or vendor.en in name.en:
        return name
    return Text(zh=f"{name.zh}（{vendor.zh}）", en=f"{name.en} ({vendor.en})")
