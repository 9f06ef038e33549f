"""Code loaded at run time and means to stay alive, as the code shows them."""

from collections.abc import Sequence

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
    invoke_direct,
    invoke_static,
    invoke_virtual,
    method,
    new_instance,
    return_void,
)
from tests.support.knowledge import knowledge

MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
SERVICE = ComponentFact(kind="service", name="app.demo.Stay", exported=False)
STRING = "Ljava/lang/String;"
LOADER = "Ldalvik/system/DexClassLoader;"
LOAD = (
    new_instance(0, LOADER),
    invoke_direct(
        LOADER, "<init>", f"({STRING}{STRING}{STRING}Ljava/lang/ClassLoader;)V", 0, 1, 2, 3, 4
    ),
)
FILES = invoke_virtual("Landroid/content/Context;", "getFilesDir", "()Ljava/io/File;", 7)
OPEN = invoke_virtual(
    "Landroid/content/res/AssetManager;", "open", f"({STRING})Ljava/io/InputStream;", 0, 1
)
FETCH = invoke_virtual("Ljava/net/URL;", "openStream", "()Ljava/io/InputStream;", 0)
PLUGIN = DexFile(name="assets/p.dex", data=dex([cls("Lapp/demo/P;")]), dynamic=True)


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def read(
    know: Knowledge, code: Sequence[Units], *classes: Class, files: tuple[DexFile, ...] = ()
) -> CodeEvidence:
    start = method("onCreate", "(Landroid/os/Bundle;)V", [*code, return_void()])
    main = cls("Lapp/demo/Main;", [start], sup="Landroid/app/Activity;")
    facts = PackageFacts(
        package="app.demo",
        components=(MAIN, SERVICE),
        dex=(DexFile(name="classes.dex", data=dex([main, *classes])), *files),
    )
    return analyse_code(facts, know)


def sources(evidence: CodeEvidence) -> list[tuple[str, ...]]:
    found = [b for b in evidence.behaviours if b.kind == "dynamic-loading" and b.place.offset >= 0]
    return [b.sources for b in found]


def limits(evidence: CodeEvidence) -> list[str]:
    return [gap.detail.zh for gap in evidence.gaps if gap.code == "code-loaded-at-run-time"]


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ((), ()),
        ((FILES,), ("private-files",)),
        ((OPEN, FILES), ("package", "private-files")),
        ((FETCH,), ("network",)),
        ((const_string(1, "/sdcard/x.dex"),), ("external-storage",)),
        ((const_string(1, "sdcard"),), ()),
    ],
    ids=["unknown", "private", "package", "network", "storage", "a-word"],
)
def test_where_the_code_comes_from(
    know: Knowledge, near: tuple[Units, ...], expected: tuple[str, ...]
) -> None:
    assert sources(read(know, [*near, *LOAD])) == [expected]


def test_the_caller_shows_the_source_too(know: Knowledge) -> None:
    load = method("load", "()V", [*LOAD, return_void()], static=True)
    call = invoke_static("Lapp/demo/Loader;", "load", "()V")
    evidence = read(know, [FETCH, call], cls("Lapp/demo/Loader;", [load]))
    assert sources(evidence) == [("network",)]


@pytest.mark.parametrize(
    ("code", "files", "count"),
    [
        (LOAD, (), 1),
        ((OPEN, *LOAD), (PLUGIN,), 0),
        ((OPEN, *LOAD), (), 1),
        ((FETCH, *LOAD), (PLUGIN,), 1),
        ((), (PLUGIN,), 0),
    ],
    ids=["unknown", "read-in-package", "not-found-in-package", "network", "no-loader"],
)
def test_code_that_was_not_read_is_a_limit(
    know: Knowledge, code: tuple[Units, ...], files: tuple[DexFile, ...], count: int
) -> None:
    found = limits(read(know, code, files=files))
    assert len(found) == count
    assert all("应用自身" in text for text in found)


def test_a_hot_update_framework_is_a_limit(know: Knowledge) -> None:
    framework = "Lcom/tencent/tinker/loader/TinkerLoader;"
    run = method("tryLoad", "()V", [return_void()], static=True)
    evidence = read(know, [invoke_static(framework, "tryLoad", "()V")], cls(framework, [run]))
    (found,) = (b for b in evidence.behaviours if b.kind == "hot-update")
    assert found.reach.before_consent
    (gap,) = (gap for gap in evidence.gaps if gap.code == "code-loaded-at-run-time")
    assert gap.weakens == gap.limits


@pytest.mark.parametrize(
    ("loader", "weakens"), [("Lapp/demo/Loader;", True), ("Lcom/tencent/smtt/sdk/Loader;", False)]
)
def test_what_an_sdk_loads_leaves_the_app_s_permissions_alone(
    know: Knowledge, loader: str, weakens: bool
) -> None:
    load = method("load", "()V", [*LOAD, return_void()], static=True)
    evidence = read(know, [invoke_static(loader, "load", "()V")], cls(loader, [load]))
    (gap,) = (gap for gap in evidence.gaps if gap.code == "code-loaded-at-run-time")
    assert gap.limits
    assert bool(gap.weakens) is weakens


def alive(evidence: CodeEvidence) -> list[tuple[str, bool | None]]:
    return [(b.place.cls, b.reach.reachable) for b in evidence.behaviours if b.kind == "keep-alive"]


@pytest.mark.parametrize(
    ("name", "found"),
    [("onDestroy", [("app.demo.Stay", True)]), ("onCreate", [])],
)
def test_a_service_that_starts_again_what_was_stopped(
    know: Knowledge, name: str, found: list[tuple[str, bool]]
) -> None:
    descriptor = "(Landroid/content/Intent;)Landroid/content/ComponentName;"
    again = invoke_virtual("Lapp/demo/Stay;", "startService", descriptor, 7, 0)
    service = cls(
        "Lapp/demo/Stay;",
        [method(name, "()V", [again, return_void()])],
        sup="Landroid/app/Service;",
    )
    assert alive(read(know, (), service)) == found


def test_a_tool_that_exists_to_stay_alive(know: Knowledge) -> None:
    tool = "Lcom/fanjun/keeplive/KeepLive;"
    start = cls(tool, [method("startWork", "()V", [return_void()], static=True)])
    used = read(know, [invoke_static(tool, "startWork", "()V")], start)
    assert alive(used) == [("com.fanjun.keeplive.KeepLive", True)]
    assert alive(read(know, (), start)) == [("com.fanjun.keeplive.KeepLive", False)]
