"""Prefixes are disjoint or nested on purpose."""

import pytest

from profiles.load import build
from profiles.sources import Source
from scanner.model.errors import KnowledgeError

GENERAL = Source("tables/general_prefixes.yaml", b"prefixes: [com, com.sdk]")


def check(*entries: str, libraries: str = "") -> None:
    rows = "".join(
        f"\n- {{id: s{n}, name: *t, vendor: {{name: *t}}, category: ads, {entry}}}"
        for n, entry in enumerate(entries)
    )
    text = "about: &t {zh: 甲, en: a}\nsdks:" + rows + libraries
    build([GENERAL, Source("x.yaml", text.encode())], "d")


def refused(words: str, *entries: str, libraries: str = "") -> None:
    with pytest.raises(KnowledgeError, match=words):
        check(*entries, libraries=libraries)


def test_disjoint_prefixes_pass() -> None:
    check("packages: [com.a, com.b]", "packages: [com.ab, com.c.d]")


def test_the_same_prefix_twice() -> None:
    refused("`com.a` is also of `s0`", "packages: [com.a]", "packages: [com.a]")


def test_nesting_must_be_on_purpose() -> None:
    refused("lies in a prefix of `s0`", "packages: [com.a]", "packages: [com.a.b]")
    check("packages: [com.a]", "packages: [com.a.b], within: [s0]")
    check("packages: [com.a], fallback: true", "packages: [com.a.b.c]")
    check("packages: [com.a, com.a.b]")


def test_nesting_across_libraries() -> None:
    library = "\nlibraries: [{id: lib, name: L, packages: [com.a.http]}]"
    refused("libraries .lib.*prefix of `s0`", "packages: [com.a]", libraries=library)


def test_an_idle_within_is_refused() -> None:
    refused("has no wider prefix", "packages: [com.a]", "packages: [com.b], within: [s0]")


@pytest.mark.parametrize("prefix", ["com", "com.sdk"])
def test_too_general(prefix: str) -> None:
    refused("too general", f"packages: [{prefix}]")


@pytest.mark.parametrize("prefix", ["com.a.", "com..a", "com/a", "'com.a b'", "''"])
def test_no_package_name(prefix: str) -> None:
    refused("no package name", f"packages: [{prefix}]")
