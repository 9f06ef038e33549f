"""Twice the text, twice the work: counted in calls, so that a busy machine changes nothing."""

import re
import sys

import pytest

from profiles.load import table
from scanner.policy.gather import gather_policy
from scanner.policy.sdk_entry import SdkTable

HOSTILE = {
    "no punctuation.txt": "我们收集您的手机号码和位置信息",
    "list.txt": "（1）IP地址\n",
    "list.md": "- 手机号码\n",
    "leads.txt": "我们会收集以下信息：\n",
    "denials.txt": "我们不会将您的手机号码、",
    "verbs.txt": "将收集共享使用提供我们您第三方，",
    "topics.txt": "对于您的手机号码，",
    "headings.md": "# 手机权限\n",
    "table.md": "|SDK|手机号码|\n|-|-|\n",
    "table.html": "<tr><td>SDK<td>手机号码",
    "paragraphs.html": "<p>我们收集您的IMEI。",
    "nested.html": "<div>手机号码",
    "rows.txt": "该SDK名称：某推送SDK 收集个人信息类型：IMEI\n",
    "brackets.txt": "（手机号码",
    "english.txt": "we collect your name, e-mail and the pages you view, ",
    "english list.txt": "- Email address\n",
    "english denials.txt": "we never share your phone number or ",
    "english semicolons.txt": "we store your name; ",
    "english table.md": "|Email address|No|\n|-|-|\n",
}
LENGTH = 3_000


def calls(path, know):
    """Return how many functions are called for a document."""
    count = 0

    def tick(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        gather_policy([path], know)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_twice_the_text_is_twice_the_work(know, tmp_path, name):
    path = tmp_path / name.replace(" ", "-")
    unit = HOSTILE[name]
    counts = []
    for times in (1, 1, 2, 4):
        path.write_text(unit * (LENGTH * times // len(unit)), encoding="utf-8")
        counts.append(calls(path, know))
    assert counts[2] <= 2.3 * counts[1]
    assert counts[3] <= 2.3 * counts[2]


def test_a_name_of_many_small_words_costs_no_more_than_its_length(know):
    """Words that are also two words ("嵌入的") once doubled the ways to read a name with each."""
    rules = table(know, "policy_sdk", SdkTable)
    assert re.match(rules.generic, "嵌入的" * 60 + "x") is None
    assert re.match(rules.generic, "嵌入的第三方等")
