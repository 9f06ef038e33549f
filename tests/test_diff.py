"""A comparison tells fixed from not assessed, and behaviour from declaration."""

import msgspec
import sample

from scanner.diff import compare
from scanner.model.base import same
from scanner.model.common import Input
from scanner.model.matrix import Matrix
from scanner.model.result import Outcome, PermissionInfo, Result


def replace(result: Result, **changes: object) -> Result:
    return msgspec.structs.replace(result, **changes)


def test_nothing_changed() -> None:
    difference = compare(sample.result(), sample.result())
    assert [line.id for line in difference.open] == ["0" * 16]
    assert not difference.fresh
    assert not difference.fixed
    assert not difference.permissions
    assert not difference.drift


def answered(result: Result, outcome: Outcome) -> Result:
    check = msgspec.structs.replace(result.checks[0], outcome=outcome, findings=())
    return replace(result, checks=(check, *result.checks[1:]), findings=())


def test_a_finding_that_is_gone_is_fixed_only_when_the_check_ran() -> None:
    old = sample.result()
    assert compare(old, answered(old, Outcome.PASS)).fixed
    lost = compare(old, answered(old, Outcome.NOT_ASSESSED))
    assert not lost.fixed
    assert [line.id for line in lost.unknown] == ["0" * 16]


def test_a_new_finding_is_new() -> None:
    difference = compare(sample.result(()), sample.result())
    assert [line.check for line in difference.fresh] == ["collection-before-consent"]


def test_new_behaviour_under_the_same_policy_is_drift() -> None:
    policy = Input(role="policy", name="p", sha256="11" * 32, size=1)
    old = replace(sample.result(), inputs=(policy,))
    more = PermissionInfo(
        name="android.permission.CAMERA", label=same("c"), protection="dangerous", declared=True
    )
    new = replace(old, permissions=(*old.permissions, more))
    assert compare(old, new).drift
    assert compare(old, new).permissions.added == (same("android.permission.CAMERA"),)
    other = replace(new, inputs=(msgspec.structs.replace(policy, sha256="22" * 32),))
    assert not compare(old, other).drift
    assert not compare(replace(old, inputs=()), replace(new, inputs=())).drift


def test_what_only_the_policy_says_is_not_behaviour() -> None:
    old = sample.result()
    declared_only = replace(old, matrix=Matrix(cells=old.matrix.cells[:1]))
    assert not compare(declared_only, old).data


def test_a_changed_clause_is_named() -> None:
    old = sample.result()
    clause = msgspec.structs.replace(old.clauses[0], outcome=Outcome.PASS)
    difference = compare(old, replace(old, clauses=(clause, *old.clauses[1:])))
    assert "fail -> pass" in difference.clauses.changed[0].en
