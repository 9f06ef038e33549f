"""The version of an SDK: constants, methods, manifest keys, files; what is no version is left."""

import pytest

from profiles.model import Knowledge, VersionMarker
from scanner.static.code import read_code
from scanner.static.facts import DexFile, MetaData, PackageFacts, ResourceString
from scanner.static.sdk_versions import Versions
from tests.support.dex_made import (
    cls,
    const4,
    const_string,
    dex,
    invoke_static,
    method,
    move_result_object,
    return_object,
    return_void,
    sget,
    sput,
)
from tests.support.knowledge import knowledge

STRING = "Ljava/lang/String;"
BUILD = "Lcom/vendor/sdk/BuildConfig;"


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def versions(know: Knowledge) -> Versions:
    start = [
        const_string(0, "3.2.1"),
        sput(0, BUILD, "NAME", STRING),
        const4(0, 5),
        sput(0, BUILD, "COUNT", "I"),
        sget(0, BUILD, "OTHER", STRING),
        sput(0, BUILD, "COPY", STRING),
        return_void(),
    ]
    fields = (("NAME", STRING), ("COUNT", "I"), ("COPY", STRING))
    build = cls(BUILD, [method("<clinit>", "()V", start)], fields=fields)
    answers = [
        method("plain", f"(){STRING}", [const_string(0, "android 7.0.9"), return_object(0)]),
        method("field", f"(){STRING}", [sget(0, BUILD, "NAME", STRING), return_object(0)]),
        method(
            "call",
            f"(){STRING}",
            [invoke_static("Lcom/vendor/sdk/Api;", "inner", f"(){STRING}"),
             move_result_object(1), return_object(1)],
        ),
        method("inner", f"(){STRING}", [const_string(2, "9.9"), return_object(2)], static=True),
        method("self", f"(){STRING}", [
            invoke_static("Lcom/vendor/sdk/Api;", "self", f"(){STRING}"),
            move_result_object(0), return_object(0)], static=True),
        method("lost", f"(){STRING}", [return_object(3)]),
        method("prose", f"(){STRING}", [const_string(0, "not known yet"), return_object(0)]),
    ]  # fmt: skip
    facts = PackageFacts(
        package="app.demo",
        dex=(DexFile(name="classes.dex", data=dex([build, cls("Lcom/vendor/sdk/Api;", answers)])),),
        meta_data=(MetaData(name="vendor.version", value="push:4.5.6"),),
        version_files=(ResourceString(place="vendor.properties", text="a=b\nversion=1.2\n"),),
    )
    return Versions(read_code(facts, know), facts)


@pytest.mark.parametrize(
    ("kind", "at", "pattern", "expected"),
    [
        ("field", "com.vendor.sdk.BuildConfig.NAME", "", "3.2.1"),
        ("field", "com.vendor.sdk.BuildConfig.COUNT", "", "5"),
        ("field", "com.vendor.sdk.BuildConfig.COPY", "", ""),
        ("field", "com.vendor.sdk.BuildConfig.NONE", "", ""),
        ("field", "com.vendor.sdk.Nothing.NAME", "", ""),
        ("method", "com.vendor.sdk.Api.plain", r"android ([0-9.]+)", "7.0.9"),
        ("method", "com.vendor.sdk.Api.plain", "", ""),
        ("method", "com.vendor.sdk.Api.field", "", "3.2.1"),
        ("method", "com.vendor.sdk.Api.call", "", "9.9"),
        ("method", "com.vendor.sdk.Api.self", "", ""),
        ("method", "com.vendor.sdk.Api.lost", "", ""),
        ("method", "com.vendor.sdk.Api.prose", "", ""),
        ("meta-data", "vendor.version", r"push:([0-9.]+)", "4.5.6"),
        ("meta-data", "vendor.other", "", ""),
        ("file", "vendor.properties", r"version=([0-9.]+)", "1.2"),
        ("string", "android 7", r"android ([0-9.]+)", "7.0.9"),
    ],
)
def test_where_a_version_stands(
    know: Knowledge, kind: str, at: str, pattern: str, expected: str
) -> None:
    marker = VersionMarker(kind=kind, at=at, pattern=pattern)  # type: ignore[arg-type]
    assert versions(know).of((marker,)) == expected


def test_the_first_marker_that_knows_wins(know: Knowledge) -> None:
    markers = (
        VersionMarker(kind="field", at="com.vendor.sdk.Gone.NAME"),
        VersionMarker(kind="method", at="com.vendor.sdk.Api.inner"),
        VersionMarker(kind="field", at="com.vendor.sdk.BuildConfig.NAME"),
    )
    assert versions(know).of(markers) == "9.9"
    assert versions(know).of(()) == ""
