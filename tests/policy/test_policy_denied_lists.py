"""Lists of what is not done. Our own wording."""

import pytest


def said(reader, text):
    found = reader.file(f"# 隐私政策\n\n{text}\n", "policy.md").statements
    return [(s.action, s.polarity, s.data_types) for s in found]


@pytest.mark.parametrize(
    "text",
    [
        "本应用不会收集或出售以下任何内容：\n\n- 您的手机号码\n- 您的通讯录",
        "## 我们不收集的数据\n\n- 您的手机号码\n- 您的通讯录",
        "### 2.6 我们**不会**收集的\n\n- 您的手机号码\n- 您的通讯录",
    ],
)
def test_items_of_a_list_that_is_denied_are_denied(reader, text):
    assert said(reader, text) == [
        ("collect", "negative", ("phone_number",)),
        ("collect", "negative", ("contacts",)),
    ]


def test_a_crossed_item_is_denied(reader):
    lead = "### 权限\n\n本应用不申请以下权限，也不读取对应数据：\n\n"
    items = "- ❌ 通讯录、通话记录、短信；\n- ❌ 精确地理位置；\n- ❌ 不会出售您的手机号码"
    assert {(p, types) for _, p, types in said(reader, lead + items)} == {
        ("negative", ("call_log", "contacts", "sms_content")),
        ("negative", ("location_precise",)),
        ("negative", ("phone_number",)),
    }


def test_a_list_of_measures_states_nothing(reader):
    text = "### 安全措施\n\n- 访问控制：严格的管理和访问日志\n- 安全审计日志"
    assert said(reader, text) == []


def test_what_is_not_given_to_others(reader):
    text = "我们不会向第三方提供以下信息：\n\n- 您的手机号码、通讯录"
    assert said(reader, text) == [("share", "negative", ("contacts", "phone_number"))]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("除以下情形外，我们不会共享您的信息：\n\n- 经您同意的姓名、手机号码", "positive"),
        ("我们会收集以下信息：\n\n- 您的手机号码", "positive"),
        ("## 我们收集的数据\n\n- 您的手机号码", "positive"),
        ("## 不收集会怎样\n\n- 您的手机号码", "positive"),
        ("## 我们不收集的数据\n\n我们会收集您的手机号码。", "positive"),
    ],
)
def test_other_lists_and_sentences_of_their_own_are_not(reader, text, polarity):
    assert {p for _, p, types in said(reader, text) if "phone_number" in types} == {polarity}
