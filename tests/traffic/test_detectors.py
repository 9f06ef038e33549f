"""Every detector finds its examples and leaves its near misses alone."""

import pytest

from profiles.load import load_knowledge
from profiles.model import Detector, Knowledge
from scanner.traffic.checksums import CHECKS, Numbers
from scanner.traffic.decode.leaves import Leaf, Node
from scanner.traffic.detect import Detectors
from scanner.traffic.hits import Hit, Joined

DETECTORS = load_knowledge().detectors
NEIGHBOURS = {"latitude": ("lng", "116.397470"), "cell": ("lac", "4301")}


def look(entry: Detector, numbers: Numbers, key: str, value: str, reply: bool = False) -> list[Hit]:
    root = Node(None)
    leaves = [Leaf(Node(root, key), value.encode())]
    if entry.id in NEIGHBOURS:
        name, beside = NEIGHBOURS[entry.id]
        leaves.append(Leaf(Node(root, name), beside.encode()))
    return list(Detectors([entry], numbers).find(Joined.of(leaves), reply))


@pytest.mark.parametrize("entry", DETECTORS, ids=lambda entry: entry.id)
def test_examples_are_found_and_near_misses_are_not(entry: Detector, numbers: Numbers) -> None:
    assert entry.examples
    assert entry.near_misses
    for key, value in entry.examples:
        assert look(entry, numbers, key, value), f"{key}={value} must be found"
    for key, value in entry.near_misses:
        assert not look(entry, numbers, key, value), f"{key}={value} must not be found"


@pytest.mark.parametrize("entry", DETECTORS, ids=lambda entry: entry.id)
def test_source_and_checksum_are_named(entry: Detector) -> None:
    assert entry.source
    assert entry.checked
    assert not entry.checksum or entry.checksum in CHECKS


def test_every_card_of_the_ladder(know: Knowledge, numbers: Numbers) -> None:
    by_id = {entry.id: entry for entry in know.detectors}

    def how(name: str, key: str, value: str) -> str:
        return look(by_id[name], numbers, key, value)[0].how

    assert how("imei", "imei", "860000042718287") == "checksum+key"
    assert how("imei", "imei", "83ea0b294935216e180cd7f256c40646") == "key"
    assert how("oaid", "oaid", "7b1e42d0-5f3a-4c19-9e8d-0a6c25b7f314") == "key+shape"
    assert how("id_number", "anything", "11010119900307387X") == "checksum"


def test_latitude_alone_is_no_position(know: Knowledge, numbers: Numbers) -> None:
    entry = next(entry for entry in know.detectors if entry.id == "latitude")
    leaf = Leaf(Node(Node(None), "lat"), b"39.908823")
    assert not list(Detectors([entry], numbers).find(Joined.of([leaf]), False))


def test_few_decimals_make_a_position_coarse(know: Knowledge, numbers: Numbers) -> None:
    entry = next(entry for entry in know.detectors if entry.id == "position")
    assert look(entry, numbers, "loc", "39.9088,116.3974")[0].data_type == "location_precise"
    assert look(entry, numbers, "loc", "39.91,116.40")[0].data_type == "location_coarse"


def test_replies_and_cookies_need_detectors_made_for_them(
    know: Knowledge, numbers: Numbers
) -> None:
    by_id = {entry.id: entry for entry in know.detectors}
    assert look(by_id["phone_number"], numbers, "phone", "13800138000", reply=True)
    assert not look(by_id["ssid"], numbers, "ssid", "TestLab-5G", reply=True)
    cookie = Leaf(Node(Node(None, "cookie"), "SSID"), b"AbCdEfGh")
    assert not list(Detectors([by_id["ssid"]], numbers).find(Joined.of([cookie]), False))
