"""Where an address stands, and when that cannot be said."""

import ipaddress
from typing import NamedTuple

import pytest

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.traffic import Destination
from scanner.traffic.countries import Address, embedded
from scanner.traffic.places import Places, PlaceTable


class Fixed(NamedTuple):
    label: str
    answer: str

    def country(self, _: Address) -> str:
        return self.answer


def places(know: Knowledge, *answers: str) -> Places:
    sources = [Fixed(f"source {i}", answer) for i, answer in enumerate(answers)]
    return Places(table(know, "traffic_places", PlaceTable), sources)


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("202.106.46.151", "CN"),
        ("52.38.117.40", "US"),
        ("47.75.0.1", "HK"),
        ("240e:3b7::1", "CN"),
        ("2001:b030::1", "TW"),
        ("0.0.0.0", ""),  # noqa: S104 - an address to look up
    ],
)
def test_the_embedded_table(address: str, country: str) -> None:
    assert embedded().country(ipaddress.ip_address(address)) == country


def test_the_table_names_its_source() -> None:
    assert "DB-IP" in embedded().attribution
    assert "CC BY 4.0" in embedded().attribution
    assert embedded().label.endswith("2026-06-01")


@pytest.mark.parametrize(
    ("answers", "host", "ips", "outside", "reason"),
    [
        (("CN",), "a.example", ["202.106.46.151"], False, ""),
        (("HK",), "a.example", ["202.106.46.151"], True, ""),
        (("MO",), "a.example", ["202.106.46.151"], True, ""),
        (("TW",), "a.example", ["202.106.46.151"], True, ""),
        (("CN", "SG"), "a.example", ["202.106.46.151"], None, "disputed"),
        (("SG", "SG"), "a.example", ["202.106.46.151"], True, ""),
        (("SG", ""), "a.example", ["202.106.46.151"], True, ""),
        (("", ""), "a.example", ["202.106.46.151"], None, "unknown-address"),
        (("US",), "a.example", ["104.16.1.1"], None, "anycast"),
        (("CN",), "a.example", ["119.29.29.29"], None, "anycast"),
        (("CN",), "x.cdn.akamaiedge.net", ["202.106.46.151"], None, "cdn"),
        (("CN",), "a.example", [], None, "no-address"),
        (("CN",), "202.106.46.151", [], False, ""),
        (("CN",), "a.example", ["192.168.1.1"], None, "private-address"),
        (("CN",), "a.example", ["224.0.0.251"], None, "private-address"),
        (("CN",), "a.example", ["nonsense"], None, "no-address"),
    ],
)
def test_outside_or_not_or_not_decidable(
    know: Knowledge,
    *,
    answers: tuple[str, ...],
    host: str,
    ips: list[str],
    outside: bool | None,
    reason: str,
) -> None:
    place = places(know, *answers).of(host, ips, False)
    assert (place.outside, place.reason) == (outside, reason)
    assert place.decidable == (outside is not None)


def test_one_address_abroad_is_enough(know: Knowledge) -> None:
    table_ = table(know, "traffic_places", PlaceTable)
    place = Places(table_, [embedded()]).of("a.example", ["202.106.46.151", "52.38.117.40"], False)
    assert (place.country, place.outside, place.reason) == ("US", True, "mixed")


@pytest.mark.parametrize(
    ("outside", "operator", "received", "fact"),
    [
        (True, "US", ("imei",), "outside-data"),
        (True, "CN", ("imei",), "outside-data"),
        (True, "US", (), "outside-connection"),
        (False, "US", ("imei",), "inside-foreign"),
        (False, "HK", (), "inside-foreign"),
        (False, "CN", ("imei",), "inside"),
        (False, "", (), "inside"),
        (None, "US", ("imei",), "undecided"),
    ],
)
def test_three_facts_about_the_border_are_kept_apart(
    outside: bool | None, operator: str, received: tuple[str, ...], fact: str
) -> None:
    found = Destination(
        host="h.example", outside=outside, operator_country=operator, personal_data=received
    )
    assert found.fact == fact
