"""What a policy says about export, in sentences of our own."""

from time import process_time

import pytest

from scanner.policy.crossborder import CrossBorderReader


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("我们不会向境外提供您的个人信息。", "denied"),
        ("我们不会出售您的信息，也不会把它传输到境外。", "denied"),
        ("本政策包括：一、个人信息是否出境；二、我们如何保护个人信息。", "none"),
        ("参照其他国家的通行做法，我们保障您访问个人信息的权利。", "none"),
        ("您从境外访问时，信息会回传到中国的服务器。", "none"),
        ("从中国大陆向境外传输资料时必须遵守法律，用户自行负责个人信息。", "none"),
        ("个人信息存储在中国境内，法律另有规定或者您授权的除外。", "conditional"),
        ("当需要向境外传输个人信息时，我们将按规定执行。", "conditional"),
        ("除经您单独同意外，我们不会把个人信息传输至境外。", "conditional"),
        (
            "如果游戏由境外主体开发，我们会将登录日志提供给境外的开发者。我们向境外接收方提供信息前会取得您的单独同意。",
            "conditional",
        ),
        ("如果游戏由境外主体开发，我们会将登录日志等信息提供给境外的开发者。", "declared"),
        ("您的信息可能被传输到您所在国家/地区以外的服务器。", "declared"),
        ("受托方的服务器位于新加坡，数据在那里保存一年。", "declared"),
        ("合作方可能并非位于您所在的法域，我们会与其共享您的信息。", "declared"),
        ("我们会把信息分享给并非位于您所在法域的供应商。", "declared"),
        ("由于接口由不同国家的供应商提供，您的数据可能会在您的本国之外被处理。", "declared"),
        ("您的数据可能会存储于您所在国家之外（例如使用境外的云）。", "declared"),
        ("您使用位于其他国家的邮件服务时，您的信息由该服务处理。", "none"),
        ("继续使用即视为您同意个人信息的跨境传输。", "declared"),
    ],
)
def test_stance(reader, text, stance):
    assert reader.file(text + "\n").cross_border.stance == stance


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("我们不会向境外提供您的个人信息。", "firm"),
        ("您的数据不会传输到欧盟以外的地区。", "tentative"),
        ("Your data is not transferred outside the European Union.", "tentative"),
        ("Your data is not transferred outside China.", "firm"),
    ],
)
def test_a_denial_of_export_from_elsewhere_is_not_firm(reader, text, confidence):
    said = reader.file(text + "\n").cross_border
    assert (said.stance, said.confidence) == ("denied", confidence)


def test_who_receives_it_is_named_with_its_place(reader):
    text = (
        "为提供客服，我们会将您的电话号码提供给位于新加坡的甲乙云服务有限公司。"
        "接收方名称：Sample Cloud Pte Ltd。\n"
    )
    said = reader.file(text).cross_border
    assert said.stance == "declared"
    assert [r.text for r in said.receivers] == ["甲乙云服务有限公司", "Sample Cloud Pte Ltd"]
    assert all(text[r.start : r.end] == r.text for r in said.receivers)


@pytest.mark.parametrize(
    "text",
    [
        "我们会将个人信息提供给位于境外的关联公司。",
        "我们不会将个人信息提供给位于新加坡的甲乙云服务有限公司等境外机构。",
    ],
)
def test_nobody_is_named(reader, text):
    assert reader.file(text + "\n").cross_border.receivers == ()


def test_the_english_table(reader):
    text = (
        "We may transfer your data outside your country to Sample Cloud Inc. for hosting.\n"
        "We will not transfer your personal data abroad, except with your consent.\n"
    )
    said = reader.file(text).cross_border
    assert said.stance == "declared"
    assert [r.text for r in said.receivers] == ["Sample Cloud Inc."]


@pytest.mark.parametrize(
    "text",
    [
        "我们如何向境外提供您的手机号码",
        "7. 跨境提供您的手机号码（数据出境）",
        "您的手机号码会被传输到境外吗？",
        "How we transfer your phone number abroad",
        "International transfers of your phone number",
    ],
)
def test_a_line_that_names_export_states_nothing(reader, text):
    policy = reader.file(text + "\n")
    assert policy.statements == ()
    assert policy.cross_border.stance == "none"


def test_a_line_behind_the_contents_is_read(reader):
    policy = reader.file("我们如何向境外提供您的手机号码\n我们会向境外提供您的手机号码。\n")
    assert [s.action for s in policy.statements] == ["transfer_abroad"]
    assert policy.cross_border.stance == "declared"


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("5. 您的数据存储在美国的服务器", "declared"),
        ("5. 不存在向境外提供个人信息的情形", "denied"),
        ("5. 个人信息的境外存储", "none"),
    ],
)
def test_a_numbered_line_may_be_a_sentence(reader, text, stance):
    assert reader.file(text + "\n").cross_border.stance == stance


@pytest.mark.parametrize("name", ["policy_cross_border", "policy_cross_border_en"])
def test_patterns_are_linear(words, name):
    """A sentence is at most 480 characters; the worst of them is read in no time."""
    reader = CrossBorderReader(words, name)
    for piece in (
        "位于，（在美国",
        "全球存储信息",
        "如其他国家会将",
        "不向境外，",
        "to in from the us ",
        "if you are in, data ",
        "not outside your the ",
        "countries including ",
        "may be transferred ",
        "会将传输给境外",
        "如境外，将提供给",
        "境内，除外",
        "提供给的的的公司",
        "不会，或将",
    ):
        before = process_time()
        reader.classify((piece * 100)[:480])
        assert process_time() - before < 0.2
