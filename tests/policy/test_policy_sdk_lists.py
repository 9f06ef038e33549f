"""Whole small lists of our own, one of each kind, and every row they must give."""

import pytest

from scanner.policy.resolve import Resolver
from tests.policy.conftest import Reader

Row = tuple[str, str, tuple[str, ...], str, str, str]

WRAPPED = (
    """\
本应用接入的第三方 SDK 见下表：
SDK名称| 第三方机构名称| 使用目的| 收集个人信息的类型| 隐私政策链接
---|---|---|---|---
青云推送SDK| 青云（南京）科技有限公司| 送达系统通知|
IMEI、OAID、
Android ID| https://qing.example/p
白石地图| 白石软件有限公司| 展示地图| 经纬度、基站信息| https://bai.example/m

一、以下为正文。
""".replace("链接\n---", "链接  \n---")
    .replace("/p\n", "/p  \n")
    .replace("/m\n", "/m  \n")
)

MARKDOWN = """\
## 第三方信息共享清单

登录（赤水登录）

第三方名称：赤水网络有限公司

使用目的：一键登录

处理方式：去标识化后传输

收集个人信息类型：手机号码

第三方个人信息处理规则：https://chi.example/r

广告服务

第三方名称：广告主和代理商

使用目的：投放广告

处理方式：去标识化后传输

收集个人信息类型：OAID、IMEI
"""

KEYS = """\
第三方SDK目录
紫林统计SDK（紫林分析SDK）
使用目的：统计分析
数据类型：设备信息（IMEI，
Android ID）、应用列表
官网链接：
https://zi.example/sdk
扫码组件
使用目的：识别二维码
数据类型：相册
官网链接：https://sao.example
1、墨池语音SDK
墨池语音为应用提供播报能力。我们在您使用播报时调用它。
使用目的：语音播报
信息获取：
①IP地址；
②Android ID
隐私政策链接：https://mo.example/p
"""

FLAT = """\
**合作方收集的信息：** 第三方SDK名称：金谷 公司全称：金谷网络股份有限公司 使用目的：推送消息
收集数据类型：IMEI；经纬度 官网链接：<http://jin.example/privacy> 第三方SDK名称：Silver
data 公司全称：银海天下科技有限公司 使用目的：数据统计 收集数据类型：OAID
官网链接：<https://silver.example/p>
"""

VERBLESS = """\
播放类：
1.丙丁播放SDK：手机号码、定位权限
2.戊己广告API：IMEI、IMSI
获取权限原因：
1.定位权限：用来推荐附近的内容
"""

PROSE = """\
这些SDK包括：
（1）乙木推送SDK：为了向您及时推送通知，我们使用了乙木推送SDK，该SDK需要获取您的IMEI、
手机型号，用于实现推送。如您不希望收到通知，可以关闭。
（2）寅虎播报SDK：为便于您收听，我们使用了寅虎播报SDK，需要访问您的麦克风权限。
（3）卯兔渲染SDK：搭建页面时使用。
（4）我们会对软件开发工具包（SDK）进行检测：确保其安全，并要求其保护您的IMEI。
"""

CASES: dict[str, tuple[str, str, list[Row]]] = {
    "a table in HTML, the company spanning two rows": (
        "a.html",
        (
            "<table><tr><th>使用SDK名称</th><th>第三方名称</th><th>使用目的</th>"
            "<th>收集个人信息</th><th>隐私政策</th></tr>"
            "<tr><td>甲一支付SDK</td><td rowspan=2>甲一支付有限公司</td><td>支付</td><td>OAID</td>"
            "<td><a href='https://jia.example/p'>说明</a></td></tr>"
            "<tr><td>甲一登录SDK</td><td>登录</td><td>无</td><td>无</td></tr></table>"
        ),
        [
            ("甲一支付SDK", "甲一支付有限公司", ("oaid",), "支付", "", "https://jia.example/p"),
            ("甲一登录SDK", "甲一支付有限公司", (), "登录", "", ""),
        ],
    ),
    "a table that html2text wrapped": (
        "a.txt",
        WRAPPED,
        [
            (
                "青云推送SDK",
                "青云（南京）科技有限公司",
                ("android_id", "imei", "oaid"),
                "送达系统通知",
                "",
                "https://qing.example/p",
            ),
            (
                "白石地图",
                "白石软件有限公司",
                ("cell_info", "location_precise"),
                "展示地图",
                "",
                "https://bai.example/m",
            ),
        ],
    ),
    "markdown, where the third party's name is the company's": (
        "a.md",
        MARKDOWN,
        [
            (
                "登录（赤水登录）",
                "赤水网络有限公司",
                ("phone_number",),
                "一键登录",
                "去标识化后传输",
                "https://chi.example/r",
            ),
            ("广告服务", "广告主和代理商", ("imei", "oaid"), "投放广告", "去标识化后传输", ""),
        ],
    ),
    "keys and values over several lines": (
        "a.txt",
        KEYS,
        [
            (
                "紫林统计SDK（紫林分析SDK）",
                "",
                ("android_id", "device_info", "imei", "installed_apps"),
                "统计分析",
                "",
                "https://zi.example/sdk",
            ),
            ("扫码组件", "", ("photo_album",), "识别二维码", "", "https://sao.example"),
            (
                "墨池语音SDK",
                "",
                ("android_id", "ip_address"),
                "语音播报",
                "",
                "https://mo.example/p",
            ),
        ],
    ),
    "flattened text, cut in the middle of a name": (
        "a.txt",
        FLAT,
        [
            (
                "金谷",
                "金谷网络股份有限公司",
                ("imei", "location_precise"),
                "推送消息",
                "",
                "http://jin.example/privacy",
            ),
            (
                "Silver data",
                "银海天下科技有限公司",
                ("oaid",),
                "数据统计",
                "",
                "https://silver.example/p",
            ),
        ],
    ),
    "items without a verb": (
        "a.txt",
        VERBLESS,
        [
            ("丙丁播放SDK", "", ("location", "phone_number"), "", "", ""),
            ("戊己广告API", "", ("imei", "imsi"), "", "", ""),
        ],
    ),
    "items in sentences": (
        "a.txt",
        PROSE,
        [
            ("乙木推送SDK", "", ("device_model_os", "imei"), "向您及时推送通知", "", ""),
            ("寅虎播报SDK", "", ("audio_recording",), "便于您收听", "", ""),
            ("卯兔渲染SDK", "", (), "", "", ""),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_row_of_a_list(reader: Reader, case: str) -> None:
    name, text, expected = CASES[case]
    rows = reader.file(text, name).sdks
    assert [
        (r.name, r.company, r.data_types, r.purpose, r.method, r.link) for r in rows
    ] == expected


def test_where_a_row_of_several_lines_stands(reader: Reader) -> None:
    row = reader.file(KEYS).sdks[0]
    passage = KEYS[row.place.start : row.place.end]
    assert passage.startswith("紫林统计SDK")
    assert passage.endswith("https://zi.example/sdk")


@pytest.mark.parametrize(
    "text",
    [
        "我们的产品集成统计SDK，它需要收集您的IMEI以提供统计服务。\n",
        "SDK：指嵌入应用的一组工具，用于收集您的设备信息。\n",
        "公司名称：甲乙丙网络有限公司\n联系地址：某市某路1号\n联系电话：010-00000000\n",
        "收集目的：为您推荐内容。\n我们会收集您的IMEI。\n",
        "（1）我们会对第三方SDK进行检测：要求其保护您的IMEI与手机号码。\n",
    ],
)
def test_what_is_no_list_gives_no_row(reader: Reader, text: str) -> None:
    assert reader.file(text).sdks == ()


def test_a_long_broken_list_stays_linear(reader: Reader) -> None:
    """Open brackets, repeated keys and wrapped rows without end."""
    text = "甲SDK\n使用目的：推送（\n" + "数据类型：IMEI（\n使用目的：统计，\n" * 3000
    assert len(reader.file(text).sdks) <= 3001
    table = "SDK名称| 使用目的| 数据类型  \n---|---|---\n" + "甲| 乙\n" * 3000
    assert all(len(r.name) <= 120 for r in reader.file(table).sdks)


def test_what_says_that_sdks_collect_is_no_name(reader):
    text = "我们会使用小鹿登录SDK。\n此类SDK会直接收集您的：设备型号、IMEI、手机号码。\n"
    assert reader.file(text).sdks == ()


def test_a_short_latin_name_inside_another_word_is_not_resolved(know):
    resolver = Resolver(know)
    assert resolver.find("face++活体识别SDK", "") == ""
    assert resolver.find("腾讯ACE SDK", "") == resolver.find("ACE SDK", "") != ""
