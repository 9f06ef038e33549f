"""Third-party lists in the shapes they have in life; the lists are ours."""

import pytest

HEADER = "SDK名称|运营方|使用目的|收集的个人信息|隐私政策链接"
ROW = "极光推送SDK|深圳市和讯华谷信息技术有限公司|消息推送|IMEI、Android ID|https://a.example/p"


def pipe():
    return f"|{HEADER}|\n|---|---|---|---|---|\n|{ROW}|\n"


def html():
    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{c}</{tag}>" for c in cells.split("|")) + "</tr>"

    return f"<html><body><table>{row(HEADER, 'th')}{row(ROW, 'td')}</table></body></html>"


def keys():
    pairs = zip(HEADER.split("|"), ROW.split("|"), strict=True)
    return "第三方SDK目录\n" + "\n".join(f"{k}：{v}" for k, v in pairs) + "\n"


def flat():
    pairs = zip(HEADER.split("|"), ROW.split("|"), strict=True)
    return "1. " + "，".join(f"{k}：{v}" for k, v in pairs) + "\n"


def headed():
    parts = ROW.split("|")
    return (
        f"**{parts[0]}**\n\n运营方：{parts[1]}\n\n使用目的：{parts[2]}\n\n"
        f"收集个人信息类型：{parts[3]}\n\n隐私政策链接：{parts[4]}\n"
    )


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (pipe, "a.md"),
        (html, "a.html"),
        (html, "a.md"),
        (keys, "a.txt"),
        (flat, "a.txt"),
        (headed, "a.md"),
    ],
)
def test_shapes(reader, make, name):
    rows = reader.file(make(), name).sdks
    assert len(rows) == 1
    row = rows[0]
    assert (row.name, row.sdk) == ("极光推送SDK", "jpush")
    assert row.company == "深圳市和讯华谷信息技术有限公司"
    assert set(row.data_types) == {"imei", "android_id"}
    assert row.purpose == "消息推送"
    assert row.link == "https://a.example/p"


def test_a_list_without_verbs(reader):
    rows = reader.file("1.甲乙统计SDK：手机号码、定位权限\n2.丙丁广告API：IMEI、IMSI\n").sdks
    assert [r.name for r in rows] == ["甲乙统计SDK", "丙丁广告API"]
    assert set(rows[1].data_types) == {"imei", "imsi"}


def test_company_under_the_name_of_the_third_party(reader):
    text = (
        "推送消息（OPPO推送SDK）\n第三方名称：广东欢太科技有限公司\n"
        "使用目的：推送\n收集个人信息类型：设备标识信息\n"
    )
    row = reader.file(text).sdks[0]
    assert (row.name, row.company) == ("推送消息（OPPO推送SDK）", "广东欢太科技有限公司")


def test_row_spans(reader):
    text = (
        "<table><tr><th>SDK名称</th><th>公司名称</th><th>收集信息类型</th></tr>"
        "<tr><td>甲SDK</td><td rowspan=2>某某科技有限公司</td><td>IMEI</td></tr>"
        "<tr><td>乙SDK</td><td>无</td></tr></table>"
    )
    rows = reader.file(text, "a.html").sdks
    assert [(r.name, r.company, r.data_types) for r in rows] == [
        ("甲SDK", "某某科技有限公司", ("imei",)),
        ("乙SDK", "某某科技有限公司", ()),
    ]


def test_prose_has_no_rows(reader, whole):
    without = whole.replace("SDK名称：", "").replace("公司名称：", "")
    prose = without[: without.index("（一）第三方SDK目录")]
    assert reader.file(prose).sdks == ()


def test_what_a_row_says_is_said_of_the_third_party(reader, whole):
    policy = reader.file(whole)
    actors = {s.actor for s in policy.statements if "网络类型" in s.quote}
    assert actors == {"jpush"}


def test_what_stands_before_a_list_is_the_apps_own(reader, whole):
    policy = reader.file(whole)
    shared = [s for s in policy.statements if "收货地址" in s.quote]
    assert [(s.actor, s.action) for s in shared] == [("app", "share")]
    first = policy.sdks[0].place
    assert whole[first.start : first.end].startswith("SDK名称")


def test_a_remark_inside_an_entry_is_no_name(reader):
    text = (
        "穿山甲SDK（某某广告SDK）\n由此SDK引入：甲乙基础SDK\n使用目的：广告投放\n"
        "数据类型：IMEI、OAID\n隐私政策：\nhttps://a.example/p\n"
    )
    rows = reader.file(text).sdks
    assert [(r.name, r.sdk) for r in rows] == [("穿山甲SDK（某某广告SDK）", "pangle")]
