"""Who acts: the product of a vendor for the vendor's core; what proves that an SDK is there."""

import pytest

from profiles.model import Knowledge
from scanner.static.code import CodeEvidence, analyse_code
from scanner.static.facts import DexFile, PackageFacts
from tests.support.dex_made import (
    Class,
    cls,
    dex,
    method,
    return_void,
)
from tests.support.knowledge import knowledge
from tests.support.owned import IMEI, MAIN, step, to

CORE, PRODUCT, OTHER = (
    "Lcom/google/android/gms/internal/zz;",
    "Lcom/google/android/gms/ads/AdView;",
    "Lcom/umeng/analytics/Agent;",
)


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def read(know: Knowledge, *classes: Class, first: str) -> CodeEvidence:
    start = method("onCreate", "(Landroid/os/Bundle;)V", [to(first), return_void()])  # type: ignore[list-item]
    main = cls("Lapp/demo/Main;", [start], sup="Landroid/app/Activity;")
    data = dex([main, *classes])
    facts = PackageFacts(
        package="app.demo",
        components=(MAIN,),
        dex=(DexFile(name="classes.dex", data=data),),
    )
    return analyse_code(facts, know)


def actors(evidence: CodeEvidence) -> list[str]:
    return [site.actor for site in evidence.calls if site.data_type == "imei"]


def test_a_vendor_s_core_acts_for_the_product_that_calls_it(know: Knowledge) -> None:
    classes = (step(PRODUCT, to(CORE)), step(CORE, IMEI))
    assert actors(read(know, *classes, first=PRODUCT)) == ["admob"]


def test_called_by_the_app_or_by_another_vendor_it_acts_for_itself(know: Knowledge) -> None:
    product = step(PRODUCT)
    by_app = read(know, product, step(CORE, IMEI), first=CORE)
    assert actors(by_app) == ["google-play-services"]
    by_other = read(know, product, step(OTHER, to(CORE)), step(CORE, IMEI), first=OTHER)
    assert actors(by_other) == ["google-play-services"]


def test_a_product_does_not_act_for_the_core_that_calls_it(know: Knowledge) -> None:
    classes = (step(CORE, to(PRODUCT)), step(PRODUCT, IMEI))
    assert actors(read(know, *classes, first=CORE)) == ["admob"]


def sdks(evidence: CodeEvidence) -> dict[str, str]:
    return {sdk.sdk: sdk.confidence for sdk in evidence.sdks}


def test_resource_classes_are_no_sdk(know: Knowledge) -> None:
    shell = ("Lcom/umeng/analytics/R;", "Lcom/umeng/analytics/R$string;")
    assert sdks(read(know, *map(step, shell), first=shell[0])) == {}
    real = "Lcom/umeng/analytics/Rx;"
    assert "umeng-analytics" in sdks(read(know, step(real), first=real))


def test_a_few_classes_without_the_entry_class_are_merely_possible(know: Knowledge) -> None:
    stray = "Lcom/google/firebase/FirebaseException;"
    entry = "Lcom/google/firebase/FirebaseApp;"
    assert sdks(read(know, step(stray), first=stray))["firebase-core"] == "tentative"
    assert sdks(read(know, step(stray), step(entry), first=stray))["firebase-core"] == "firm"
    many = [f"Lcom/google/firebase/C{n};" for n in range(5)]
    assert sdks(read(know, *map(step, many), first=many[0]))["firebase-core"] == "firm"
