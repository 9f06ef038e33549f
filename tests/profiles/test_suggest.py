"""Drafts for what the catalogue does not know."""

import pytest

from profiles.load import build
from profiles.match import Owners
from profiles.model import Knowledge
from profiles.sources import Source
from profiles.suggest import draft, suggest
from scanner.model.static import Component, Endpoint, StaticEvidence, UnknownPackage
from scanner.model.traffic import Exchange, TrafficEvidence

BASE = [
    Source("tables/general_prefixes.yaml", b"prefixes: [com, com.github]\nsuffixes: [com.cn]"),
    Source("hosts.yaml", b"hosts: [{suffix: known.com}]"),
]


@pytest.fixture
def know() -> Knowledge:
    return build(BASE, "d")


STATIC = StaticEvidence(
    unknown_packages=(
        UnknownPackage(prefix="com.vendor.push.core", classes=30),
        UnknownPackage(prefix="com.vendor.net", classes=12),
        UnknownPackage(prefix="com.github.author.lib", classes=7),
        UnknownPackage(prefix="com.mine.other", classes=99),
    ),
    endpoints=(
        Endpoint(host="log.vendor-cloud.com.cn"),
        Endpoint(host="api.known.com"),
        Endpoint(host="10.0.0.1"),
        Endpoint(host="localhost"),
    ),
    components=(
        Component(kind="service", name="com.vendor.push.Daemon", exported=False),
        Component(kind="service", name="com.other.Service", exported=False),
    ),
)


def exchange(host: str, number: int) -> Exchange:
    return Exchange(id=f"e{number}", time="", method="GET", scheme="https", host=host)


def test_largest_owners_first_and_the_app_itself_left_out(know: Knowledge) -> None:
    found = suggest("com.mine.app", STATIC, None, know)
    assert [(s.prefix, s.classes) for s in found] == [("com.vendor", 42), ("com.github.author", 7)]
    assert found[0].hosts == ("vendor-cloud.com.cn",)
    assert found[0].components == ("com.vendor.push.Daemon",)


def test_hosts_of_traffic_count(know: Knowledge) -> None:
    traffic = TrafficEvidence(
        exchanges=(exchange("a.track.io", 1), exchange("b.track.io", 2), exchange("x.known.com", 3))
    )
    (found,) = suggest("com.mine.app", None, traffic, know)
    assert (found.hosts, found.exchanges, found.prefix) == (("track.io",), 2, "")


def test_the_limit_holds(know: Knowledge) -> None:
    assert len(suggest("com.mine.app", STATIC, None, know, limit=1)) == 1


def test_a_draft_is_accepted_by_the_strict_loader(know: Knowledge) -> None:
    drafts = "".join(draft(s, "some app") for s in suggest("com.mine.app", STATIC, None, know))
    extended = build([*BASE, Source("new.yaml", f"sdks:\n{drafts}".encode())], "d")
    owner = Owners(extended).of("com.vendor.push.core.A")
    assert owner is not None
    assert owner.id == "vendor"
    assert suggest("com.mine.app", STATIC, None, extended) == ()


def test_a_hostile_name_stays_a_name(know: Knowledge) -> None:
    evil = StaticEvidence(unknown_packages=(UnknownPackage(prefix='x".]: {a}#\n- b.c', classes=1),))
    (found,) = suggest("com.mine.app", evil, None, know)
    text = draft(found, 'app"\n- id: evil')
    assert "\n- id: evil" not in text
