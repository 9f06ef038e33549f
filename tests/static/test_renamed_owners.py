"""Owners of renamed classes: by who refers to them, never against a known name."""

import pytest

from profiles.model import Knowledge
from scanner.model.static import CollectionSite
from scanner.static.code import analyse_code
from scanner.static.facts import DexFile, NativeLib, PackageFacts
from tests.support.dex_made import (
    Class,
    cls,
    const_string,
    dex,
    method,
    return_void,
)
from tests.support.knowledge import knowledge
from tests.support.owned import IMEI, MAIN, step, to

SDK, OTHER, LIBRARY = "Lcom/umeng/analytics/Agent;", "Lcom/igexin/push/Push;", "Lokhttp3/Call;"
NOBODY = "pkg:(obfuscated)"


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def sites(
    know: Knowledge, *classes: Class, first: tuple[str, ...] = (SDK,), libs: tuple[str, ...] = ()
) -> list[CollectionSite]:
    start = [*(to(name) for name in first), return_void()]
    main = cls(
        "Lapp/demo/Main;",
        [method("onCreate", "(Landroid/os/Bundle;)V", start)],
        sup="Landroid/app/Activity;",
    )
    facts = PackageFacts(
        package="app.demo",
        components=(MAIN,),
        native_libs=tuple(
            NativeLib(name=name, abi="arm64-v8a", path=f"lib/arm64-v8a/{name}", size=1)
            for name in libs
        ),
        dex=(DexFile(name="classes.dex", data=dex([main, *classes])),),
    )
    return [site for site in analyse_code(facts, know).calls if site.data_type == "imei"]


def owner(found: list[CollectionSite]) -> tuple[str, bool, bool]:
    (site,) = found
    return site.actor, site.owner_inferred, site.confidence == "tentative"


def test_what_only_an_sdk_refers_to_is_the_sdk_s(know: Knowledge) -> None:
    found = sites(know, step(SDK, to("La/b;")), step("La/b;", to("La/c;")), step("La/c;", IMEI))
    assert owner(found) == ("umeng-analytics", True, True)


@pytest.mark.parametrize(
    ("classes", "first"),
    [
        ((step(SDK, to("La/c;")),), (SDK, "La/c;")),
        ((step(SDK, to("La/c;")), step(OTHER, to("La/c;"))), (SDK, OTHER)),
        ((step("La/b;", to("La/c;")),), ("La/b;",)),
        ((step(SDK, to("La/c;")), step("La/z;", to("La/c;"))), (SDK,)),
    ],
    ids=["the-app-too", "two-sdks", "the-app-alone", "unknown-code-too"],
)
def test_one_other_reference_leaves_it_to_nobody(
    know: Knowledge, classes: tuple[Class, ...], first: tuple[str, ...]
) -> None:
    actor, inferred, _ = owner(sites(know, *classes, step("La/c;", IMEI), first=first))
    assert (actor, inferred) == (NOBODY, False)


def test_classes_that_refer_to_each_other_follow_their_only_user(know: Knowledge) -> None:
    ring = (step("La/b;", to("La/c;")), step("La/c;", to("La/b;"), IMEI))
    assert owner(sites(know, step(SDK, to("La/b;")), *ring))[0] == "umeng-analytics"


def test_a_library_counts_neither_for_nor_against(know: Knowledge) -> None:
    classes = (step(SDK, to("La/c;"), to(LIBRARY)), step(LIBRARY, to("La/c;")))
    assert owner(sites(know, *classes, step("La/c;", IMEI)))[0] == "umeng-analytics"


def test_a_known_name_keeps_its_owner(know: Knowledge) -> None:
    found = sites(know, step(SDK, to(OTHER)), step(OTHER, IMEI))
    assert owner(found)[:2] == ("getui", False)
    found = sites(know, step(SDK, to("Lapp/demo/Own;")), step("Lapp/demo/Own;", IMEI))
    assert owner(found)[:2] == ("app", False)


def test_a_class_that_loads_a_library_of_one_sdk_is_an_anchor(know: Knowledge) -> None:
    library = next(
        (sdk.id, name)
        for sdk in know.sdks.values()
        for name in sdk.native_libs
        if "*" not in name
        and sdk.trust.get("native_libs") != "low"
        and sum(name in other.native_libs for other in know.sdks.values()) == 1
    )
    sdk, name = library
    load = const_string(1, name.removeprefix("lib").removesuffix(".so"))
    classes = (step("La/b;", load, to("La/c;")), step("La/c;", IMEI))
    found = sites(know, *classes, first=("La/b;",), libs=(name,))
    assert owner(found) == (sdk, True, True)
    assert owner(sites(know, *classes, first=("La/b;",)))[0] == NOBODY
