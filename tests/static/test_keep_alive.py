"""Tricks by which an app stays alive, each with a twin that is none."""

import pytest

from profiles.model import Knowledge
from scanner.static.code import analyse_code
from scanner.static.facts import ComponentFact, DexFile, IntentFilter, PackageFacts
from tests.support.dex_made import (
    Class,
    Units,
    cls,
    const4,
    const_class,
    dex,
    invoke_direct,
    invoke_virtual,
    method,
    new_instance,
    return_void,
)
from tests.support.knowledge import knowledge

SERVICE, ACTIVITY = "Landroid/app/Service;", "Landroid/app/Activity;"
PARAMS = "Landroid/view/WindowManager$LayoutParams;"
PLAYER = "Landroid/media/MediaPlayer;"
INTENT = "Landroid/content/Intent;"
PENDING = "Landroid/app/PendingIntent;"


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def one(name: str, sup: str, code: list[Units], *, then: str = "onCreate", **more: object) -> Class:
    return cls(f"Lapp/demo/{name};", [method(then, "()V", [*code, return_void()])], sup=sup, **more)


def service(name: str, process: str = "", action: str = "") -> ComponentFact:
    filters = (IntentFilter(actions=(action,)),) if action else ()
    kind, full = "service", f"app.demo.{name}"
    return ComponentFact(kind=kind, name=full, exported=False, process=process, filters=filters)


def tricks(
    know: Knowledge, *classes: Class, components: tuple[ComponentFact, ...] = ()
) -> list[tuple[str, str, str]]:
    main = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
    facts = PackageFacts(
        package="app.demo",
        components=(main, service("Stay"), *components),
        dex=(DexFile(name="classes.dex", data=dex(list(classes))),),
    )
    found = [b for b in analyse_code(facts, know).behaviours if b.kind == "keep-alive"]
    return [(b.detail, b.place.cls.rpartition(".")[2], b.confidence) for b in found]


# windows of one pixel -------------------------------------------------------------------------


def side(name: str, register: int) -> Units:
    def put(tables):  # type: ignore[no-untyped-def]
        return [0x59 | register << 8 | 0 << 12, tables.field(PARAMS, name, "I")]

    return put


def sized(width: int, height: int) -> list[Units]:
    return [const4(2, width), const4(3, height), side("width", 2), side("height", 3)]


@pytest.mark.parametrize(
    ("sup", "code", "found"),
    [
        (ACTIVITY, sized(1, 1), [("one-pixel-window", "Main", "firm")]),
        (SERVICE, sized(1, 1), [("one-pixel-window", "Main", "tentative")]),
        (ACTIVITY, sized(1, -1), []),
        (ACTIVITY, [const4(2, 1), side("width", 2)], []),
        (
            ACTIVITY,
            [const4(2, 1), invoke_virtual("Landroid/view/Window;", "setLayout", "(II)V", 4, 2, 2)],
            [("one-pixel-window", "Main", "firm")],
        ),
        (
            ACTIVITY,
            [
                const4(2, 1),
                const4(3, -1),
                invoke_virtual("Landroid/view/Window;", "setLayout", "(II)V", 4, 3, 2),
            ],
            [],
        ),
    ],
    ids=["fields", "outside-a-screen", "a-line", "one-side", "set-layout", "a-bar"],
)
def test_a_window_of_one_pixel(
    know: Knowledge, sup: str, code: list[Units], found: list[tuple[str, str, str]]
) -> None:
    assert tricks(know, one("Main", sup, code)) == found


def test_a_window_made_with_one_pixel(know: Knowledge) -> None:
    make = [const4(2, 1), const4(3, 2), invoke_direct(PARAMS, "<init>", "(IIIII)V", 4, 2, 2, 3, 3)]
    assert tricks(know, one("Main", ACTIVITY, make)) == [("one-pixel-window", "Main", "firm")]
    typed = [const4(2, 1), invoke_direct(PARAMS, "<init>", "(III)V", 4, 2, 2, 2)]
    assert tricks(know, one("Main", ACTIVITY, typed)) == []


# sound that nobody hears ----------------------------------------------------------------------


def play(volume: int, *, looping: int = 1) -> list[Units]:
    return [
        const4(2, volume),
        const4(3, looping),
        invoke_virtual(PLAYER, "setVolume", "(FF)V", 4, 2, 2),
        invoke_virtual(PLAYER, "setLooping", "(Z)V", 4, 3),
    ]


SHOW = invoke_virtual(PLAYER, "setDisplay", "(Landroid/view/SurfaceHolder;)V", 4, 5)


@pytest.mark.parametrize(
    ("sup", "code", "sure"),
    [
        (SERVICE, play(0), ["firm"]),
        (ACTIVITY, play(0), ["tentative"]),
        (SERVICE, play(1), []),
        (SERVICE, play(0, looping=0), []),
        (ACTIVITY, [*play(0), SHOW], []),
    ],
    ids=["service", "screen", "audible", "once", "muted-film"],
)
def test_a_silent_loop(know: Knowledge, sup: str, code: list[Units], sure: list[str]) -> None:
    found = tricks(know, one("Stay", sup, code))
    assert [confidence for detail, _, confidence in found if detail == "silent-audio"] == sure


# notifications --------------------------------------------------------------------------------

NOTE = "Landroid/app/Notification;"
CHAR = "Ljava/lang/CharSequence;"
NEW = new_instance(3, NOTE)
BARE = [NEW, invoke_direct(NOTE, "<init>", "()V", 3)]
FULL = [NEW, invoke_direct(NOTE, "<init>", f"(I{CHAR}J)V", 3, 4, 5, 6, 7)]


def front(number: int) -> list[Units]:
    show = invoke_virtual(SERVICE, "startForeground", f"(I{NOTE})V", 1, 2, 3)
    return [const4(2, number), show]


def test_an_empty_notification(know: Knowledge) -> None:
    assert tricks(know, one("Stay", SERVICE, [*BARE, *front(1)])) == [
        ("empty-notification", "Stay", "firm")
    ]
    assert tricks(know, one("Stay", SERVICE, [*FULL, *front(1)])) == []


@pytest.mark.parametrize(
    ("number", "end", "found"),
    [
        (1, True, [("taken-notification", "Inner", "tentative")]),
        (2, True, []),
        (1, False, []),
    ],
    ids=["same-number", "its-own-number", "stays"],
)
def test_a_notification_that_another_service_takes_away(
    know: Knowledge, number: int, end: bool, found: list[tuple[str, str, str]]
) -> None:
    stop = [invoke_virtual(SERVICE, "stopForeground", "(Z)V", 1, 4)] if end else []
    inner = one("Inner", SERVICE, [*front(number), *stop])
    outer = one("Stay", SERVICE, front(1))
    assert tricks(know, outer, inner, components=(service("Inner"),)) == found


# syncs ----------------------------------------------------------------------------------------

ADAPTER = "Landroid/content/AbstractThreadedSyncAdapter;"
SYNC = (
    "(Landroid/accounts/Account;Landroid/os/Bundle;Ljava/lang/String;"
    "Landroid/content/ContentProviderClient;Landroid/content/SyncResult;)V"
)


@pytest.mark.parametrize(("body", "found"), [([], ["empty-sync"]), (front(1), [])])
def test_a_sync_that_syncs_nothing(know: Knowledge, body: list[Units], found: list[str]) -> None:
    sync = method("onPerformSync", SYNC, [*body, return_void()])
    assert [t for t, _, _ in tricks(know, cls("Lapp/demo/Sync;", [sync], sup=ADAPTER))] == found


ADD = invoke_virtual(
    "Landroid/accounts/AccountManager;",
    "addAccountExplicitly",
    "(Landroid/accounts/Account;Ljava/lang/String;Landroid/os/Bundle;)Z",
    *(1, 2, 3, 4),
)
PERIOD = invoke_virtual(
    "Landroid/content/ContentResolver;",
    "setSyncAutomatically",
    "(Landroid/accounts/Account;Ljava/lang/String;Z)V",
    *(1, 2, 3, 4),
)


@pytest.mark.parametrize(
    ("code", "action", "found"),
    [
        ([ADD, PERIOD], "android.content.SyncAdapter", [("account-sync", "Main", "tentative")]),
        ([PERIOD], "android.content.SyncAdapter", []),
        ([ADD, PERIOD], "", []),
    ],
    ids=["both", "no-account", "no-adapter"],
)
def test_an_account_made_to_be_synced(
    know: Knowledge, code: list[Units], action: str, found: list[tuple[str, str, str]]
) -> None:
    adapter = (service("Sync", action=action),)
    assert tricks(know, one("Main", ACTIVITY, code), components=adapter) == found


# services that come back ----------------------------------------------------------------------

AGAIN = invoke_virtual(
    "Lapp/demo/Stay;", "startService", f"({INTENT})Landroid/content/ComponentName;", 1, 2
)
ALARM = invoke_virtual("Landroid/app/AlarmManager;", "set", f"(IJ{PENDING})V", 1, 2, 3, 4, 5)
JOB = invoke_virtual(
    "Landroid/app/job/JobScheduler;", "schedule", "(Landroid/app/job/JobInfo;)I", 1, 2
)
CANCEL = invoke_virtual("Landroid/app/AlarmManager;", "cancel", f"({PENDING})V", 1, 2)
HELP = invoke_virtual("Lapp/demo/Stay;", "again", "()V", 0)


@pytest.mark.parametrize(
    ("then", "code", "found"),
    [
        ("onDestroy", [AGAIN], ["restart"]),
        ("onTaskRemoved", [ALARM], ["timed-restart"]),
        ("onDestroy", [JOB], ["timed-restart"]),
        ("onDestroy", [HELP], ["timed-restart"]),
        ("onDestroy", [CANCEL], []),
        ("onCreate", [AGAIN, ALARM, HELP], []),
    ],
)
def test_a_service_that_comes_back(
    know: Knowledge, then: str, code: list[Units], found: list[str]
) -> None:
    descriptor = f"({INTENT})V" if then == "onTaskRemoved" else "()V"
    made = [
        method(then, descriptor, [*code, return_void()]),
        method("again", "()V", [ALARM, return_void()]),
    ]
    assert [t for t, _, _ in tricks(know, cls("Lapp/demo/Stay;", made, sup=SERVICE))] == found


# processes that watch each other --------------------------------------------------------------


def binds(other: str) -> list[Units]:
    call = "(Landroid/content/Intent;Landroid/content/ServiceConnection;I)Z"
    return [
        const_class(2, f"Lapp/demo/{other};"),
        invoke_virtual("Landroid/content/Context;", "bindService", call, 1, 3, 4, 5),
    ]


@pytest.mark.parametrize(
    ("process", "back", "found"),
    [
        (":guard", binds("One"), [("mutual-guard: app.demo.Two", "One", "firm")]),
        ("", binds("One"), []),
        (":guard", [], []),
        (":guard", binds("One")[:1], []),
    ],
    ids=["both-ways", "one-process", "one-way", "only-named"],
)
def test_services_that_watch_each_other(
    know: Knowledge, process: str, back: list[Units], found: list[tuple[str, str, str]]
) -> None:
    classes = (one("One", SERVICE, binds("Two")), one("Two", SERVICE, back))
    pair = (service("One"), service("Two", process=process))
    assert tricks(know, *classes, components=pair) == found


def test_the_binding_may_stand_in_an_inner_class(know: Knowledge) -> None:
    inner = one("One$1", "Ljava/lang/Object;", binds("Two"), then="onServiceDisconnected")
    classes = (one("One", SERVICE, []), inner, one("Two", SERVICE, binds("One")))
    pair = (service("One"), service("Two", process=":guard"))
    assert [t for t, _, _ in tricks(know, *classes, components=pair)] == [
        "mutual-guard: app.demo.Two"
    ]
