"""Who does what: subjects, ruling verbs, and clauses that state nothing. Our own wording."""

from itertools import pairwise

import pytest

from scanner.policy.idle import Idle
from scanner.policy.mentions import read_sentence
from scanner.policy.normal import Normal

WHO_AND_WHAT = [
    # the subject is not who is owned, spoken to, or only described
    ("经过您的单独同意，向第三方共享您的车牌号信息。", "app", "share"),
    ("我们会与我们安全保障的合作伙伴共享您的设备信息。", "app", "share"),
    ("与我们合作的认证机构需要使用您的姓名和身份证号码。", "third_party", "use"),
    ("我们或我们的第三方合作伙伴可能收集您的设备信息。", "app", "collect"),
    ("第三方软件可能会收集您的设备信息。", "third_party", "collect"),
    ("可能由提供认证服务的第三方机构收集您的人脸信息。", "third_party", "collect"),
    ("您需要提供您的手机号码（仅手机银行），并可能需要提供您的身份证号码。", "app", "collect"),
    ("我们使用了推送SDK，该SDK由别家公司提供，需要采集您的昵称信息。", "third_party", "collect"),
    ("支付功能由第三方提供，甲应用不会收集您的指纹信息。", "app", "collect"),
    # the verb is not one that describes a noun, names a thing or belongs to the user
    ("我们可能使用您的设备信息以及合作方依法可以共享的信息。", "app", "use"),
    ("我们不会存储您的生物识别信息。", "app", "store"),
    ("有关您曾使用的移动应用的信息，我们会收集您的应用列表。", "app", "collect"),
    ("我们会收集并向您展示您的使用记录。", "app", "use"),
    # an object put first takes the verb behind it
    ("我们需将您的订单号与您选择的支付机构共享。", "app", "share"),
    ("我们将把您用于支付的银行卡号向关联公司提供。", "app", "share"),
    ("我们会将您的手机号码传给第三方合作方。", "app", "share"),
    ("我们会将您的昵称与您的账号进行绑定。", "app", "use"),
    ("我们会根据您的设备信息、交易信息进行综合判断。", "app", "use"),
    ("我们会将您的手机号码传输到境外。", "app", "transfer_abroad"),
    ("您的昵称、头像将被公开展示。", "app", "share"),
    # given to us, given by us
    ("第三方平台会与我们共享您的昵称、头像。", "app", "collect"),
    ("我们不会提供您的手机号码。", "app", "share"),
    ("我们会向您绑定的手机号码发送服务通知。", "app", "use"),
]


@pytest.mark.parametrize(("text", "actor", "action"), WHO_AND_WHAT)
def test_who_does_what(reader, text, actor, action):
    found = reader.zh(text)
    assert found
    assert {(s.actor, s.action) for s in found} == {(actor, action)}


NOTHING = [
    "如您希望通过语音与其他用户互动",
    "即使您已同意开启麦克风权限",
    "当您在定位服务、室内定位场景",
    "在您使用信息发布功能时（包括评论、弹幕等）",
    "我们会对违规用户账号信息进行匿名化处理",
    "对客户姓名通过加密传输的方式进行保护",
    "联系方式详情请参阅清单",
    "上述所有信息构成您的订单信息",
    "使用目的：推送消息到手机号码",
    "4.位置信息：",
    "您可以使用头像上传、银行卡识别等功能",
    "您不应将其账号转让他人使用",
    "以防密码外泄",
    "充值记录属于敏感个人信息",
    "我行将删除您设置的头像信息",
    "位置信息的设置路径为隐私页面",
    "为了方便您快捷填写地址信息",
    "手机号码是实名制要求的必要信息",
    "精确位置信息是敏感个人信息",
    "单独的设备信息无法识别您的身份",
    "加速度数据不涉及您的位置信息",
    "您若不希望您的人脸信息被我们保存后用于比对",
    "并授权甲应用使用您的头像时",
    "您需在您的手机上完成指纹验证",
    "直接拍摄并上传图片",
    "甲网盘可帮助您备份相册、视频",
    "刷脸支付、人脸信息核验功能无法使用",
    "可能导致您无法使用与相机权限相关的扩展功能",
    "视设备品牌、手机型号",
    "您在甲平台上办理银行卡、理财等服务",
    "向您说明设备信息的收集目的、范围及使用方式",
    "我们会在您注销账号后立即删除账户信息",
    "崩溃日志上报及图片压缩SDK",
    "包括即时通讯服务、支付服务、位置信息服务、应用服务",
    "同时出于日志存储等运营需求",
    "如果我们发现在未获得可证实的同意的情况下收集了儿童个人信息",
    "您还可以对别人的图片进行评论、点赞",
    "如果您提供了错误的收货地址",
    "您的搜索关键词信息无法单独识别您的身份",
    "此时不涉及设备信息",
    "通过绑定手机号码进行注册",
    "当您需要我们提供与您订单信息相关",
    "包括本地存储（如Cookie）、数据库和服务器日志",
    "• 为展示您账户的订单信息",
    "（2）为展示您账户的订单信息",
    "我们为您提供了滤镜、人脸贴纸等美化功能",
    "您能够上传照片、视频",
    "我们使用了设备指纹SDK",
    "如您不想将日志信息被我们收集",
    "甲相机为您提供照片拍摄、保存至本地等功能",
    "访问或者修改您的邮箱信息",
]
SOMETHING = [
    "如用户头像、昵称等信息",
    "如您提供手机号码进行绑定",
    "当您注册时我们会收集您的手机号码",
    "我们会将匿名化处理后的位置信息与合作方共享",
    "为便于登录而需要的资料：您的职位、邮箱",
    "我们会收集您的手机号码（其收集是为了满足实名要求）",
    "您可以填写您的昵称、性别",
    "作为网络日志保存",
    "我们会保留您的搜索记录以方便您重复输入",
    "目的地位置信息",
    "如您提供手机号码进行绑定，可以找回账号",
    "我们将写入、保存、修改、上传、删除图片和日志",
    "我们会根据您的浏览记录向您推荐您感兴趣的内容",
    "将您的设备信息提供给推送SDK",
    "您可以修改或补充您的生日",
    "我们需要修改您的存储卡中的文件",
    "我们会通过了解您的应用列表等手段来判断账号风险",
]


def is_idle(words, clause):
    sentence = read_sentence(Normal(clause).text, words)
    rules = Idle(words)
    assert sentence.mentions
    return rules.clause(sentence.text, sentence.mentions, 0, positive=True)


@pytest.mark.parametrize("clause", NOTHING)
def test_a_clause_that_states_nothing(words, clause):
    assert is_idle(words, clause)


@pytest.mark.parametrize("clause", SOMETHING)
def test_a_clause_that_looks_so_and_states_something(words, clause):
    assert not is_idle(words, clause)


def test_a_warning_of_what_the_user_publishes_states_nothing(reader):
    text = "您公开发布的信息可能会涉及您或他人的个人信息，如您在评论时上传的图片。"
    assert reader.zh(text) == []


WHOLE = [
    "公开信息是指您主动发布的信息，包括您的头像、昵称。",
    "在网上交易时，您不可避免地要向对方披露自己的信息，如联系方式、收货地址。",
    "种族、宗教、健康信息可能被认为是敏感个人信息，例如您的病历。",
    "您可自主选择分享的对象，作为能够看到您的昵称的人。",
    "本指引不适用于您另行订购的产品，包括您的手机号码套餐服务。",
    "个人上网记录（包括浏览记录、点击记录）。",
    "个人设备信息（包括型号、应用列表（应用名称、包名）及IMEI等信息）；",
    "“共享信息”是您向其他用户公开的信息、昵称，以及位置信息。",
    "您在使用服务时上传的内容（如照片），可能会泄露您的敏感信息。",
    "# 联系我们\n设备信息：包括设备型号、IMEI，以及IP地址。\n",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_sentence_that_states_nothing_as_a_whole(reader, text):
    assert reader.zh(text) == []


def test_a_definition_of_a_service_may_tell_what_is_gathered(reader):
    text = "免密登录是指您无须输入号码，运营商通过SIM卡获取您的手机号码。"
    assert {t for s in reader.zh(text) for t in s.data_types} >= {"phone_number"}


def test_a_definition_with_a_practice_in_it_is_read(reader):
    text = "设备信息是指用于识别终端的信息，为了安全，我们会收集您的IMEI。"
    assert {t for s in reader.zh(text) for t in s.data_types} >= {"imei"}


NAMES = [
    "1.2.3 位置信息\n我们会在您授权后收集您的位置信息。\n",
    "（1）日志信息。为了安全，我们会收集您的操作日志。\n",
    "5.【设备信息】\n为了安全，我们会收集您的设备型号。\n",
    "3. 麦克风权限\n当您发送语音时，我们会申请录音权限。\n",
    "我们会收集以下信息：\n6）图像分类服务\n您使用时，我们会收集您的相册信息。\n",
    "（三）帮助您发布信息、视频，结交好友\n您上传视频时，我们会收集您的相册信息。\n",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_numbered_line_that_names_what_follows_is_no_statement(reader, text):
    assert [s for s in reader.zh(text) if "收集" not in s.quote and "申请" not in s.quote] == []
    assert reader.zh(text)


ITEMS = [
    "我们会收集以下信息：\n（1）设备信息；\n（2）日志信息；\n（3）位置信息；\n",
    "我们会收集以下信息：\n（1）设备信息；\n（2）位置信息。\n我们重视您的隐私。\n",
    "我们会收集以下信息：\n1.1 位置信息。\n例如经纬度、基站。\n",
]


@pytest.mark.parametrize("text", ITEMS)
def test_an_item_of_an_announced_list_is_a_statement(reader, text):
    assert "location" in {t for s in reader.zh(text) for t in s.data_types if "位置" in s.quote}


def test_a_short_numbered_sentence_with_a_verb_is_no_label(reader):
    text = "1.2 甲软件收集设备信息。\n我们重视您的隐私。\n"
    assert {t for s in reader.zh(text) for t in s.data_types} == {"device_info"}


def test_a_numbered_denial_is_no_label(reader):
    text = "6.4 目前不收集通讯录。\n我们重视您的隐私。\n"
    assert [s.polarity for s in reader.zh(text)] == ["negative"]


STILL = [
    ("我们会收集您的昵称，如用户头像、生日。", {"nickname", "portrait_photo", "birth_date"}),
    ("为便于登录，您需要提供以下资料：您的职位、邮箱。", {"occupation", "email"}),
    ("我们会收集您的手机号码（手机号码的收集是为了满足实名要求）。", {"phone_number"}),
]


@pytest.mark.parametrize(("text", "types"), STILL)
def test_what_looks_idle_and_is_not(reader, text, types):
    assert {t for s in reader.zh(text) for t in s.data_types} >= types


def test_a_quote_holds_the_verb_of_its_data(reader):
    text = "我们还需记录与订单相关的信息，包括交易金额、订单编号。"
    assert [s.quote for s in reader.zh(text)] == [text.rstrip("。")]


def test_a_topic_is_quoted_with_what_is_said_of_it(reader):
    text = "对于您的联系方式（如联系邮箱），我们会使用它发送通知。"
    assert [s.quote for s in reader.zh(text)] == [text.rstrip("。")]


def test_what_is_told_after_a_semicolon_is_told_by_itself(reader):
    found = reader.zh("我们会收集您的手机号码；设备型号；IP地址。")
    assert [len(s.data_types) for s in found] == [1, 1, 1]


def test_an_umbrella_word_is_left_out_beside_data(reader):
    found = reader.zh("我们会收集您的个人信息，包括手机号码。")
    assert {t for s in found for t in s.data_types} == {"phone_number"}


def test_a_title_of_one_kind_of_data_is_no_statement(reader):
    assert reader.zh("# 一、日志信息\n我们致力于保护您。\n") == []


def test_statements_do_not_overlap(reader):
    text = "对于您的手机号码，我们会使用它联系您，并将您的昵称、头像公开展示，也会收集您的生日。"
    found = sorted((s.start, s.end) for s in reader.zh(text))
    assert all(a[1] <= b[0] for a, b in pairwise(found))


def test_a_condition_binds_within_its_semicolons(reader):
    text = "如我们后续另行征得您的同意，会收集您的通讯录；我们会收集您的手机号码。"
    told = {t: s.polarity for s in reader.zh(text) for t in s.data_types}
    assert told["phone_number"] == "positive"


def test_a_condition_does_not_bind_what_was_said_before_it(reader):
    text = "我们会与合作方共享您的设备信息，如果改变目的，我们将再次征得您的同意。"
    assert {s.polarity for s in reader.zh(text)} == {"positive"}


def test_a_denial_that_points_back_is_quoted_with_its_data(reader):
    text = "人脸识别的相关验证数据，在加密后仅用于与权威数据源进行比对，我们不会对其留存。"
    denied = [s for s in reader.zh(text) if s.polarity == "negative"]
    assert [(s.action, s.quote) for s in denied] == [("store", text.rstrip("。"))]


def test_a_denial_in_a_bracket_is_told_by_itself(reader):
    text = "我们会收集您的设备型号、IP地址（不收集您的通话内容），用于安全检测。"
    told = {s.polarity: s.data_types for s in reader.zh(text)}
    assert told == {"positive": ("device_model_os", "ip_address"), "negative": ("call_log",)}


def test_a_bracket_is_quoted_whole(reader):
    text = "我们将获取您授权的信息（例如昵称、头像，具体以授权页面为准）并与您的账号绑定。"
    assert [s.quote for s in reader.zh(text)] == [text.rstrip("。")]


def test_numbered_lines_below_a_lead_in_are_items(reader):
    text = "我们会收集以下信息：\n（1）设备信息\n（2）位置信息\n（3）日志信息\n"
    assert [t for s in reader.zh(text) for t in s.data_types] == [
        "device_info",
        "location",
        "logs_info",
    ]


def test_a_numbered_line_with_its_own_text_is_no_item(reader):
    text = "我们会收集以下信息：\n1、位置信息\n我们会收集您的IP地址。\n2、设备信息\n请您阅读。\n"
    assert {t for s in reader.zh(text) for t in s.data_types} == {"ip_address"}


def test_what_stands_in_a_title_or_a_link_is_no_data(reader):
    title = "我们会按照《某某通讯录、短信管理办法》收集您的手机号码。"
    assert {t for s in reader.zh(title) for t in s.data_types} == {"phone_number"}
    link = "我们会收集您的手机号码，见https://example.com/imei。"
    assert {t for s in reader.zh(link) for t in s.data_types} == {"phone_number"}


IDLE = [
    "您可以存储应用资源，保存您喜欢的照片、视频。",
    "您保证，您上传的文字、照片、视频不侵犯任何第三方的权利。",
    "在本政策中包括，姓名、手机号码、身份证号码。",
    "联系电话：400-1234567",
    "任何人不得擅自修改，且不得收集您的通讯录。",
    "以此帮助您免去重复填写手机号码、搜索内容。",
    "由于您将密码、手机号码告知他人。",
    "服务会根据您所使用的手机型号、系统版本等而有所不同。",
    "我们不会强制要求您提供手机号码。",
    "请您不要发送自己的姓名、住址、手机号码。",
    "# 您的权利\n访问头像、昵称、手机号码等基本信息：\n",
]


@pytest.mark.parametrize("text", IDLE)
def test_a_guarantee_a_reason_a_right_and_an_advice_state_nothing(reader, text):
    assert [s for s in reader.zh(text) if s.polarity == "positive"] == []
    assert "不得" not in text or reader.zh(text) == []


def test_a_bracket_that_denies_ends_no_list(reader):
    text = "我们会收集设备型号、IP地址（仅用于统计，并不涉及您的通话内容）、手机号码。"
    told = [(s.polarity, s.data_types) for s in reader.zh(text)]
    assert told == [("positive", ("device_model_os", "ip_address", "phone_number"))]
