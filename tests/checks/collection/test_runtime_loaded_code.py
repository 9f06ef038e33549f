"""Code that is loaded at run time."""

from typing import Any

import made
import pytest
from judge import hits, one

from scanner.model.static import CodeStats, Location, PackerMatch

NAME = "runtime-loaded-code"
AT = Location(cls="a.b.Loader", method="load", offset=4)


def loads(*sources: str, **changes: Any) -> Any:
    changes = {"place": AT, "reach": made.reach(), **changes}
    return made.behaviour("dynamic-loading", sources=sources, **changes)


def static(*facts: Any, **fields: Any) -> Any:
    return made.static(behaviours=facts, **fields)


def test_loaded_code_is_for_review_and_its_source_is_told() -> None:
    hit = one(NAME, static=static(loads("network"), loads("private-files")))
    assert (hit.subject, hit.severity, hit.confidence) == ("dynamic-loading/app", "low", "firm")
    assert "网络" in str(hit.args["sources"])


def test_a_source_that_nothing_shows_is_called_so() -> None:
    assert "未能确定" in str(one(NAME, static=static(loads())).args["sources"])


def test_code_of_another_app_is_a_note() -> None:
    assert one(NAME, static=static(loads("installed-app"))).severity == "info"


@pytest.mark.parametrize(
    ("files", "count"), [(("assets/p.dex",), 0), ((), 1)], ids=["read", "not-found"]
)
def test_files_of_the_package_count_when_none_was_found(files: tuple[str, ...], count: int) -> None:
    fact = loads("package", "private-files")
    found = hits(NAME, static=static(fact, code=CodeStats(dynamic_dex=files)))
    assert len(found) == count


def test_a_hot_update_framework_is_for_review() -> None:
    fact = made.behaviour("hot-update", detail="com.tencent.tinker", reach=made.reach())
    hit = one(NAME, static=static(fact))
    assert (hit.subject, hit.actor) == ("hot-update/com.tencent.tinker", "app")


@pytest.mark.parametrize(("reachable", "sure"), [(None, ["tentative"]), (False, [])])
def test_what_never_runs_loads_nothing(reachable: bool | None, sure: list[str]) -> None:
    found = hits(NAME, static=static(loads(reach=made.reach(reachable))))
    assert [hit.confidence for hit in found] == sure


def test_a_shell_that_unpacks_the_app_is_told_elsewhere() -> None:
    fact = loads(actor="tencent-legu")
    shell = PackerMatch(packer="tencent-legu", evidence=("x",))
    assert hits(NAME, static=static(fact, packers=(shell,))) == []
    assert len(hits(NAME, static=static(fact))) == 1


def test_a_file_beside_the_code_and_a_native_library_are_no_hit() -> None:
    beside = Location(cls="a.b.App", dex="assets/p.dex")
    file = made.behaviour("dynamic-loading", sources=("package",), place=beside)
    library = made.behaviour("native-loading", place=AT, reach=made.reach())
    assert hits(NAME, static=static(file, library)) == []
