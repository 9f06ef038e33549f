"""Hierarchy, call graph and reach on small assembled apps."""

from collections.abc import Sequence

import pytest

from profiles.model import Knowledge
from scanner.static.calls import Code
from scanner.static.code import read_code
from scanner.static.dex.values import MethodHandle, Ref
from scanner.static.facts import ComponentFact, DexFile, IntentFilter, PackageFacts
from tests.support.dex_made import (
    Class,
    cls,
    const4,
    const_class,
    const_string,
    dex,
    if_eqz,
    invoke_direct,
    invoke_interface,
    invoke_static,
    invoke_super,
    invoke_virtual,
    method,
    move_result_object,
    new_instance,
    raw,
    return_void,
    sget,
)
from tests.support.knowledge import knowledge

ACTIVITY = "Landroid/app/Activity;"
RUN = "Ljava/lang/Runnable;"
MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def app(know: Knowledge, classes: Sequence[Class], **facts: object) -> Code:
    whole = {
        "package": "app.demo",
        "components": (MAIN,),
        "dex": (DexFile(name="classes.dex", data=dex(classes)),),
        **facts,
    }
    return read_code(PackageFacts(**whole), know)  # type: ignore[arg-type]


def reach(code: Code, cls_: str, name: str) -> tuple[bool | None, bool | None, list[str]]:
    (found,) = code.index.find_methods(cls_, name)
    answer = code.reach.of(int(code.index.def_of_method[found]))
    chain = [part.removeprefix("app.demo.") for part in answer.chain]
    return answer.reachable, answer.before_consent, chain


def main(
    *code: object, name: str = "onCreate", descriptor: str = "(Landroid/os/Bundle;)V"
) -> Class:
    body = [*code, return_void()]
    return cls("Lapp/demo/Main;", [method(name, descriptor, body)], sup=ACTIVITY)  # type: ignore[list-item]


def target(name: str = "T") -> Class:
    body = [method("go", "()V", [return_void()], static=True)]
    return cls(f"Lapp/demo/{name};", body)


GO = invoke_static("Lapp/demo/T;", "go", "()V")


def test_a_static_call_from_the_launcher_is_before_consent(know: Knowledge) -> None:
    code = app(know, [main(GO), target()])
    assert reach(code, "Lapp/demo/T;", "go") == (True, True, ["Main.onCreate", "T.go"])


def test_code_that_nothing_calls_is_not_reachable(know: Knowledge) -> None:
    assert reach(app(know, [main(), target()]), "Lapp/demo/T;", "go") == (False, False, [])


def test_a_click_handler_is_reachable_but_not_before_consent(know: Knowledge) -> None:
    listener = cls(
        "Lapp/demo/L;",
        [
            method("<init>", "()V", [return_void()]),
            method("onClick", "(Landroid/view/View;)V", [GO, return_void()]),
        ],
        interfaces=("Landroid/view/View$OnClickListener;",),
    )
    make = [new_instance(0, "Lapp/demo/L;"), invoke_direct("Lapp/demo/L;", "<init>", "()V", 0)]
    code = app(know, [main(*make), listener, target()])
    assert reach(code, "Lapp/demo/T;", "go")[:2] == (True, False)


def test_a_runnable_made_early_runs_early(know: Knowledge) -> None:
    runner = cls(
        "Lapp/demo/R;",
        [
            method("<init>", "()V", [return_void()]),
            method("run", "()V", [GO, return_void()]),
        ],
        interfaces=(RUN,),
    )
    make = [new_instance(0, "Lapp/demo/R;"), invoke_direct("Lapp/demo/R;", "<init>", "()V", 0)]
    code = app(know, [main(*make), runner, target()])
    assert reach(code, "Lapp/demo/T;", "go") == (True, True, ["Main.onCreate", "R.run", "T.go"])


def test_an_inherited_callback_runs_unless_overridden(know: Knowledge) -> None:
    base = cls("Lapp/demo/Base;", [method("run", "()V", [GO, return_void()])], interfaces=(RUN,))
    plain = cls("Lapp/demo/Sub;", [method("<init>", "()V", [return_void()])], sup="Lapp/demo/Base;")
    own = cls(
        "Lapp/demo/Sub;",
        [method("<init>", "()V", [return_void()]), method("run", "()V", [return_void()])],
        sup="Lapp/demo/Base;",
    )
    make = [new_instance(0, "Lapp/demo/Sub;")]
    assert reach(app(know, [main(*make), base, plain, target()]), "Lapp/demo/T;", "go")[1] is True
    assert reach(app(know, [main(*make), base, own, target()]), "Lapp/demo/T;", "go")[1] is False


def interface_app(know: Knowledge, *, made: bool) -> Code:
    face = cls("Lapp/demo/I;", [method("act", "()V", None)], flags=0x601)
    impl = cls(
        "Lapp/demo/Impl;",
        [
            method("<init>", "()V", [return_void()]),
            method("act", "()V", [GO, return_void()]),
        ],
        interfaces=("Lapp/demo/I;",),
    )
    make = [new_instance(0, "Lapp/demo/Impl;")] if made else []
    call = invoke_interface("Lapp/demo/I;", "act", "()V", 0)
    return app(know, [main(*make, call), face, impl, target()])


def test_a_virtual_call_reaches_classes_of_which_an_object_exists(know: Knowledge) -> None:
    assert reach(interface_app(know, made=True), "Lapp/demo/T;", "go") == (
        True,
        True,
        ["Main.onCreate", "Impl.act", "T.go"],
    )


def test_without_an_object_it_only_may_run_at_some_time(know: Knowledge) -> None:
    assert reach(interface_app(know, made=False), "Lapp/demo/T;", "go")[:2] == (True, False)


def test_a_call_on_a_subclass_finds_the_inherited_method(know: Knowledge) -> None:
    base = cls("Lapp/demo/Base;", [method("work", "()V", [GO, return_void()])])
    sub = cls("Lapp/demo/Sub;", sup="Lapp/demo/Base;")
    calls = [new_instance(0, "Lapp/demo/Sub;"), invoke_virtual("Lapp/demo/Sub;", "work", "()V", 0)]
    code = app(know, [main(*calls), base, sub, target()])
    assert reach(code, "Lapp/demo/T;", "go")[2] == ["Main.onCreate", "Base.work", "T.go"]


def test_super_calls_and_inherited_lifecycle(know: Knowledge) -> None:
    base = cls(
        "Lapp/demo/Base;",
        [method("onResume", "()V", [GO, return_void()])],
        sup=ACTIVITY,
    )
    body = [invoke_super("Lapp/demo/Base;", "onResume", "()V", 7), return_void()]
    main_ = cls("Lapp/demo/Main;", [method("onStart", "()V", body)], sup="Lapp/demo/Base;")
    assert reach(app(know, [main_, base, target()]), "Lapp/demo/T;", "go")[2] == [
        "Base.onResume",
        "T.go",
    ]


def test_touching_a_static_runs_the_class_initialiser(know: Knowledge) -> None:
    holder = cls(
        "Lapp/demo/H;",
        [method("<clinit>", "()V", [GO, return_void()])],
        fields=(("F", "Ljava/lang/String;"),),
    )
    code = app(know, [main(sget(0, "Lapp/demo/H;", "F", "Ljava/lang/String;")), holder, target()])
    assert reach(code, "Lapp/demo/T;", "go")[2] == ["Main.onCreate", "H.<clinit>", "T.go"]


def test_reflection_with_constant_names_is_an_edge(know: Knowledge) -> None:
    body = [
        const_string(0, "app.demo.T"),
        invoke_static("Ljava/lang/Class;", "forName", "(Ljava/lang/String;)Ljava/lang/Class;", 0),
        move_result_object(0),
        const_string(1, "go"),
        invoke_virtual(
            "Ljava/lang/Class;",
            "getMethod",
            "(Ljava/lang/String;[Ljava/lang/Class;)Ljava/lang/reflect/Method;",
            *(0, 1, 2),
        ),
    ]
    assert reach(app(know, [main(*body), target()]), "Lapp/demo/T;", "go")[1] is True


def test_starting_a_service_by_its_class_runs_it(know: Knowledge) -> None:
    service = cls(
        "Lapp/demo/S;",
        [method("onCreate", "()V", [GO, return_void()])],
        sup="Landroid/app/Service;",
    )
    parts = (MAIN, ComponentFact(kind="service", name="app.demo.S", exported=False))
    init = "(Landroid/content/Context;Ljava/lang/Class;)V"
    start = [
        new_instance(0, "Landroid/content/Intent;"),
        const_class(1, "Lapp/demo/S;"),
        invoke_direct("Landroid/content/Intent;", "<init>", init, 0, 7, 1),
    ]
    started = app(know, [main(*start), service, target()], components=parts)
    assert reach(started, "Lapp/demo/T;", "go")[2] == ["Main.onCreate", "S.onCreate", "T.go"]
    waiting = app(know, [main(), service, target()], components=parts)
    assert reach(waiting, "Lapp/demo/T;", "go")[:2] == (True, False)


@pytest.mark.parametrize(
    ("kind", "name", "extra", "early"),
    [
        ("provider", "onCreate", {}, True),
        ("receiver", "onReceive", {"boot": True}, True),
        ("receiver", "onReceive", {}, False),
        ("activity", "onCreate", {}, False),
    ],
)
def test_which_components_start_by_themselves(
    know: Knowledge, kind: str, name: str, extra: dict[str, bool], early: bool
) -> None:
    actions = ("android.intent.action.BOOT_COMPLETED",) if extra else ("app.demo.CUSTOM",)
    part = ComponentFact(
        kind=kind, name="app.demo.C", exported=False, filters=(IntentFilter(actions=actions),)
    )
    body = [method(name, "()V", [GO, return_void()])]
    code = app(know, [cls("Lapp/demo/C;", body), target()], components=(part,))
    assert reach(code, "Lapp/demo/T;", "go")[:2] == (True, early)


def test_a_consent_looking_branch_makes_it_tentative(know: Knowledge) -> None:
    getter = "(Ljava/lang/String;Z)Z"
    asked = [
        const_string(1, "user_agree_privacy"),
        const4(2, 0),
        invoke_interface("Landroid/content/SharedPreferences;", "getBoolean", getter, 0, 1, 2),
        raw(0x0A00),
        if_eqz(0, 5),
        GO,
    ]
    for body, guarded in ((asked, True), ([GO], False)):
        code = app(know, [main(*body), target()])
        (found,) = code.index.find_methods("Lapp/demo/T;", "go")
        answer = code.reach.of(int(code.index.def_of_method[found]))
        assert (answer.before_consent, answer.guarded) == (True, guarded)


def test_without_an_entry_nothing_is_decided(know: Knowledge) -> None:
    code = app(know, [target()], components=())
    assert reach(code, "Lapp/demo/T;", "go") == (None, None, [])


def test_code_in_an_asset_stays_undecided(know: Knowledge) -> None:
    files = (
        DexFile(name="classes.dex", data=dex([main()])),
        DexFile(name="assets/plugin.dex", data=dex([target()]), dynamic=True),
    )
    assert reach(app(know, [], dex=files), "Lapp/demo/T;", "go") == (None, None, [])


def test_two_builds_of_the_graph_are_equal(know: Knowledge) -> None:
    one, two = interface_app(know, made=True), interface_app(know, made=True)
    assert one.reach.every.parent.tolist() == two.reach.every.parent.tolist()
    assert one.reach.before.parent.tolist() == two.reach.before.parent.tolist()


def test_a_hierarchy_in_a_circle_ends(know: Knowledge) -> None:
    ring = [cls(f"Lapp/demo/R{n};", sup=f"Lapp/demo/R{(n + 1) % 3};") for n in range(3)]
    call = invoke_virtual("Lapp/demo/R0;", "missing", "()V", 0)
    assert reach(app(know, [main(call, GO), *ring, target()]), "Lapp/demo/T;", "go")[1] is True


def adopting(*, face: str, name: str, own: bool = False) -> list[Class]:
    """A class without the interface has the method; its subclass adds only the interface."""
    init = method("<init>", "()V", [return_void()])
    override = [method(name, "()V", [return_void()])] if own else []
    return [
        cls("Lapp/demo/Base;", [method(name, "()V", [GO, return_void()])]),
        cls("Lapp/demo/Sub;", [init, *override], sup="Lapp/demo/Base;", interfaces=(face,)),
    ]


@pytest.mark.parametrize(("own", "early"), [(False, True), (True, False)])
def test_an_interface_method_from_a_superclass_outside_the_interface(
    know: Knowledge, own: bool, early: bool
) -> None:
    face = cls("Lapp/demo/I;", [method("act", "()V", None)], flags=0x601)
    call = invoke_interface("Lapp/demo/I;", "act", "()V", 0)
    classes = adopting(face="Lapp/demo/I;", name="act", own=own)
    code = app(know, [main(new_instance(0, "Lapp/demo/Sub;"), call), face, *classes, target()])
    assert reach(code, "Lapp/demo/T;", "go")[1] is early


def test_without_an_object_of_the_subclass_it_does_not_run(know: Knowledge) -> None:
    face = cls("Lapp/demo/I;", [method("act", "()V", None)], flags=0x601)
    call = invoke_interface("Lapp/demo/I;", "act", "()V", 0)
    classes = adopting(face="Lapp/demo/I;", name="act")
    code = app(know, [main(new_instance(0, "Lapp/demo/Base;"), call), face, *classes, target()])
    assert reach(code, "Lapp/demo/T;", "go")[1] is False


@pytest.mark.parametrize(("own", "early"), [(False, True), (True, False)])
def test_a_callback_from_a_superclass_that_is_no_listener(
    know: Knowledge, own: bool, early: bool
) -> None:
    classes = adopting(face=RUN, name="run", own=own)
    code = app(know, [main(new_instance(0, "Lapp/demo/Sub;")), *classes, target()])
    assert reach(code, "Lapp/demo/T;", "go")[1] is early


@pytest.mark.parametrize(("name", "early"), [("onClick", False), ("run", True), ("accept", True)])
def test_a_lambda_runs_when_its_method_does(
    know: Knowledge, monkeypatch: pytest.MonkeyPatch, name: str, early: bool
) -> None:
    """`invoke-custom` as compilers write it: the interface's method, then the code behind it."""
    monkeypatch.setattr(
        "scanner.static.callgraph.call_site", lambda *_: (None, name, Ref("handle", 0))
    )
    monkeypatch.setattr(
        "scanner.static.callgraph.method_handle",
        lambda index, *_: MethodHandle(False, index.find_methods("Lapp/demo/T;", "go")[0]),
    )
    code = app(know, [main(raw(0x00FC, 0, 0)), target()])
    assert reach(code, "Lapp/demo/T;", "go")[:2] == (True, early)
