"""Owners, hosts, strings and SDK traces."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.match import Catalogue, Hosts, Owner, Owners, Traces, fits
from profiles.match_texts import Strings
from profiles.model import HostRule, Knowledge, Library, Sdk, Vendor
from scanner.model.base import same


def sdk(ident: str, **fields: object) -> Sdk:
    return msgspec.structs.replace(
        Sdk(id=ident, name=same(ident), vendor=Vendor(name=same("v")), category="ads"), **fields
    )


def knowledge(*sdks: Sdk, libraries: tuple[Library, ...] = ()) -> Knowledge:
    empty = {
        f.name: () if str(f.type).startswith("tuple") else {}
        for f in msgspec.structs.fields(Knowledge)
        if f.required and f.name != "digest"
    }
    return Knowledge(
        digest="",
        **{
            **empty,
            "sdks": {s.id: s for s in sdks},
            "libraries": {lib.id: lib for lib in libraries},
            "hosts": tuple(HostRule(suffix=h, sdk=s.id) for s in sdks for h in s.hosts),
        },
    )


def test_longest_prefix_wins_and_stops_at_a_dot() -> None:
    owners = Owners(
        knowledge(
            sdk("root", packages=("com.vendor",), fallback=True),
            sdk("push", packages=("com.vendor.push",)),
            libraries=(Library(id="lib", name="Lib", packages=("com.vendor.push.http",)),),
        )
    )
    assert owners.of("com.vendor.push.A$B") == Owner("push", False, "com.vendor.push")
    assert owners.of("com.vendor.pusher.A") == Owner("root", False, "com.vendor", True)
    assert owners.of("com.vendor.push.http.Client") == Owner("lib", True, "com.vendor.push.http")
    assert owners.of("com.vendors.A") is None
    assert owners.of("A") is None


def test_an_app_is_not_its_own_third_party() -> None:
    know = knowledge(
        sdk("root", packages=("com.vendor", "com.brand"), fallback=True),
        sdk("push", packages=("com.vendor.push",)),
    )
    owners = Owners(know, own="com.vendor.mail")
    found = owners.assign(["com.vendor.ui.A", "com.brand.B", "com.vendor.push.A"])
    assert [o and o.id for o in found] == ["app", "app", "push"]
    assert Owners(know, own="com.vendors.mail").of("com.brand.B") == Owner(
        "root", False, "com.brand", True
    )
    (trace,) = Catalogue(know).match(
        Traces(classes=["com.vendor.ui.A", "com.vendor.push.A"]), "com.vendor.mail"
    )
    assert trace.sdk == "push"


def test_an_app_that_is_known_as_an_sdk_elsewhere() -> None:
    know = knowledge(sdk("social", packages=("com.social.app", "com.social.login")))
    owners = Owners(know, own="com.social.app")
    found = owners.assign(["com.social.app.ui.A", "com.social.login.B"])
    assert [o and o.id for o in found] == ["app", "social"]


def test_a_prefix_may_name_one_class() -> None:
    owners = Owners(knowledge(sdk("one", packages=("a.b.Only",))))
    assert [o and o.id for o in owners.assign(["a.b.Only", "a.b.Only$1", "a.b.Other"])] == [
        "one",
        "one",
        None,
    ]


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), max_size=12), st.data())
def test_owner_equals_the_slow_definition(names: list[list[str]], data: st.DataObject) -> None:
    prefixes = data.draw(st.lists(st.sampled_from([".".join(n) for n in names] or ["a"])))
    unique = sorted(set(prefixes))
    owners = Owners(knowledge(*(sdk(f"s-{p}", packages=(p,)) for p in unique)))
    for parts in names:
        name = ".".join(parts)
        fits = [p for p in unique if name == p or name.startswith(p + ".")]
        expected = max(fits, key=len) if fits else None
        found = owners.of(name)
        assert (found.prefix if found else None) == expected


def test_hosts_match_whole_labels() -> None:
    hosts = Hosts([HostRule(suffix="a.com", sdk="wide"), HostRule(suffix="log.a.com", sdk="log")])
    assert hosts.of("x.LOG.a.com:443") == HostRule(suffix="log.a.com", sdk="log")
    assert hosts.of("xlog.a.com.") == HostRule(suffix="a.com", sdk="wide")
    assert hosts.of("ba.com") is None
    assert hosts.of("") is None


def test_string_modes() -> None:
    finder = Strings(
        [
            ("android_id", "exact", "exact"),
            ("content://sms", "prefix", "prefix"),
            ("boot_id", "contains", "contains"),
            ("umeng.com", "host", "host"),
        ]
    )
    texts = [
        "android_id",
        "android_id2",
        "content://sms/inbox",
        "xcontent://sms",
        "/proc/boot_id",
        "https://alog.umeng.com/x",
        "http://umeng.com.evil.org",
        "notumeng.com",
        "see umeng.com.",
    ]
    assert [(m.at, m.tag) for m in finder.find(texts)] == [
        (0, "exact"),
        (2, "prefix"),
        (4, "contains"),
        (5, "host"),
        (8, "host"),
    ]


def test_positions_are_within_the_string_even_after_wide_characters() -> None:
    (match,) = Strings([("设备", "contains", 1)]).find(["汉字\ud800", "我的设备号"])
    assert match.at == 1
    assert "我的设备号".encode()[match.start : match.end] == "设备".encode()


@given(st.lists(st.text(st.sampled_from("ab\U0010ffff设\udc00"), max_size=6), max_size=8))
def test_found_equals_the_slow_definition(texts: list[str]) -> None:
    patterns = ["ab", "设", "b"]
    slow = {
        (n, p)
        for n, text in enumerate(texts)
        for p in patterns
        if p.encode() in text.encode(errors="surrogatepass")
    }
    finder = Strings([(p, "contains", p) for p in patterns])
    matches = finder.find(texts)
    assert {(m.at, m.tag) for m in matches} == slow
    for m in matches:
        raw = texts[m.at].encode(errors="surrogatepass")
        assert raw[m.start : m.end] == m.tag.encode()


def test_empty_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Strings([("", "contains", 1)])


def test_no_match_across_two_strings() -> None:
    assert Strings([("ab", "contains", 1)]).find(["a", "b"]) == []


def test_a_shared_library_supports_but_does_not_prove() -> None:
    catalogue = Catalogue(
        knowledge(
            sdk("one", packages=("a.one",), native_libs=("libshared.so",)),
            sdk("two", packages=("a.two",), native_libs=("libshared.so", "libtwo.so")),
        )
    )
    assert catalogue.match(Traces(native_libs=["libshared.so"])) == ()
    (trace,) = catalogue.match(Traces(classes=["a.one.X"], native_libs=["libshared.so"]))
    assert (trace.sdk, trace.classes, trace.confidence) == ("one", 1, "certain")
    assert [m.kind for m in trace.markers] == ["native-lib", "package"]


def test_a_component_may_be_known_by_its_end() -> None:
    catalogue = Catalogue(knowledge(sdk("x", components=(".api.PayActivity",))))
    (trace,) = catalogue.match(Traces(components=["com.some.app.api.PayActivity"]))
    assert [m.value for m in trace.markers] == [".api.PayActivity"]
    assert catalogue.match(Traces(components=["com.some.app.myapi.PayActivity2"])) == ()


def test_a_component_in_the_packages_of_an_sdk_counts_as_the_package_does() -> None:
    catalogue = Catalogue(
        knowledge(
            sdk("x", packages=("a.x",), components=("a.x.Listed",)),
            sdk("low", packages=("a.low",), trust={"packages": "low"}),
            libraries=(Library(id="lib", name="Lib", packages=("a.lib",)),),
        )
    )

    def seen(*components: str, classes: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
        traces = catalogue.match(Traces(components=components, classes=classes), own="a.own")
        return [(t.sdk, t.confidence, ",".join(m.value for m in t.markers)) for t in traces]

    assert seen("a.x.Unlisted", "a.lib.B", "a.own.Main", "a.xy.C") == [
        ("x", "firm", "a.x.Unlisted")
    ]
    assert seen("a.x.Unlisted", classes=("a.x.Unlisted",)) == [("x", "firm", "a.x.Unlisted,a.x")]
    assert seen("a.x.Listed", classes=("a.x.Listed",)) == [("x", "certain", "a.x.Listed,a.x")]
    assert seen("a.low.D") == [("low", "tentative", "a.low.D")]
    ((_, _, many),) = seen(*(f"a.x.C{n}" for n in range(40)))
    assert many == "a.x.C0,a.x.C1,a.x.C10,a.x.C11,a.x.C12"


def test_a_library_name_may_hold_a_version() -> None:
    catalogue = Catalogue(knowledge(sdk("x", native_libs=("libx-*.so",), assets=("x/*.dat",))))
    (trace,) = catalogue.match(Traces(native_libs=["libx-1.2.so"], assets=["x/a.dat"]))
    assert [m.value for m in trace.markers] == ["x/*.dat", "libx-*.so"]
    assert catalogue.match(Traces(native_libs=["libx.so", "liby-1.so"], assets=["y/a.dat"])) == ()


def test_how_sure_depends_on_the_marker() -> None:
    catalogue = Catalogue(
        knowledge(
            sdk(
                "x",
                packages=("a.x",),
                components=("a.x.Provider",),
                hosts=("x.com",),
                trust={"components": "low"},
            )
        )
    )

    def how(**traces: list[str]) -> str:
        (trace,) = catalogue.match(Traces(**traces))
        return trace.confidence

    assert how(hosts=["api.x.com"]) == "tentative"
    assert how(components=["a.x.Provider"]) == "tentative"
    assert how(classes=["a.x.A"]) == "firm"
    assert how(classes=["a.x.A"], hosts=["api.x.com"]) == "certain"


def test_markers_tell_what_survives_shrinking() -> None:
    catalogue = Catalogue(knowledge(sdk("x", packages=("a.x",), assets=("x/x.dat",))))
    (trace,) = catalogue.match(Traces(classes=["a.x.A"], assets=["x/x.dat"]))
    assert {m.kind: m.survives_shrinking for m in trace.markers} == {
        "package": False,
        "asset": True,
    }


def test_file_patterns_know_only_the_star() -> None:
    assert fits("libshella-*.so", "libshella-2.10.5.7.so")
    assert not fits("libshella-*.so", "libshella.so")
    assert not fits("lib?.so", "libx.so")
    assert fits("a[1].dat", "a[1].dat")
