"""Starting other apps: by a package in the code, and of apps that code finds on the device."""

import pytest

from profiles.model import Knowledge
from scanner.static.code import CodeEvidence, analyse_code
from scanner.static.facts import ComponentFact, DexFile, PackageFacts
from tests.support.dex_made import (
    Class,
    Units,
    cls,
    const_string,
    dex,
    iget,
    invoke_direct,
    invoke_static,
    invoke_virtual,
    method,
    new_instance,
    return_void,
)
from tests.support.knowledge import knowledge

MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
STRING = "Ljava/lang/String;"


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def read(
    know: Knowledge, *code: Units, name: str = "onCreate", more: Class | None = None
) -> CodeEvidence:
    """Analyse an app whose one screen runs the code in a method that gets one object."""
    given = "Landroid/view/View;" if name == "onClick" else "Landroid/os/Bundle;"
    screen = cls(
        "Lapp/demo/Main;",
        [method(name, f"({given})V", [*code, return_void()])],
        sup="Landroid/app/Activity;",
        interfaces=("Landroid/view/View$OnClickListener;",),
    )
    whole = dex([screen] if more is None else [screen, more])
    files = (DexFile(name="classes.dex", data=whole),)
    return analyse_code(PackageFacts(package="app.demo", components=(MAIN,), dex=files), know)


INTENT = "Landroid/content/Intent;"
STARTING = {
    "service": ("startService", f"({INTENT})Landroid/content/ComponentName;"),
    "broadcast": ("sendBroadcast", f"({INTENT})V"),
    "screen": ("startActivity", f"({INTENT})V"),
}


def start(package: str, kind: str, *, named: str = "setPackage") -> tuple[Units, ...]:
    """Name a package in an intent (register 1) of register 3, then start something with it."""
    method_name, descriptor = STARTING[kind]
    naming = {
        "setPackage": invoke_virtual(INTENT, named, f"({STRING}){INTENT}", 3, 1),
        "setClassName": invoke_virtual(INTENT, named, f"({STRING}{STRING}){INTENT}", 3, 1, 2),
        "ComponentName": invoke_direct(
            "Landroid/content/ComponentName;", "<init>", f"({STRING}{STRING})V", 3, 1, 2
        ),
        "launch": invoke_virtual(
            "Landroid/content/pm/PackageManager;",
            "getLaunchIntentForPackage",
            f"({STRING}){INTENT}",
            *(3, 1),
        ),
    }
    call = invoke_virtual("Landroid/content/Context;", method_name, descriptor, 4, 3)
    return (const_string(1, package), const_string(2, "other.app.S"), naming[named], call)


def started(evidence: CodeEvidence) -> list[str]:
    return [b.detail for b in evidence.behaviours if b.kind == "starts-other-app"]


@pytest.mark.parametrize("kind", ["service", "broadcast", "screen"])
@pytest.mark.parametrize("named", ["setPackage", "setClassName", "ComponentName", "launch"])
def test_starting_another_app_unasked(know: Knowledge, kind: str, named: str) -> None:
    assert started(read(know, *start("other.app", kind, named=named))) == ["other.app"]


def test_a_screen_that_opens_after_a_tap_is_no_associated_start(know: Knowledge) -> None:
    assert started(read(know, *start("other.app", "screen"), name="onClick")) == []
    assert started(read(know, *start("other.app", "service"), name="onClick")) == ["other.app"]


@pytest.mark.parametrize("package", ["app.demo", "com.android.settings", "android", "XGService"])
def test_the_app_itself_and_the_system_are_no_other_apps(know: Knowledge, package: str) -> None:
    assert started(read(know, *start(package, "service"))) == []


def test_a_package_that_only_begins_like_the_system_is_another_app(know: Knowledge) -> None:
    assert started(read(know, *start("com.androidx.app", "service"))) == ["com.androidx.app"]


def test_a_package_that_nothing_is_started_of_or_that_is_not_written(know: Knowledge) -> None:
    naming = start("other.app", "service")
    assert started(read(know, *naming[:-1])) == []
    assert started(read(know, *naming[1:])) == []


def test_a_package_that_the_direct_caller_hands_over(know: Knowledge) -> None:
    naming = invoke_virtual(INTENT, "setPackage", f"({STRING}){INTENT}", 3, 7)
    go = invoke_virtual("Landroid/content/Context;", *STARTING["service"], 4, 3)
    owner = "Lapp/demo/Waker;"
    wake = method("wake", f"({STRING})V", [naming, go, return_void()], static=True)
    call = (const_string(1, "other.app"), invoke_static(owner, "wake", f"({STRING})V", 1))
    assert started(read(know, *call, more=cls(owner, [wake]))) == ["other.app"]
    assert started(read(know, *call[1:], more=cls(owner, [wake]))) == []
    idle = method("wake", f"({STRING})V", [naming, return_void()], static=True)
    assert started(read(know, *call, more=cls(owner, [idle]))) == []


# apps found at run time

PACKAGES = "Landroid/content/pm/PackageManager;"
INFO = "Landroid/content/pm/ServiceInfo;"


def ask(action: str) -> tuple[Units, ...]:
    query = f"({INTENT}I)Ljava/util/List;"
    return (
        const_string(1, action),
        new_instance(2, INTENT),
        invoke_direct(INTENT, "<init>", f"({STRING})V", 2, 1),
        invoke_virtual(PACKAGES, "queryIntentServices", query, 5, 2, 6),
    )


NAME = iget(1, 4, INFO, "packageName", STRING)
OWN_FIELD = iget(1, 4, "Lapp/demo/Row;", "packageName", STRING)
NAMED = invoke_virtual(INTENT, "setPackage", f"({STRING}){INTENT}", 2, 1)
WAKE = invoke_virtual("Landroid/content/Context;", *STARTING["service"], 5, 2)


def found_apps(evidence: CodeEvidence) -> list[str]:
    return [b.detail for b in evidence.behaviours if b.kind == "starts-found-app"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ((*ask("cn.push.DAEMON"), NAME, NAMED, WAKE), ["cn.push.DAEMON"]),
        ((*ask("android.speech.tts.TTS_SERVICE"), NAME, NAMED, WAKE), []),
        ((*ask("cn.push.DAEMON"), NAME, NAMED), []),
        ((*ask("cn.push.DAEMON"), NAME, WAKE), []),
        ((*ask("cn.push.DAEMON"), OWN_FIELD, NAMED, WAKE), []),
        ((*ask("cn.push.DAEMON")[:3], NAME, NAMED, WAKE), []),
        ((*ask("cn.push.DAEMON")[1:], NAME, NAMED, WAKE), []),
    ],
    ids=[
        "found",
        "platform-action",
        "not-started",
        "not-named",
        "own-field",
        "not-asked",
        "no-action",
    ],
)
def test_apps_that_code_finds_and_starts(
    know: Knowledge, code: tuple[Units, ...], expected: list[str]
) -> None:
    evidence = read(know, *code)
    assert found_apps(evidence) == expected
    assert started(evidence) == []


def test_the_question_may_stand_in_a_method_that_is_called(know: Knowledge) -> None:
    owner = "Lapp/demo/Finder;"
    more = cls(owner, [method("find", "()V", [*ask("cn.push.DAEMON"), return_void()], static=True)])
    call = invoke_static(owner, "find", "()V")
    assert found_apps(read(know, call, NAME, NAMED, WAKE, more=more)) == ["cn.push.DAEMON"]


def test_what_was_found_may_be_handed_to_a_method_that_starts_it(know: Knowledge) -> None:
    owner = "Lapp/demo/Waker;"
    naming = invoke_virtual(INTENT, "setPackage", f"({STRING}){INTENT}", 3, 7)
    go = invoke_virtual("Landroid/content/Context;", *STARTING["service"], 4, 3)
    wake = method("wake", f"({STRING})V", [naming, go, return_void()], static=True)
    call = invoke_static(owner, "wake", f"({STRING})V", 1)
    evidence = read(know, *ask("cn.push.DAEMON"), NAME, call, more=cls(owner, [wake]))
    assert found_apps(evidence) == ["cn.push.DAEMON"]
