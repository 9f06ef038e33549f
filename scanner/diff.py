"""What changed between two results: for re-tests, for releases, for drift."""

from collections.abc import Iterable

from reports.words import strings
from scanner.diff_policy import statement_lines
from scanner.drift import Drift, behaviour, drift_between
from scanner.model.base import Doc, Text, same
from scanner.model.matrix import Cell
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
    check could not be assessed this time is `unknown`, not fixed. `statements` is what the policy
    says otherwise. `drift`: the app does something new that its policy does not declare, each line
    of `undeclared` one thing. `limits`: what one side did not examine, so that what is missing
    there may still happen.
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
    statements: Change = Change()
    clauses: Change = Change()
    same_policy: bool = False
    drift: bool = False
    undeclared: tuple[Text, ...] = ()
    limits: tuple[Text, ...] = ()


def compare(old: Result, new: Result) -> Difference:
    """Return what changed from `old` to `new`."""
    before = {finding.id: finding for finding in old.findings}
    after = {finding.id: finding for finding in new.findings}
    answered = {c.id for c in new.checks if c.outcome.value in {"fail", "review", "pass"}}
    gone = [finding for name, finding in before.items() if name not in after]
    found = drift_between(old, new)
    return Difference(
        old=_name(old),
        new=_name(new),
        fixed=_lines(f for f in gone if f.check in answered),
        unknown=_lines(f for f in gone if f.check not in answered),
        open=_lines(f for name, f in after.items() if name in before),
        fresh=_lines(f for name, f in after.items() if name not in before),
        permissions=_sets(_permissions(old), _permissions(new)),
        sdks=_sets(_sdks(old), _sdks(new), _versions(old, new)),
        data=_sets(_data(old), _data(new), _courses(old, new)),
        hosts=_sets(_hosts(old), _hosts(new), _moves(old, new)),
        countries=_sets(_countries(old), _countries(new)),
        statements=Change(**statement_lines(old, new)),
        clauses=_clauses(old, new),
        same_policy=_policies(old) == _policies(new) != (),
        drift=bool(found.undeclared),
        undeclared=found.undeclared,
        limits=_limits(old, new, found),
    )


def _limits(old: Result, new: Result, found: Drift) -> tuple[Text, ...]:
    """Say which part only one side examined."""
    seen = {row.part: row.examined for row in old.coverage}
    lines = [
        Text(
            zh=f"只有{'新' if row.examined else '旧'}版检查了{part.zh}："
            "另一版中没有出现，不等于没有发生",
            en=f"only the {'new' if row.examined else 'old'} result examined {part.en}:"
            " absent in the other does not mean it did not happen",
        )
        for row in new.coverage
        if row.part in seen and seen[row.part] != row.examined
        for part in (strings()[f"part.{row.part}"],)
    ]
    return (*lines, *((found.unjudged,) if found.unjudged is not None else ()))


def _name(result: Result) -> str:
    return f"{result.app.package} {result.app.version_name} {result.app.sha256[:12]}"


def _lines(findings: Iterable[Finding]) -> tuple[FindingLine, ...]:
    return tuple(
        FindingLine(
            id=f.id, check=f.check, severity=f.severity, outcome=f.outcome.value, message=f.message
        )
        for f in findings
    )


def _sets(old: dict[str, Text], new: dict[str, Text], changed: Iterable[Text] = ()) -> Change:
    return Change(
        added=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        removed=tuple(old[name] for name in sorted(old.keys() - new.keys())),
        changed=tuple(changed),
    )


def _versions(old: Result, new: Result) -> list[Text]:
    """Return the SDKs of which both versions are known and differ."""
    before = {sdk.sdk: sdk.version for sdk in old.sdks if sdk.present}
    return [
        Text(
            zh=f"{sdk.name.zh}：{before[sdk.sdk]} → {sdk.version}",
            en=f"{sdk.name.en}: {before[sdk.sdk]} → {sdk.version}",
        )
        for sdk in new.sdks
        if sdk.present and sdk.version and before.get(sdk.sdk, "") not in ("", sdk.version)
    ]


def _moves(old: Result, new: Result) -> list[Text]:
    """Return the hosts whose place changed."""
    before = {d.host: d.hosting_country for d in old.destinations}
    return [
        same(f"{d.host}: {before[d.host]} → {d.hosting_country}")
        for d in new.destinations
        if d.hosting_country and before.get(d.host, "") not in ("", d.hosting_country)
    ]


def _courses(old: Result, new: Result) -> list[Text]:
    """Return the data that is seen in further phases, or declared otherwise, than before."""
    before = behaviour(old)
    names = _data(new)
    lines = []
    for key, cell in behaviour(new).items():
        was = before.get(key)
        step = _course(was, cell) if was is not None else None
        if step is not None:
            name = names["/".join(key)]
            lines.append(Text(zh=f"{name.zh}：{step.zh}", en=f"{name.en}: {step.en}"))
    return lines


def _course(was: Cell, now: Cell) -> Text | None:
    fresh = [phase for phase in now.observed if phase not in was.observed]
    parts = []
    if fresh:
        zh = "、".join(strings()[f"phase.{phase}"].zh for phase in fresh)
        en = ", ".join(strings()[f"phase.{phase}"].en for phase in fresh)
        parts.append(Text(zh=f"新观察到于{zh}", en=f"now also seen {en}"))
    if was.declared != now.declared:
        old, new = strings()[f"declared.{was.declared}"], strings()[f"declared.{now.declared}"]
        parts.append(Text(zh=f"政策告知 {old.zh} → {new.zh}", en=f"policy {old.en} → {new.en}"))
    if not parts:
        return None
    return Text(zh="；".join(p.zh for p in parts), en="; ".join(p.en for p in parts))


def _permissions(result: Result) -> dict[str, Text]:
    return {p.name: same(p.name) for p in result.permissions if p.declared}


def _sdks(result: Result) -> dict[str, Text]:
    return {sdk.sdk: sdk.name for sdk in result.sdks if sdk.present}


def _data(result: Result) -> dict[str, Text]:
    """Return the cells that behaviour shows: what only the policy says is not behaviour."""
    labels = {label.id: label.text for label in result.labels}
    return {
        f"{kind}/{actor}": Text(
            zh=f"{_zh(labels, kind)}（{_zh(labels, actor)}）",
            en=f"{_en(labels, kind)} ({_en(labels, actor)})",
        )
        for kind, actor in behaviour(result)
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
            title = clause.title
            old_word = strings()[f"outcome.{was}"]
            new_word = strings()[f"outcome.{clause.outcome.value}"]
            changed.append(
                Text(
                    zh=f"{clause.clause} {title.zh}：{old_word.zh} → {new_word.zh}",
                    en=f"{clause.clause} {title.en}: {old_word.en} → {new_word.en}",
                )
            )
    return Change(changed=tuple(changed))


def _policies(result: Result) -> tuple[str, ...]:
    return tuple(sorted(i.sha256 for i in result.inputs if i.role == "policy"))
