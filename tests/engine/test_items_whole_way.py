"""Items from real input to verdict: the clean demo app with one thing changed in its files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from profiles.model import Knowledge
from scanner.model.evidence import Evidence
from scanner.model.progress import silent
from scanner.model.result import Outcome
from scanner.pipeline import Judgement, Request, gather, judge
from scanner.policy.gather import gather_policy

FIXTURES = Path(__file__).parents[1] / "fixtures"
HITS = (Outcome.FAIL, Outcome.REVIEW)
POLICY = (FIXTURES / "policies" / "clean.html").read_text("utf-8")
ROW = POLICY[POLICY.index("<tr><td>腾讯Bugly") : POLICY.index("</table>\n\n<h2>五")]
GRANT = POLICY[POLICY.index("<tr><td>位置权限") : POLICY.index("<tr><td>网络权限")]
FOUR = "<h3>5. 无需征得您同意的情形</h3>"

Outcomes = dict[str, Outcome]


def request(app: str = "clean", traffic: str = "clean") -> Request:
    return Request(
        app=FIXTURES / "apps" / f"{app}.apk",
        traffic=(FIXTURES / "traffic" / f"{traffic}.mitm",),
        policies=(FIXTURES / "policies" / "clean.html",),
        subject=FIXTURES / "traffic" / "subject.yaml",
        flow_budget=0,
    )


def outcomes(evidence: Evidence, know: Knowledge) -> Outcomes:
    result = judge(evidence, know, Judgement(category="38"))
    return {c.clause: c.outcome for c in result.clauses if c.regulation == "cn-191"}


@pytest.fixture(scope="module")
def clean(know: Knowledge) -> Evidence:
    return gather(request(), know)


@pytest.fixture(scope="module")
def reread(clean: Evidence, know: Knowledge) -> Callable[[Path], Outcomes]:
    """Return a function that judges the clean app with another policy file."""

    def judged(path: Path) -> Outcomes:
        read = gather_policy((path,), know, tell=silent)
        assert read.policy is not None
        return outcomes(msgspec.structs.replace(clean, policy=read.policy), know)

    return judged


@pytest.mark.parametrize(
    ("item", "old", "new", "hit"),
    [
        ("1.1", POLICY[POLICY.index("<h2>一") :], "<p>欢迎使用。</p>", True),
        ("1.1", "个人信息保护专员", "专员", False),
        ("2.1", ROW, "", True),
        ("2.1", "腾讯Bugly SDK", "Bugly", False),
        ("2.2", "2026年6月", "2018年6月", True),
        ("2.2", "2026年6月", "2026年5月", False),
        ("2.3", GRANT, "", True),
        ("2.3", "下载天气数据", "联网", False),
        ("4.5", FOUR, f"<p>为了提升您的用户体验，我们会收集您的生日。</p>{FOUR}", True),
        ("4.5", FOUR, f"<p>为了核验身份，我们会收集您的生日。</p>{FOUR}", False),
        ("6.3", "15个工作日", "30个工作日", True),
        ("6.3", "15个工作日", "十个工作日", False),
    ],
)
def test_one_sentence_of_the_policy_changed(  # noqa: PLR0917 - one row of the table
    item: str,
    old: str,
    new: str,
    hit: bool,
    reread: Callable[[Path], Outcomes],
    tmp_path: Path,
) -> None:
    assert old in POLICY
    path = tmp_path / "policy.html"
    path.write_text(POLICY.replace(old, new), encoding="utf-8")
    assert (reread(path)[item] in HITS) is hit


def test_a_policy_in_english_only(reread: Callable[[Path], Outcomes]) -> None:
    assert reread(FIXTURES / "policies" / "clean_en.html")["1.4"] in HITS
    assert reread(FIXTURES / "policies" / "clean.html")["1.4"] not in HITS


@pytest.mark.parametrize(
    ("changes", "items"),
    [
        ({"traffic": "dirty"}, ("3.1", "4.4", "5.1", "5.3")),
        ({"app": "dirty"}, ("2.1", "2.3", "3.1", "3.4", "4.1", "4.2", "4.6")),
    ],
    ids=["another capture", "another package"],
)
def test_another_input_with_the_clean_policy(
    changes: dict[str, Any], items: tuple[str, ...], know: Knowledge, clean: Evidence
) -> None:
    found, before = outcomes(gather(request(**changes), know), know), outcomes(clean, know)
    assert [item for item in items if found[item] not in HITS] == []
    assert [item for item in items if before[item] in HITS] == []
