"""Boxes that the code ticks, keys in the code, windows above other apps."""

import pytest

from profiles.model import Knowledge
from scanner.static.code import CodeEvidence, analyse_code
from scanner.static.facts import ComponentFact, DexFile, PackageFacts
from tests.support.dex_made import (
    Class,
    Units,
    check_cast,
    cls,
    const4,
    const_string,
    dex,
    iget,
    invoke_direct,
    invoke_static,
    invoke_virtual,
    method,
    move_result_object,
    new_instance,
    raw,
    return_void,
    sget,
    sput,
)
from tests.support.knowledge import knowledge

MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
BOX = "Landroid/widget/CheckBox;"
STRING = "Ljava/lang/String;"
VIEW, OTHER = 0x7F010203, 0x7F010204
TEXT = 0x7F020001


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def read(know: Knowledge, *code: Units, name: str = "onCreate", more: Class | None = None):  # type: ignore[no-untyped-def]
    descriptor = "(Landroid/view/View;)V" if name == "onClick" else "(Landroid/os/Bundle;)V"
    made = [method(name, descriptor, [*code, return_void()])]
    whole = cls(
        "Lapp/demo/Main;",
        made,
        sup="Landroid/app/Activity;",
        interfaces=("Landroid/view/View$OnClickListener;",),
    )
    facts = PackageFacts(
        package="app.demo",
        components=(MAIN,),
        consent_views=(VIEW,),
        consent_strings=(TEXT,),
        dex=(DexFile(name="classes.dex", data=dex([whole, *([more] if more else [])])),),
    )
    return analyse_code(facts, know)


def const(register: int, value: int) -> Units:
    return raw(0x14 | register << 8, value & 0xFFFF, value >> 16)


def const16(register: int, value: int) -> Units:
    return raw(0x13 | register << 8, value)


def find(view: int) -> tuple[Units, ...]:
    call = invoke_virtual("Landroid/app/Activity;", "findViewById", "(I)Landroid/view/View;", 0, 1)
    return (const(1, view), call, move_result_object(2), check_cast(2, BOX))


def tick(value: int = 1) -> tuple[Units, ...]:
    return (const4(3, value), invoke_virtual(BOX, "setChecked", "(Z)V", 2, 3))


def boxes(evidence: CodeEvidence) -> list[tuple[str, str]]:
    return [(fact.place, fact.confidence) for fact in evidence.ui]


def test_a_consent_box_of_a_layout_that_the_code_ticks(know: Knowledge) -> None:
    assert boxes(read(know, *find(VIEW), *tick())) == [("app.demo.Main.onCreate", "firm")]


@pytest.mark.parametrize(
    "code",
    [
        (*find(OTHER), *tick()),
        (*find(VIEW), *tick(0)),
        (*find(VIEW), invoke_virtual(BOX, "setChecked", "(Z)V", 2, 5)),
    ],
    ids=["another-box", "unticked", "unknown-value"],
)
def test_other_boxes_and_values_are_none(know: Knowledge, code: tuple[Units, ...]) -> None:
    assert boxes(read(know, *code)) == []


def test_a_box_ticked_by_a_click_is_the_user_s_act(know: Knowledge) -> None:
    assert boxes(read(know, *find(VIEW), *tick(), name="onClick")) == []


@pytest.mark.parametrize(
    ("field", "expected"),
    [("cbAgree", [("app.demo.Main.onCreate", "tentative")]), ("cbSound", [])],
)
def test_the_name_of_a_field_is_a_weak_sign(
    know: Knowledge, field: str, expected: list[tuple[str, str]]
) -> None:
    held = iget(2, 0, "Lapp/demo/Main;", field, BOX)
    assert boxes(read(know, held, *tick())) == expected


def test_a_field_filled_from_the_layout_is_as_good_as_the_layout(know: Knowledge) -> None:
    put = raw(0x5B | 2 << 8 | 0 << 12, 0)

    def filled(tables):  # type: ignore[no-untyped-def]
        return [put(tables)[0], tables.field("Lapp/demo/Main;", "box", BOX)]

    held = iget(2, 0, "Lapp/demo/Main;", "box", BOX)
    assert boxes(read(know, *find(VIEW), filled, held, *tick())) == [
        ("app.demo.Main.onCreate", "firm")
    ]


BINDING = "Lapp/demo/databinding/MainBinding;"


def bound(lookup: tuple[Units, ...]) -> Class:
    """A class that view binding makes: `bind` looks the box up, the constructor keeps it."""
    keep = f"(Landroid/view/View;{BOX})V"

    def put(tables):  # type: ignore[no-untyped-def]
        return [0x5B | 7 << 8 | 5 << 12, tables.field(BINDING, "box", BOX)]

    make = (new_instance(0, BINDING), invoke_direct(BINDING, "<init>", keep, 0, 7, 2))
    return cls(
        BINDING,
        [
            method("<init>", keep, [put, return_void()]),
            method("bind", "(Landroid/view/View;)V", [*lookup, *make, return_void()], static=True),
        ],
    )


def find_child(view: int) -> tuple[Units, ...]:
    owner, proto = "La/b;", "(Landroid/view/View;I)Landroid/view/View;"
    call = invoke_static(owner, "a", proto, 7, 1)
    return (const(1, view), call, move_result_object(2), check_cast(2, BOX))


@pytest.mark.parametrize(
    ("view", "expected"), [(VIEW, [("app.demo.Main.onCreate", "firm")]), (OTHER, [])]
)
def test_a_box_of_view_binding_is_known_by_what_bind_looks_up(
    know: Knowledge, view: int, expected: list[tuple[str, str]]
) -> None:
    held = iget(2, 0, BINDING, "box", BOX)
    assert boxes(read(know, held, *tick(), more=bound(find_child(view)))) == expected


def test_the_view_cache_of_kotlin_is_a_lookup_too(know: Knowledge) -> None:
    cached = invoke_virtual(
        "Lapp/demo/Main;", "_$_findCachedViewById", "(I)Landroid/view/View;", 0, 1
    )
    code = (const(1, VIEW), cached, move_result_object(2), check_cast(2, BOX))
    assert boxes(read(know, *code, *tick())) == [("app.demo.Main.onCreate", "firm")]


# boxes of Jetpack Compose ---------------------------------------------------------------------

COMPOSED = "Landroidx/compose/material3/CheckboxKt;"
DRAW = invoke_static(COMPOSED, "Checkbox", "(ZLkotlin/jvm/functions/Function1;)V", 3, 4)
STATE = "Landroidx/compose/runtime/MutableState;"
AGREE = const_string(5, "我已阅读并同意隐私政策")


def shown(text: int) -> tuple[Units, ...]:
    owner = "Landroidx/compose/ui/res/StringResources_androidKt;"
    return (const(5, text), invoke_static(owner, "stringResource", f"(I){STRING}", 5))


def remembered(value: int) -> tuple[Units, ...]:
    """A state that the same method makes and whose value it hands to the box."""
    boxed = "Ljava/lang/Boolean;"
    made = f"({STRING}){STATE}"
    return (
        const4(1, value),
        invoke_static(boxed, "valueOf", f"(Z){boxed}", 1),
        move_result_object(1),
        invoke_static("Landroidx/compose/runtime/SnapshotStateKt;", "mutableStateOf", made, 1),
        move_result_object(2),
        invoke_static("Lapp/demo/Main;", "access", f"({STATE})Z", 2),
        raw(0x0A | 3 << 8),
    )


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ((AGREE, const4(3, 1), DRAW), 1),
        ((AGREE, const4(3, 0), DRAW), 0),
        ((const_string(5, "记住密码"), const4(3, 1), DRAW), 0),
        ((*shown(TEXT), const4(3, 1), DRAW), 1),
        ((*shown(OTHER), const4(3, 1), DRAW), 0),
        ((AGREE, *remembered(1), DRAW), 1),
        ((AGREE, *remembered(0), DRAW), 0),
    ],
    ids=["constant", "unticked", "another-box", "resource", "another-resource", "state", "unset"],
)
def test_a_composed_box_that_begins_ticked_is_tentative(
    know: Knowledge, code: tuple[Units, ...], count: int
) -> None:
    found = boxes(read(know, *code))
    assert found == [("app.demo.Main.onCreate", "tentative")] * count


# keys -----------------------------------------------------------------------------------------

SPEC = "Ljavax/crypto/spec/SecretKeySpec;"
BYTES = (invoke_virtual(STRING, "getBytes", "()[B", 1), move_result_object(2))
MAKE = (new_instance(4, SPEC), invoke_direct(SPEC, "<init>", f"([B{STRING})V", 4, 2, 5))


def keys(evidence: CodeEvidence) -> list[str]:
    return [b.detail for b in evidence.behaviours if b.kind == "hard-coded-key"]


def test_a_key_from_a_text_in_the_code(know: Knowledge) -> None:
    assert keys(read(know, const_string(1, "0123456789abcdef"), *BYTES, *MAKE)) == ["01… (16)"]


def test_a_key_that_comes_from_elsewhere_is_none(know: Knowledge) -> None:
    assert keys(read(know, *BYTES, *MAKE)) == []
    assert keys(read(know, const_string(1, "short"), *BYTES, *MAKE)) == []


def test_a_key_in_a_constant_of_another_class(know: Knowledge) -> None:
    owner = "Lapp/demo/Keys;"
    fill = [const_string(0, "abcdefghijklmnop"), sput(0, owner, "KEY", STRING), return_void()]
    more = cls(owner, [method("<clinit>", "()V", fill)], fields=(("KEY", STRING),))

    def get(tables):  # type: ignore[no-untyped-def]
        return [0x62 | 1 << 8, tables.field(owner, "KEY", STRING)]

    assert keys(read(know, get, *BYTES, *MAKE, more=more)) == ["ab… (16)"]


@pytest.mark.parametrize(("follows", "expected"), [(0x26, ["byte[]"]), (0x00, [])])
def test_a_key_in_an_array_of_the_code(know: Knowledge, follows: int, expected: list[str]) -> None:
    def array(tables):  # type: ignore[no-untyped-def]
        return [0x23 | 2 << 8 | 3 << 12, tables.type("[B")]

    then = raw(0x26 | 2 << 8, 0, 0) if follows == 0x26 else raw(0x00)
    assert keys(read(know, const4(3, 7), array, then, *MAKE)) == expected


def test_a_key_that_a_caller_hands_over(know: Knowledge) -> None:
    owner = "Lapp/demo/Cipher;"
    take = (new_instance(0, SPEC), invoke_direct(SPEC, "<init>", f"([B{STRING})V", 0, 7, 1))
    more = cls(owner, [method("use", "([B)V", [*take, return_void()], static=True)])
    call = invoke_static(owner, "use", "([B)V", 2)
    text = const_string(1, "0123456789abcdef")
    assert keys(read(know, text, *BYTES, call, more=more)) == ["01… (16)"]
    assert keys(read(know, *BYTES, call, more=more)) == []


@pytest.mark.parametrize(("values", "expected"), [(1, ["ke… (12)"]), (2, [])])
def test_a_key_in_a_field_that_never_changes(
    know: Knowledge, values: int, expected: list[str]
) -> None:
    def put(tables):  # type: ignore[no-untyped-def]
        return [0x5B | 3 << 8 | 0 << 12, tables.field("Lapp/demo/Main;", "key", STRING)]

    texts = ["key-number-1", "key-number-2"][:values]
    fill = [part for text in texts for part in (const_string(3, text), put)]
    get = iget(1, 0, "Lapp/demo/Main;", "key", STRING)
    assert keys(read(know, *fill, get, *BYTES, *MAKE)) == expected


# windows --------------------------------------------------------------------------------------

PARAMS = "Landroid/view/WindowManager$LayoutParams;"


@pytest.mark.parametrize(("kind", "expected"), [(2038, ["TYPE_APPLICATION_OVERLAY"]), (1000, [])])
def test_a_window_above_other_apps(know: Knowledge, kind: int, expected: list[str]) -> None:
    def put(tables):  # type: ignore[no-untyped-def]
        return [0x59 | 3 << 8 | 0 << 12, tables.field(PARAMS, "type", "I")]

    by_field = read(know, const16(3, kind), put)
    make = invoke_direct(PARAMS, "<init>", "(IIIII)V", 4, 5, 6, 3, 7)
    by_constructor = read(know, const16(3, kind), make)
    for evidence in (by_field, by_constructor):
        assert [b.detail for b in evidence.behaviours if b.kind == "overlay"] == expected


# watching for screenshots ---------------------------------------------------------------------

OBSERVE = invoke_virtual(
    "Landroid/content/ContentResolver;",
    "registerContentObserver",
    "(Landroid/net/Uri;ZLandroid/database/ContentObserver;)V",
    *(1, 2, 3, 4),
)
IMAGES = sget(
    2, "Landroid/provider/MediaStore$Images$Media;", "EXTERNAL_CONTENT_URI", "Landroid/net/Uri;"
)
CONTACTS = sget(
    2, "Landroid/provider/ContactsContract$Contacts;", "CONTENT_URI", "Landroid/net/Uri;"
)
FOLDER = invoke_direct("Landroid/os/FileObserver;", "<init>", f"({STRING}I)V", 1, 2, 3)


@pytest.mark.parametrize(
    ("code", "details"),
    [
        ((IMAGES, OBSERVE, const_string(5, "Pictures/Screenshots")), ["Pictures/Screenshots"]),
        (
            (
                const_string(2, "content://media/external/images/media"),
                OBSERVE,
                const_string(5, "截屏"),
            ),
            ["截屏"],
        ),
        ((FOLDER, const_string(5, "/DCIM/Screenshots")), ["/DCIM/Screenshots"]),
        ((IMAGES, OBSERVE, const_string(5, "DCIM/Camera")), []),
        ((CONTACTS, OBSERVE, const_string(5, "screenshot")), []),
        ((IMAGES, const_string(5, "screenshot")), []),
    ],
    ids=["store", "address", "folder", "other-pictures", "other-store", "no-observer"],
)
def test_an_observer_that_looks_for_screenshots(
    know: Knowledge, code: tuple[Units, ...], details: list[str]
) -> None:
    found = [b for b in read(know, *code).behaviours if b.kind == "screenshot-watch"]
    assert [b.detail for b in found] == details
    assert all(b.reach.reachable for b in found)


def test_the_words_may_stand_in_another_class_of_the_file(know: Knowledge) -> None:
    tell = [const_string(0, "screen_shot"), return_void()]
    inner = cls("Lapp/demo/Main$1;", [method("onChange", "(Z)V", tell)])
    found = read(know, IMAGES, OBSERVE, more=inner).behaviours
    assert [b.detail for b in found if b.kind == "screenshot-watch"] == ["screen_shot"]
    other = cls("Lapp/demo/Other;", [method("onChange", "(Z)V", tell)])
    assert read(know, IMAGES, OBSERVE, more=other).behaviours == ()
