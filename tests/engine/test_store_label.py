"""The Data safety form: read from its export, judged by its own profile."""

from pathlib import Path

import items
import made
import pytest

from checks.api import Context, StoreLabel
from checks.registry import load_checks
from checks.store_label import label_types
from profiles.model import Knowledge
from scanner.cli import run
from scanner.engine import evaluate
from scanner.model.errors import InputError
from scanner.model.result import Outcome
from scanner.pipeline import Judgement, judge
from scanner.store_label import MAX_BYTES, read_label

HEAD = (
    "Question ID (machine readable),Response ID (machine readable),Response value,"
    "Answer requirement,Human-friendly question label"
)
IDS = "PSL_DATA_TYPES_IDENTIFIERS,PSL_DEVICE_ID,{},MULTIPLE_CHOICE,Device or other IDs"
LOCATION = 'PSL_DATA_TYPES_LOCATION,PSL_APPROX_LOCATION,{},MULTIPLE_CHOICE,"Location, approximate"'
USED = "PSL_DATA_USAGE_RESPONSES:{}:PSL_DATA_USAGE_COLLECTION_AND_SHARING,PSL_DATA_USAGE_{},true,,"
ANY = "PSL_DATA_COLLECTION_COLLECTS_PERSONAL_DATA,,{},REQUIRED,"
CRYPT = "PSL_DATA_COLLECTION_ENCRYPTED_IN_TRANSIT,,{},,"


def form(folder: Path, *rows: str, head: str = HEAD, start: str = "") -> Path:
    path = folder / "data_safety_export.csv"
    path.write_text(start + "\r\n".join((head, *rows)) + "\r\n", encoding="utf-8", newline="")
    return path


def label(folder: Path, *rows: str) -> StoreLabel:
    return read_label(form(folder, *rows)).label


def test_ticks_and_uses(tmp_path: Path) -> None:
    read = label(
        tmp_path,
        ANY.format("TRUE"),
        CRYPT.format("true"),
        "PSL_SUPPORT_DATA_DELETION_BY_USER,DATA_DELETION_NO,TRUE,,",
        IDS.format("TRUE"),
        LOCATION.format("true"),
        USED.format("PSL_DEVICE_ID", "ONLY_COLLECTED"),
        USED.format("PSL_DEVICE_ID", "ONLY_SHARED"),
    )
    assert read == StoreLabel(
        collected=("PSL_APPROX_LOCATION", "PSL_DEVICE_ID"),
        shared=("PSL_DEVICE_ID",),
        encrypted=True,
        deletable=False,
    )


def test_shared_only(tmp_path: Path) -> None:
    read = label(tmp_path, IDS.format("TRUE"), USED.format("PSL_DEVICE_ID", "ONLY_SHARED"))
    assert (read.collected, read.shared) == ((), ("PSL_DEVICE_ID",))


def test_a_use_without_the_tick_of_its_type_declares_nothing(tmp_path: Path) -> None:
    read = label(tmp_path, IDS.format(""), USED.format("PSL_DEVICE_ID", "ONLY_COLLECTED"))
    assert read == StoreLabel()


def test_who_says_that_nothing_is_collected_declares_nothing(tmp_path: Path) -> None:
    assert label(tmp_path, ANY.format("false"), IDS.format("TRUE")) == StoreLabel()


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    assert read_label(form(tmp_path, IDS.format("TRUE"), start="\ufeff")).label.collected


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((), "no data types"),
        (("PSL_X,,TRUE",), "no data types"),
        ((IDS.format("TRUE"), "x,y"), "row 3"),
        ((IDS.format("TRUE"), IDS.format("")), "second time"),
        ((IDS.format('"'),), "no CSV"),
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, rows: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_label(form(tmp_path, *rows))


@pytest.mark.parametrize("data", [b"", b"a,b,c\n", b"\xff\xfe\x00", b"PK\x03\x04", b'"' * 200_000])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"x\.csv"):
        read_label(path)


def test_limits(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger"):
        read_label(path)
    path.write_text(HEAD + "\n" + "x,y,z\n" * 20_001)
    with pytest.raises(InputError, match="more rows"):
        read_label(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_label(tmp_path)


def test_the_table_covers_types_that_exist(know: Knowledge) -> None:
    ids = [one.id for one in label_types(know)]
    assert len(ids) == len(set(ids)) == 38
    for one in label_types(know):
        assert set(one.covers) <= set(know.data_types), one.id


def test_the_profile_judges_the_form_and_names_the_file(tmp_path: Path, know: Knowledge) -> None:
    bad = items.seen(made.sighting("imei"))
    how = Judgement(profile="play-data-safety", data_safety=form(tmp_path, LOCATION.format("TRUE")))
    result = judge(bad, know, how)
    clauses = {c.clause: c.outcome for c in result.clauses}
    assert {c.regulation for c in result.clauses} == {"play-data-safety"}
    assert clauses["collection"] is Outcome.FAIL
    assert clauses["purposes"] is Outcome.NOT_ASSESSED
    omitted = {f.subject for f in result.findings if f.check == "store-label-omission"}
    assert omitted == {"android_id/bugly", "imei/app"}
    assert [i.role for i in result.inputs if i.name == "data_safety_export.csv"] == ["store-label"]


def test_without_the_form_its_points_are_not_assessed(know: Knowledge) -> None:
    result = evaluate(items.GOOD, load_checks(), know.profiles["play-data-safety"], know, Context())
    clauses = {c.clause: c.outcome for c in result.clauses}
    assert clauses["collection"] is clauses["sharing"] is Outcome.NOT_ASSESSED


def test_the_command(tmp_path: Path, root: Path) -> None:
    apps = root / "tests" / "fixtures" / "apps"
    path = form(tmp_path, IDS.format("TRUE"))
    arguments = ["scan", str(apps / "clean.apk"), "-q", "--flow-budget", "0", "-f", "html,json"]
    arguments += ["-o", str(tmp_path / "out"), "--profile", "play-data-safety"]
    assert run([*arguments, "--data-safety", str(path)]) in (0, 1)
    assert "data_safety_export.csv" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert run([*arguments, "--data-safety", str(apps / "clean.apk")]) == 2
