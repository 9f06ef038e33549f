"""Cases in Java that were written before anybody looked at what the engine makes of them."""

import pytest

from tests.support.flow_cases import Case, batch, batches

# The second start of a screen runs past the end of a pool that a static counter walks through:
# that this throws is not seen.
KNOWN = {"PoolClean"}


def cases() -> list[Case]:
    return [case for name in batches() for case in batch(name).cases]


def test_each_case_has_a_twin() -> None:
    for name in batches():
        names = {case.name for case in batch(name).cases}
        leaks = {one.removesuffix("Leak") for one in names if one.endswith("Leak")}
        assert leaks == {one.removesuffix("Clean") for one in names if one.endswith("Clean")}
    assert len(cases()) > 300


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.batch}-{case.name}")
def test_case(case: Case, request: pytest.FixtureRequest) -> None:
    if case.name in KNOWN:
        request.applymarker(pytest.mark.xfail(strict=True))
    found = batch(case.batch).run(case.name)
    assert len(found) == case.leaks, [(flow.source, flow.sink) for flow in found]
