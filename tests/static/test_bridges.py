"""Bridges from web pages: which object, which methods, what personal data they lead to."""

import pytest

from profiles.model import Knowledge
from scanner.model.static import BridgeAccess, WebBridge
from scanner.static.code import analyse_code
from scanner.static.dex.index import DexIndex
from scanner.static.dex.values import methods_annotated
from scanner.static.facts import ComponentFact, DexFile, PackageFacts
from tests.support.dex_made import (
    Class,
    Method,
    Units,
    cls,
    dex,
    invoke_direct,
    invoke_virtual,
    method,
    move_result_object,
    new_instance,
    return_object,
    return_void,
)
from tests.support.knowledge import knowledge

MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
STRING = "Ljava/lang/String;"
WEB, BRIDGE, HELPER = "Landroid/webkit/WebView;", "Lapp/demo/Bridge;", "Lapp/demo/Helper;"
GIVES = f"(Ljava/lang/Object;{STRING})V"
MARK = ("Landroid/webkit/JavascriptInterface;",)
IMEI = (
    invoke_virtual("Landroid/telephony/TelephonyManager;", "getDeviceId", f"(){STRING}", 0),
    move_result_object(0),
    return_object(0),
)
MAKE = (new_instance(1, BRIDGE), invoke_direct(BRIDGE, "<init>", "()V", 1))
GIVE = invoke_virtual(WEB, "addJavascriptInterface", GIVES, 0, 1, 2)


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def read(
    know: Knowledge, code: tuple[Units, ...], *classes: Class, target: int = 30
) -> tuple[WebBridge, ...]:
    start = method("onCreate", "(Landroid/os/Bundle;)V", [*code, return_void()])
    main = cls("Lapp/demo/Main;", [start], sup="Landroid/app/Activity;")
    facts = PackageFacts(
        package="app.demo",
        target_sdk=target,
        components=(MAIN,),
        dex=(DexFile(name="classes.dex", data=dex([main, *classes])),),
    )
    return analyse_code(facts, know).bridges


def reads(name: str = "imei", marks: tuple[str, ...] = MARK) -> Method:
    return method(name, f"(){STRING}", IMEI, marks=marks)


def opened(bridge: WebBridge) -> list[BridgeAccess]:
    return [one for one in bridge.opens if one.data_type == "imei"]


def test_a_method_that_a_page_calls_and_that_reads_personal_data(know: Knowledge) -> None:
    (bridge,) = read(know, (*MAKE, GIVE), cls(BRIDGE, [reads()]))
    assert (bridge.cls, bridge.methods) == ("app.demo.Bridge", ("app.demo.Bridge.imei",))
    (access,) = opened(bridge)
    assert (access.method, access.answers, access.confidence) == (
        "app.demo.Bridge.imei",
        True,
        "firm",
    )
    assert bridge.reach.before_consent


def test_what_a_page_cannot_call_opens_nothing(know: Knowledge) -> None:
    (bridge,) = read(know, (*MAKE, GIVE), cls(BRIDGE, [reads(marks=())]))
    assert (bridge.methods, bridge.opens) == ((), ())


@pytest.mark.parametrize(("target", "count"), [(16, 1), (17, 0)])
def test_below_level_17_every_public_method_is_open(
    know: Knowledge, target: int, count: int
) -> None:
    (bridge,) = read(know, (*MAKE, GIVE), cls(BRIDGE, [reads(marks=())]), target=target)
    assert len(bridge.methods) == len(opened(bridge)) == count


def test_the_chain_leads_through_other_classes(know: Knowledge) -> None:
    call = [
        new_instance(0, HELPER),
        invoke_virtual(HELPER, "imei", f"(){STRING}", 0),
        return_void(),
    ]
    bridge_class = cls(BRIDGE, [method("send", "()V", call, marks=MARK)])
    (bridge,) = read(know, (*MAKE, GIVE), bridge_class, cls(HELPER, [reads(marks=())]))
    (access,) = opened(bridge)
    assert access.chain == ("app.demo.Bridge.send", "app.demo.Helper.imei")
    assert not access.answers


def test_a_script_run_in_the_page_is_a_way_back(know: Knowledge) -> None:
    back = [
        new_instance(0, HELPER),
        invoke_virtual(HELPER, "imei", f"(){STRING}", 0),
        invoke_virtual(WEB, "loadUrl", f"({STRING})V", 1, 2),
        return_void(),
    ]
    bridge_class = cls(BRIDGE, [method("send", "()V", back, marks=MARK)])
    (bridge,) = read(know, (*MAKE, GIVE), bridge_class, cls(HELPER, [reads(marks=())]))
    assert [one.answers for one in opened(bridge)] == [True]


def test_a_wrapper_is_looked_through(know: Knowledge) -> None:
    hand_on = method(
        "bind",
        f"(Ljava/lang/Object;{STRING})V",
        [invoke_virtual(WEB, "addJavascriptInterface", GIVES, 0, 6, 7), return_void()],
    )
    give = invoke_virtual("Lapp/demo/Web;", "bind", GIVES, 0, 1, 2)
    classes = cls("Lapp/demo/Web;", [hand_on]), cls(BRIDGE, [reads()])
    (bridge,) = read(know, (*MAKE, give), *classes)
    assert (bridge.cls, len(opened(bridge))) == ("app.demo.Bridge", 1)


def test_an_object_that_is_not_known_stays_unknown(know: Knowledge) -> None:
    made = invoke_virtual("Lother/Factory;", "make", "()Ljava/lang/Object;", 0)
    (bridge,) = read(know, (made, move_result_object(1), GIVE))
    assert (bridge.cls, bridge.methods, bridge.opens) == ("", (), ())


def test_callbacks_of_what_a_bridge_holds_are_not_the_page_s_doing(know: Knowledge) -> None:
    fragment = cls(
        HELPER,
        [method("onCreate", "(Landroid/os/Bundle;)V", [*IMEI[:2], return_void()])],
        sup="Landroid/app/Fragment;",
    )
    idle = method("idle", "()V", [return_void()], marks=MARK)
    bridge_class = cls(BRIDGE, [idle], fields=(("held", HELPER),))
    (bridge,) = read(know, (*MAKE, GIVE), bridge_class, fragment)
    assert bridge.opens == ()


def test_more_methods_than_are_followed_are_told(know: Knowledge) -> None:
    many = [reads(f"m{number}") for number in range(129)]
    (bridge,) = read(know, (*MAKE, GIVE), cls(BRIDGE, many))
    assert not bridge.followed
    (bridge,) = read(know, (*MAKE, GIVE), cls(BRIDGE, many[:128]))
    assert bridge.followed
    assert len(opened(bridge)) == 128


def test_annotations_that_lie_are_left_out(know: Knowledge) -> None:
    whole = bytearray(dex([cls(BRIDGE, [reads()])]))
    index = DexIndex([("classes.dex", bytes(whole))])
    mark, at = index.type_id(MARK[0]), int(index.classes.annotations[0])
    assert len(methods_annotated(index, 0, mark)) == 1
    for place in range(at, at + 24):
        for value in (0x00, 0x7F, 0xFF):
            broken = bytearray(whole)
            broken[place] = value
            found = methods_annotated(DexIndex([("classes.dex", bytes(broken))]), 0, mark)
            assert len(found) <= 1
    lying = bytearray(whole)
    lying[at + 8 : at + 12] = b"\xff\xff\xff\xff"  # as many annotated methods as a number can say
    assert len(methods_annotated(DexIndex([("classes.dex", bytes(lying))]), 0, mark)) >= 1
