"""Known values are found in every spelling, and nothing else is."""

import base64
import hashlib
import math
import random
import sys
from pathlib import Path

import pytest

from profiles.model import Knowledge
from scanner.model.errors import InputError
from scanner.traffic.codings import base64_forms
from scanner.traffic.decode.leaves import Leaf, Node
from scanner.traffic.hits import Joined
from scanner.traffic.position import Positions, to_bd, to_gcj
from scanner.traffic.seeds import AxisNames, SeedFinder
from scanner.traffic.subject import Seed, Subject, read_subject
from scanner.traffic.variants import spellings

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import traffic_bodies as bodies

AXES = AxisNames(frozenset({"lat"}), frozenset({"lng", "lon"}))
BEIJING = (39.9042, 116.4074)


def search(subject: Subject) -> SeedFinder:
    return SeedFinder(subject, frozenset({"imei", "android_id"}), AXES)


def leaves(**values: str) -> Joined:
    root = Node(None)
    return Joined.of([Leaf(Node(root, key), value.encode()) for key, value in values.items()])


def test_recall_over_forms_and_wrappers(know: Knowledge) -> None:
    finder = bodies.finder(know)
    total = hit = 0
    for number, (name, _, wrapper, body) in enumerate(bodies.cases()):
        if number % 23 or wrapper in bodies.UNREADABLE:
            continue
        total += 1
        hit += bodies.IDS[name] in bodies.found(finder, body)
    assert total > 400
    assert hit / total >= 0.97


def test_no_false_alarm_in_neutral_bodies(know: Knowledge) -> None:
    finder = bodies.finder(know)
    assert [n for n in range(200) if bodies.found(finder, bodies.neutral(n))] == []


def test_a_hashed_pair_names_both_values() -> None:
    seeds = (Seed("imei", "860000042718287"), Seed("android_id", "9f3c7a51d2e8b604"))
    key = hashlib.md5(b"860000042718287|9f3c7a51d2e8b604").hexdigest()
    hits = search(Subject("", seeds)).find(leaves(k=key))
    assert {hit.data_type for hit in hits} == {"imei", "android_id"}
    assert {hit.how for hit in hits} == {"seed-hash"}
    assert hits[0].encodings == ("concat", "md5")


def test_packages_count_only_together() -> None:
    names = ("com.example.bank", "com.example.player", "com.example.reader")
    finder = search(Subject("", tuple(Seed("installed_apps", name) for name in names)))
    assert finder.find(leaves(a=names[0], b=names[1])) == []
    hit = finder.find(leaves(a=names[0], b=names[1], c=names[2]))[0]
    assert (hit.data_type, hit.shown) == ("installed_apps", "3/3")


def test_a_short_value_must_stand_free() -> None:
    finder = search(Subject("", (Seed("nickname", "abc1234"),)))
    assert finder.find(leaves(n="abc1234"))
    assert not finder.find(leaves(n="xxabc1234yy"))


@pytest.mark.parametrize(
    ("position", "metres"), [(to_gcj(BEIJING), 555), (to_bd(to_gcj(BEIJING)), 1375)]
)
def test_the_coordinate_systems_are_as_far_apart_as_known(
    position: tuple[float, float], metres: int
) -> None:
    north = (position[0] - BEIJING[0]) * 111_195
    east = (position[1] - BEIJING[1]) * 111_195 * math.cos(math.radians(BEIJING[0]))
    assert math.hypot(north, east) == pytest.approx(metres, abs=5)


@pytest.mark.parametrize("system", ["WGS-84", "GCJ-02", "BD-09"])
@pytest.mark.parametrize("decimals", [2, 4, 6])
def test_positions_are_found_in_every_system(system: str, decimals: int) -> None:
    place = {"WGS-84": BEIJING, "GCJ-02": to_gcj(BEIJING), "BD-09": to_bd(to_gcj(BEIJING))}[system]
    finder = search(Subject("", (), (BEIJING,)))
    hits = finder.find(leaves(a=f"{place[0]:.{decimals}f}", b=f"{place[1]:.{decimals}f}"))
    assert len(hits) == 1
    precise = decimals >= 4
    assert hits[0].data_type == ("location_precise" if precise else "location_coarse")
    assert (hits[0].encodings == (system,)) == (precise and system != "WGS-84")
    assert "39.9042" not in hits[0].shown


def test_positions_as_scaled_integers_and_in_one_text() -> None:
    finder = search(Subject("", (), (BEIJING,)))
    assert finder.find(leaves(a="399042000", b="1164074000"))
    assert finder.find(leaves(loc="116.4074,39.9042"))
    assert not finder.find(leaves(a="39.9042", b="12.5"))


def test_one_decimal_needs_the_names_of_the_axes() -> None:
    finder = search(Subject("", (), (BEIJING,)))
    assert finder.find(leaves(lat="39.9", lng="116.4"))[0].data_type == "location_coarse"
    assert not finder.find(leaves(a="39.9", b="116.4"))


def test_random_numbers_are_no_position() -> None:
    chance = random.Random(5)
    positions = Positions((BEIJING,))
    text = b" ".join(f"{chance.uniform(-180, 180):.6f}".encode() for _ in range(20_000))
    assert len(positions.find(text)) < 5


def test_spellings_of_numbers_people_write_differently() -> None:
    assert {"+8613800138000", "008613800138000"} <= set(
        spellings(Seed("phone_number", "13800138000"))
    )
    assert {"00005E0053AF", "00-00-5e-00-53-af"} <= set(
        spellings(Seed("mac_address", "00:00:5e:00:53:af"))
    )


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_base64_cores_fit_at_every_alignment(before: str) -> None:
    text = base64.b64encode(f"{before}860000042718287xyz".encode())
    assert any(form.data in text for form in base64_forms(b"860000042718287", ("base64",)))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("values: {imie: ['1']}", "values.imie: no such data type"),
        ("values: {device_id: ['1']}", "no such data type"),
        ("values: {imei: [1.5]}", "subject.yaml"),
        ("value: {}", "subject.yaml"),
        ("values: {imei: [[1.0, 2.0]]}", "a pair of numbers is a position"),
        ("values: {location_precise: [[139.0, 39.0]]}", "[latitude, longitude]"),
        ("values: [", "subject.yaml: line"),
    ],
)
def test_a_wrong_subject_names_file_and_field(
    tmp_path: Path, know: Knowledge, text: str, complaint: str
) -> None:
    path = tmp_path / "subject.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_subject(path, know)
    assert complaint in str(caught.value)
    assert "subject.yaml" in str(caught.value)


def one(data_type: str, value: str, text: str | bytes) -> list[tuple[str, ...]]:
    """Return the layers under which a known value is found in one field."""
    data = text.encode() if isinstance(text, str) else text
    finder = search(Subject("", (Seed(data_type, value),)))
    return [hit.encodings for hit in finder.find(Joined.of([Leaf(Node(Node(None), "k"), data)]))]


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("8600 0004 2718 287", "separators"),
        ("86-000004-271828-7", "separators"),
        ("id=8600.0004.2718.287;", "separators"),
        ("GM5DGNRQ", ""),
        (base64.b32encode(b"860000042718287").decode(), "base32"),
        (base64.b85encode(b"860000042718287").decode(), "base85"),
        (bytes.fromhex("0860000042718287"), "raw"),
        ((860000042718287).to_bytes(8, "big"), "integer"),
        (f"{860000042718287:x}", "integer"),
        (hashlib.md5(hashlib.md5(b"860000042718287").hexdigest().encode()).hexdigest(), "md5"),
        (hashlib.sha384(b"860000042718287").hexdigest(), "sha384"),
        ("86000004271828", ""),
        ("8600000********8287", ""),
    ],
)
def test_unusual_spellings(text: str | bytes, layer: str) -> None:
    found = one("imei", "860000042718287", text)
    if not layer:
        assert found == ([()] if text == "86000004271828" else [])
    else:
        assert [layers[0] for layers in found] == [layer]


@pytest.mark.parametrize(
    "text",
    [
        "860000042718286",
        base64.b64encode(b"860000042718280").decode(),
        base64.b64encode(b"x=860000042718286;").decode(),
        "8600 0004 2718 2879",
        "18600 0004 2718 287",
        "8,6,0,0,0 0-0,4.2_7/1 8:2+8*7",
        "86000004271828x",
        hashlib.md5(b"salt860000042718287").hexdigest(),
        str(860000042718287 + 1),
        f"{860000042718288:x}",
    ],
)
def test_near_values_are_not_claimed(text: str) -> None:
    assert one("imei", "860000042718287", text) == []


@pytest.mark.parametrize(
    "text",
    ["53-00-5e-00-00-00", "af:53:00:5e:00:00", "00005e0053af", "AF53005E0000", str(0x5E0053AF)],
)
def test_mac_addresses_in_any_order(text: str) -> None:
    expected = text.replace(":", "").lower() in ("af53005e0000", "00005e0053af")
    assert bool(one("mac_address", "00:00:5e:00:53:af", text)) is expected


def test_a_value_split_over_two_fields_is_found_and_neighbours_are_not() -> None:
    finder = search(Subject("", (Seed("imei", "860000042718287"),)))
    parts = leaves(a="86000004", b="2718287")
    assert [hit.encodings[0] for hit in finder.find(parts)] == ["split"]
    assert not finder.find(leaves(a="186000004", b="2718287"))
    assert not finder.find(leaves(a="86000004", b="27182879"))
    other = Node(Node(None, "x"))
    apart = [Leaf(Node(other, "a"), b"86000004"), Leaf(Node(Node(None, "y"), "b"), b"2718287")]
    assert not finder.find(Joined.of(apart))


@pytest.mark.parametrize("text", ["138****8000", "138xxxx8000"])
def test_masked_numbers_are_firm_not_certain(text: str) -> None:
    finder = search(Subject("", (Seed("phone_number", "13800138000"),)))
    (hit,) = finder.find(leaves(p=text))
    assert (hit.confidence, hit.encodings) == ("firm", ("masked",))
    assert not finder.find(leaves(p="139****8000"))


@pytest.mark.parametrize(
    "text",
    [
        "39°54'15.12\"N 116°24'26.64\"E",
        "39/1,54/1,1512/100 116/1,24/1,2664/100",
        "$GPGGA,021501,3954.2520,N,11624.4440,E,1,08",
        "wx4g0bm6c",
        "12958412.49 4852030.63",
        "143655120 419066640",
    ],
)
def test_positions_in_other_notations(text: str) -> None:
    finder = search(Subject("", (), (BEIJING,)))
    assert [hit.data_type for hit in finder.find(leaves(p=text))], text
    assert not search(Subject("", (), ((39.95, 116.45),))).find(leaves(p=text))


def test_beyond_the_first_values_the_common_forms_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.traffic.variants._USUAL_SEEDS", 1)
    seeds = (Seed("contacts", "13900001111"), Seed("contacts", "13900002222"))
    finder = search(Subject("", seeds))
    for text in ("13900002222", "+8613900002222", hashlib.sha256(b"13900002222").hexdigest()):
        assert [hit.value for hit in finder.find(leaves(k=text))] == ["13900002222"], text
    assert not finder.find(leaves(k=hashlib.sha384(b"13900002222").hexdigest()))
    assert finder.find(leaves(k=hashlib.sha384(b"13900001111").hexdigest()))
