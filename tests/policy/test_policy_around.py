"""Words of data that name none for what stands around them."""

import time

import pytest


def types(reader, text):
    return {t for s in reader.zh(text) for t in s.data_types}


@pytest.mark.parametrize(
    ("text", "none", "kept"),
    [
        ("我们使用了晴空音视频互动SDK，需要收集您的昵称。", "camera_media", "nickname"),
        ("我们集成了晴空通讯录备份（简称“云备”）SDK，会收集您的IMEI。", "contacts", "imei"),
        ("SDK会获取您的相机、电话、位置权限。", "phone_number", "location"),
        ("我们会获取您的电话（设备状态）、麦克风和存储的权限。", "phone_number", "audio_recording"),
        ("为寄送奖品，我们会收集收货人的姓名、手机号码、收货地址。", "order_info", "home_address"),
        ("为寄送奖品，您需要提供收件人姓名、收件人电话。", "order_info", "person_name"),
        ("我们会使用您账户中默认的手机号码。", "account_info", "phone_number"),
        ("我们会收集您收货地址的联系方式和您的昵称。", "home_address", "nickname"),
        ("我们会收集您好友的昵称和您的头像。", "friend_list", "nickname"),
        (
            "我们会获取您的昵称以及身份验证信息（手机号码、短信验证码）。",
            "real_name_info",
            "phone_number",
        ),
        ("我们会收集您使用“视频”、“小视频”服务的信息及设备信息。", "camera_media", "device_info"),
        ("我们会公开您的昵称（而不是您的手机号码）。", "phone_number", "nickname"),
        (
            "我们会访问您的相册、电话、短信、NFC、应用列表、蓝牙的权限。",
            "phone_number",
            "photo_album",
        ),
    ],
)
def test_none_here(reader, text, none, kept):
    found = types(reader, text)
    assert none not in found
    assert kept in found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我们使用了晴空SDK收集您的音视频信息。", "camera_media"),
        ("我们会收集您的姓名、电话、地址。", "phone_number"),
        ("我们会收集您的电话、邮箱，并申请位置权限。", "phone_number"),
        ("您下单时需要提供收货人的姓名、手机号码，用于配送订单。", "order_info"),
        ("我们会收集您的好友列表。", "friend_list"),
        ("我们会收集您的姓名、电话、短信，并申请相机权限。", "phone_number"),
        ("我们会收集您的身份验证信息（姓名、身份证号）。", "real_name_info"),
        ("我们会收集“小视频”和您发布的视频内容。", "camera_media"),
    ],
)
def test_data_all_the_same(reader, text, kind):
    assert kind in types(reader, text)


def test_a_word_that_points_back_is_no_denial_of_all(reader):
    (said,) = reader.zh("我们不会上传您剪切板的其他信息。")
    assert said.data_types == ("clipboard",)
    (said,) = reader.zh("我们不会向第三方提供您的手机号码或其他个人信息。")
    assert set(said.data_types) == {"phone_number", "personal_info"}


def test_a_denial_of_this_information_means_what_was_named(reader):
    text = "我们需要获取您的指纹信息用于验证，我们不会将这些信息上传至服务器。"
    first, denied = reader.zh(text)
    assert (first.polarity, denied.polarity) == ("positive", "negative")
    assert first.data_types == denied.data_types == ("fingerprint",)
    assert "指纹" in denied.quote
    assert "这些信息" in denied.quote


def test_this_information_behind_a_semicolon_means_more(reader):
    said = reader.zh("我们会收集您的昵称；未经您同意，我们不会向第三方提供上述信息。")
    assert said[-1].data_types == ("personal_info",)


def test_a_long_list_is_no_trap(words):
    """Every item can be matched in many ways: they must not multiply (it took seconds)."""
    start = time.process_time()
    assert not words.patterns["asked"].match("电话" + "、存储存储存储存储" * 14)
    assert time.process_time() - start < 1
