"""Lists whose table lost its borders, and entries in rarer words; all of them ours."""

import pytest

from tests.policy.conftest import Reader
from tests.policy.test_policy_growth import calls

TABS = (
    "SDK名称\t运营方\t使用目的\t收集的个人信息\t隐私政策\n"
    "甲虎推送SDK\t甲虎科技有限公司\t推送消息\tOAID、IP地址\thttps://jia.example/p\n"
    "乙马地图SDK\t\t显示地图\t经纬度\t\n"
)
BLANKS = (
    "公司名称 SDK名称 涉及个人信息 使用目的 共享方式 隐私政策链接\n"
    "甲虎科技有限公司 甲虎 推送 SDK OAID、Android ID、IP地址 用于推送消息 SDK本机采集 https://jia.example/p\n"
    "乙马软件有限公司 乙马地图SDK 经纬度 用于显示地图 SDK本机采集 https://yi.example/p\n"
)
COMMAS = (
    "SDK类型  插件名称  功能描述  SDK提供者  个人信息类型  调用权限\n"
    "推送SDK,甲虎推送组件,推送消息,甲虎科技有限公司,OAID、IMEI,电话权限\n"
    "扫码,SDK,扫码组件,识别二维码,我行,相册,相机权限\n"
    "本段到此为止。\n"
)
STACK = (
    "业务功能\n\n第三方名称\n\n个人信息收集详情\n\n隐私政策地址\n\n"
    "推送\n\n甲虎推送\n\nOAID、Android ID\n\nhttps://jia.example/p\n\n"
    "地图\n\n乙马地图\n\n经纬度、IP地址\n\nhttps://yi.example/p\n"
)
PIPED = (
    "公司名称 |\n产品 |\n共享信息名称 |\n使用目的 |\n共享方式 |\n隐私链接 |\n"
    "甲虎科技有限公司 |\n甲虎推送SDK |\nOAID、IMEI |\n推送消息 |\nSDK本机采集 |\n|\n"
    "乙马软件有限公司 |\n乙马地图SDK |\n经纬度 |\n显示地图 |\nSDK本机采集 |\n|\n"
)
BARS = (
    "第三方\n|\n服务内容\n|\n获取的信息\n|\n隐私政策\n\n"
    "甲虎推送\n|\n推送消息\n|\nOAID、IMEI\n|\n<https://jia.example/p>\n\n"
    "乙马地图\n|\n显示地图\n|\n经纬度\n|\n<https://yi.example/p>\n"
)
DRAWN = (
    "┌──────┬──────┬──────┐\n"
    "│ SDK名称 │ 使用目的 │ 收集的信息 │\n"
    "├──────┼──────┼──────┤\n"
    "│ 甲虎推送 │ 推送消息 │ OAID、 │\n"
    "│ SDK │ │ IMEI │\n"
    "├──────┼──────┼──────┤\n"
    "│ 乙马地图SDK │ 显示地图 │ 经纬度 │\n"
    "├──────┼──────┼──────┤\n"
    "│ 丙鹿统计SDK │ 统计 │ 无 │\n"
    "└──────┴──────┴──────┘\n"
)
KINDS = ("android_id", "device_id", "location", "location_precise", "oaid")
PUSH, MAP = ("imei", "oaid"), ("location_precise",)
SPANNED = (
    "| 序号 | 第三方名称 | 共享目的 | 共享信息类型 | 隐私政策 |\n|---|---|---|---|---|\n"
    "| 1 | 甲虎快递 | 送货 | 手机号码 | 无 |\n| 乙马快递 | 送货 | 邮箱 | 无 | |\n"
)
TRANSLATED = (
    "| 公司名称 Company Name | 产品 Product | 共享信息名称 Information to Be Shared "
    "| 使用目的 Purpose of Use |\n|---|---|---|---|\n"
    "| 甲虎科技有限公司 | 甲虎支付 | 手机号码 | 支付 |\n"
)
TWO_NAMES = (
    "| 第三方类型 | SDK名称 | 用途 | 收集的信息 |\n|---|---|---|---|\n"
    "| 推送类 | 甲虎推送SDK | 推送 | OAID |\n"
)
BELOW = (
    "（1）甲虎识别SDK。\n为了向您提供登录服务，我们使用了甲虎识别SDK，该SDK由甲虎科技有限公司提供，"
    "需要采集您的手机号码、OAID，通过比对验证身份。\n"
    "（2）乙马支付SDK。\n我们使用了乙马支付SDK，该SDK由乙马软件有限公司提供，不获取您的个人信息。\n"
)
OWNER_FIRST = (
    "第三方公司名称：甲虎科技有限公司\nSDK名称：甲虎推送\n使用目的：推送\n收集信息类型：OAID\n"
    "第三方名称：乙马软件有限公司\nSDK名称：乙马地图\n使用目的：地图\n收集信息类型：经纬度\n"
)
OWNER_LAST = (
    "使用目的：推送\n收集的个人信息类型：OAID\n第三方公司名称：甲虎科技有限公司\n"
    "使用目的：地图\n收集的个人信息类型：经纬度\n第三方公司名称：乙马软件有限公司\n"
)
KINDS_BELOW = (
    "甲虎分析SDK\n使用目的：分析\n共享个人信息类型：\n（1）必选个人信息\n"
    "设备标识符（Android ID、OAID）：用于识别用户；\n（2）可选个人信息\n"
    "位置信息（经纬度）：用于统计；\n"
)
LATIN_KEY = (
    "5. 第三方 SDK 名称：甲虎推送\n使用目的：推送\n收集的信息类型：OAID\n"
    "第三方 SDK 名称：乙马地图\n使用目的：地图\n收集的信息类型：经纬度\n"
)
TABLES = {
    "cells between tabs": (
        TABS,
        [
            ("甲虎推送SDK", "甲虎科技有限公司", ("ip_address", "oaid"), "推送消息"),
            ("乙马地图SDK", "", MAP, "显示地图"),
        ],
    ),
    "cells between blanks, which also stand inside": (
        BLANKS,
        [
            (
                "甲虎 推送 SDK",
                "甲虎科技有限公司",
                ("android_id", "ip_address", "oaid"),
                "用于推送消息",
            ),
            ("乙马地图SDK", "乙马软件有限公司", MAP, "用于显示地图"),
        ],
    ),
    "cells between commas": (
        COMMAS,
        [
            ("推送SDK", "甲虎科技有限公司", PUSH, "推送消息"),
            ("扫码 SDK", "我行", ("photo_album",), "识别二维码"),
        ],
    ),
    "one cell a line": (
        STACK,
        [
            ("甲虎推送", "", ("android_id", "oaid"), "推送"),
            ("乙马地图", "", ("ip_address", "location_precise"), "地图"),
        ],
    ),
    "one cell a line, with a bar": (
        PIPED,
        [
            ("甲虎推送SDK", "甲虎科技有限公司", PUSH, "推送消息"),
            ("乙马地图SDK", "乙马软件有限公司", MAP, "显示地图"),
        ],
    ),
    "cells between lines of a bar": (
        BARS,
        [("甲虎推送", "", PUSH, "推送消息"), ("乙马地图", "", MAP, "显示地图")],
    ),
    "a drawn table": (
        DRAWN,
        [
            ("甲虎推送SDK", "", PUSH, "推送消息"),
            ("乙马地图SDK", "", MAP, "显示地图"),
            ("丙鹿统计SDK", "", (), "统计"),
        ],
    ),
    "a running number that spans rows": (
        SPANNED,
        [
            ("甲虎快递", "", ("phone_number",), "送货"),
            ("乙马快递", "", ("email",), "送货"),
        ],
    ),
    "translated column names": (
        TRANSLATED,
        [("甲虎支付", "甲虎科技有限公司", ("phone_number",), "支付")],
    ),
    "two columns that may be the name": (
        TWO_NAMES,
        [("甲虎推送SDK", "", ("oaid",), "推送")],
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_every_row_of_a_table_without_borders(reader: Reader, case: str) -> None:
    text, expected = TABLES[case]
    rows = reader.file(text, "a.md" if text.startswith("|") else "a.txt").sdks
    assert [(r.name, r.company, r.data_types, r.purpose) for r in rows] == expected


VALUES_BELOW = (
    "第三方SDK名称：\n甲虎健康SDK\n第三方公司名称：\n甲虎科技有限公司\n收集个人信息种类：\nOAID、IMEI\n"
    "使用目的：\n同步数据\n隐私政策链接：\nhttps://jia.example/p\n"
    "第三方SDK名称：\n乙马地图SDK\n收集个人信息种类：\n经纬度\n使用目的：\n显示地图\n"
)
HEADED = (
    "## 甲虎统计SDK\n我们使用了甲虎统计SDK来统计使用情况，它会收集您的OAID。\n"
    "## 您的权利\n您可以查询。\n"
)
ENTRIES = {
    "each value below its key": (
        VALUES_BELOW,
        [
            ("甲虎健康SDK", "甲虎科技有限公司", PUSH, "同步数据"),
            ("乙马地图SDK", "", MAP, "显示地图"),
        ],
    ),
    "a sentence below a heading": (HEADED, [("甲虎统计SDK", "", ("oaid",), "")]),
    "sentences below a bare name": (
        BELOW,
        [
            ("甲虎识别SDK", "甲虎科技有限公司", ("oaid", "phone_number"), "向您提供登录服务"),
            ("乙马支付SDK", "乙马软件有限公司", (), ""),
        ],
    ),
    "the company before the name": (
        OWNER_FIRST,
        [
            ("甲虎推送", "甲虎科技有限公司", ("oaid",), "推送"),
            ("乙马地图", "乙马软件有限公司", MAP, "地图"),
        ],
    ),
    "the company in a bracket": (
        "• 甲虎推送SDK（甲虎科技有限公司）\n  用途：推送\n  收集信息：OAID\n",
        [("甲虎推送SDK", "甲虎科技有限公司", ("oaid",), "推送")],
    ),
    "named by the company alone, at the end": (
        OWNER_LAST,
        [
            ("甲虎科技有限公司", "甲虎科技有限公司", ("oaid",), "推送"),
            ("乙马软件有限公司", "乙马软件有限公司", MAP, "地图"),
        ],
    ),
    "kinds of data below their key": (
        KINDS_BELOW,
        [("甲虎分析SDK", "", KINDS, "分析")],
    ),
    "two keys for data": (
        "1. 甲虎分享SDK\n使用目的：分享\n涉及的个人信息：OAID\n信息类型：IMEI\n隐私政策：https://jia.example/p\n",
        [("甲虎分享SDK", "", PUSH, "分享")],
    ),
    "a number before the number": (
        "（一）1. SDK名称：甲虎支付\n2.开发者：甲虎科技有限公司\n3.SDK隐私政策链接：https://jia.example/p\n",
        [("甲虎支付", "甲虎科技有限公司", (), "")],
    ),
    "a Latin word inside the key": (
        LATIN_KEY,
        [("甲虎推送", "", ("oaid",), "推送"), ("乙马地图", "", MAP, "地图")],
    ),
    "radicals instead of characters": (
        "甲虎⽀付SDK\n使⽤⽬的：⽀付\n收集信息类型：⼿机号码\n",
        [("甲虎支付SDK", "", ("phone_number",), "支付")],
    ),
    "names in Latin letters beside an SDK": (
        "a.甲虎登录SDK：为您提供登录服务，会获取您的昵称。\nb.MTOP：我们会收集您的IP地址。\n",
        [("甲虎登录SDK", "", ("nickname",), ""), ("MTOP", "", ("ip_address",), "")],
    ),
}


@pytest.mark.parametrize("case", ENTRIES)
def test_every_entry_in_lines(reader: Reader, case: str) -> None:
    text, expected = ENTRIES[case]
    rows = reader.file(text).sdks
    assert [(r.name, r.company, r.data_types, r.purpose) for r in rows] == expected


def test_the_link_of_a_key_with_a_remark_and_of_a_sentence(reader: Reader) -> None:
    remark = (
        "1、甲虎推送SDK\nSDK用途：推送\n收集信息类型：OAID\n第三方隐私政策链接，仅供参考：\n"
        "https://jia.example/p\n"
    )
    said = (
        "SDK名称：乙马地图\n使用目的：地图\n"
        "以下信息由第三方SDK收集，根据第三方隐私政策（https://yi.example/p），其类型如下：\n"
        "收集信息类型：经纬度\n"
    )
    rows = [*reader.file(remark).sdks, *reader.file(said).sdks]
    assert [(r.name, r.link, r.purpose) for r in rows] == [
        ("甲虎推送SDK", "https://jia.example/p", "推送"),
        ("乙马地图", "https://yi.example/p", "地图"),
    ]


def test_two_ways_of_one_entry(reader: Reader) -> None:
    text = (
        "1）甲虎统计\n服务商名称：甲虎科技有限公司\n使用目的：统计\n处理方式：加密传输\n"
        "收集信息字段：OAID\n共享方式：SDK本机采集\n官方链接：https://jia.example/p\n"
    )
    (row,) = reader.file(text).sdks
    assert (row.method, row.link) == ("加密传输 SDK本机采集", "https://jia.example/p")


def test_where_a_row_without_borders_stands(reader: Reader) -> None:
    place = reader.file(STACK).sdks[1].place
    assert (
        STACK[place.start : place.end]
        == "地图\n\n乙马地图\n\n经纬度、IP地址\n\nhttps://yi.example/p"
    )


def test_radicals_keep_every_offset(reader: Reader) -> None:
    text = "甲虎⽀付SDK\n使⽤⽬的：⽀付\n收集信息类型：⼿机号码\n"
    assert reader.file(text).sdks[0].place.text == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        # A sentence that reads like column names.
        "在您使用产品名称、服务功能时,我们收集的信息类型,使用目的\n甲,手机号码,推送,无\n",
        # Column names that no row follows.
        "SDK名称\n使用目的\n收集的信息\n隐私政策\n我们会依法保护您的手机号码。\n感谢您的信任。\n",
        # What is used here is no third party.
        "| 传感器名称 | 使用场景 | 使用目的 |\n|---|---|---|\n| 加速度传感器 | 摇一摇 | 广告 |\n",
        # A heading that names no SDK of its own.
        "B.使用第三方SDK\n我们使用了第三方SDK，它会收集您的手机号码。\n",
        # Lines that name data: a kit's version, a provider, an address.
        "1. 收集的信息：\nSDK/JS 版本\n网络服务提供商\nIP 地址\n设备型号\n时间\nIMEI\n启动时间\n",
        # A table of rights, one of places, and who the operator is.
        "|权利|说明|方式|\n|---|---|---|\n|查阅|请求查阅个人信息|联系开发者|\n|撤回|撤回|关闭|\n",
        "| 数据 | 位置 |\n|---|---|\n| 对话 | 本机目录 |\n| 服务商令牌 | 加密的位置 |\n",
        "联系我们\n平台名称：甲虎平台\n运营主体：甲虎科技有限公司\n联系方式：客服\n办公地址：某市某路1号\n",
        "公司名称 产品名称 收集的信息\n我们重视您的个人信息 并会保护 您的手机号码 请您放心\n",
    ],
)
def test_what_only_looks_like_a_table_gives_no_row(reader: Reader, text: str) -> None:
    assert reader.file(text, "a.md" if text.startswith("|") else "a.txt").sdks == ()


@pytest.mark.parametrize(
    ("header", "types"),
    [
        ("第三方服务 | 用途 | 涉及数据", ("oaid",)),
        ("处理方 | 作用 | 处理的数据", ("oaid",)),
        ("共享对象 | 共享目的 | 共享信息", ("oaid",)),
    ],
)
def test_other_words_for_columns(reader: Reader, header: str, types: tuple[str, ...]) -> None:
    text = f"| {header} |\n|---|---|---|\n| 甲虎推送 | 推送 | OAID |\n| 乙马地图 | 地图 | 无 |\n"
    rows = reader.file(text, "a.md").sdks
    assert next((row.name, row.data_types) for row in rows) == ("甲虎推送", types)


HOSTILE = {
    "headers": "SDK名称 使用目的 收集的信息\n",
    "stacked headers": "SDK名称\n使用目的\n收集的信息\n",
    "blanks": "SDK名称 使用目的 收集的信息\n甲 " + "手机号码 " * 50 + "\n",
    "commas": "SDK名称,使用目的,收集的信息\n" + "甲SDK,推送,手机号码," * 20 + "\n",
    "bars": "SDK名称\n|\n使用目的\n|\n收集的信息\n|\n",
    "drawn": "│ SDK名称 │ 使用目的 │ 收集的信息 │\n│ 甲 │ │ │\n",
    "drawn borders": "├──┼──┤\n│ 甲 │ 乙 │\n",
    "names": "1. 甲SDK\n我们使用了甲SDK，该SDK收集您的手机号码。\n",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_twice_the_lines_are_twice_the_work(tmp_path, know, case: str) -> None:
    """Counted in calls: no line of a would-be table is looked at again and again."""
    path = tmp_path / "a.txt"
    counts = []
    for times in (1, 1, 2, 4):
        path.write_text(HOSTILE[case] * (max(1, 3000 // len(HOSTILE[case])) * times), "utf-8")
        counts.append(calls(path, know))
    assert counts[2] <= 2.3 * counts[1]
    assert counts[3] <= 2.3 * counts[2]
