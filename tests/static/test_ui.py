"""Consent interface: boxes, buttons, links; what counts and what does not."""

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from scanner.static.facts import DexFile
from scanner.static.formats import open_package
from scanner.static.resources import Table
from scanner.static.ui import Interface, interface_gaps, read_interface
from scanner.static.ui_rules import Rules
from tests.support.knowledge import knowledge
from tests.support.package_made import Node, axml, manifest, save, table

RULES = Rules(knowledge())
TICKED, CLEAR = "default-ticked-consent", "unticked-consent"
CONSENT = "我已阅读并同意《隐私政策》"


def interface(
    folder: Path, layout: Node | None = None, code: bytes = b"", **extra: bytes
) -> Interface:
    parts = {"AndroidManifest.xml": axml(manifest())}
    if layout is not None:
        parts["res/layout/page.xml"] = axml(layout)
    parts |= {name.replace("__", "/"): data for name, data in extra.items()}
    package = open_package(save(folder / "a.apk", parts), lambda _: None)
    try:
        return read_interface(package, Table(), [DexFile(name="classes.dex", data=code)], RULES)
    finally:
        package.close()


def boxes(found: Interface) -> list[tuple[str, str]]:
    return [(f.kind, f.confidence) for f in found.facts if f.kind.endswith("consent")]


def box(tag: str = "CheckBox", **attributes: str | bool) -> Node:
    return (tag, {f"android:{k}": v for k, v in attributes.items()}, [])


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (box(text=CONSENT, checked=True), [(TICKED, "certain")]),
        (box(text=CONSENT, checked=False), [(CLEAR, "certain")]),
        (box(text=CONSENT), [(CLEAR, "certain")]),
        (box("com.x.MyCheckBox", text=CONSENT, checked=True), [(TICKED, "certain")]),
        (box("a.SwitchCompat", text="I agree to the Privacy Policy", checked=True),
         [(TICKED, "certain")]),
        (box(text="记住密码", checked=True), []),
        (box(text="同意接收推送", checked=True), []),
        (box("TextView", text=CONSENT, checked=True), []),
    ],
)  # fmt: skip
def test_boxes(node: Node, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    assert boxes(interface(tmp_path, ("LinearLayout", {}, [node]))) == expected


def test_words_beside_a_box_make_it_a_consent_box(tmp_path: Path) -> None:
    row: Node = (
        "LinearLayout",
        {},
        [box(checked=True), ("TextView", {"android:text": CONSENT}, [])],
    )
    assert boxes(interface(tmp_path, ("FrameLayout", {}, [row]))) == [
        ("default-ticked-consent", "firm")
    ]


def test_words_far_from_a_box_do_not(tmp_path: Path) -> None:
    filler: list[Node] = [("View", {}, []) for _ in range(30)]
    far: Node = (
        "LinearLayout",
        {},
        [box(checked=True), *filler, ("TextView", {"android:text": CONSENT}, [])],
    )
    assert boxes(interface(tmp_path, far)) == []


def test_views_and_handlers_are_collected(tmp_path: Path) -> None:
    node: Node = ("a.b.Panel", {}, [
        ("Button", {"android:onClick": "onPay"}, []),
        ("fragment", {"android:name": "a.b.Frag"}, []),
        ("view", {"class": "a.b.Odd"}, []),
    ])  # fmt: skip
    found = interface(tmp_path, node)
    assert found.layout_classes == ("a.b.Frag", "a.b.Odd", "a.b.Panel")
    assert found.layout_callbacks == ("onPay",)


def test_texts_written_into_a_layout_count_like_resources(tmp_path: Path) -> None:
    rows: list[Node] = [("TextView", {"android:text": t}, []) for t in ("隐私政策", "不同意")]
    found = interface(tmp_path, ("LinearLayout", {}, rows)).facts
    assert [(f.kind, f.place, f.confidence) for f in found] == [
        ("policy-link", "res/layout/page.xml", "firm"),
        ("refuse-button", "res/layout/page.xml", "firm"),
    ]


def test_password_fields_are_known_by_their_input_type(tmp_path: Path) -> None:
    rows: list[Node] = [
        ("EditText", {"android:id": "@0x7f020001", "android:inputType": 0x81}, []),
        ("EditText", {"android:id": "@0x7f020002", "android:inputType": 0x1}, []),
        ("EditText", {"android:id": "@0x7f020003", "android:password": True}, []),
    ]
    found = interface(tmp_path, ("LinearLayout", {}, rows))
    assert found.password_views == (0x7F020001, 0x7F020003)


def kinds(text: str) -> set[str]:
    return {m.kind for m in RULES.of(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请您仔细阅读并同意《隐私政策》后继续使用", "privacy-prompt"),
        ("By continuing you agree to our Privacy Policy", "privacy-prompt"),
        ("同意并继续", "agree-button"),
        ("不同意", "refuse-button"),
        ("《隐私政策》", "policy-link"),
        ("用户协议", "agreement-link"),
        ("注销账号", "account-cancellation"),
        ("导出个人信息副本", "data-export"),
        ("投诉与举报", "complaint"),
        ("关闭个性化推荐", "personalisation-switch"),
        ("备案号：京ICP备12345678号-9A", "filing-number"),
        ("青少年模式", "childrens-mode"),
        ("撤回同意", "withdraw-consent"),
        ("清除个人信息", "clear-data"),
        ("Delete my account", "account-cancellation"),
        ("登录即代表您同意《用户协议》和《隐私政策》", "implied-consent"),
        ("如您继续使用，即视为同意本协议", "implied-consent"),
        ("By signing in, you agree to our Terms", "implied-consent"),
        ("点击“进入应用”即表示您同意全部内容", "bundled-consent"),
        ("一键授权", "bundled-consent"),
    ],
)
def test_rules_hit(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "今天天气不错",
        "同意他的观点吗",
        "ICP备案",
        "隐",
        "agreement",
        "注销",
        "拒绝服务攻击",
        "登录即送红包",
        "我同意他的观点，全部内容都同意",
        "By using this app, you save time",
        "x" * 5000,
    ],
)
def test_rules_near_miss(text: str) -> None:
    assert kinds(text) == set()


def test_a_sentence_about_a_function_is_not_its_switch() -> None:
    (label,) = RULES.of("个性化推荐")
    (sentence,) = RULES.of("系统会使用相关数据来记住您的设置，" * 3 + "以便向您展示个性化广告。")
    assert (label.confidence, sentence.confidence) == ("firm", "tentative")


def test_the_filing_number_alone_is_kept() -> None:
    (match,) = RULES.of("版权所有 沪ICP备2021000001号 上海")
    assert match.text == "沪ICP备2021000001号"


def test_links_by_their_words() -> None:
    assert RULES.url_kind("https://a.example/privacy.html") == "policy-link"
    assert RULES.url_kind("https://a.example/x", "yhxy_url") == "agreement-link"
    assert RULES.url_kind("https://a.example/index.html") == ""


def test_strings_of_code_are_read_as_tentative(tmp_path: Path) -> None:
    code = _code(
        "请阅读并同意隐私政策后使用本应用的功能", "https://a.example/privacy/cn.html", "Accept"
    )
    found = {(f.kind, f.confidence, f.place) for f in interface(tmp_path, code=code).facts}
    assert found == {
        ("privacy-prompt", "tentative", "classes.dex"),
        ("policy-link", "tentative", "classes.dex"),
    }


def _code(*texts: str) -> bytes:
    """Return a dex file that is only a string table with the texts."""
    head = bytearray(0x70)
    head[:8] = b"dex\n035\0"
    struct.pack_into("<II", head, 0x38, len(texts), 0x70)
    start = 0x70 + 4 * len(texts)
    offsets, body = [], bytearray()
    for text in texts:
        offsets.append(start + len(body))
        body += bytes((len(text),)) + text.encode() + b"\0"
    return bytes(head) + struct.pack(f"<{len(texts)}I", *offsets) + bytes(body)


@pytest.mark.parametrize(
    ("files", "frameworks"),
    [
        (["lib/arm64-v8a/libflutter.so", "lib/x86/libapp.so"], "Flutter"),
        (["lib/armeabi-v7a/libunity.so"], "Unity"),
        (["lib/x86/libfoo.so", "assets/libunity.so"], ""),
    ],
)
def test_frameworks_that_hide_the_interface(files: list[str], frameworks: str) -> None:
    gaps = interface_gaps(files, RULES)
    assert [g.subject for g in gaps] == ([frameworks] if frameworks else [])
    assert all("static.ui" in g.blocks for g in gaps)


@pytest.mark.parametrize(
    ("files", "frameworks"),
    [
        (["META-INF/androidx.compose.ui_ui.version"], "Jetpack Compose"),
        (["assets/apps/__UNI__1/www/app-service.js"], "uni-app"),
        (["assets/index.html"], ""),
    ],
)
def test_frameworks_that_hide_the_state_of_boxes(files: list[str], frameworks: str) -> None:
    gaps = interface_gaps(files, RULES)
    assert [(g.subject, g.limits, g.blocks) for g in gaps] == (
        [(frameworks, ("static.ui",), ())] if frameworks else []
    )


def test_what_cannot_be_read_at_all_outweighs_what_can_in_part() -> None:
    files = ["lib/arm64-v8a/libhermes.so", "assets/index.android.bundle"]
    assert [g.code for g in interface_gaps(files, RULES)] == ["ui-not-readable"]


def test_buttons_need_a_policy(tmp_path: Path) -> None:
    alone = _facts(tmp_path, {"a": {"": "同意"}, "b": {"": "不同意"}})
    assert alone == set()
    with_policy = _facts(tmp_path, {"a": {"": "同意"}, "b": {"": "不同意"}, "c": {"": "隐私政策"}})
    assert {kind for kind, _ in with_policy} == {"agree-button", "refuse-button", "policy-link"}


@pytest.mark.parametrize(
    ("code", "count"), [(b"Landroidx/compose/material3/CheckboxKt;", 1), (b"Lapp/demo/Main;", 0)]
)
def test_texts_that_composed_boxes_may_name_by_id(code: bytes, count: int, tmp_path: Path) -> None:
    strings = {"a": {"": CONSENT}, "b": {"": "记住密码"}}
    found = _read(tmp_path, strings, [DexFile(name="classes.dex", data=code)])
    assert len(found.consent_strings) == count
    assert all(number >> 24 == 0x7F for number in found.consent_strings)


def _facts(folder: Path, strings: dict[str, dict[str, str]]) -> set[tuple[str, str]]:
    return {(f.kind, f.place) for f in _read(folder, strings).facts}


def _read(
    folder: Path, strings: dict[str, dict[str, str]], dex: Sequence[DexFile] = ()
) -> Interface:
    resources = Table()
    resources.add(table(strings))
    package = open_package(
        save(folder / "b.apk", {"AndroidManifest.xml": axml(manifest())}), lambda _: None
    )
    try:
        return read_interface(package, resources, dex, RULES)
    finally:
        package.close()


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("assets__index.android.bundle", "utf-8"),
        ("assets__apps__uni__www__app-service.js", "escaped"),
        ("lib__arm64-v8a__libapp.so", "utf-16-le"),
    ],
)
def test_pools_of_cross_platform_frameworks(name: str, coding: str, tmp_path: Path) -> None:
    text = "撤回同意"
    raw = (
        "".join(f"\\u{ord(c):04x}" for c in text).encode()
        if coding == "escaped"
        else text.encode(coding)
    )
    data = (
        b'var a="x";' + (b"\0\0" if coding == "utf-16-le" else b'"') + raw + b'\0\0";' + bytes(20)
    )
    found = interface(tmp_path, **{name: data}).facts
    assert [(f.kind, f.text) for f in found] == [("withdraw-consent", text)]
