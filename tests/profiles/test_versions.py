"""Versions of SDKs, read from constants, files, keys and names."""

import msgspec
import pytest

from profiles.load import load_knowledge
from profiles.model import Knowledge, Sdk, VersionMarker
from profiles.versions import LONGEST, Seen, Versions, problem, read_version


def marker(kind: str, at: str, **rest: str) -> VersionMarker:
    return msgspec.convert({"kind": kind, "at": at, **rest}, VersionMarker)


LIB = marker(
    "native-lib",
    "libmap_*.so",
    pattern=r"_v(\d+_\d+)\.so$",
    example="libmap_v7_5.so",
    near_miss="libmap_core.so",
)


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return load_knowledge()


def of(know: Knowledge, *markers: VersionMarker) -> Versions:
    some = next(iter(know.sdks.values()))
    one: Sdk = msgspec.structs.replace(some, id="one", version_markers=markers)
    return Versions(msgspec.structs.replace(know, sdks={"one": one}))


@pytest.mark.parametrize("text", ["7.5.9", "v7.5.9", "3_0_1", "5.1.2-beta1", "20.4", "4.0.1.300"])
def test_a_whole_text_is_a_version(text: str) -> None:
    read = read_version(marker("field", "a.B.C"), text)
    assert read == text.removeprefix("v").replace("_", ".")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "release",
        "1.2.3 and more",
        "http://1.2.3",
        "a7.5.9",
        "1.",
        ".1",
        "1..2",
        "x" * 9999,
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert read_version(marker("field", "a.B.C"), text) == ""


def test_the_first_marker_that_reads_something_wins(know: Knowledge) -> None:
    versions = of(know, marker("field", "a.B.VERSION"), LIB)
    assert versions.fields == {"a.B.VERSION"}
    seen = Seen(fields={"a.B.VERSION": "9.9.1"}, native_libs=["libmap_v7_5.so"])
    assert versions.read(seen)["one"].version == "9.9.1"
    seen = Seen(fields={"a.B.VERSION": "debug"}, native_libs=["libmap_v7_5.so", "libmap_core.so"])
    found = versions.read(seen)["one"]
    assert (found.version, found.text, found.marker) == ("7.5", "libmap_v7_5.so", LIB)
    assert versions.read(Seen(native_libs=["libmap_core.so"])) == {}


def test_every_kind_reads_its_own_text(know: Knowledge) -> None:
    pattern = {"pattern": r"(\d\.\d)", "example": "1.2", "near_miss": "1"}
    kinds = {
        "field": Seen(fields={"x": "1.2"}),
        "method": Seen(methods={"x": "1.2"}),
        "file": Seen(files={"x": "v=1.2\n"}),
        "meta-data": Seen(meta_data={"x": "1.2"}),
        "string": Seen(strings=["y", "x/1.2"]),
        "native-lib": Seen(native_libs=["x"]),
    }
    for kind, seen in kinds.items():
        for other in kinds:
            found = of(know, marker(other, "x", **pattern)).read(seen)
            assert bool(found) == (kind == other and kind != "native-lib"), (kind, other)


def test_a_file_may_be_named_with_a_star(know: Knowledge) -> None:
    versions = of(know, marker("file", "META-INF/x_*.version"))
    assert versions.files == {"META-INF/x_*.version"}
    assert versions.read(Seen(files={"META-INF/x_core.version": "1.2.3"}))["one"].version == "1.2.3"


def test_a_huge_text_is_read_at_its_beginning_only() -> None:
    far = marker("file", "x", pattern=r"v=(\d)", example="v=1", near_miss="v=")
    assert read_version(far, " " * LONGEST + "v=1") == ""


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"pattern": "("}, "does not compile"),
        ({"pattern": r"\d+"}, "exactly one group"),
        ({"pattern": r"(\d+)+"}, "repeats a repetition"),
        ({"example": ""}, "needs an `example`"),
        ({"near_miss": ""}, "needs an `example`"),
        ({"example": "libmap_core.so"}, "reads no version"),
        ({"near_miss": "libmap_v1_2.so"}, "reads a version from its near miss"),
    ],
)
def test_an_unsound_marker_is_refused(changed: dict[str, str], complaint: str) -> None:
    assert problem(LIB) == ""
    assert complaint in problem(msgspec.structs.replace(LIB, **changed))


def test_markers_of_the_catalogue(know: Knowledge) -> None:
    assert [problem(m) for s in know.sdks.values() for m in s.version_markers if problem(m)] == []
    seen = Seen(native_libs=["libAMapSDK_MAP_v9_8_3.so", "libBaiduMapSDK_base_v7_5_4.so"])
    assert {k: v.version for k, v in Versions(know).read(seen).items()} == {
        "amap-map": "9.8.3",
        "baidu-map": "7.5.4",
    }
