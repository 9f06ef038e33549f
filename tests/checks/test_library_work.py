"""What libraries read for their own work is nobody's collection."""

import made
import pytest

from checks.library_work import LibraryWork, library_work
from checks.matrix import build_matrix
from profiles.load import table
from profiles.model import Knowledge
from scanner.model.evidence import Evidence
from scanner.model.static import CollectionSite
from scanner.summary import coverage_rows

NIGHT = "androidx.appcompat.app.TwilightManager"
NODE = "androidx.core.view.accessibility.AccessibilityNodeInfoCompat"


def site(api: str, cls: str, actor: str = "androidx", data_type: str = "") -> CollectionSite:
    kind = data_type or ("location_precise" if api.startswith("loc") else "accessibility_content")
    reach = made.reach(before=True)
    return made.call(kind, actor, api=api, place=made.place(cls=cls), reach=reach)


def seen(*calls: CollectionSite) -> Evidence:
    return made.evidence(static=made.static(calls=calls))


@pytest.mark.parametrize(
    ("api", "cls", "actor", "left_out"),
    [
        ("loc_last_known", NIGHT, "androidx", True),
        ("loc_last_known", NIGHT, "app", True),
        ("loc_last_known", f"{NIGHT}$State", "androidx", True),
        ("loc_last_known", f"{NIGHT}2", "androidx", False),
        ("loc_last_known", "com.example.app.TwilightManager", "app", False),
        ("pm_packages_for_uid", NIGHT, "androidx", False),
        ("a11y_node_text", NODE, "androidx", True),
        ("a11y_node_text", NODE, "app", False),
    ],
)
def test_a_place_is_left_out_by_its_class_and_what_it_calls(
    know: Knowledge, api: str, cls: str, actor: str, left_out: bool
) -> None:
    call = site(api, cls, actor)
    assert (library_work(know).what(call) is not None) is left_out
    assert (build_matrix(seen(call), know).cells == ()) is left_out


def test_what_the_app_reads_beside_it_counts(know: Knowledge) -> None:
    own = site("loc_last_known", "com.example.Main", "app")
    cells = build_matrix(seen(site("loc_last_known", NIGHT), own), know).cells
    assert [(cell.actor, cell.evidence) for cell in cells] == [("app", ("static/calls/1",))]


def test_a_flow_out_of_it_counts(know: Knowledge) -> None:
    flow = made.flow("location_precise", actor="androidx")
    found = made.evidence(static=made.static(calls=(site("loc_last_known", NIGHT),), flows=(flow,)))
    assert [cell.leaves for cell in build_matrix(found, know).cells] == [True]


def test_the_ledger_tells_how_many_do_not_count(know: Knowledge) -> None:
    row = coverage_rows(seen(site("loc_last_known", NIGHT)), know)[0]
    assert "其中开源库自身工作 1 处" in row.summary.zh
    assert "1 are libraries at their own work" in row.summary.en
    assert "自身工作" not in coverage_rows(seen(site("loc_last_known", "a.B")), know)[0].summary.zh


def test_every_api_of_the_table_is_known(know: Knowledge) -> None:
    work = table(know, "library_work", LibraryWork).work
    apis = set(know.apis)
    assert {api for one in work for api in one.apis} <= apis
    packages = {p for library in know.libraries.values() for p in library.packages}
    assert all(c.startswith(tuple(f"{p}." for p in packages)) for one in work for c in one.classes)
