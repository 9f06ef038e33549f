"""The strict loader and the compiled form."""

import contextlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles import compiled
from profiles.load import build, check_ids, load_knowledge, main, table
from profiles.model import Knowledge
from profiles.sources import Source, digest, read_folder
from profiles.strict_yaml import parse
from scanner.model.base import Text
from scanner.model.errors import KnowledgeError

SDK = """
sdks:
- id: one
  name: {zh: 一, en: One}
  vendor: {name: {zh: 甲, en: A}, country: NO}
  category: ads
  packages: [com.one.sdk]
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a cache of its own, and a small knowledge instead of the big one."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    small = tmp_path / "small"
    small.mkdir()
    (small / "sdks.yaml").write_text(SDK, encoding="utf-8")
    monkeypatch.setattr("profiles.load.HERE", small)
    monkeypatch.setattr(compiled, "BUILT_IN", tmp_path / "none.msgpack")
    return folder / "mingcha"


def make(text: str, name: str = "x.yaml") -> Knowledge:
    return build([Source(name, text.encode())], "d")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SDK.replace("packages:", "pakages:"), ["x.yaml", "sdks[0] (one)", "pakages"]),
        (SDK.replace(", en: One", ""), ["x.yaml", "sdks[0] (one).name", "`en`"]),
        (
            SDK.replace("name: {zh: 一,", "name: {zh: 1,"),
            ["sdks[0] (one).name.zh", "Expected `str`"],
        ),
        (SDK + "- id: one\n" + SDK.split("- id: one\n")[1], ["duplicate `one`", "x.yaml"]),
        (SDK + "  data_expected: [imei]\n", ["x.yaml: sdks (one)", "unknown data type `imei`"]),
        ("hosts: [{suffix: HTTP://A.com}]", ["hosts (HTTP://A.com)", "no host name"]),
        ("hosts: [{suffix: com}]", ["no host name"]),
        (SDK + "  hosts: ['*.a.com']\n", ["hosts (*.a.com)", "no host name"]),
        ("sdk: []", ["x.yaml", "unknown section `sdk`"]),
        ("sdks: {}", ["x.yaml: sdks", "must be a list"]),
        ("- 1", ["x.yaml", "must be a mapping"]),
        ("sdks: []\nsdks: []", ["x.yaml: line 2", "stands twice"]),
        ("sdks: [", ["x.yaml: line"]),
        ("words: {a: {zh: 甲}}", ["x.yaml: words", "`en`"]),
        ("? [a]\n: 1", ["keys must be text"]),
    ],
)
def test_a_mistake_names_file_and_field(text: str, words: list[str]) -> None:
    with pytest.raises(KnowledgeError) as error:
        make(text)
    for word in words:
        assert word in str(error.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(KnowledgeError) as error:
        make("sdks: [{id: a}, {id: b}, {id: c}]")
    assert "and 2 more" in str(error.value)
    assert "(b)" in error.value.hint
    assert "(c)" in error.value.hint


def test_yaml_keeps_text_as_text() -> None:
    text = b"{a: NO, b: 2026-11-23, c: 012, d: 12:30, e: on, f: 1e3, g: true, h: null, i: -4}"
    assert parse(text, "x") == {
        "a": "NO",
        "b": "2026-11-23",
        "c": "012",
        "d": "12:30",
        "e": "on",
        "f": "1e3",
        "g": True,
        "h": None,
        "i": -4,
    }


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(KnowledgeError, match="too large"):
        parse("\n".join(lines).encode(), "bomb.yaml")
    with pytest.raises(KnowledgeError, match=r"loop\.yaml"):
        parse(b"a: &a [*a]", "loop.yaml")


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"? ", b"{? ["])
def test_deep_nesting_is_refused_before_the_stack_ends(opening: bytes) -> None:
    # a libyaml with a limit of its own says so in its own words, before we count
    with pytest.raises(KnowledgeError, match=r"too deeply nested|maximum nesting depth"):
        parse(opening * 200_000, "deep.yaml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.binary(max_size=200) | st.text("[]{}:-?*&a \n'\"|>#!%@`", max_size=60).map(str.encode))
def test_any_bytes_give_content_or_an_error(data: bytes) -> None:
    with contextlib.suppress(KnowledgeError):
        parse(data, "any.yaml")


def test_python_tags_are_refused() -> None:
    with pytest.raises(KnowledgeError, match=r"evil\.yaml"):
        parse(b"a: !!python/object/apply:os.system [id]", "evil.yaml")


def test_own_folder_adds_and_overrides(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    base = load_knowledge()
    some = next(iter(base.sdks))
    (ours / "mine.yaml").write_text(SDK.replace("id: one", f"id: {some}"), encoding="utf-8")
    merged = load_knowledge(ours)
    assert merged.sdks[some].packages == ("com.one.sdk",)
    assert len(merged.sdks) == len(base.sdks)
    assert merged.digest != base.digest
    (ours / "mine.yaml").write_text(SDK + "  bogus: 1\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"extra/mine\.yaml"):
        load_knowledge(ours)
    with pytest.raises(KnowledgeError, match="no such folder"):
        load_knowledge(tmp_path / "absent")


def test_own_folder_is_not_left_through_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("broken: [", encoding="utf-8")
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "link.yaml").symlink_to(outside)
    assert read_folder(ours, "") == []


def test_the_compiled_form_is_used_and_equal(cache: Path) -> None:
    first = load_knowledge()
    files = list(cache.glob("*.msgpack"))
    assert len(files) == 1
    second = load_knowledge()
    assert second == first
    assert second.digest == digest(read_folder(cache.parents[1] / "small", ""))


def test_the_compiled_form_is_never_stale(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    for word in ("甲", "乙", "甲"):
        (ours / "w.yaml").write_text(f"words: {{x.y: {{zh: {word}, en: a}}}}", encoding="utf-8")
        assert load_knowledge(ours).words["x.y"] == Text(zh=word, en="a")


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x82\xa3key", b"garbage" * 99])
def test_a_damaged_compiled_form_is_rebuilt(cache: Path, damage: bytes, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "w.yaml").write_text("words: {x.y: {zh: 甲, en: a}}", encoding="utf-8")
    good = load_knowledge(ours)
    (file,) = [f for f in cache.iterdir() if "knowledge" in f.name]
    file.write_bytes(damage)
    assert load_knowledge(ours) == good
    assert compiled.decode(file.read_bytes(), "other key") is None


def test_a_compiled_form_that_others_can_write_is_not_believed(cache: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "w.yaml").write_text("words: {x.y: {zh: 甲, en: a}}", encoding="utf-8")
    good = load_knowledge(ours)
    (file,) = cache.iterdir()
    changed = file.read_bytes().replace(b"\xa1a", b"\xa1z", 1)
    file.write_bytes(changed)
    file.chmod(0o666)
    assert load_knowledge(ours) == good


def test_an_unwritable_cache_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert load_knowledge().sdks


def test_the_cache_keeps_the_newest_few(cache: Path) -> None:
    know = build([], "d")
    for number in range(12):
        compiled.keep(f"{number:032}", know)
    assert len(list(cache.glob("knowledge-*.msgpack"))) == 8
    assert cache.stat().st_mode & 0o777 == 0o700


def test_tables_are_typed(tmp_path: Path) -> None:
    class Shape(msgspec.Struct, forbid_unknown_fields=True):
        names: list[str]

    sources = [Source("tables/t.yaml", b"names: [a, b]")]
    know = build(sources, "d")
    assert table(know, "t", Shape).names == ["a", "b"]
    with pytest.raises(KnowledgeError, match=r"tables/t\.yaml: .*Expected `int`"):
        table(know, "t", dict[str, int])
    with pytest.raises(KnowledgeError, match=r"tables/none\.yaml: missing"):
        table(know, "none", Shape)


def test_validate_prints_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "sdks" in capsys.readouterr().out


def test_check_ids_come_from_clauses() -> None:
    clause = "{id: c, group: g, title: *t, coverage: automatic, checks: [some-check], tester: *t}"
    know = make(
        "about: &t {zh: 甲, en: a}\n"
        "regulations:\n- {id: r, title: *t, number: n, issuers: [i], issued: d, in_force: d,\n"
        f"   groups: [{{id: g, title: *t}}], clauses: [{clause}]}}"
    )
    assert check_ids(know) == {"some-check"}
