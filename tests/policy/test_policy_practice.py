"""What is no practice although it names data, and which action a practice is: our own sentences."""

import pytest

NOTHING = [
    # a promise to gather no more than needed
    "我们会采取一切合理可行的措施，确保未收集与服务无关的个人信息。",
    "我们不会收集与我们提供的服务无关的个人信息。",
    "对于收集到的儿童个人信息，我们会严格遵循《儿童个人信息网络保护规定》的要求进行存储、使用、披露。",
    "该期间我行将您的搜索关键词信息作为您的用户信息，对其加以保护。",
    "我们不会从非法渠道间接获取您的个人信息。",
    # what a thing is, what a refusal leads to, what only tells when
    "应用信息：包括宿主应用的包名、版本号，以产品实际采集情况为准。",
    (
        "您可通过以下方式与我们联系：\n地址：某市某区\n"
        "应用信息：包括宿主应用的包名、版本号，以产品实际采集情况为准。"
    ),
    "Cookie还能存储用户使用偏好及其他信息。",
    "如拒绝，您需手动输入手机号码。",
    "例如，若您的所在地位于北京，我们可能会为您匹配同城的用户。",
    "对于该号码的入网人姓名、证件号码，由于您在办理宽带时已按照实名制要求提供，所以您无需再次填写。",
    "非隐私信息指用户在使用本产品时的操作状态、设备信息以及使用习惯。",
    "收集个人信息用途/目的：应用崩溃日志收集",
    # news of the policy
    "更新了《个人信息收集清单》、《应用权限清单》，增加传感器、剪切板等信息。",
    "新增了收集剪切板信息的说明。",
    # what the user does or may do, and his rights
    "接受会议邀请，订阅第三方提供的日程信息。",
    "您应当保证您已获得该手机号码合法使用人的充分授权，邮箱亦同。",
    "用户首次上传或保存图片时弹窗询问",
    "例如，您在留言区中公开分享的文字和照片。",
    "您同意不使用其他用户的账户或密码。",
    "（6）不得传输或发表损害国家利益的评论、图片。",
    "您需通过验证方可修改您已认证的姓名或已绑定的手机号码。",
    "在核实您的身份后，我们将向您提供您的个人信息副本（包括姓名、身份信息）。",
    "您有权访问和更正您的个人信息，具体包括：\n您可通过个人主页，访问或者修改您的邮箱信息，手机号信息，用户名和密码；",
    "您填写姓名、手机号码时若需要清除输入，可在输入框右侧一键清空。",
]

SOMETHING = [
    (
        "您有权访问和更正您的个人信息，具体包括：\n您更正时，我们会收集您的手机号码、姓名；",
        "collect",
    ),
    ("我们会将您的手机号码作为您的登录账号。", "use"),
    ("技术信息指您使用服务时，系统可能自动采集的设备信息、IP地址。", "collect"),
    ("为您提供预约服务时，我们会收集您的手机号码。", "collect"),
    ("当您需要我行提供与您订单信息相关的售后服务时，我行将会查询您的订单信息。", "use"),
    ("以该服务需要使用您的地理位置为例，我们可能会收集您的地理位置信息。", "collect"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_states_no_practice(reader, text):
    assert reader.zh(text) == []


@pytest.mark.parametrize(("text", "action"), SOMETHING)
def test_what_stands_beside_and_states_one(reader, text, action):
    assert [s.action for s in reader.zh(text)] == [action]


ACTIONS = [
    # what is derived from data one has is used, and so is what it is derived from
    ("我们可能会将收集的您的订单信息、收货地址进行数据分析以形成用户画像。", "use"),
    (
        "我们会将您的账号信息、浏览记录，以及您授权我们自动采集的设备信息进行数据分析以形成用户画像。",
        "use",
    ),
    ("我们会根据您的设备信息和浏览记录，提取您的偏好特征。", "use"),
    ("我们会收集您的性别、职业，并由此形成简单的用户画像。", "collect use"),
    ("我们会收集您的用户画像、兴趣标签。", "collect"),
    ("我们会提取您的人脸特征。", "collect"),
    ("我们会提取您的通讯录信息。", "collect"),
    # what is examined is used
    ("我们会对您发布的文字、图片进行检测。", "use"),
    ("我们会用技术对您的图片进行智能分类。", "use"),
    ("我行需要评估您的信用记录。", "use"),
    ("我们会收集您的风险评估等级、收入。", "collect"),
    ("您扫描和保存的文件仅在本地进行处理。", "use"),
    ("我们会对照片、人脸信息进行收集或本地处理。", "collect"),
    ("我们将使用您的传感器信息（单纯的传感器数据并非个人信息）识别判断您的设备状态。", "use"),
    # what we set, what helps, what the user is reached by
    ("我们会为您设置昵称、头像。", "use"),
    ("您需要设置您的昵称、头像。", "collect"),
    ("Cookie有助于我们了解您的浏览记录。", "use"),
    ("您补充的账号信息将有助于网站为您提供个性化的推荐。", "use"),
    ("我们会通过页面展示、您提供的手机号码、电子邮箱等向您推送活动的消息。", "use"),
    # kept, although another word stands before
    ("若您使用本服务，我们需要一直保存您的手机号码，当您注销后，我们将删除。", "store"),
    ("我行将同步为您保存办理过程中的音频、视频信息。", "store"),
    ("您发布的文字、上传的照片，以及使用中上传的信息，我们仅作为数据存储于服务器。", "store"),
    # what we ask somebody about the user
    ("您同意我们向健康系统核实您当前注册和登录所使用的微信账号的实名认证情况。", "collect"),
    ("我们会向支付机构查询您的支付记录。", "collect"),
    ("我们会向认证机构提供您的姓名、身份证号进行核验。", "share"),
    # told, shown, handed on
    ("我们会在收到请求后，将消费记录和使用情况告知其监护人，进行提醒与处理。", "share"),
    ("我们会将您的中奖信息、订单信息告知您。", "use"),
    ("我们会将您的订单信息推送至您的好友。", "share"),
    ("我们会将您的订单信息推送给您。", "use"),
    ("您自行上传或发布的照片，或您主动分享的信息，将面向您选择的范围内的其他用户公开。", "share"),
    ("您可以向其他人公开某些信息，例如：\n您的个人主页，其中包括您的头像、昵称。", "share"),
    ("您提供的头像、昵称可能会在您的个人资料中发布。", "share"),
    ("我们会根据您选择的支付方式将您的订单信息、支付信息，通过支付SDK与第三方共享。", "share"),
    ("目前我们不存在跨境存储您的身份证号码的场景。", "transfer_abroad"),
    ("我们会将收集到的姓名、手机号码，统计后提供给合作方。", "share"),
    ("我们会将收集到的订单信息整理后提供给您。", "use"),
    ("我们会将您的订单信息提供给您指定的商家。", "share"),
    ("您同意平台向征信机构、大数据平台查询您的信用信息，包括您的信用分。", "collect"),
    # a verb within a word of a list rules nothing
    ("我们会将您的姓名、手机号码与广告、分析类服务供应商共享。", "share"),
    ("我们会收集您的家庭收入，申请人年收入、存款信息。", "collect"),
    ("我们会记录您对本产品的使用情况，包括访问服务的日期、时间、IP地址。", "collect"),
    ("我们会收集您的服务日志，包括浏览、关注分享信息、发布信息，以及IP地址、访问时间。", "collect"),
    ("我们会收集您的设备型号、流量统计、功能使用记录（如支付功能的订单号）、操作系统。", "collect"),
]


@pytest.mark.parametrize(("text", "actions"), ACTIONS)
def test_which_action_a_practice_is(reader, text, actions):
    said = reader.zh(text)
    assert [s.action for s in said] == actions.split()
    assert {s.actor for s in said} == {"app"}
