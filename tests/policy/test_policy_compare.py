"""From the words of a policy to the verdict: every class, end to end."""

from typing import Any

import made
import pytest
from judge import hits, partial

from checks.declared import declared_for

LIST = (
    "# 第三方SDK目录\n"
    "| SDK名称 | 公司名称 | 收集的个人信息 | 使用目的 | 隐私政策链接 |\n|---|---|---|---|---|\n"
    "| 极光推送SDK | 深圳市和讯华谷信息技术有限公司 | {} | 消息推送 | https://a.example |\n"
)
COLLECT = "我们会收集您的IMEI，用于保障安全。\n"

CASES = [
    ("clear", "imei", "app", COLLECT),
    ("clear", "imei", "app", "我们会收集您的设备信息（包括IMEI、MAC地址）。\n"),
    ("vague", "imei", "app", "我们会收集您的设备信息。\n"),
    ("omitted", "imei", "app", "我们会收集您的手机号码。\n"),
    ("omitted", "imei", "app", "我们会保护您的个人信息。\n"),
    ("incorrect", "contacts", "app", "我们不会收集您的通讯录。\n"),
    ("ambiguous", "contacts", "app", "我们会收集您的通讯录。\n我们不会收集您的通讯录。\n"),
    (
        "conditional",
        "location_precise",
        "app",
        "如后续确需收集您的精确位置信息，我们会另行征得您的同意后收集精确位置信息。\n",
    ),
    ("sdk_list", "imei", "jpush", LIST.format("IMEI")),
    ("omitted", "imei", "jpush", COLLECT + LIST.format("应用列表")),
    ("vague", "imei", "jpush", "第三方SDK会收集您的IMEI。\n"),
    ("clear", "imei", "jpush", "极光推送SDK会收集您的IMEI。\n"),
    ("incorrect", "contacts", "jpush", "我们不会向任何第三方提供您的通讯录。\n"),
]


@pytest.mark.parametrize(("verdict", "data_type", "actor", "text"), CASES)
def test_class(reader, verdict, data_type, actor, text):
    policy = reader.file(text, "a.md")
    found, passage = declared_for(data_type, actor, policy, reader.know)
    assert found == verdict
    if verdict != "omitted":
        kind, _, number = passage.removeprefix("policy/").partition("/")
        assert getattr(policy, kind)[int(number)]


def test_declared_and_never_seen(reader):
    policy = reader.file("我们会收集您的通讯录。\n")
    assert hits("over-declaration", policy=policy, static=made.static(), traffic=made.traffic())
    used = made.static(calls=(made.call("contacts"),))
    assert not hits("over-declaration", policy=policy, static=used, traffic=made.traffic())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("我们会收集您的手机号码。\n", ["untold"]),
        ("我们会收集您的通讯录。\n", ["data_only"]),
        ("# 权限列表\n通讯录权限：用于添加好友。\n", []),
    ],
)
def test_permissions_explained(reader, text, message):
    asked = made.static(permissions=(made.permission("READ_CONTACTS"),))
    found = hits("permission-unexplained", static=asked, policy=reader.file(text, "a.md"))
    assert [hit.message for hit in found] == message


def sent() -> Any:
    return made.traffic(
        made.sighting("imei", host="x.example"),
        destinations=(made.host("x.example", outside=True),),
    )


def test_denied_export_and_a_host_abroad(reader):
    denied = reader.file("我们不会将您的个人信息传输至境外。\n" + COLLECT)
    assert [h.severity for h in hits("denied-export", traffic=sent(), policy=denied)] == ["high"]
    told = reader.file("我们会将您的个人信息传输至境外。\n" + COLLECT)
    assert not partial("denied-export", traffic=sent(), policy=told)


def test_recipients_abroad_that_are_not_named(reader):
    told = reader.file("我们会将您的个人信息传输至境外服务器。\n" + COLLECT)
    found = hits("export-without-recipient-details", traffic=sent(), policy=told)
    assert [(h.outcome, h.message) for h in found] == [("fail", "observed")]


def test_an_sdk_of_the_code_that_the_policy_does_not_name(reader):
    static = made.static(sdks=(made.sdk("jpush"),))
    silent = reader.file(COLLECT)
    assert partial("undisclosed-sdk", static=static, policy=silent)
    named = reader.file(LIST.format("IMEI"), "a.md")
    assert not partial("undisclosed-sdk", static=static, policy=named)
