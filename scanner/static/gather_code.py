"""The code side called, and its evidence joined with that of the package side."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.errors import MingchaError
from scanner.model.progress import Tell
from scanner.model.static import CodeStats, DataFlow, StaticEvidence
from scanner.static import jni
from scanner.static.calls import Code
from scanner.static.code import CodeEvidence, code_evidence, read_code
from scanner.static.facts import PackageFacts
from scanner.static.owner import ClassOwners
from scanner.static.package_side import PackageSide
from scanner.static.packers import BLOCKED
from scanner.static.sides import Sides

_T = TypeVar("_T")

_FLOWS = ("static.flows",)
_NO_CODE = Gap(
    part="static",
    code="no-code",
    detail=Text(
        zh="安装包中没有可读的代码文件（DEX），应用行为未知",
        en="The package holds no readable dex file; what the app does is unknown",
    ),
    blocks=BLOCKED,
)
_CODE_FAILED = Gap(
    part="static",
    code="code-failed",
    detail=Text(
        zh="代码异常，无法分析，应用行为未知",
        en="The code is malformed and could not be analysed; what the app does is unknown",
    ),
    blocks=BLOCKED,
)
_NO_FLOWS = Gap(
    part="static",
    code="flows-not-analysed",
    detail=Text(zh="未要求分析数据流", en="Data-flow analysis was not asked for"),
    blocks=_FLOWS,
)
_FLOWS_FAILED = Gap(
    part="static",
    code="flows-failed",
    detail=Text(
        zh="代码异常，数据流分析中断", en="The code is malformed; data-flow analysis broke off"
    ),
    blocks=_FLOWS,
)


class CodeOptions(NamedTuple):
    """Mapping file, and seconds for data-flow analysis (0 = none)."""

    mapping: Path | None
    flow_budget: float


def with_code(sides: Sides, options: CodeOptions) -> tuple[StaticEvidence, list[Gap]]:
    """Return the evidence of package and code. Raises `InputError` for a bad mapping."""

    def work() -> tuple[Code, CodeEvidence, jni.Links]:
        sides.tell(f"code: {len(sides.dex)} dex files")
        index = sides.index()
        code = read_code(sides.facts(), know, index=index, mapping=options.mapping, tell=tell)
        facts = sides.whole().facts
        said = code_evidence(code, facts, tell)
        return code, said, jni.link(code, facts.native_exports, sides.package)

    know, tell = sides.know, sides.tell
    read = _attempt(work)
    side = sides.whole()
    if read is None:
        evidence, _ = without_code(side)
        return evidence, [_CODE_FAILED]
    code, said, links = read
    side = side._replace(evidence=_entered(side.evidence, code, links))
    flows, flow_gaps = _flows(code, side.facts, know, options, tell)
    return _joined(side, said, flows, code.owners), [*said.gaps, *flow_gaps]


def _entered(evidence: StaticEvidence, code: Code, links: jni.Links) -> StaticEvidence:
    """Return the package's evidence with the ways by which code enters native libraries."""
    return replace(
        evidence,
        calls=jni.with_reach(code, links, evidence.calls),
        native_methods=jni.native_methods(code, links),
    )


def without_code(side: PackageSide) -> tuple[StaticEvidence, list[Gap]]:
    """Return the evidence of a package that holds no dex file."""
    libs = tuple(lib.path for lib in side.facts.native_libs)
    stats = CodeStats(native_libs=libs)
    return replace(side.evidence, code=stats, permissions=side.facts.permissions), [_NO_CODE]


def _attempt(work: Callable[[], _T]) -> _T | None:
    """Do work on hostile code; None when it breaks.

    The readers below are meant never to raise. Should one do so all the same, one part of the
    answer is lost and a Gap says so: the scan goes on. `mingcha -v` shows the traceback.
    """
    try:
        return work()
    except MingchaError:
        raise
    except Exception:
        import logging  # noqa: PLC0415 - a hundredth of a second that a sound package saves

        logging.getLogger(__name__).debug("analysis of the code broke off", exc_info=True)
        return None


def _flows(
    code: Code, facts: PackageFacts, know: Knowledge, options: CodeOptions, tell: Tell
) -> tuple[tuple[DataFlow, ...], tuple[Gap, ...]]:
    seconds = options.flow_budget
    if seconds <= 0:
        return (), (_NO_FLOWS,)
    from scanner.static.flow.engine import (  # noqa: PLC0415 - large; not always asked for
        FlowResult,
        find_flows,
    )

    tell("data flow")

    def work() -> FlowResult:
        names = code.names
        return find_flows(code.index, facts, know, budget_seconds=seconds, names=names, tell=tell)

    found = _attempt(work)
    return ((), (_FLOWS_FAILED,)) if found is None else (found.flows, found.gaps)


def _joined(
    side: PackageSide, said: CodeEvidence, flows: tuple[DataFlow, ...], owners: ClassOwners
) -> StaticEvidence:
    """Return package and code evidence as one; the owner of a component is its class's.

    Without a manifest nothing is known to be undeclared, so no permission is named at all.
    """
    evidence = side.evidence
    behaviours = [
        replace(b, actor=owners.of(b.place.cls)) if b.place.cls else b for b in evidence.behaviours
    ]
    return replace(
        evidence,
        code=said.stats,
        permissions=said.permissions if side.facts.package else (),
        calls=(*said.calls, *evidence.calls),
        sdks=said.sdks,
        libraries=said.libraries,
        unknown_packages=said.unknown_packages,
        endpoints=said.endpoints,
        components=tuple(replace(c, actor=owners.of(c.name)) for c in evidence.components),
        behaviours=tuple(
            sorted((*behaviours, *said.behaviours), key=lambda b: (b.kind, b.place.cls, b.detail))
        ),
        ui=(*evidence.ui, *said.ui),
        bridges=said.bridges,
        flows=tuple(replace(flow, actor=owners.acting(flow.source.cls)) for flow in flows),
    )
