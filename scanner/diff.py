"""What changed between two results: for re-tests, for releases, for drift."""

from collections.abc import Iterable

from scanner.model.base import Doc, Text, same
from scanner.model.result import Finding, Result

SCHEMA = "mingcha.diff/1"


class Change(Doc):
    """What was added, removed and changed in one list."""

    added: tuple[Text, ...] = ()
    removed: tuple[Text, ...] = ()
    changed: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.added or self.removed or self.changed)


class FindingLine(Doc):
    """A finding in a comparison."""

    id: str
    check: str
    severity: str
    outcome: str
    message: Text


class Difference(Doc, tag_field="schema", tag=SCHEMA):
    """The difference of two results, old to new.

    `fixed` findings are gone, `open` are in both, `new` only in the new one. A finding whose
    check could not be assessed this time is `unknown`, not fixed. `drift`: what the app does
    changed (new data, SDKs, hosts or permissions) while the policy that was read is the same.
    """

    old: str
    new: str
    fixed: tuple[FindingLine, ...] = ()
    open: tuple[FindingLine, ...] = ()
    fresh: tuple[FindingLine, ...] = ()
    unknown: tuple[FindingLine, ...] = ()
    permissions: Change = Change()
    sdks: Change = Change()
    data: Change = Change()
    hosts: Change = Change()
    countries: Change = Change()
    clauses: Change = Change()
    drift: bool = False


def compare(old: Result, new: Result) -> Difference:
    """Return what changed from `old` to `new`."""
    before = {finding.id: finding for finding in old.findings}
    after = {finding.id: finding for finding in new.findings}
    answered = {c.id for c in new.checks if c.outcome.value in {"fail", "review", "pass"}}
    gone = [finding for name, finding in before.items() if name not in after]
    permissions, sdks, data, hosts = (
        _sets(_permissions(old), _permissions(new)),
        _sets(_sdks(old), _sdks(new)),
        _sets(_data(old), _data(new)),
        _sets(_hosts(old), _hosts(new)),
    )
    return Difference(
        old=_name(old),
        new=_name(new),
        fixed=_lines(f for f in gone if f.check in answered),
        unknown=_lines(f for f in gone if f.check not in answered),
        open=_lines(f for name, f in after.items() if name in before),
        fresh=_lines(f for name, f in after.items() if name not in before),
        permissions=permissions,
        sdks=sdks,
        data=data,
        hosts=hosts,
        countries=_sets(_countries(old), _countries(new)),
        clauses=_clauses(old, new),
        drift=_policies(old) == _policies(new) != ()
        and any(change.added for change in (permissions, sdks, data, hosts)),
    )


def _name(result: Result) -> str:
    return f"{result.app.package} {result.app.version_name} {result.app.sha256[:12]}"


def _lines(findings: Iterable[Finding]) -> tuple[FindingLine, ...]:
    return tuple(
        FindingLine(
            id=f.id, check=f.check, severity=f.severity, outcome=f.outcome.value, message=f.message
        )
        for f in findings
    )


def _sets(old: dict[str, Text], new: dict[str, Text]) -> Change:
    return Change(
        added=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        removed=tuple(old[name] for name in sorted(old.keys() - new.keys())),
    )


def _permissions(result: Result) -> dict[str, Text]:
    return {p.name: same(p.name) for p in result.permissions if p.declared}


def _sdks(result: Result) -> dict[str, Text]:
    return {sdk.sdk: sdk.name for sdk in result.sdks if sdk.present}


def _data(result: Result) -> dict[str, Text]:
    """Return the cells that behaviour shows: what only the policy says is not behaviour."""
    labels = {label.id: label.text for label in result.labels}
    cells = [c for c in result.matrix.cells if c.reachable or c.leaves or c.observed_count]
    return {
        f"{c.data_type}/{c.actor}": Text(
            zh=f"{_zh(labels, c.data_type)}（{_zh(labels, c.actor)}）",
            en=f"{_en(labels, c.data_type)} ({_en(labels, c.actor)})",
        )
        for c in cells
    }


def _zh(labels: dict[str, Text], name: str) -> str:
    return labels[name].zh if name in labels else name


def _en(labels: dict[str, Text], name: str) -> str:
    return labels[name].en if name in labels else name


def _hosts(result: Result) -> dict[str, Text]:
    return {d.host: same(d.host) for d in result.destinations}


def _countries(result: Result) -> dict[str, Text]:
    names = {d.hosting_country for d in result.destinations if d.hosting_country}
    return {name: same(name) for name in names}


def _clauses(old: Result, new: Result) -> Change:
    before = {(c.regulation, c.clause): c.outcome.value for c in old.clauses}
    changed = []
    for clause in new.clauses:
        was = before.get((clause.regulation, clause.clause))
        if was is not None and was != clause.outcome.value:
            step = f"{was} -> {clause.outcome.value}"
            title = clause.title
            changed.append(
                Text(
                    zh=f"{clause.clause} {title.zh}：{step}",
                    en=f"{clause.clause} {title.en}: {step}",
                )
            )
    return Change(changed=tuple(changed))


def _policies(result: Result) -> tuple[str, ...]:
    return tuple(sorted(i.sha256 for i in result.inputs if i.role == "policy"))
