"""What was concluded. The engine writes it; renderers read it; nothing changes it."""

from enum import StrEnum
from typing import Literal

import msgspec

from scanner.model.base import Doc, Text
from scanner.model.common import Confidence, Gap, Input, Part, Phase, Severity
from scanner.model.evidence import Tool
from scanner.model.matrix import Matrix
from scanner.model.static import App
from scanner.model.traffic import PlaceFact

SCHEMA = "mingcha.result/1"


class Outcome(StrEnum):
    """Six answers. Only FAIL accuses; NOT_ASSESSED and ERROR never count as a pass."""

    FAIL = "fail"
    REVIEW = "review"
    PASS = "pass"  # noqa: S105 - the word, not a secret
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"
    ERROR = "error"


Coverage = Literal["automatic", "partial", "manual"]


class EvidenceItem(Doc):
    """One piece of evidence, resolved so that a report needs nothing else.

    `ref` is the reference into the Evidence document. `kind`: code, flow, manifest, ui, traffic,
    runtime, policy, absence. `title` is one line; `lines` the detail (call chain, decoded
    field, quoted passage), `mark` the part of a line to highlight, `uri` a repository-like
    address (`classes.dex/a/b/C.java`, `network/host/path`) and `line` a line number for SARIF.
    """

    ref: str
    kind: str
    title: Text
    lines: tuple[Text, ...] = ()
    mark: str = ""
    uri: str = ""
    line: int | None = None


class Finding(Doc):
    """One concrete problem, tied to the evidence that shows it.

    `id` is a fingerprint of check and subject, stable over runs and versions. `outcome` is FAIL
    or REVIEW. `clauses` are `regulation:clause` ids that cite the check.
    """

    id: str
    check: str
    subject: str
    outcome: Outcome
    title: Text
    message: Text
    severity: Severity
    confidence: Confidence
    evidence: tuple[EvidenceItem, ...]
    limits: Text
    remediation: Text
    confirm: Text
    clauses: tuple[str, ...] = ()
    data_type: str = ""
    actor: str = ""
    waived: str = ""


class CheckResult(Doc):
    """The answer of one check. `findings` are ids; `gaps` indexes into Result.gaps."""

    id: str
    title: Text
    group: str
    outcome: Outcome
    severity: Severity
    rationale: Text | None = None
    limits: Text | None = None
    findings: tuple[str, ...] = ()
    reason: Text | None = None
    gaps: tuple[int, ...] = ()


class TesterAnswer(Doc):
    """What a person found on the device: outcome, note, who, when (ISO date or time), and the
    name and SHA-256 of a screenshot.
    """

    outcome: Outcome
    who: str
    when: str
    note: str = ""
    screenshot: str = ""
    screenshot_sha256: str = ""


class ClauseResult(Doc):
    """The answer for one clause of one regulation.

    `examined`: the automatic part, if any, ran to the end. `tester`: what a person does by hand.
    `citations` are law references in words. `answer` is what a person found; `machine` is then
    the outcome without it, and `disputed` says that the two contradict each other.
    """

    regulation: str
    clause: str
    group: str
    title: Text
    coverage: Coverage
    outcome: Outcome
    examined: bool
    checks: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    reason: Text | None = None
    tester: Text | None = None
    citations: tuple[Text, ...] = ()
    certainty: str = ""
    answer: TesterAnswer | None = None
    machine: Outcome | None = None
    disputed: bool = False


class RegulationInfo(Doc):
    """A rule text that the profile judges by."""

    id: str
    title: Text
    number: str = ""
    in_force: str = ""
    source: str = ""


class CategoryInfo(Doc):
    """The app category used for necessity questions. `how`: given, guessed, or unknown."""

    id: str
    name: Text
    how: Literal["given", "guessed", "unknown"]
    confidence: Confidence | None = None
    reasons: tuple[str, ...] = ()


class SdkInfo(Doc):
    """One row of the SDK inventory. `link` is the vendor's own statement, from the catalogue."""

    sdk: str
    name: Text
    vendor: Text
    country: str = ""
    category: str = ""
    present: bool = False
    initialised: bool | None = None
    reachable: bool | None = None
    observed: bool | None = None
    declared: bool | None = None
    version: str = ""
    markers: tuple[str, ...] = ()
    confidence: Confidence = "firm"
    link: str = ""


class PermissionInfo(Doc):
    """One row of the permission table."""

    name: str
    label: Text
    protection: str
    declared: bool
    used_by: tuple[str, ...] = ()
    explained: bool | None = None
    necessary: bool | None = None
    note: Text | None = None


class DestinationInfo(Doc):
    """One row of the destination table."""

    host: str
    company: str = ""
    actor: Text | None = None
    operator_country: str = ""
    hosting_country: str = ""
    outside: bool | None = None
    fact: PlaceFact = "undecided"
    reason: str = ""
    exchanges: int = 0
    personal_data: tuple[Text, ...] = ()
    cleartext: bool = False
    declared: bool | None = None


class CoverageRow(Doc):
    """One line of the coverage ledger: a part, whether it was examined, and how much."""

    part: Part
    examined: bool
    summary: Text


class CoreAnswer(Doc):
    """The answer to one of the three core questions."""

    question: Literal["permissions", "collection", "cross_border"]
    outcome: Outcome
    fail: int
    review: int
    summary: Text


class Summary(Doc):
    """Counts. `findings` by severity, `checks` by outcome, `clauses` by regulation and outcome;
    `examined` gives (examined, all) clauses per regulation.
    """

    findings: dict[str, int]
    clauses: dict[str, dict[str, int]]
    checks: dict[str, int]
    examined: dict[str, tuple[int, int]]
    core: tuple[CoreAnswer, ...]


class GateResult(Doc):
    """What the gate decided and why. `code` is the exit code."""

    passed: bool
    code: int
    reasons: tuple[Text, ...] = ()
    fail_on: str = "high"
    min_coverage: int = 0


class Risk(Doc):
    """A graded risk for graded supervision, never a legal verdict.

    `score` is the sum of what `steps` print, 0 and up; `grade` one of the table's grades.
    """

    score: float
    grade: str
    name: Text
    steps: tuple[Text, ...]
    note: Text


class TimelineSpan(Doc):
    """A stretch of the capture in one phase, in order of time; ISO 8601 UTC and its length."""

    phase: Phase
    start: str
    end: str
    seconds: float = 0.0


class TimelineEvent(Doc):
    """Personal data of one type, seen leaving towards `host` at `time` (ISO 8601 UTC).

    `span` is the index of the phase's stretch that it lies in (-1: none), `after` the seconds
    since that began.
    """

    time: str
    phase: Phase
    actor: str
    data_type: str
    host: str
    span: int = -1
    after: float = 0.0


class Timeline(Doc):
    """The consent story of the captures. `omitted` counts events beyond those that are kept."""

    spans: tuple[TimelineSpan, ...]
    events: tuple[TimelineEvent, ...]
    omitted: int = 0


class PolicyText(Doc):
    """One document that was read as policy."""

    name: str
    kind: str
    language: str
    chars: int
    sha256: str
    title: str = ""


class PolicyQuote(Doc):
    """What one sentence of the policy says. `types` are data-type ids, `quote` the passage."""

    action: str
    actor: str
    polarity: str
    types: tuple[str, ...]
    purpose: str
    document: str
    start: int
    quote: str


class PolicyElement(Doc):
    """A thing that a policy must say, whether it was found, and one passage that shows it."""

    id: str
    found: Literal["present", "probable", "not_found"]
    quote: str = ""
    document: str = ""
    start: int = 0


class PolicyParty(Doc):
    """A third party that the policy names, in the policy's own words."""

    name: str
    sdk: str = ""
    company: str = ""
    data: str = ""
    purpose: str = ""
    link: str = ""


class PolicyReading(Doc):
    """How the policy was read. `stance`: what it says about transfer abroad.

    `omitted` counts statements beyond those that are kept.
    """

    documents: tuple[PolicyText, ...]
    statements: tuple[PolicyQuote, ...]
    elements: tuple[PolicyElement, ...]
    parties: tuple[PolicyParty, ...]
    stance: str = "none"
    omitted: int = 0


class WaiverNote(Doc):
    """A waiver of waivers.yaml and what became of it, so that a report can print them all.

    `about` is the check or the finding, `scope` what narrows it. `state`: applied (it hides
    `findings`), expired (it would have hidden them), unused (nothing to hide).
    """

    about: str
    reason: str
    owner: str
    expires: str
    state: Literal["applied", "expired", "unused"]
    scope: str = ""
    findings: tuple[str, ...] = ()


class Label(Doc):
    """The words for an id used in the result, so that a report needs no knowledge files."""

    id: str
    text: Text


class Result(Doc, tag_field="schema", tag=SCHEMA):
    """The one document that every report is a pure function of."""

    tool: Tool
    evidence_digest: str
    inputs: tuple[Input, ...]
    app: App
    profile: str
    regulations: tuple[RegulationInfo, ...]
    category: CategoryInfo
    coverage: tuple[CoverageRow, ...]
    gaps: tuple[Gap, ...]
    summary: Summary
    findings: tuple[Finding, ...]
    checks: tuple[CheckResult, ...]
    clauses: tuple[ClauseResult, ...]
    matrix: Matrix
    sdks: tuple[SdkInfo, ...] = ()
    permissions: tuple[PermissionInfo, ...] = ()
    destinations: tuple[DestinationInfo, ...] = ()
    labels: tuple[Label, ...] = ()
    attributions: tuple[str, ...] = ()
    expired_waivers: tuple[Text, ...] = ()
    waivers: tuple[WaiverNote, ...] = ()
    gate: GateResult | None = None
    risk: Risk | None = None
    timeline: Timeline | None = None
    policy: PolicyReading | None = None
    not_in_force: tuple[RegulationInfo, ...] = ()
    """Rules of the profile that do not judge because they were not in force on the chosen day."""
    extra: dict[str, str] = msgspec.field(default_factory=dict)
