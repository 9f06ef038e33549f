"""What is no practice although it names data, and which action a practice is: our own sentences."""

import pytest

NOTHING = [
    # a promise to gather no more than needed
    "我们会采取一切合理可行的措施，确保未收集与服务无关的个人信息。",
    "我们不会收集与我们提供的服务无关的个人信息。",
    "对于收集到的儿童个人信息，我们会严格遵循《儿童个人信息网络保护规定》的要求进行存储、使用、披露。",
    "该期间我行将您的搜索关键词信息作为您的用户信息，对其加以保护。",
    # what a thing is, what a refusal leads to, what only tells when
    "应用信息：包括宿主应用的包名、版本号，以产品实际采集情况为准。",
    "Cookie还能存储用户使用偏好及其他信息。",
    "如拒绝，您需手动输入手机号码。",
    "例如，若您的所在地位于北京，我们可能会为您匹配同城的用户。",
    "对于该号码的入网人姓名、证件号码，由于您在办理宽带时已按照实名制要求提供，所以您无需再次填写。",
    # news of the policy
    "更新了《个人信息收集清单》、《应用权限清单》，增加传感器、剪切板等信息。",
    "新增了收集剪切板信息的说明。",
    # what the user does or may do, and his rights
    "接受会议邀请，订阅第三方提供的日程信息。",
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
