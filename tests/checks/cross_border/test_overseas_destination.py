"""Hosts abroad."""

import made
import pytest
from judge import hits, one

NAME = "overseas-destination"


def test_personal_data_abroad_is_one_finding_per_host() -> None:
    seen = made.traffic(
        made.sighting(host="x.example"), destinations=(made.host("x.example", outside=True),)
    )
    hit = one(NAME, traffic=seen)
    assert (hit.message, hit.severity) == ("personal", "medium")


def test_hosts_without_personal_data_are_one_note() -> None:
    hosts = tuple(made.host(name, outside=True) for name in ("b.example", "a.example"))
    hit = one(NAME, traffic=made.traffic(destinations=hosts))
    assert (hit.severity, hit.args["count"]) == ("info", "2")


@pytest.mark.parametrize("outside", [False, None])
def test_inside_or_undecidable_is_no_hit(outside: bool | None) -> None:
    hosts = (made.host("a.example", outside=outside),)
    assert hits(NAME, traffic=made.traffic(destinations=hosts)) == []


@pytest.mark.parametrize("region", ["HK", "MO", "TW"])
def test_hong_kong_macao_and_taiwan_count_as_outside(region: str) -> None:
    place = made.host("a.example", outside=True, hosting_country=region)
    assert len(hits(NAME, traffic=made.traffic(destinations=(place,)))) == 1
