"""What a package may ask of us is bounded: time and memory cannot be bought with small files."""

import struct
from pathlib import Path

import pytest

from scanner.static import container, windows
from scanner.static.gather import gather_static
from scanner.static.limits import ENTRY_BYTES, MIB, POOL_TEXT
from scanner.static.string_pool import StringPool
from scanner.static.ui_layouts import _few
from scanner.static.windows import Words
from scanner.static.xml_tree import Element
from tests.support.knowledge import knowledge
from tests.support.package_made import Node, axml, manifest, save

DEX = b"dex\n035\0" + bytes(200)


def test_words_are_found_across_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_WINDOW", 16)
    data = b"..needle" * 20 + b"nee"
    found = [(h.start, h.end) for h in Words([b"needle", b"eedl"]).find(data)]
    whole = {(at, at + 6) for at in range(2, 160, 8)} | {(at, at + 4) for at in range(3, 160, 8)}
    assert set(found) == whole
    assert len(found) == len(whole)


def test_no_words_find_nothing() -> None:
    assert list(Words([]).find(b"abc")) == []


def test_many_indexes_of_one_long_string_are_not_decoded_for_ever() -> None:
    count, text = 3000, b"x" * 0x7FFF
    body = b"\xff\xff\xff\xff" + text + b"\0"
    head = struct.pack(
        "<HHIIIIII", 1, 28, 28 + 4 * count + len(body), count, 0, 0x100, 28 + 4 * count, 0
    )
    pool = StringPool(head + bytes(4 * count) + body, 0, 1 << 30)
    total = sum(len(pool[k]) for k in range(count))
    assert POOL_TEXT <= total <= POOL_TEXT + 0x8000


def test_a_crowd_is_no_neighbourhood() -> None:
    root = Element("a")
    root.children = [Element("b") for _ in range(100_000)]
    assert _few(root) is None
    root.children = root.children[:5]
    assert _few(root) is not None
    assert len(_few(root) or []) == 6


def test_a_layout_of_boxes_only(tmp_path: Path) -> None:
    box: Node = ("CheckBox", {"android:checked": True}, [])
    layout = axml(("LinearLayout", {}, [box] * 3000))
    parts = {
        "AndroidManifest.xml": axml(manifest()),
        "classes.dex": DEX,
        "res/layout/a.xml": layout,
    }
    assert (
        gather_static(save(tmp_path / "a.apk", parts), knowledge(), flow_budget=0).static.ui == ()
    )


def test_the_budget_for_xml_ends_with_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "XML_ALL_BYTES", 4000)
    page = axml(("LinearLayout", {}, [("TextView", {"android:text": "x" * 100}, [])] * 20))
    parts = {f"res/layout/{k}.xml": page for k in range(9)}
    parts |= {"AndroidManifest.xml": axml(manifest()), "classes.dex": DEX}
    found = gather_static(save(tmp_path / "a.apk", parts), knowledge(), flow_budget=0)
    (gap,) = [g for g in found.gaps if g.code == "xml-limit"]
    assert "static.ui" in gap.blocks
    assert found.app.package == "a.b"


def test_a_library_of_one_word_is_one_site(tmp_path: Path) -> None:
    lib = b"\0ro.serialno" * 300_000 + b"\0"
    parts = {"AndroidManifest.xml": axml(manifest()), "classes.dex": DEX, "lib/x86/a.so": lib}
    found = gather_static(save(tmp_path / "a.apk", parts), knowledge(), flow_budget=0).static.calls
    assert [c.target for c in found if c.place.dex == "lib/x86/a.so"] == ["ro.serialno"]


def test_budgets_grow_with_the_package_and_end() -> None:
    small, large, huge = (container.Budget(n * MIB) for n in (1, 100, 100_000))
    assert small.left < large.left <= huge.left
    assert small.dex < large.dex <= huge.dex == 3 * ENTRY_BYTES
