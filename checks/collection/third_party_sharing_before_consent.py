"""Personal data that third parties get before the user could agree."""

from collections.abc import Iterator

from checks.api import Hit, NotAssessed
from checks.cells import is_nobody, phases_marked, refs, seen_in, subject, words
from checks.judging import grade, lower
from checks.matrix import recipient
from checks.names import actor_name, join
from checks.reasons import NO_PHASES
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.matrix import Cell, Matrix
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import StaticEvidence
from scanner.model.traffic import TrafficEvidence


def run(
    static: StaticEvidence | None,
    traffic: TrafficEvidence | None,
    runtime: RuntimeEvidence | None,
    matrix: Matrix,
    know: Knowledge,
) -> Iterator[Hit]:
    """Yield one hit for each data type and third party, then for SDKs initialised too early."""
    for seen in seen_in(("before_consent",), traffic, None, know, whose=recipient):
        if seen.actor == APP:
            continue
        severity = grade(know, seen.data_type, "observed")
        nobody = is_nobody(seen.actor)
        yield Hit(
            subject=subject(seen),
            message="unknown" if nobody else "observed",
            args={**words(know, seen.data_type, seen.actor), "hosts": join(seen.hosts)},
            evidence=seen.refs,
            confidence="tentative" if nobody else seen.confidence,
            severity=lower(severity) if nobody else severity,
            data_type=seen.data_type,
            actor=seen.actor,
        )
    for number, match in enumerate(static.sdks if static is not None else ()):
        cells = [c for c in matrix.cells if c.actor == match.sdk and _runs_early(c)]
        if match.initialised_before_consent and cells and match.sdk in know.sdks:
            yield Hit(
                subject=f"{match.sdk}/initialised",
                message="initialised",
                args={"actor": actor_name(know, match.sdk)},
                evidence=(f"static/sdks/{number}", *refs(cells[0], "static/")),
                severity="low",
                outcome="review",
                actor=match.sdk,
            )
    if "before_consent" not in phases_marked(traffic, runtime):
        raise NotAssessed(NO_PHASES)


def _runs_early(cell: Cell) -> bool:
    """Tell whether code of the cell runs before consent, with no guard on the way."""
    return bool(cell.before_consent) and cell.before_consent_confidence != "tentative"
