"""The stages joined: inputs -> Evidence -> Result. Used by the commands and by campaigns."""

import platform
from pathlib import Path

import msgspec

from profiles.model import Knowledge, Profile
from scanner import __version__
from scanner.model.common import Gap, Input
from scanner.model.errors import InputError
from scanner.model.evidence import Evidence, Tool
from scanner.model.progress import Tell, silent
from scanner.model.result import Result


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to examine: the app, and everything the user has besides it."""

    app: Path
    policies: tuple[Path, ...] = ()
    traffic: tuple[Path, ...] = ()
    runtime: tuple[Path, ...] = ()
    subject: Path | None = None
    phases: Path | None = None
    geoip: Path | None = None
    mapping: Path | None = None
    embedded_policy: bool = True
    flow_budget: float = 30.0

    def files(self) -> tuple[Path, ...]:
        """Return every input path, in fixed order."""
        optional = (self.subject, self.phases, self.mapping)
        return (
            self.app,
            *self.policies,
            *self.traffic,
            *self.runtime,
            *(path for path in optional if path is not None),
        )


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """How to judge: the profile, and what the user told about the app."""

    profile: str = "cn"
    category: str = ""
    as_of: str = ""
    export_facts: dict[str, str] = msgspec.field(default_factory=dict)


def gather(request: Request, know: Knowledge, tell: Tell = silent) -> Evidence:
    """Return the evidence of one app. Raises `InputError` when the app cannot be used."""
    from scanner.policy.gather import gather_policy
    from scanner.static.gather import gather_static

    package = gather_static(
        request.app, know, mapping=request.mapping, flow_budget=request.flow_budget, tell=tell
    )
    inputs: list[Input] = list(package.inputs)
    gaps: list[Gap] = list(package.gaps)
    policy = traffic = runtime = None
    embedded = package.policy_texts if request.embedded_policy else ()
    if request.policies or embedded:
        read = gather_policy(request.policies, know, embedded=embedded, tell=tell)
        policy = read.policy
        inputs += read.inputs
        gaps += read.gaps
    if request.traffic:
        from scanner.traffic.attribute import attribute
        from scanner.traffic.gather import gather_traffic

        seen = gather_traffic(
            request.traffic,
            know,
            subject=request.subject,
            phases=request.phases,
            geoip=request.geoip,
            tell=tell,
        )
        traffic = attribute(seen.traffic, package.app, package.static)
        inputs += seen.inputs
        gaps += seen.gaps
    if request.runtime:
        from scanner.runtime.gather import gather_runtime

        logs = gather_runtime(request.runtime, know, tell=tell)
        runtime = logs.runtime
        inputs += logs.inputs
        gaps += logs.gaps
    return Evidence(
        tool=Tool(version=__version__, knowledge=know.digest, python=platform.python_version()),
        inputs=tuple(inputs),
        app=package.app,
        static=package.static,
        traffic=traffic,
        runtime=runtime,
        policy=policy,
        gaps=tuple(gaps),
    )


def judge(evidence: Evidence, know: Knowledge, how: Judgement) -> Result:
    """Return the result of judging `evidence`. Raises `InputError` for an unknown profile."""
    from checks.api import Context
    from checks.registry import load_checks
    from scanner.engine import evaluate

    context = Context(
        category=find_category(how.category, know),
        category_confidence="certain" if how.category else "tentative",
        as_of=how.as_of,
        export_facts=how.export_facts,
    )
    return evaluate(evidence, load_checks(), find_profile(how.profile, know), know, context)


def find_profile(name: str, know: Knowledge) -> Profile:
    """Return the profile called `name`. Raises `InputError` that lists the known ones."""
    if name not in know.profiles:
        raise InputError(
            f"there is no profile {name!r}", f"Profiles: {', '.join(sorted(know.profiles))}."
        )
    return know.profiles[name]


def find_category(name: str, know: Knowledge) -> str:
    """Return the category id for an id, a number 1..39 or a name; "" for "".

    Raises `InputError` when nothing fits.
    """
    if not name:
        return ""
    for category in know.categories.values():
        names = {category.id, str(category.number), category.name.zh, category.name.en.lower()}
        if name in names or name.lower() in names:
            return category.id
    known = ", ".join(f"{c.number} {c.id}" for c in know.categories.values())
    raise InputError(f"there is no app category {name!r}", f"Categories: {known}.")
