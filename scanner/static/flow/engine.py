"""The entry of the analysis: builds the machine, drives it within its budget, hands out flows."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.progress import Tell, silent
from scanner.model.static import DataFlow
from scanner.static.dex.index import DexIndex
from scanner.static.facts import PackageFacts
from scanner.static.flow import (
    models_collections,
    models_compare,
    models_functions,
    models_handover,
    models_intents,
    models_keyed,
    models_platform,
    models_reflect,
    models_streams,
    models_tasks,
    models_text,
)
from scanner.static.flow.calls import Calls, Operation
from scanner.static.flow.evidence import data_flows
from scanner.static.flow.leaks import Leaks
from scanner.static.flow.lifecycle import Driver
from scanner.static.flow.machine import Machine, OutOfBudget
from scanner.static.flow.program import Program
from scanner.static.flow.seek import Relevance, Seeker
from scanner.static.flow.slices import slice_app
from scanner.static.flow.tables import FlowModels, read_framework
from scanner.static.flow.world import World
from scanner.static.names import Names

_STACK_BYTES = 512 << 20
_RECURSION = 60_000
_SMALL_APP = 1500
_WORK_PER_SECOND = 24_000  # two thirds of what one idle core does: the clock should not decide
_SMALL_SHARE = 0.3
_COMPONENT_SHARE = 0.55


@dataclass(frozen=True)
class FlowResult:
    """The flows found, sorted, and what could not be looked at."""

    flows: tuple[DataFlow, ...]
    gaps: tuple[Gap, ...] = ()


_Found: TypeAlias = tuple[Leaks, tuple[Gap, ...]]


def operations() -> dict[str, Operation]:
    """Return all operations that the model table may name."""
    return {
        **models_text.OPERATIONS,
        **models_compare.OPERATIONS,
        **models_collections.OPERATIONS,
        **models_keyed.OPERATIONS,
        **models_intents.OPERATIONS,
        **models_streams.OPERATIONS,
        **models_platform.OPERATIONS,
        **models_tasks.OPERATIONS,
        **models_reflect.OPERATIONS,
        **models_functions.OPERATIONS,
        **models_handover.OPERATIONS,
    }


def find_flows(
    index: DexIndex,
    facts: PackageFacts,
    know: Knowledge,
    *,
    budget_seconds: float = 30.0,
    implicit: bool = False,
    names: Names | None = None,
    tell: Tell = silent,
) -> FlowResult:
    """Return the flows of personal data from sources to sinks.

    `implicit` also follows data through the decisions that depend on it; `names` restores the names
    of places by a mapping. When the budget ends,
    the flows found so far are kept and the Gap `flow-budget` says so.
    """
    if not len(index.defs.method):
        return FlowResult(())
    analysis = _Analysis(index, facts, know, budget_seconds, implicit=implicit, tell=tell)
    leaks, gaps = _with_stack(analysis.run)
    return FlowResult(data_flows(leaks, analysis.program, names or Names(index)), gaps)


def _with_stack(work: Callable[[], _Found]) -> _Found:
    """Run deep recursion on a thread with a large stack."""
    result: list[_Found] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            result.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again on the caller's thread
            failure.append(error)

    size, limit = threading.stack_size(_STACK_BYTES), sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        thread = threading.Thread(target=target, name="flows")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if failure:
        raise failure[0]
    return result[0]


class _Analysis:
    def __init__(
        self,
        index: DexIndex,
        facts: PackageFacts,
        know: Knowledge,
        budget: float,
        *,
        implicit: bool,
        tell: Tell,
    ) -> None:
        self.tell = tell
        self.know = know
        self.facts = facts
        self.seconds = budget
        self.began = 0.0
        self.work = int(budget * _WORK_PER_SECOND)
        models = _models(know)
        prefixes = _prefixes(know, models)
        self.program = Program(index, lambda cls: cls.startswith(prefixes))
        self.framework = read_framework(know, self.program)
        self.implicit = implicit
        self.world = World(self.program, self.framework, facts)
        self.leaks = Leaks(self.framework)

    def _driver(self, allotted: int) -> Driver:
        """Return a driver over a fresh machine; flows are collected in one place."""
        machine = Machine(
            self.program, self.seconds - self.used(), allotted, implicit=self.implicit
        )
        machine.calls = Calls(machine, self.framework, self.leaks, self.world, operations())
        return Driver(machine.calls)

    def used(self) -> float:
        """Return the seconds that the processor spent on the analysis so far."""
        return time.thread_time() - self.began

    def run(self) -> _Found:
        """Drive the app until it is done or the budget ends; return what leaks, and gaps."""
        self.tell("data flows")
        self.began = time.thread_time()
        whole = not self._is_large() and self._small()
        whole = whole or self._large()
        gaps = () if whole else (_budget_gap(),)
        return self.leaks, gaps

    def _is_large(self) -> bool:
        index = self.program.index
        own = [
            row
            for row in range(len(index.classes.type))
            if self.program.is_app(index.descriptor(int(index.classes.type[row])))
        ]
        return int(np.isin(index.defs.cls, np.array(own)).sum()) > _SMALL_APP

    def _small(self) -> bool:
        """Run the whole app with all precision; tell whether that ended in its share of time."""
        try:
            self._driver(int(self.work * _SMALL_SHARE)).run()
        except OutOfBudget:
            return False
        return True

    def _finish(self, driver: Driver) -> None:
        """Use what is left for the components that did not end."""
        try:
            driver.finish(self.work)
        except OutOfBudget:
            driver.partial = True

    def _large(self) -> bool:
        """Run components within the slices around sources, then the sources left over."""
        slices = slice_app(self.program.index, self.facts, self.know, self.framework)
        if not (slices.sources & slices.reachable).any():
            return True
        driver = self._driver(self.work)
        relevance = Relevance(driver, slices)
        driver.machine.hurry(relevance)
        driver.hurry(int(self.work * _COMPONENT_SHARE))
        try:
            driver.run()
        except OutOfBudget:
            driver.partial = True
        self.tell("data flows: remaining sources")
        if driver.machine.late:
            return False
        seeker = Seeker(driver, slices, relevance, self.work)
        seeker.run()
        if driver.partial and not seeker.partial:
            self._finish(driver)
        return not driver.partial and not seeker.partial


def _models(know: Knowledge) -> FlowModels:
    from profiles.load import table  # noqa: PLC0415 - named once here

    return table(know, "flow_models", FlowModels)


def _prefixes(know: Knowledge, models: FlowModels) -> tuple[str, ...]:
    libraries = {
        f"L{p.replace('.', '/')}/" for one in know.libraries.values() for p in one.packages
    }
    return tuple(sorted(libraries | set(models.opaque)))


def _budget_gap() -> Gap:
    return Gap(
        part="static",
        code="flow-budget",
        detail=Text(
            zh="数据流分析在时限内未完成；已找到的数据流保留，其余未检查",
            en="The data-flow analysis did not end in its time; what was found is kept, "
            "the rest was not looked at",
        ),
        blocks=("static.flows",),
    )
