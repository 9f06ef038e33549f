"""`mingcha calls` and `mingcha flows` for a person: places in the code and the ways between them.

A line of the code is never cut: it is evidence.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from reports.terminal import fit, printable
from reports.words import Voice
from scanner.model.base import Text
from scanner.model.static import CollectionSite, DataFlow, FlowStep, Location, Reach

_SINKS = ("network", "sdk", "sms")
"""Where data leaves the device, told first; the rest in the order it was found."""


class CodeText(Voice):
    """Says what was found in one language."""

    def calls(
        self,
        sites: Sequence[CollectionSite],
        work: Callable[[CollectionSite], Text | None] = lambda _: None,
    ) -> str:
        """Return one block per site: what, who, when, and its chain from the entry to the call.

        `work` tells what a library does there for itself, where it does.
        """
        if not sites:
            return self.t("code_text.no_calls") + "\n"
        types = len({site.data_type for site in sites})
        head = self.t("code_text.calls", calls=len(sites), types=types)
        return "\n\n".join((head, *(_block(self._site(s, work(s))) for s in sites))) + "\n"

    def flows(self, file: str, flows: Sequence[DataFlow]) -> str:
        """Return one block per flow, step by step; what leaves the device comes first."""
        head = printable(self.t("code_text.flows", file=file, n=len(flows)))
        numbered = enumerate(sorted(flows, key=_leaves), 1)
        return "\n\n".join((head, *(_block(self._flow(n, flow)) for n, flow in numbered))) + "\n"

    def _site(self, site: CollectionSite, work: Text | None) -> Iterator[str]:
        sure = self.t(f"confidence.{site.confidence}")
        actor = self.name(site.actor)
        if site.owner_inferred:
            actor += self.t("code_text.inferred")
        parts = (self.name(site.data_type), actor, self._reach(site.reach), sure)
        yield " · ".join(parts)
        for depth, step in enumerate(site.reach.chain or (_method(site.place),)):
            yield f"  {'→ ' if depth else ''}{step}"
        yield f"  ⇒ {site.target}{self._where(site.place)}"
        if work:
            yield "  " + self.t("code_text.own_work", what=self.say(work))

    def _flow(self, number: int, flow: DataFlow) -> Iterator[str]:
        to = f"→ {self.name(f'sink.{flow.sink_kind}')} {flow.host}".rstrip()
        sure = self.t(f"confidence.{flow.confidence}")
        yield f"{number}. {self.name(flow.data_type)} {to} · {sure}"
        if flow.transforms:
            changes = self._list("flow.change", flow.transforms)
            yield "  " + self.t("code_text.changed", what=changes)
        if flow.recipient:
            yield "  " + self._recipient(flow)
        for step in flow.path:
            yield f"  {self._step(step)}"
        if flow.assumed:
            what = self._list("flow.assumed", flow.assumed)
            yield "  " + self.t("code_text.assumed", what=what)

    def _recipient(self, flow: DataFlow) -> str:
        said = self.t(f"code_text.to_{flow.recipient}", component=flow.component)
        return said + (self.t("code_text.guarded_by", guard=flow.guard) if flow.guard else "")

    def _reach(self, reach: Reach) -> str:
        if reach.before_consent:
            return self.t("code_text.guarded" if reach.guarded else "code_text.early")
        if reach.reachable is None:
            return self.t("code_text.undecided")
        return self.t("code_text.reachable" if reach.reachable else "code_text.dead")

    def _step(self, step: FlowStep) -> str:
        at = step.place.offset
        offset = f" +0x{at:04x}" if at >= 0 else ""
        place = f"{_method(step.place)}{offset}{self._line(step.place)}"
        return f"{place}: {step.statement}" if step.statement else place

    def _where(self, at: Location) -> str:
        """Return byte offset, dex file and source line, as far as known."""
        parts = [f"+0x{at.offset:04x}"] if at.offset >= 0 else []
        parts += [at.dex] if at.dex else []
        return f"  ({', '.join(parts)}{self._line(at)})" if parts else ""

    def _line(self, at: Location) -> str:
        return "" if at.line is None else self.t("code_text.line", n=at.line)

    def _list(self, kind: str, names: Iterable[str]) -> str:
        return " → ".join(self.name(f"{kind}.{name}") for name in names)


def _block(lines: Iterable[str]) -> str:
    head, *rest = map(printable, lines)
    return "\n".join((fit(head), *rest))


def _method(place: Location) -> str:
    return f"{place.cls}.{place.method}"


def _leaves(flow: DataFlow) -> int:
    return _SINKS.index(flow.sink_kind) if flow.sink_kind in _SINKS else len(_SINKS)
