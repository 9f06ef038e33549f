"""Elements: all of them in a whole policy, and gone when their section is cut out."""

import re

import pytest

CORE = {
    "E02": "十一、",
    "E07": "五、",
    "E08": "五、",
    "E10": "四、",
    "E13.delete": "七、",
    "E13.cancel": "七、",
    "E13.correct": "七、",
    "E15": "八、",
    "E16": "六、",
    "E17": "九、",
    "E18": "十、",
    "E20": "三、",
}
_SECTION = re.compile(r"^(?:十?[一二三四五六七八九]|十)、", re.MULTILINE)


def found(policy):
    return {e.id: e.found for e in policy.elements}


def without(text, number):
    starts = [m.start() for m in _SECTION.finditer(text)] + [len(text)]
    first = next(i for i, at in enumerate(starts[:-1]) if text.startswith(number, at))
    return text[: starts[first]] + text[starts[first + 1] :]


def test_a_whole_policy_has_them(reader, whole):
    elements = reader.file(whole).elements
    absent = {e.id for e in elements if e.found == "not_found"}
    assert absent <= {
        "E13.copy", "E13.transfer", "E13.restrict", "E22",
        "E23.collected", "E23.shared", "E25",
    }  # fmt: skip
    for element in elements:
        for quote in element.quotes:
            assert whole[quote.start : quote.end][:400] == quote.text


@pytest.mark.parametrize(("element", "section"), sorted(CORE.items()))
def test_cutting_the_section_shows(reader, whole, element, section):
    assert found(reader.file(whole))[element] == "present"
    assert found(reader.file(without(whole, section)))[element] != "present"


def test_rights_tell_the_way(reader, whole):
    ways = {e.id: e.value for e in reader.file(whole).elements}
    assert "设置" in ways["E13.correct"]
    assert "客服" in ways["E13.delete"]


LEAD = "五、您的权利\n您享有查阅、复制、更正您的个人信息等以下权利：\n"


def test_a_list_of_rights_tells_no_way(reader):
    """What follows is the way to cancel, not the way to access or to correct."""
    text = LEAD + "1. 注销账号：您可以进入“我的-设置-注销账号”提交申请。\n"
    elements = {e.id: e for e in reader.file(text).elements}
    assert elements["E13.access"].found == elements["E13.correct"].found == "present"
    assert elements["E13.access"].value == elements["E13.correct"].value == ""
    assert "注销账号" in elements["E13.cancel"].value


def test_each_right_has_its_own_way(reader):
    text = LEAD + (
        "1. 您可以更正您的个人信息。\n您可以在“我的-资料”里操作。\n"
        "2. 您可以注销您的账号。\n请进入“设置-账号”提交。\n"
    )
    ways = {e.id: e.value for e in reader.file(text).elements}
    assert "资料" in ways["E13.correct"]
    assert "设置" in ways["E13.cancel"]


def test_one_way_for_all_rights(reader):
    text = LEAD + "您可以发送邮件至 hello@lantern.example 行使上述权利。\n"
    ways = {e.id: e.value for e in reader.file(text).elements}
    assert "hello@lantern.example" in ways["E13.access"]
    assert "hello@lantern.example" in ways["E13.correct"]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("如有疑问，请发送邮件至 hello@lantern.example。", "present"),
        ("客服热线：400-0000-123", "present"),
        ("八、联系我们\nhello@lantern.example", "present"),
        ("本应用的图标由画师（hello@lantern.example）绘制，谨此感谢。", "probable"),
        ("对第三方SDK有疑问，请发送邮件至 sdk@vendor.example。", "probable"),
        ("您可以拨打12377向网信部门投诉。", "not_found"),
        ("争议由某某市某某区人民法院（某某路95000号）管辖。", "not_found"),
        ("本应用服务95后用户。", "not_found"),
    ],
)
def test_whose_contact_it_is(reader, text, state):
    assert found(reader.file(text + "\n"))["E02"] == state


def test_an_excerpt_proves_little(reader):
    elements = reader.file("我们会收集您的手机号码。").elements
    assert {e.confidence for e in elements if e.found == "not_found"} == {"tentative"}


def test_measures(reader, whole):
    policy = reader.file(whole)
    assert policy.readability.chars == len(whole)
    assert policy.readability.cjk_share > 0.7
    assert policy.readability.simplified_share > 0.99
    assert {"android.permission.CAMERA", "android.permission.RECORD_AUDIO"} <= set(
        policy.permissions
    )
    own = {s.parent: set(s.children) for s in policy.subsumptions}
    assert {"imei", "android_id", "mac_address"} <= own["device_info"]


ENGLISH = """Privacy Policy of Lantern Notes
Effective date: October 8, 2026
1. Information we collect
We collect your phone number to create your account.
2. Cookies
We use cookies to remember your language.
3. How we share
We share your shipping address with delivery partners.
4. Security
We encrypt your data in transit.
5. Your rights
You can access, correct or delete your personal data in Settings, or delete your account.
You may withdraw your consent at any time.
6. Children
We do not knowingly collect data from children under 14 without parental consent.
7. International transfers
We may transfer your information to servers outside of China, located in Singapore.
8. Changes to this policy
We may update this policy and will notify you by email.
9. Contact us
Write to privacy@lantern.example; we respond within 15 days.
"""


def test_english_elements(reader):
    policy = reader.file(ENGLISH)
    present = {e.id for e in policy.elements if e.found == "present"}
    assert present >= {
        "E02", "E10", "E13.access", "E13.delete", "E13.cancel", "E13.withdraw",
        "E14", "E16", "E17", "E18", "E18.notice", "E19", "E20",
    }  # fmt: skip
    assert policy.cross_border.stance == "declared"
    assert policy.cross_border.countries == ("SG",)
    cut = ENGLISH.replace(
        "6. Children\nWe do not knowingly collect data from children under 14", "6. Other"
    )
    assert found(reader.file(cut))["E17"] != "present"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("如您有疑问或投诉，请发送电子邮件到 help@example.cn。", "present"),
        ("您可以通过客服热线与我们联系咨询、投诉或举报。", "present"),
        ("如您有关于个人信息的投诉、建议，您可前往营业厅、拨打客服电话。", "present"),
        ("当您有其他的投诉、建议时，您可以将问题发送至以下邮箱。", "present"),
        ("投诉举报及响应\n您可以通过本政策公布的联系方式与我们联系。", "probable"),
        ("您反馈意见或举报时，会收集您提供的信息。", "not_found"),
    ],
)
def test_where_one_complains(reader, text, told):
    assert found(reader.file(text + "\n" + "本政策适用于本产品。\n" * 3))["E14.complaint"] == told
