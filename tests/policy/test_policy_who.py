"""Who does what, and whether it is denied: sentences of our own, judged before they were read.

A line is a sentence and what its statements say, in order: actor, action, polarity (`+`, `-`
denied, `~` denied with an exception, `?` announced) and, behind `>`, words of the receiver.
"""

from itertools import groupby
from pathlib import Path

import pytest

FILE = Path(__file__).parent / "data" / "who_does_what_zh.tsv"
SIGNS = {"positive": "+", "negative": "-", "negative_with_exception": "~", "conditional": "?"}


def sentences():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("text", "expected"), sentences())
def test_who_does_what(reader, text, expected):
    said = [(s.actor, s.action, SIGNS[s.polarity], s.receiver) for s in reader.zh(text)]
    wanted = [part.split() for part in expected.split("; ")]
    assert [list(told) for told, _ in groupby(s[:3] for s in said)] == [w[:3] for w in wanted]
    for words in wanted:
        receiver = words[3].removeprefix(">") if len(words) > 3 else ""
        assert any(receiver in s[3] for s in said if list(s[:3]) == words[:3])


LEADS = [
    ("第三方SDK会收集以下信息：\n（1）IP地址；\n（2）设备型号。", "third_party", "collect"),
    ("我们会收集以下信息：\n（1）IP地址；\n（2）设备型号。", "app", "collect"),
    ("我们会存储您的以下信息：\n（1）IP地址；\n（2）设备型号。", "app", "store"),
    ("我们会从第三方获取您的以下信息：\n（1）昵称；\n（2）头像。", "app", "collect"),
    ("我们会向第三方共享您的以下信息：\n（1）昵称；\n（2）头像。", "app", "share"),
]


@pytest.mark.parametrize(("text", "actor", "action"), LEADS)
def test_a_list_item_is_read_with_its_lead(reader, text, actor, action):
    found = reader.zh(text)
    assert found
    assert {(s.actor, s.action) for s in found} == {(actor, action)}


def test_a_company_is_no_third_party_in_its_own_policy(reader):
    said = "支付宝会收集您的银行卡号和手机号码。\n"
    theirs = reader.file("某某记账隐私政策\n我们尊重您的隐私。\n" + said).statements
    own = reader.file("支付宝隐私政策\n我们尊重您的隐私。\n" + said).statements
    assert {s.actor for s in theirs} == {"name:支付宝"}
    assert {s.actor for s in own} == {"app"}


def test_a_company_whose_service_is_only_used_is_a_third_party(reader):
    used = "某某记账隐私政策\n本应用集成了友盟统计服务。"
    told = "友盟可能会收集以下信息：\n- 设备信息：设备型号\n- 错误信息：崩溃日志\n"
    said = reader.file(used + told).statements
    assert [(s.actor, s.action) for s in said] == [("name:友盟", "collect")] * 2


def test_a_platform_of_a_company_is_the_company(reader):
    said = reader.zh("Vercel平台会自动记录您的IP地址。")
    assert [(s.actor, s.action) for s in said] == [("name:vercel", "collect")]


def test_what_is_carried_to_the_app_under_its_own_name_is_collected(reader):
    text = "百度地图隐私政策\n微信会将您的昵称、头像同步至百度地图。\n"
    assert {(s.actor, s.action) for s in reader.file(text).statements} == {("app", "collect")}


def test_lines_below_the_name_of_an_sdk_are_its_own(reader):
    text = (
        "3.某某统计SDK，来源于某某公司\n收集个人信息类型：设备型号、IP地址\n"
        "我们会收集您的手机号码。\n设备型号、IP地址、手机号码\n"
    )
    told = [(s.actor, s.data_types) for s in reader.file(text).statements]
    assert ("third_party", ("device_model_os", "ip_address")) in told
    assert ("app", ("phone_number",)) in told


def test_in_a_row_that_tells_of_us_we_act(reader):
    text = (
        "（1）直播SDK：为了提供直播，我们使用了直播SDK。您发布弹幕时，我们将收集您的昵称、头像。\n"
        "（2）推送SDK：为了推送消息，我们使用了推送SDK，需要获取您的IMEI、MAC地址。\n"
    )
    told = {s.data_types: s.actor for s in reader.file(text).statements}
    assert told[("nickname", "portrait_photo")] == "app"
    assert told[("imei", "mac_address")] != "app"


def test_a_sentence_between_two_rows_goes_on_with_the_first(reader):
    text = (
        "1.小鹿地图SDK：我们使用了小鹿地图SDK，需要获取您的位置信息。\n"
        "其中导航时，需要获取您的运动传感器信息。\n"
        "2.小马推送SDK：我们使用了小马推送SDK，需要获取您的IMEI。\n"
        "3.下载模块：为了下载，需要访问您的存储权限。\n"
        "4.小牛统计SDK：我们使用了小牛统计SDK，需要获取您的MAC地址。\n"
    )
    told = {s.data_types: s.actor for s in reader.file(text).statements}
    assert told[("sensor_data",)] == "name:小鹿地图SDK"
    assert told[("files",)] != "name:小马推送SDK"


def test_a_row_with_commas_for_cells_is_of_the_sdk_it_opens_with(reader):
    text = (
        "语音SDK,语音识别组件,提供语音服务,公司,：小鹿科技有限公司,语音数据,录音权限\n"
        "证件SDK,证件识别组件,读取证件信息,小马科技有限公司,身份证信息,相机权限\n"
    )
    actors = {s.actor for s in reader.file(text).statements}
    assert actors == {"name:语音SDK", "name:证件SDK"}


def test_a_list_of_such_sdks_goes_on_in_the_next_line(reader):
    text = (
        "可能涉及的SDK有小鹿广告SDK，此类SDK收集的信息包括：设备型号、运营商信息；\n"
        "IMEI、MAC地址，此类SDK会在向您展示广告时获取。\nAndroid ID、IP地址\n"
    )
    told = {s.data_types: s.actor for s in reader.file(text).statements}
    assert told[("imei", "mac_address")] == "third_party"
