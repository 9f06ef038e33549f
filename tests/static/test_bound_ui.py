"""Consent boxes that data binding ticks, in code of the shape that its compiler makes."""

from dataclasses import replace
from pathlib import Path

import pytest

from profiles.model import Knowledge
from scanner.static.code import analyse_code
from scanner.static.facts import ComponentFact, DexFile, PackageFacts
from scanner.static.formats import open_package
from scanner.static.resources import Table
from scanner.static.ui import Interface, read_interface
from scanner.static.ui_rules import Rules
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
)
from tests.support.knowledge import knowledge
from tests.support.package_made import Node, axml, manifest, save

MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
OBJECT, VIEW, BOX = "Ljava/lang/Object;", "Landroid/view/View;", "Landroid/widget/CheckBox;"
PARENT = "Landroidx/databinding/ViewDataBinding;"
ADAPTER = "Landroidx/databinding/adapters/CompoundButtonBindingAdapter;"
BASE, IMPL = "Lapp/demo/LoginBinding;", "Lapp/demo/LoginBindingImpl;"
MODEL, FLAG = "Lapp/demo/LoginModel;", "Landroidx/databinding/ObservableBoolean;"
LIVE, BOOLEAN = "Landroidx/lifecycle/MutableLiveData;", "Ljava/lang/Boolean;"
CONSENT = 0x7F010203
TAG = "layout/login_0#binding_1"


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def put(register: int, object_: int, owner: str, name: str, kind: str) -> Units:
    opcode = 0x5C if kind == "Z" else 0x5B

    def made(tables):  # type: ignore[no-untyped-def]
        return [opcode | register << 8 | object_ << 12, tables.field(owner, name, kind)]

    return made


def aget(register: int, array: int, at: int) -> Units:
    return raw(0x46 | register << 8, array | at << 8)


def result(register: int) -> Units:
    return raw(0x0A | register << 8)


def set_checked(box: int, value: int) -> Units:
    return invoke_static(ADAPTER, "setChecked", "(Landroid/widget/CompoundButton;Z)V", box, value)


def binding(
    execute: list[Units], *, number: int = 1, layout: str = "layout/login_0"
) -> list[Class]:
    """What the compiler makes of a layout with a box: `number` is its place in the views."""
    keep = f"({OBJECT}{VIEW}I{BOX})V"
    base = cls(
        BASE, [method("<init>", keep, [put(7, 3, BASE, "box", BOX), return_void()])], sup=PARENT
    )
    views = [
        const4(2, number),
        aget(1, 7, 2),
        check_cast(1, BOX),
        invoke_direct(BASE, "<init>", keep, 4, 5, 6, 2, 1),
        return_void(),
    ]
    impl = cls(
        IMPL,
        [
            method("<init>", f"({OBJECT}{VIEW}[{OBJECT})V", views),
            method("executeBindings", "()V", [*execute, return_void()]),
        ],
        sup=BASE,
    )
    make = [
        const_string(1, layout),
        new_instance(2, IMPL),
        invoke_direct(IMPL, "<init>", f"({OBJECT}{VIEW}[{OBJECT})V", 2, 3, 4, 5),
        return_void(),
    ]
    mapper = cls(
        "Lapp/demo/DataBinderMapperImpl;", [method("getDataBinder", "()V", make, static=True)]
    )
    return [base, impl, mapper]


def model(*fill: Units, getter: tuple[Units, ...] = (), kind: str = FLAG) -> Class:
    made = [method("<init>", "()V", [*fill, return_void()])]
    if getter:
        made.append(method("getAgreed", f"(){kind}", list(getter)))
    return cls(MODEL, made)


def read(
    know: Knowledge,
    classes: list[Class],
    *,
    tags: tuple[str, ...] = (TAG,),
    views: tuple[int, ...] = (),
) -> list[tuple[str, str, str]]:
    show = invoke_static("Lapp/demo/DataBinderMapperImpl;", "getDataBinder", "()V")
    main = cls(
        "Lapp/demo/Main;",
        [method("onCreate", "(Landroid/os/Bundle;)V", [show, return_void()])],
        sup="Landroid/app/Activity;",
    )
    facts = PackageFacts(
        package="app.demo",
        components=(MAIN,),
        consent_tags=tags,
        consent_views=views,
        dex=(DexFile(name="classes.dex", data=dex([main, *classes])),),
    )
    return [(f.place, f.text, f.confidence) for f in analyse_code(facts, know).ui]


OWN = iget(1, 0, IMPL, "box", BOX)
CONSTANT = [const4(2, 1), OWN, set_checked(1, 2)]
TICKED = [("app.demo.LoginBindingImpl.executeBindings", "box", "firm")]


def test_a_constant_that_data_binding_sets(know: Knowledge) -> None:
    assert read(know, binding(CONSTANT)) == TICKED
    assert read(know, binding([const4(2, 0), OWN, set_checked(1, 2)])) == []


@pytest.mark.parametrize(
    "classes",
    [binding(CONSTANT, number=2), binding(CONSTANT, layout="layout/other_0")],
    ids=["another-view", "another-layout"],
)
def test_other_views_are_no_consent(know: Knowledge, classes: list[Class]) -> None:
    assert read(know, classes) == []


def test_a_view_with_an_id_is_known_by_the_list_of_ids(know: Knowledge) -> None:
    base, impl, mapper = binding(CONSTANT, layout="layout/other_0")
    ids = [
        raw(0x14 | 1 << 8, CONSENT & 0xFFFF, CONSENT >> 16),
        const4(2, 1),
        invoke_virtual("Landroid/util/SparseIntArray;", "put", "(II)V", 0, 1, 2),
        return_void(),
    ]
    impl = replace(impl, methods=(*impl.methods, method("<clinit>", "()V", ids, static=True)))
    assert read(know, [base, impl, mapper], views=(CONSENT,)) == TICKED
    assert read(know, [base, impl, mapper], views=(CONSENT + 1,)) == []


# a state of the view model --------------------------------------------------------------------


GET = (invoke_virtual(FLAG, "get", "()Z", 4), result(2))
# behind the read stands what the variable holds on ways that do not read
FIELD = (iget(4, 3, MODEL, "agreed", FLAG), *GET, const4(2, 0))
GETTER = (invoke_virtual(MODEL, "getAgreed", f"(){FLAG}", 3), move_result_object(4), *GET)
UNBOX = (
    iget(4, 3, MODEL, "agreed", LIVE),
    invoke_virtual(LIVE, "getValue", f"(){OBJECT}", 4),
    move_result_object(5),
    check_cast(5, BOOLEAN),
    invoke_static(PARENT, "safeUnbox", f"({BOOLEAN})Z", 5),
    result(2),
)


def state(reading: tuple[Units, ...]) -> list[Units]:
    """The form of `android:checked="@={vm.agreed}"`."""
    return [iget(3, 0, IMPL, "mVm", MODEL), *reading, OWN, set_checked(1, 2)]


def flag(value: int) -> tuple[Units, ...]:
    return (
        const4(2, value),
        new_instance(1, FLAG),
        invoke_direct(FLAG, "<init>", "(Z)V", 1, 2),
        put(1, 0, MODEL, "agreed", FLAG),
    )


def live(*value: Units) -> tuple[Units, ...]:
    return (
        *value,
        new_instance(1, LIVE),
        invoke_direct(LIVE, "<init>", f"({OBJECT})V", 1, 2),
        put(1, 0, MODEL, "agreed", LIVE),
    )


def boxed(value: int) -> tuple[Units, ...]:
    call = invoke_static(BOOLEAN, "valueOf", f"(Z){BOOLEAN}", 2)
    return (const4(2, value), call, move_result_object(2))


EMPTY = (
    new_instance(1, LIVE),
    invoke_direct(LIVE, "<init>", "()V", 1),
    put(1, 0, MODEL, "agreed", LIVE),
    iget(4, 0, MODEL, "agreed", LIVE),
)
SET = invoke_virtual(LIVE, "setValue", f"({OBJECT})V", 4, 2)


@pytest.mark.parametrize(
    ("reading", "fill", "count"),
    [
        (FIELD, flag(1), 1),
        (FIELD, flag(0), 0),
        (UNBOX, live(*boxed(1)), 1),
        (UNBOX, live(*boxed(0)), 0),
        (UNBOX, live(sget(2, BOOLEAN, "TRUE", BOOLEAN)), 1),
        (UNBOX, live(sget(2, BOOLEAN, "FALSE", BOOLEAN)), 0),
        (UNBOX, (*EMPTY, *boxed(1), SET), 1),
        (UNBOX, (*EMPTY, *boxed(0), SET), 0),
        (UNBOX, EMPTY, 0),
    ],
    ids=["flag", "flag-off", "live", "live-off", "TRUE", "FALSE", "set", "set-off", "empty"],
)
def test_a_state_that_begins_as_true(
    know: Knowledge, reading: tuple[Units, ...], fill: tuple[Units, ...], count: int
) -> None:
    assert read(know, [*binding(state(reading)), model(*fill)]) == TICKED * count


def test_a_state_behind_a_getter(know: Knowledge) -> None:
    getter = (iget(1, 0, MODEL, "agreed", FLAG), raw(0x11 | 1 << 8))
    for value in (1, 0):
        classes = [*binding(state(GETTER)), model(*flag(value), getter=getter)]
        assert read(know, classes) == TICKED * value


def test_a_plain_field(know: Knowledge) -> None:
    def held(tables):  # type: ignore[no-untyped-def]
        return [0x55 | 2 << 8 | 3 << 12, tables.field(MODEL, "agreed", "Z")]

    for value in (1, 0):
        fill = (const4(1, value), put(1, 0, MODEL, "agreed", "Z"))
        assert read(know, [*binding(state((held,))), model(*fill)]) == TICKED * value


# what the layout says -------------------------------------------------------------------------

ASKS = "我已阅读并同意《隐私政策》"


def layout(folder: Path, root_tag: str, **box: str | bool) -> Interface:
    row: Node = ("CheckBox", {f"android:{key}": value for key, value in box.items()}, [])
    root: Node = ("LinearLayout", {"android:tag": root_tag} if root_tag else {}, [row])
    parts = {"AndroidManifest.xml": axml(manifest()), "res/layout/login.xml": axml(root)}
    package = open_package(save(folder / "a.apk", parts), lambda _: None)
    try:
        return read_interface(package, Table(), [], Rules(knowledge()))
    finally:
        package.close()


@pytest.mark.parametrize("tag", ["layout/login_0", "layout-land/login_0"])
def test_a_bound_box_is_known_by_its_tags_and_its_state_is_not(tmp_path: Path, tag: str) -> None:
    found = layout(tmp_path, tag, text=ASKS, tag="binding_1")
    assert found.consent_tags == (f"{tag}#binding_1",)
    (fact,) = (f for f in found.facts if f.kind == "unticked-consent")
    assert fact.confidence == "tentative"


@pytest.mark.parametrize(
    ("tag", "box"),
    [("", {"tag": "binding_1"}), ("layout/login_0", {"tag": "mine"}), ("layout/login_0", {})],
)
def test_other_tags_are_not_those_of_data_binding(
    tmp_path: Path, tag: str, box: dict[str, str]
) -> None:
    found = layout(tmp_path, tag, text=ASKS, **box)
    assert found.consent_tags == ()
    (fact,) = (f for f in found.facts if f.kind == "unticked-consent")
    assert fact.confidence == "certain"
