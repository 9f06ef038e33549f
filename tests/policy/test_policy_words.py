"""The Chinese lexicon: what a word names, and what it only touches."""

import pytest

from profiles.load import table
from scanner.policy.normal import fold
from scanner.policy.words import CompoundTable, Finder


def found(words, text):
    return {(word, kind) for _, _, kind, word in words.terms.find(fold(text)) if kind}


@pytest.mark.parametrize(
    "text",
    [
        "我们会加密保护",  # 密保
        "取得主体征得",  # 体征
        "活体检测",  # 体检
        "应用的运行程序",  # 行程
        "在境内存储",  # 内存
        "问题发生日",  # 生日
        "互联网信息服务",  # 联网信息
        "您感兴趣的内容",
        "国家有关部门",
        "通过支付宝付款",
        "征信机构",
        "腾讯健康系统",
        "投诉电话",
        "接收方的名称或者姓名",
        "程序文件",
        "身心健康",
        "本公司将如实告知",
        "事业单位",
        "您的监护人",
        "云存储空间",
        "在页面的显著位置",
        "点击右上角",
        "分享口令",
        "帮助与反馈",
        "https://privacy.qq.com/",
        "用于日志记录和问题修复",
        "接入的登录、支付组件",
        "合并、收购或类似的交易",
        "在相对位置",
        "刷脸存款业务",
        "办理贷款过程中",
        "安排人员培训和考试",
        "当前的存放位置",
        "强制退出后台进程权限",
        "拨打VoIP电话",
        "网站、通讯群组",
        "用于确认订单信息",
        "满足您的搜索需求",
        "与社交网络连接",
        "信用卡准入审批",
        "保存在设备存储空间内",
        "硬件厂商、电信运营商",
        "由微信或QQ平台认证",
        "所在国家/地区以外的服务器",
        "在世界坐标系的位置",
        "援引页面的位置",
        "平板电脑、手机等设备",
        "未经公司书面授权",
        "SDK所属公司",
        "滑块验证码SDK",
        "单据上的印章验证码",
        "不含香港、澳门、台湾地区",
        "请求安装应用权限",
        "您的商标、品牌、标识",
    ],
)
def test_what_only_touches_data_is_none(words, text):
    assert found(words, text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("家庭成员", "family_relation"),
        ("所在地理位置", "location"),
        ("身份证有效期", "id_validity"),
        ("身份证复印件", "id_photo"),
        ("内存卡", "files"),
        ("存储空间权限", "files"),
        ("附近的WiFi", "wifi_scan"),
        ("设备动态传感器", "sensor_data"),
        ("蜂窝网络", "carrier_network"),
        ("第三方支付账号", "payment_account"),
        ("收款方账号", "bank_account"),
        ("角色名称", "account_info"),
        ("用户的唯一标识", "account_info"),
        ("苹果广告标识", "idfa"),
        ("开发者匿名设备标识符", "vendor_scoped_id"),
        ("关注列表", "friend_list"),
        ("收藏夹", "click_favourites"),
        ("软件使用记录", "software_usage"),
        ("商品/服务信息", "order_info"),
        ("电话录音", "audio_recording"),
        ("登录状态", "account_info"),
        ("IP地址归属地", "location_coarse"),
        ("IP地址所对应的归属地域", "location_coarse"),
        ("银行卡卡号/账号", "bank_account"),
        ("面部照片", "face_feature"),
        ("新证件的正反面照片", "id_photo"),
        ("通信信息", "communication_info"),
        ("设备存储空间", "cpu_storage"),
        ("访问设备存储空间", "files"),
        ("外部存储状态", "cpu_storage"),
        ("设备通话状态", "device_info"),
        ("住宿地址", "hotel_stay"),
        ("家庭成员的账号", "account_info"),
        ("车型浏览记录", "browsing_history"),
        ("WiFi、4G网络", "carrier_network"),
        ("WLAN流量费详单", "transaction_record"),
        ("浏览器Cookies", "cookie"),
        ("国际驾照订单记录", "order_info"),
        ("QQ群名称", "group_list"),
        ("操作系统名称", "device_model_os"),
        ("手机硬件标识符", "device_id"),
        ("手机安装软件", "installed_apps"),
        ("商户名称", "transaction_record"),
        ("薪资要求", "resume"),
        ("互联网地址或域名", "ip_address"),
        ("户籍所在地", "home_address"),
        ("身份证件人像照", "id_photo"),
        ("正在使用中的软件列表", "running_apps"),
        ("读写存储", "files"),
        ("蓝牙配置信息", "bluetooth_info"),
        ("话费余额", "financial"),
        ("网卡(MAC)）地址", "mac_address"),
        ("认证标识及认证信息", "account_info"),
        ("订购套餐信息", "order_info"),
    ],
)
def test_a_compound_is_filed_by_what_it_names(words, text, kind):
    assert {k for _, k in found(words, text)} == {kind}


def test_a_stop_phrase_does_not_hide_the_word_that_begins_in_it(words):
    assert found(words, "观看视频信息") == {("视频信息", "camera_media")}
    assert found(words, "使用浏览器类型") == {("浏览器类型", "browser_type")}
    assert found(words, "账号登录日志") == found(words, "登录日志") != set()
    assert found(words, "投资理财产品") == set()


def test_a_word_that_begins_in_a_stop_phrase():
    finder = Finder({"甲乙丙": "", "乙丙丁": "x", "乙": "y", "丙戊": "z", "乙丙mac": "w"})
    assert finder.find("甲乙丙丁") == [(1, 4, "x", "乙丙丁")]
    assert finder.find("甲乙丙") == [(0, 3, "", "甲乙丙")]
    assert finder.find("甲乙丙戊") == [(0, 3, "", "甲乙丙")]
    assert finder.find("甲乙丙macos") == [(0, 3, "", "甲乙丙")]
    assert finder.find("甲乙丙丁乙") == [(1, 4, "x", "乙丙丁"), (4, 5, "y", "乙")]


def test_a_compound_holds_a_word_of_data_and_is_none(words):
    """Else it would be dead, or switch a term off."""
    terms = {fold(t.text): t.data_type for t in words.know.lexicon if t.lang == "zh"}
    finder = Finder({**terms, **{fold(word): "" for word in words.words.stop}})
    compounds = table(words.know, "policy_compounds", CompoundTable).compounds
    told = [fold(word) for group in compounds.values() for word in group]
    assert len(told) == len(set(told))
    assert [word for word in told if word in terms] == []
    assert [word for word in told if not any(kind for _, _, kind, _ in finder.find(word))] == []


def test_every_finer_type_is_known(words):
    terms = {fold(t.text) for t in words.know.lexicon if t.lang == "zh"}
    for term, kind in words.words.finer.items():
        assert term in terms
        assert kind in words.know.data_types
