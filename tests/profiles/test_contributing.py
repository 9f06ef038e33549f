"""The example in CONTRIBUTING.md is true: what it shows is printed, what it says loads."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from profiles.load import load_knowledge
from profiles.match import Catalogue, Owners, Traces
from profiles.versions import Seen, Versions
from scanner.commands.sdks import command

ROOT = Path(__file__).parents[2]
APP = ROOT / "tests" / "fixtures" / "apps" / "dirty.apk"


@pytest.fixture(scope="module")
def section() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.partition("## Add an SDK")[2].partition("\n## ")[0]


def block(section: str, kind: str, number: int = 0) -> str:
    found = re.findall(rf"^ +```{kind}\n(.*?)^ +```", section, re.DOTALL | re.MULTILINE)
    return dedent(found[number])


def run(*args: str) -> str:
    result = CliRunner().invoke(command, args)
    assert result.exception is None, result.output
    return result.output


def test_the_draft_is_what_is_printed_and_loads(section: str, tmp_path: Path) -> None:
    shown = block(section, "console").partition("cat mine/qingkong.yaml\n")[2]
    printed = run("suggest", "-q", str(APP))
    assert printed.strip() == shown.strip()
    (tmp_path / "draft.yaml").write_text(printed, encoding="utf-8")
    assert load_knowledge(tmp_path).sdks["qingkong"].hosts == ("qingkong.example",)


def test_the_finished_entry_loads_and_works(section: str, tmp_path: Path) -> None:
    (tmp_path / "qingkong.yaml").write_text(block(section, "yaml"), encoding="utf-8")
    know = load_knowledge(tmp_path)
    entry = know.sdks["qingkong"]
    owners = Owners(know)
    assert all(owners.of(name) is not None for name in entry.examples)
    assert all(owners.of(name) is None for name in entry.near_misses)
    (trace,) = Catalogue(know).match(
        Traces(components=["com.qingkong.sdk.CityService"], hosts=["api.qingkong.example"])
    )
    assert (trace.sdk, trace.confidence) == ("qingkong", "certain")
    seen = Seen(strings=["qingkong-sdk/2.4.1"])
    assert Versions(know).read(seen)["qingkong"].version == "2.4.1"
    assert "晴空天气" in run("show", "qingkong", "--rules", str(tmp_path))
    assert "qingkong" in run("match", "-q", str(APP), "--rules", str(tmp_path))
