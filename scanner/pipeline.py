"""The stages joined: inputs -> Evidence -> Result. Used by the commands and by campaigns."""

import platform
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from profiles.model import Knowledge, Profile
from scanner import __version__
from scanner.model.common import Gap, Input
from scanner.model.errors import InputError
from scanner.model.evidence import Evidence, Tool
from scanner.model.policy import PolicyEvidence
from scanner.model.progress import Tell, silent
from scanner.model.result import Result
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import App, StaticEvidence
from scanner.model.traffic import TrafficEvidence


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to examine: the app, and everything the user has besides it."""

    app: Path
    policies: tuple[Path, ...] = ()
    policy_urls: tuple[str, ...] = ()
    traffic: tuple[Path, ...] = ()
    runtime: tuple[Path, ...] = ()
    subject: Path | None = None
    phases: Path | None = None
    geoip: Path | None = None
    mapping: Path | None = None
    embedded_policy: bool = True
    flow_budget: float = 30.0
    cross_check: bool = False
    processes: int = 0
    """How many share the work on the package: see `gather_static`."""

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
    packs: tuple[str, ...] = ()
    data_safety: Path | None = None


def gather(request: Request, know: Knowledge, tell: Tell = silent) -> Evidence:
    """Return the evidence of one app. Raises `InputError` when the app cannot be used."""
    from scanner.static.gather import gather_static

    package = gather_static(
        request.app,
        know,
        mapping=request.mapping,
        flow_budget=request.flow_budget,
        processes=request.processes,
        tell=tell,
    )
    desk = _Desk(know, tell, list(package.inputs), list(package.gaps))
    static = _second_reading(request, package.app, package.static, desk)
    return Evidence(
        tool=Tool(version=__version__, knowledge=know.digest, python=platform.python_version()),
        app=package.app,
        static=static,
        policy=_policy(request, package.policy_texts, desk),
        traffic=_traffic(request, package.app, static, desk),
        runtime=_runtime(request, package.app, desk),
        inputs=tuple(desk.inputs),
        gaps=tuple(desk.gaps),
    )


class _Desk(NamedTuple):
    """What every room works with and adds to."""

    know: Knowledge
    tell: Tell
    inputs: list[Input]
    gaps: list[Gap]

    def add(self, inputs: Iterable[Input], gaps: Iterable[Gap]) -> None:
        self.inputs.extend(inputs)
        self.gaps.extend(gaps)


def _second_reading(
    request: Request, app: App, static: StaticEvidence, desk: _Desk
) -> StaticEvidence:
    if not request.cross_check or app.format != "apk":
        return static
    from scanner.static.second_reader import cross_check

    desk.tell("second reading")
    second = cross_check(request.app, app, static)
    desk.add((), second.gaps)
    return msgspec.structs.replace(static, second_reader=second.note)


def _policy(
    request: Request, texts: Sequence[tuple[str, bytes]], desk: _Desk
) -> PolicyEvidence | None:
    embedded = texts if request.embedded_policy else ()
    if not request.policies and not request.policy_urls and not embedded:
        return None
    from scanner.policy.fetch import fetch
    from scanner.policy.gather import gather_policy

    with tempfile.TemporaryDirectory(prefix="mingcha-") as folder:
        pages = [fetch(url, Path(folder)) for url in request.policy_urls]
        paths = (*request.policies, *pages)
        read = gather_policy(paths, desk.know, embedded=embedded, tell=desk.tell)
    desk.add(read.inputs, read.gaps)
    return read.policy


def _traffic(
    request: Request, app: App, static: StaticEvidence, desk: _Desk
) -> TrafficEvidence | None:
    if not request.traffic:
        return None
    from scanner.traffic.attribute import attribute
    from scanner.traffic.gather import gather_traffic

    seen = gather_traffic(
        request.traffic,
        desk.know,
        subject=request.subject,
        phases=request.phases,
        geoip=request.geoip,
        tell=desk.tell,
    )
    desk.add(seen.inputs, seen.gaps)
    return attribute(seen.traffic, app, static)


def _runtime(request: Request, app: App, desk: _Desk) -> RuntimeEvidence | None:
    if not request.runtime:
        return None
    from scanner.runtime.gather import gather_runtime

    logs = gather_runtime(request.runtime, desk.know, package=app.package, tell=desk.tell)
    desk.add(logs.inputs, logs.gaps)
    return logs.runtime


def judge(evidence: Evidence, know: Knowledge, how: Judgement) -> Result:
    """Return the result of judging `evidence`.

    Raises `InputError` for an unknown profile or a Data safety export that cannot be read.
    """
    from checks.api import Context
    from checks.export_rules import problems
    from checks.registry import load_checks, refuse_unknown
    from scanner.engine import evaluate
    from scanner.store_label import read_label

    refuse_unknown(know)
    read = read_label(how.data_safety) if how.data_safety is not None else None
    context = Context(
        category=find_category(how.category, know),
        category_confidence="certain" if how.category else "tentative",
        as_of=how.as_of,
        export_facts=how.export_facts,
        packs=find_packs(how.packs, know),
        store_label=read.label if read is not None else None,
    )
    wrong = problems(how.export_facts, know)
    if wrong:
        raise InputError(f"--export-facts: {wrong[0]}")
    result = evaluate(evidence, load_checks(), find_profile(how.profile, know), know, context)
    return _with_input(result, read.input) if read is not None else result


def _with_input(result: Result, extra: Input) -> Result:
    """Return the result with a file that was judged by, beside those that were gathered."""
    return msgspec.structs.replace(result, inputs=(*result.inputs, extra))


def find_profile(name: str, know: Knowledge) -> Profile:
    """Return the profile called `name`. Raises `InputError` that lists the known ones."""
    if name not in know.profiles:
        raise InputError(
            f"there is no profile {name!r}", f"Profiles: {', '.join(sorted(know.profiles))}."
        )
    return know.profiles[name]


def find_packs(names: tuple[str, ...], know: Knowledge) -> tuple[str, ...]:
    """Return the optional regulations asked for. Raises `InputError` that lists the known ones."""
    optional = sorted(name for name, rule in know.regulations.items() if rule.optional)
    for name in names:
        if name not in optional:
            raise InputError(f"there is no pack {name!r}", f"Packs: {', '.join(optional)}.")
    return names


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
