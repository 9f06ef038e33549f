"""A folder with rules of one's own: extends and overrides, read as strictly as ours."""

import json
from pathlib import Path

import pytest
import yaml

from scanner.cli import run

FIXTURES = Path(__file__).parents[1] / "fixtures"


def scan(folder: Path, out: Path, *more: str) -> int:
    app = str(FIXTURES / "apps" / "clean.apk")
    quick = ["-q", "--flow-budget", "0", "-f", "json", "--fail-on", "never"]
    return run(["scan", app, "-o", str(out), *quick, "--profile", str(folder), *more])


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    assert run(["profiles", "new", str(tmp_path / "ours")]) == 0
    return tmp_path / "ours"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_folder_judges_at_once(ours: Path, tmp_path: Path) -> None:
    assert run(["profiles", "validate", str(ours)]) == 0
    assert scan(ours, tmp_path / "out") == 0
    result = json.loads((tmp_path / "out" / "result.json").read_bytes())
    assert result["profile"] == "ours"
    assert {c["regulation"] for c in result["clauses"]} == {"our-rules", "cn-191"}


def test_list_and_show_know_the_folder(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["profiles", "list", "--rules", str(ours), "--lang", "en"]) == 0
    assert "our-rules  Our rules (1)" in capsys.readouterr().out
    assert run(["profiles", "show", "ours", "--rules", str(ours)]) == 0
    shown = capsys.readouterr().out
    assert "undisclosed-collection, undisclosed-sdk" in shown
    assert "6.5" in shown


def test_an_override_replaces_an_entry_of_ours(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    title = {"zh": "只用一条", "en": "One only"}
    profile = {"id": "cn", "title": title, "regulations": ["cn-191"]}
    (folder / "cn.yaml").write_text(yaml.safe_dump({"profiles": [profile]}, allow_unicode=True))
    assert scan(folder, tmp_path / "out") == 0
    result = json.loads((tmp_path / "out" / "result.json").read_bytes())
    assert result["profile"] == "cn"
    assert {c["regulation"] for c in result["clauses"]} == {"cn-191"}


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (("undisclosed-sdk", "no-such-check"), "no-such-check"),
        (("cn-191", "cn-192"), "cn-192"),
        (("coverage: partial", "coverage: perhaps"), "coverage"),
        (("number:", "nummer:"), "nummer"),
    ],
)
def test_a_wrong_word_stops_the_scan(
    ours: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    edits: tuple[str, str],
    said: str,
) -> None:
    edit(ours / "profile.yaml", *edits)
    assert scan(ours, tmp_path / "out") == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_validate_names_the_wrong_word(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(ours / "profile.yaml", "undisclosed-sdk", "no-such-check")
    assert run(["profiles", "validate", str(ours)]) == 2
    assert "no-such-check" in capsys.readouterr().err


def test_two_profiles_must_be_told_apart(
    ours: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = yaml.safe_load((ours / "profile.yaml").read_text("utf-8"))
    second = {**content["profiles"][0], "id": "theirs"}
    (ours / "second.yaml").write_text(yaml.safe_dump({"profiles": [second]}, allow_unicode=True))
    assert scan(ours, tmp_path / "out") == 2
    assert "ours, theirs" in capsys.readouterr().err
    app = str(FIXTURES / "apps" / "clean.apk")
    named = ["scan", app, "-q", "-f", "json", "--flow-budget", "0", "--rules", str(ours)]
    assert run([*named, "-o", str(tmp_path / "out"), "--profile", "theirs"]) in (0, 1)


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(tmp_path / "nowhere", tmp_path / "out") == 2
    assert "no such folder" in capsys.readouterr().err


def test_two_folders_are_one_too_many(ours: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert scan(ours, tmp_path / "out", "--rules", str(tmp_path / "other")) == 2
    assert scan(ours, tmp_path / "out", "--rules", str(ours)) == 0


def test_a_new_folder_overwrites_nothing(ours: Path) -> None:
    before = (ours / "profile.yaml").read_bytes()
    assert run(["profiles", "new", str(ours)]) == 2
    assert (ours / "profile.yaml").read_bytes() == before
