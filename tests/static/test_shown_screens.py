"""A screen that a notification opens waits for a person; one that code starts does not."""

import pytest

from profiles.model import Knowledge
from scanner.static.facts import ComponentFact
from tests.static.test_callgraph import GO, MAIN, app, main, reach, target
from tests.support.dex_made import (
    Class,
    cls,
    const_class,
    invoke_direct,
    invoke_static,
    invoke_virtual,
    method,
    move_result_object,
    new_instance,
    return_object,
    return_void,
)
from tests.support.knowledge import knowledge

INTENT = "Landroid/content/Intent;"
SCREEN = ComponentFact(kind="activity", name="app.demo.S", exported=False)
MAKE = [
    new_instance(1, INTENT),
    const_class(2, "Lapp/demo/S;"),
    invoke_direct(INTENT, "<init>", "(Landroid/content/Context;Ljava/lang/Class;)V", 1, 7, 2),
]
OPEN = invoke_virtual("Lapp/demo/Main;", "startActivity", f"({INTENT})V", 7, 1)
KEEP = invoke_static(
    "Landroid/app/PendingIntent;",
    "getActivity",
    f"(Landroid/content/Context;I{INTENT}I)Landroid/app/PendingIntent;",
    *(7, 3, 1, 3),
)
MADE = [invoke_static("Lapp/demo/H;", "made", f"(){INTENT}"), move_result_object(1)]
HAND_ON = invoke_static("Lapp/demo/H;", "handed", f"({INTENT})V", 1)


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def screen() -> Class:
    start = method("onCreate", "(Landroid/os/Bundle;)V", [GO, return_void()])
    return cls("Lapp/demo/S;", [start], sup="Landroid/app/Activity;")


def helper(*more: str) -> Class:
    """Return a class whose method returns the intent; `more` are methods that call it too."""
    made = method("made", f"(){INTENT}", [*MAKE, return_object(1)], static=True)
    others = [method(name, "()V", [*MADE, return_void()], static=True) for name in more]
    return cls("Lapp/demo/H;", [made, *others])


def early(know: Knowledge, body: list[object], *classes: Class) -> tuple[bool | None, bool | None]:
    code = app(know, [main(*body), screen(), target(), *classes], components=(MAIN, SCREEN))
    return reach(code, "Lapp/demo/T;", "go")[:2]


@pytest.mark.parametrize(
    ("body", "opens"),
    [
        ([*MAKE, OPEN], True),
        ([*MAKE, KEEP], False),
        ([*MAKE, KEEP, OPEN], True),
        ([*MAKE, HAND_ON], True),
    ],
)
def test_what_the_method_does_with_its_intent(
    know: Knowledge, body: list[object], opens: bool
) -> None:
    assert early(know, body) == (True, opens)


@pytest.mark.parametrize(
    ("body", "opens"),
    [([*MADE, OPEN], True), ([*MADE, KEEP], False), ([*MADE, HAND_ON], True)],
)
def test_what_the_caller_does_with_an_intent_that_is_returned(
    know: Knowledge, body: list[object], opens: bool
) -> None:
    assert early(know, body, helper()) == (True, opens)


def test_one_caller_that_is_not_followed_is_enough_to_open(know: Knowledge) -> None:
    assert early(know, [*MADE, KEEP], helper("elsewhere")) == (True, True)


def test_an_intent_handed_round_in_a_ring_is_not_followed_for_ever(know: Knowledge) -> None:
    ring = [
        method(name, f"(){INTENT}", [call, *MAKE, return_object(1)], static=True)
        for name, call in (
            ("made", invoke_static("Lapp/demo/H;", "again", f"(){INTENT}")),
            ("again", invoke_static("Lapp/demo/H;", "made", f"(){INTENT}")),
        )
    ]
    assert early(know, [*MADE, KEEP], cls("Lapp/demo/H;", ring)) == (True, True)


def test_too_many_callers_are_not_followed(know: Knowledge) -> None:
    kept = [method(f"k{n}", "()V", [*MADE, KEEP, return_void()], static=True) for n in range(70)]
    assert early(know, [*MADE, KEEP], helper(), cls("Lapp/demo/K;", kept)) == (True, True)
    assert early(know, [*MADE, KEEP], helper(), cls("Lapp/demo/K;", kept[:9])) == (True, False)
