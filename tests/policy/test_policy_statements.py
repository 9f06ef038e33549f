"""Statements: what is a practice, of whom, denied or not. Each line is one failure seen in life."""

import pytest

from checks.declared import declared_for
from scanner.policy.traditional import Simplifier

CASES = [
    ("我们会收集您的手机号码、姓名和身份证号码。", {"phone_number", "person_name", "id_number"}),
    ("当您使用搜索服务时，我们会收集您的搜索记录。", {"search_history"}),
    ("为了完成支付，我们会收集您的银行卡号。", {"bank_account"}),
    ("我们会收集您的设备MAC地址和登录IP地址。", {"mac_address", "ip_address"}),
    ("SDK会读取您的手机IMEI。", {"imei"}),
    ("您可以在我的-设置-隐私中查阅、清除订单信息。", set()),
    ("个人信息是指以电子方式记录的与自然人有关的各种信息。", set()),
    ("与国家安全、国防安全直接相关的；", set()),
    ("如您拒绝提供，您将无法使用评论功能。", set()),
    ("我们会采取加密措施保护您的账号安全。", set()),
    ("本公司名称为某某科技有限公司。", set()),
    ("我们的客服功能会使用您的账号信息以便为您提供咨询服务。", {"account_info"}),
    ("我们会将使用您的信息而形成的用户画像与提供广告服务的伙伴共享。", {"profile_tags"}),
    ("您可以随时修改您的头像、昵称。", set()),
]


@pytest.mark.parametrize(("text", "types"), CASES)
def test_types(reader, text, types):
    found = {t for s in reader.zh(text) for t in s.data_types}
    assert found - reader.words.umbrella - {"device_id", "device_info"} == types


def test_a_list_item_needs_its_lead(reader):
    led = reader.zh("我们会收集您的以下信息：\n（1）IP地址；\n（2）设备型号。")
    assert {t for s in led for t in s.data_types} >= {"ip_address", "device_model_os"}


POLARITY = [
    ("我们会收集您的通讯录。", "positive"),
    ("我们不会收集您的通讯录。", "negative"),
    ("我们不会将您的身份证号码（包括照片）提供给任何第三方。", "negative"),
    ("未经您同意，我们不会向第三方共享您的位置信息。", "negative_with_exception"),
    ("我们会收集您的手机号码，包括但不限于本机号码。", "positive"),
    (
        "如后续确需收集您的位置信息，我们会另行征得您的同意后收集位置信息。",
        "conditional",
    ),
]


@pytest.mark.parametrize(("text", "polarity"), POLARITY)
def test_polarity(reader, text, polarity):
    assert {s.polarity for s in reader.zh(text)} == {polarity}


NO_DENIAL = [
    "您一旦关闭位置权限，我们将不再继续收集位置信息。",
    "建议您不将自己的账号密码透露给他人。",
    "我们收集的日志信息不会用于识别您的身份。",
    "《网络安全法》要求网络日志留存不得少于六个月。",
    "您不提供手机号码不影响您浏览内容。",
]


@pytest.mark.parametrize("text", NO_DENIAL)
def test_what_denies_nothing(reader, text):
    assert not any(s.polarity.startswith("negative") for s in reader.zh(text))


def test_who(reader):
    ours = reader.zh("我们会与第三方共享您的手机号码。")
    assert {(s.actor, s.action) for s in ours} == {("app", "share")}
    assert "第三方" in ours[0].receiver
    theirs = reader.zh("第三方SDK会收集您的设备型号和IP地址。")
    assert {s.actor for s in theirs} == {"third_party"}
    assert {s.action for s in theirs} == {"collect"}


def test_a_carrier_in_a_list_is_data_and_no_actor(reader):
    found = reader.zh("我们会收集您的设备型号、运营商信息和IP地址。")
    assert {s.actor for s in found} == {"app"}


def test_denial_points_back_to_data_named_before(reader):
    found = reader.zh("我们仅在本地读取您的剪切板信息，不会上传至服务器。")
    denied = [s for s in found if s.polarity == "negative"]
    assert denied
    assert "clipboard" in denied[0].data_types


def test_offsets_are_those_of_the_text(reader, whole):
    policy = reader.file(whole)
    assert policy.statements
    for statement in policy.statements:
        assert whole[statement.start : statement.end][:400] == statement.quote


def test_markup_signs_do_not_hide_a_term(reader):
    found = reader.zh("我们会收集您的**手机** **号码**和 I M E I 之外的设备 MAC 地址。")
    types = {t for s in found for t in s.data_types}
    assert {"phone_number", "mac_address"} <= types


def test_a_permission_list_states_access_without_a_verb(reader):
    found = reader.zh("# 系统权限\n相机权限：用于拍摄照片。\n麦克风权限：用于录制语音。\n")
    assert {t for s in found for t in s.data_types} == {"camera_media", "audio_recording"}


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("极光推送SDK会收集您的IMEI和MAC地址。", "jpush"),
        ("我们接入了极光推送SDK。\n该SDK会收集您的IMEI和MAC地址。", "jpush"),
        ("我们接入了极光推送SDK和微信SDK。\n该SDK会收集您的IMEI和MAC地址。", "third_party"),
        ("第三方SDK会收集您的IMEI和MAC地址。", "third_party"),
        ("极光SDK名称未登记者SDK会收集您的IMEI和MAC地址。", "third_party"),
    ],
)
def test_an_sdk_named_in_prose(reader, text, actor):
    assert {s.actor for s in reader.file(text).statements} == {actor}


def test_this_sdk_is_not_carried_into_another_section(reader):
    text = "# 推送\n我们接入了极光推送SDK。\n# 其他\n该SDK会收集您的IMEI和MAC地址。\n"
    assert {s.actor for s in reader.file(text, "a.md").statements} == {"third_party"}


TRADITIONAL = """隱私權政策
一、我們蒐集的資訊
我們會蒐集您的手機號碼、電子郵件位址和裝置型號。
二、聯繫我們
如有問題，請聯繫客服電話：0800-123456。
三、刪除
您可以要求我們刪除您的個人資料。
四、兒童
未成年人應在監護人同意下使用。
我們不會蒐集您的通訊錄。
"""


def test_traditional_chinese_is_read_in_its_own_characters(reader):
    policy = reader.file(TRADITIONAL)
    types = {t: s.polarity for s in policy.statements for t in s.data_types}
    assert types["phone_number"] == "positive"
    assert types["email"] == "positive"
    assert types["contacts"] == "negative"
    for statement in policy.statements:
        assert TRADITIONAL[statement.start : statement.end] == statement.quote
    assert {e.id for e in policy.elements if e.found == "present"} >= {"E13.delete", "E17"}


def test_a_simplified_text_stays_as_it_is(reader):
    simplify = Simplifier(reader.words)
    text = "我们收集您的手机号码，乾隆大厦的于先生除外。"
    assert simplify(text) is text
    assert len(simplify(TRADITIONAL)) == len(TRADITIONAL)


def test_a_policy_that_names_ages_has_declared_them(reader, know):
    told = reader.file("我们会收集您的姓名、年龄和手机号码。")
    assert declared_for("age", "app", told, know)[0] == "clear"
    silent = reader.file("我们会收集您的姓名、出生日期和手机号码。")
    assert declared_for("age", "app", silent, know)[0] == "omitted"
