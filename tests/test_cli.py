"""The command line from the outside: exit codes, messages, files."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import msgspec
import pytest

from scanner.cli import COMMANDS, run
from scanner.model.result import Result

FIXTURES = Path(__file__).parent / "fixtures"
DIRTY = FIXTURES / "apps" / "dirty.apk"
CLEAN = FIXTURES / "apps" / "clean.apk"
QUICK = ("--flow-budget", "0", "-q")


def scan(folder: Path, *arguments: str, app: Path = DIRTY) -> int:
    return run(["scan", str(app), "-o", str(folder), *QUICK, *arguments])


def result_of(folder: Path) -> Result:
    return msgspec.json.decode((folder / "result.json").read_bytes(), type=Result)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from scanner.cli import run; run(['--help']);"
        "heavy = {'numpy', 'androguard', 'mitmproxy', 'lxml', 'jinja2', 'yaml', 'rich', 'msgspec'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert "scan" in done.stdout


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_a_bad_app_fails_the_gate_and_a_clean_one_passes(tmp_path: Path) -> None:
    assert scan(tmp_path / "d", "--policy", str(FIXTURES / "policies" / "dirty.html")) == 1
    policy = str(FIXTURES / "policies" / "clean.html")
    assert scan(tmp_path / "c", "--policy", policy, app=CLEAN) == 0
    assert scan(tmp_path / "n", "--fail-on", "never") == 0
    assert scan(tmp_path / "m", "--fail-on", "never", "--min-coverage", "100") == 3


def test_what_a_scan_writes(tmp_path: Path, root: Path) -> None:
    scan(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["report.html", "result.json", "result.sarif"]
    schema = json.loads((root / "docs" / "schema" / "result-1.schema.json").read_text())
    jsonschema.validate(json.loads((tmp_path / "result.json").read_text()), schema)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    traffic = ("--traffic", str(FIXTURES / "traffic" / "dirty.mitm"))
    scan(tmp_path / "1", *traffic)
    scan(tmp_path / "2", *traffic)
    for name in ("result.json", "report.html", "result.sarif"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_stages_one_by_one_give_what_scan_gives(tmp_path: Path) -> None:
    scan(tmp_path / "s")
    bundle, judged = tmp_path / "bundle", tmp_path / "j" / "result.json"
    assert run(["gather", str(DIRTY), "-o", str(bundle), *QUICK]) == 0
    run(["check", str(bundle), "-o", str(judged), "-q"])
    assert judged.read_bytes() == (tmp_path / "s" / "result.json").read_bytes()
    page = tmp_path / "page.html"
    assert run(["report", str(judged), "-o", str(page)]) == 0
    assert page.read_bytes() == (tmp_path / "s" / "report.html").read_bytes()


def test_a_baseline_and_a_waiver_let_known_findings_pass(tmp_path: Path) -> None:
    policy = ("--policy", str(FIXTURES / "policies" / "dirty.html"))
    assert scan(tmp_path / "1", *policy) == 1
    baseline = str(tmp_path / "1" / "result.json")
    assert scan(tmp_path / "2", *policy, "--baseline", baseline) == 0
    failing = {f.check for f in result_of(tmp_path / "1").findings if f.outcome.value == "fail"}
    waivers = tmp_path / "waivers.yaml"
    rows = [
        {"check": c, "reason": "known", "owner": "us", "expires": "2099-01-01"} for c in failing
    ]
    waivers.write_text(json.dumps(rows))
    assert scan(tmp_path / "3", *policy, "--waivers", str(waivers)) == 0
    assert any(f.waived for f in result_of(tmp_path / "3").findings)
    waivers.write_text(json.dumps([{**row, "expires": "2020-01-01"} for row in rows]))
    assert scan(tmp_path / "4", *policy, "--waivers", str(waivers)) == 1
    assert result_of(tmp_path / "4").expired_waivers


def test_new_behaviour_that_the_policy_does_not_declare_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = ("--policy", str(FIXTURES / "policies" / "clean.html"))
    assert scan(tmp_path / "old", *policy, app=CLEAN) == 0
    old = str(tmp_path / "old" / "result.json")
    again = ("--baseline", old, "--fail-on-drift", "--fail-on", "never")
    assert scan(tmp_path / "same", *policy, *again, app=CLEAN) == 0
    assert scan(tmp_path / "new", *policy, *again) == 1
    assert scan(tmp_path / "n", *policy, "--baseline", old, "--fail-on", "never") == 0
    reasons = result_of(tmp_path / "new").gate
    assert reasons is not None
    assert "not in the policy" in reasons.reasons[0].en
    capsys.readouterr()
    new = str(tmp_path / "new" / "result.json")
    assert run(["diff", old, new, "--fail-on-drift", "--lang", "en"]) == 1
    assert "Behaviour changed" in capsys.readouterr().out
    assert run(["diff", old, old, "--fail-on-drift", "--fail-on-new"]) == 0
    for fmt in ("json", "md", "html"):
        assert run(["diff", old, new, "-f", fmt]) == 0
    assert scan(tmp_path / "x", "--fail-on-drift") == 2


def test_drift_that_cannot_be_judged_is_no_pass(tmp_path: Path) -> None:
    policy = ("--policy", str(FIXTURES / "policies" / "clean.html"))
    scan(tmp_path / "old", *policy, app=CLEAN)
    baseline = ("--baseline", str(tmp_path / "old" / "result.json"), "--fail-on", "never")
    arguments = (*baseline, "--fail-on-drift", "--no-embedded-policy")
    assert scan(tmp_path / "new", *arguments) == 3


def test_a_configuration_beside_the_app(tmp_path: Path) -> None:
    app = tmp_path / "app.apk"
    app.write_bytes(CLEAN.read_bytes())
    (tmp_path / "mingcha.yaml").write_text('category: "38"\ngate: {fail_on: never}\n')
    assert scan(tmp_path / "out", app=app) == 0
    result = result_of(tmp_path / "out")
    assert result.category.how == "given"
    assert result.gate is not None
    assert result.gate.fail_on == "never"
    # The command line wins over the file.
    scan(tmp_path / "out", "--fail-on", "low", app=app)
    gate = result_of(tmp_path / "out").gate
    assert gate is not None
    assert gate.fail_on == "low"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["scan", "missing.apk"], "no such file"),
        (["scan", str(DIRTY), "--policy", "missing.html"], "no such file"),
        (["scan", str(DIRTY), "--profile", "xx"], "profile"),
        (["scan", str(DIRTY), "--category", "99"], "category"),
        (["scan", str(DIRTY), "-f", "exe"], "format"),
        (["scan", str(DIRTY), "--export-facts", "x"], "NAME=VALUE"),
        (["scan", str(DIRTY), "--rules", "missing"], "missing"),
        (["scan", str(DIRTY), "--as-of", "soon"], "soon"),
        (["scan", "--colour"], "--colour"),
        (["report", str(DIRTY)], "result"),
        (["explain", "nothing-like-that"], "nothing-like-that"),
        (["profiles", "show", "xx"], "xx"),
        (["query", "sdk", "x"], "campaign"),
        (["capture"], "output"),
        (["nonsense"], "nonsense"),
    ],
)
def test_bad_usage_is_one_clear_sentence(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_folder_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f").write_bytes(b"")
    assert scan(tmp_path / "f") == 2
    assert "cannot write" in capsys.readouterr().err


def test_an_interrupt_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scanner.pipeline.gather", interrupt)
    assert scan(tmp_path / "out") == 130
    assert not (tmp_path / "out").exists()


def test_demo_writes_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "-o", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "report.html" in said
    assert result_of(tmp_path).gate is not None


@pytest.mark.parametrize("name", ["undisclosed-sdk", "cn-191:3.1"])
def test_explain(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", name, "--lang", "en"]) == 0
    assert name.rpartition(":")[2] in capsys.readouterr().out


def test_explain_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan(tmp_path)
    finding = result_of(tmp_path).findings[0]
    assert run(["explain", finding.id, "--result", str(tmp_path / "result.json")]) == 0
    assert finding.evidence[0].ref in capsys.readouterr().out


def test_doctor_and_profiles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--lang", "en"]) == 0
    assert run(["profiles", "list"]) == 0
    assert run(["profiles", "show", "cn-191"]) == 0
    assert run(["profiles", "new", str(tmp_path / "ours")]) == 0
    assert run(["profiles", "validate", str(tmp_path / "ours")]) == 0
    said = capsys.readouterr().out
    assert "  6.5  [" in said
    assert "FAIL" not in said


def test_policy_and_traffic_on_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "--json", str(FIXTURES / "policies" / "clean.html")]) == 0
    assert json.loads(capsys.readouterr().out)["statements"]
    assert run(["traffic", "--json", str(FIXTURES / "traffic" / "dirty.har")]) == 0
    assert json.loads(capsys.readouterr().out)["traffic"]["exchanges"]
