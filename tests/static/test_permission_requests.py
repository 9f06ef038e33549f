"""Where permissions are asked for: in the method itself, by a helper, through the contract."""

import pytest

from profiles.model import Knowledge
from scanner.model.static import PermissionFact
from scanner.static.code import analyse_code
from scanner.static.facts import ComponentFact, DexFile, PackageFacts
from tests.support.dex_made import (
    Class,
    Units,
    cls,
    const4,
    const_string,
    dex,
    invoke_static,
    invoke_virtual,
    method,
    return_object,
    return_void,
    sget,
    sput,
)
from tests.support.knowledge import knowledge

CAMERA, AUDIO = "android.permission.CAMERA", "android.permission.RECORD_AUDIO"
MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
STRING, OBJECT = "Ljava/lang/String;", "Ljava/lang/Object;"
STRINGS = f"[{STRING}"
LAUNCH = invoke_virtual(
    "Landroidx/activity/result/ActivityResultLauncher;", "launch", "(Ljava/lang/Object;)V", 0, 1
)
REQUEST = invoke_virtual("Landroid/app/Activity;", "requestPermissions", f"({STRINGS}I)V", 0, 1, 2)


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def main(*code: object) -> Class:
    body = [*code, return_void()]
    made = method("onCreate", "(Landroid/os/Bundle;)V", body)  # type: ignore[arg-type]
    return cls("Lapp/demo/Main;", [made], sup="Landroid/app/Activity;")


def asked(know: Knowledge, *classes: Class) -> dict[str, list[str]]:
    facts = PackageFacts(
        package="app.demo",
        components=(MAIN,),
        permissions=tuple(PermissionFact(name=n, declared=True) for n in (CAMERA, AUDIO)),
        dex=(DexFile(name="classes.dex", data=dex(classes)),),
    )
    return {
        p.name: [f"{at.cls}.{at.method}" for at in p.requested_at]
        for p in analyse_code(facts, know).permissions
    }


def test_a_launch_of_the_contract_asks_though_another_class_registered_it(know: Knowledge) -> None:
    found = asked(know, main(const_string(1, CAMERA), LAUNCH))
    assert found == {CAMERA: ["app.demo.Main.onCreate"], AUDIO: []}


def test_a_launch_of_anything_else_does_not_ask(know: Knowledge) -> None:
    other = invoke_virtual("Lapp/demo/Job;", "launch", "(Ljava/lang/Object;)V", 0, 1)
    assert asked(know, main(const_string(1, CAMERA), other))[CAMERA] == []


def test_a_helper_that_asks_makes_its_caller_ask(know: Knowledge) -> None:
    helper = method("ask", f"({STRINGS})V", [REQUEST, return_void()], static=True)
    call = invoke_static("Lapp/demo/Ask;", "ask", f"({STRINGS})V", 1)
    found = asked(know, main(const_string(1, CAMERA), call), cls("Lapp/demo/Ask;", [helper]))
    assert found[CAMERA] == ["app.demo.Main.onCreate"]


def test_a_helper_that_takes_no_names_does_not(know: Knowledge) -> None:
    helper = method("ask", "(I)V", [REQUEST, return_void()], static=True)
    call = invoke_static("Lapp/demo/Ask;", "ask", "(I)V", 1)
    found = asked(know, main(const_string(1, CAMERA), call), cls("Lapp/demo/Ask;", [helper]))
    assert found[CAMERA] == []


def test_names_in_a_static_field_of_another_class(know: Knowledge) -> None:
    """Only the names that go into the field that is read, not those of its neighbour."""
    fill = [
        const_string(0, CAMERA),
        sput(1, "Lapp/demo/Names;", "ONE", STRINGS),
        const_string(0, AUDIO),
        sput(1, "Lapp/demo/Names;", "TWO", STRINGS),
        return_void(),
    ]
    names = cls(
        "Lapp/demo/Names;",
        [method("<clinit>", "()V", fill)],
        fields=(("ONE", STRINGS), ("TWO", STRINGS)),
    )
    body = (const4(2, 1), sget(1, "Lapp/demo/Names;", "ONE", STRINGS), REQUEST)
    found = asked(know, main(*body), names)
    assert found == {CAMERA: ["app.demo.Main.onCreate"], AUDIO: []}


# names that R8 gave to androidx ---------------------------------------------------------------

CONTRACT, PERMISSIONS, LAUNCHER, CALLBACK = "La/a;", "La/b;", "La/c;", "La/d;"
ACTION = "androidx.activity.result.contract.action.REQUEST_PERMISSIONS"
CREATE = f"(Landroid/content/Context;{OBJECT})Landroid/content/Intent;"
REGISTER = f"({CONTRACT}{CALLBACK}){LAUNCHER}"


def androidx(action: str = ACTION, *, fills: bool = True) -> list[Class]:
    put = f"({STRING}{STRINGS})Landroid/content/Intent;"
    fill = [invoke_virtual("Landroid/content/Intent;", "putExtra", put, 0, 1, 2)] if fills else []
    body = [const_string(1, action), *fill, return_object(0)]
    return [
        cls(CONTRACT, [method("a", CREATE, None)]),
        cls(PERMISSIONS, [method("a", CREATE, body)], sup=CONTRACT),
        cls(LAUNCHER, [method("a", f"({OBJECT})V", None), method("b", "()V", None)]),
        cls(CALLBACK),
    ]


def registered(call: Units) -> Class:
    register = invoke_virtual("Lapp/demo/Main;", "m", REGISTER, 0, 1, 2)
    return main(register, const_string(1, CAMERA), call)


RENAMED = invoke_virtual(LAUNCHER, "a", f"({OBJECT})V", 0, 1)


def test_a_launcher_is_known_by_the_contract_that_it_was_registered_for(know: Knowledge) -> None:
    found = asked(know, registered(RENAMED), *androidx())
    assert found == {CAMERA: ["app.demo.Main.onCreate"], AUDIO: []}


@pytest.mark.parametrize(
    ("call", "classes"),
    [
        (RENAMED, androidx("some.other.ACTION")),
        (RENAMED, androidx(fills=False)),
        (invoke_virtual(LAUNCHER, "b", "()V", 0), androidx()),
        (invoke_virtual("La/z;", "a", f"({OBJECT})V", 0, 1), androidx()),
    ],
    ids=["another-contract", "only-reads-the-action", "unregister", "another-class"],
)
def test_what_only_looks_alike_does_not_ask(
    know: Knowledge, call: Units, classes: list[Class]
) -> None:
    assert asked(know, registered(call), *classes) == {CAMERA: [], AUDIO: []}


def test_the_helper_of_androidx_core_is_known_by_what_it_calls(know: Knowledge) -> None:
    take = f"(Landroid/app/Activity;{STRINGS}I)V"
    helper = cls("La/e;", [method("c", take, [REQUEST, return_void()], static=True)])
    call = invoke_static("La/e;", "c", take, 0, 1, 2)
    assert asked(know, main(const_string(1, CAMERA), call), helper)[CAMERA]
