"""Rows of tables of third parties that were torn into lines, and tables that are our own."""

import pytest

from scanner.policy.torn import _tables

TORN = """\
我们接入的第三方SDK包括：
SDK名称
|
收集的信息
|
用途
|
所属公司
---|---|---|---
小鹿推送
|
IMEI、MAC地址
|
推送消息
|
小鹿有限公司
<https://lu.example/p>

小马统计
|
** _位置信息_ **
|
统计
|
小马有限公司

我们会收集您的手机号码。
"""

OURS = """\
我们收集的信息如下：
功能
|
收集的信息

注册
|
手机号码、昵称

地图
|
位置信息
"""

INLINE = """\
我们委托的第三方（含插件等）包括但不限于：
项目 | 目的 | 范围
小鹿 | 展示广告 | 获取设备型号、IP地址
小马 | 展示广告 |
获取IMEI、位置信息
我们会收集您的手机号码。
"""

COMMAS = "小鹿盾，南京小鹿科技有，限公司，内容检，查，获取，网络状态、获取，IMEI\n"

PROVIDED = """\
1）“小鹿”：由“南京小鹿有限公司”提供接口，用于广告检测。
设备型号、IP地址、IMEI
我们会收集您的手机号码。
"""


def told(reader, text: str) -> dict[tuple[str, ...], str]:
    return {s.data_types: s.actor for s in reader.file("某某记账隐私政策\n\n" + text).statements}


def test_cells_below_one_another_are_a_row_of_its_first_cell(reader):
    said = told(reader, TORN)
    assert said[("imei", "mac_address")] == "name:小鹿推送"
    assert said[("location",)] == "name:小马统计"
    assert said[("phone_number",)] == "app"


def test_a_table_of_our_own_stays_ours(reader):
    assert set(told(reader, OURS).values()) == {"app"}


def test_rows_of_a_table_that_is_led_in_are_the_third_parties(reader):
    said = told(reader, INLINE)
    assert said[("device_model_os", "ip_address")] == "third_party"
    assert said[("imei", "location")] == "third_party"
    assert said[("phone_number",)] == "app"


@pytest.mark.parametrize(("text", "types"), [(COMMAS, "imei"), (PROVIDED, "device_model_os")])
def test_a_line_with_a_company_owns_what_it_tells(reader, text, types):
    said = told(reader, text)
    assert {actor for kinds, actor in said.items() if types in kinds} == {"third_party"}
    assert said.get(("phone_number",), "app") == "app"


def test_what_buttons_of_others_collect_is_theirs(reader):
    text = (
        "# 五、第三方服务\n您可以利用“分享”键分享内容。\n这些功能可能会收集您的IP地址。\n"
        "# 六、我们的服务\n您可以发布内容。\n这些功能可能会收集您的昵称。\n"
    )
    said = {s.data_types: s.actor for s in reader.file(text).statements}
    assert said == {("ip_address",): "third_party", ("nickname",): "app"}


def test_what_we_are_said_to_share_with_the_parties_of_a_table_we_share(reader):
    table = "小牛地图| IMEI| 小牛有限公司\n"
    table += "小鹿推送| 设备型号、IP地址| 小鹿有限公司\n小马统计| 位置信息| 小马有限公司\n"
    led = reader.file("我们向第三方SDK共享的信息如下：\n\n" + table).statements
    bare = reader.file("某某记账隐私政策\n\n" + table).statements
    assert {(s.actor, s.action) for s in led} == {("app", "share")}
    assert {(s.actor, s.action) for s in bare} == {("third_party", "collect")}


@pytest.mark.parametrize(
    "line", ["a\n|\n", "|\n", "a|b|\n", "a|b|c\n", "a|\n\n", "\n|\n" + "x\n" * 9]
)
def test_tables_cost_no_more_than_their_text(line):
    """The rows of a text cover no character twice, so the work grows with the text."""
    rows = [row for table in _tables(line * 2000) for row in table]
    assert sum(row.end - row.start for row in rows) <= 2 * len(line) * 2000
