"""What the rooms gather from the demo app is what its record says."""

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from profiles.load import load_knowledge
from scanner.model.evidence import Evidence
from scanner.pipeline import Request, gather

with warnings.catch_warnings():  # mitmproxy 12 calls its parser library by old names
    warnings.simplefilter("ignore", DeprecationWarning)
    import mitmproxy.io  # noqa: F401 - so that the import in the test does not warn

FIXTURES = Path(__file__).parent / "fixtures"


@cache
def evidence() -> Evidence:
    """Gather the dirty app with its capture and its policy."""
    request = Request(
        app=FIXTURES / "apps" / "dirty.apk",
        traffic=(FIXTURES / "traffic" / "dirty.mitm",),
        policies=(FIXTURES / "policies" / "dirty.html",),
        subject=FIXTURES / "traffic" / "subject.yaml",
    )
    return gather(request, load_knowledge())


@cache
def record() -> dict[str, Any]:
    """Return what the app does on purpose."""
    loaded: dict[str, Any] = yaml.safe_load(
        (FIXTURES / "apps" / "dirty.expected.yaml").read_text("utf-8")
    )
    return loaded


def static() -> Any:
    """Return the static evidence."""
    assert evidence().static
    return evidence().static


def code() -> Any:
    """Return the static evidence; skip when it says that the code was not examined."""
    if any(gap.code == "code-not-indexed" for gap in evidence().gaps):
        pytest.skip("the code was not indexed")
    return static()


def traffic() -> Any:
    """Return the traffic evidence."""
    assert evidence().traffic
    return evidence().traffic


def policy() -> Any:
    """Return the policy evidence."""
    assert evidence().policy
    return evidence().policy


@pytest.mark.parametrize(
    "row", record()["collection"], ids=lambda r: f"{r['data_type']}-{r['actor']}"
)
def test_collection_sites(row: dict[str, Any]) -> None:
    sites = [
        site
        for site in code().calls
        if (site.data_type, site.actor) == (row["data_type"], row["actor"])
        and (site.place.cls, site.place.method) == (row["class"], row["method"])
    ]
    assert sites
    assert row["line"] in {site.place.line for site in sites}
    assert {site.reach.before_consent for site in sites} == {row["before_consent"]}
    assert all(site.reach.reachable for site in sites)


def test_chains_lead_from_the_entry_to_the_site() -> None:
    for row in record()["collection"]:
        chains = [
            site.reach.chain
            for site in code().calls
            if (site.data_type, site.actor, site.place.cls)
            == (row["data_type"], row["actor"], row["class"])
            and site.reach.before_consent == row["before_consent"]
        ]
        short = [[".".join(step.split(".")[-2:]) for step in chain] for chain in chains]
        wanted = row["chain"]
        assert any(s[0] == wanted[0] and s[-1] == wanted[-1] for s in short), (wanted, short)


def test_no_other_actor_collects() -> None:
    wanted = {(row["data_type"], row["actor"]) for row in record()["collection"]}
    serious = {row["data_type"] for row in record()["collection"]}
    found = {(s.data_type, s.actor) for s in code().calls if s.data_type in serious}
    assert found == wanted


@pytest.mark.parametrize("row", record()["permissions"], ids=lambda r: r["name"].split(".")[-1])
def test_permissions(row: dict[str, Any]) -> None:
    fact = next(fact for fact in code().permissions if fact.name == row["name"])
    assert fact.declared
    if row["name"].endswith(("RECEIVE_BOOT_COMPLETED", "INTERNET")):
        return  # held by a component or a sink, not by a call that a map names
    # A call may need more than was meant: the Wi-Fi state of the app can tell a position too.
    assert set(row["used_by"]) <= set(fact.used_by)
    assert bool(row["used_by"]) == bool(fact.used_by)
    assert bool(fact.requested_at) == row.get("requested", False)


def test_sdks() -> None:
    found = {
        sdk.sdk: (sdk.classes, sdk.initialised, sdk.initialised_before_consent)
        for sdk in code().sdks
    }
    assert found == {
        row["id"]: (row["classes"], True, row["before_consent"]) for row in record()["sdks"]
    }


def test_endpoints() -> None:
    found = {(e.url, e.cleartext, e.actor) for e in code().endpoints if e.url}
    for row in record()["endpoints"]:
        assert (row["url"], row["cleartext"], row["actor"]) in found


def test_components_and_flags() -> None:
    found = {(c.kind, c.name, c.exported) for c in static().components}
    assert found == {(r["kind"], r["name"], r["exported"]) for r in record()["components"]}
    assert static().manifest.allow_backup is True
    assert static().manifest.uses_cleartext_traffic is True


def test_consent_page() -> None:
    found = {fact.kind for fact in static().ui}
    assert {row["kind"] for row in record()["ui"]} <= found
    box = next(row for row in record()["ui"] if row["kind"] == "default-ticked-consent")
    places = [(fact.place, fact.text) for fact in static().ui if fact.kind == box["kind"]]
    assert places == [(box["place"], box["text"])]
    assert not {fact.kind for fact in static().ui} & set(record()["ui_absent"])


def test_behaviours() -> None:
    found = {(b.kind, b.place.cls) for b in code().behaviours}
    assert {(row["kind"], row["class"]) for row in record()["behaviours"]} <= found


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            row,
            id=f"{row['data_type']}-{row['actor']}-{row['sink_kind']}-{row['host']}",
        )
        for row in record()["flows"]
    ],
)
def test_flows(row: dict[str, Any]) -> None:
    found = [
        flow
        for flow in code().flows
        if (flow.data_type, flow.actor, flow.sink_kind)
        == (row["data_type"], row["actor"], row["sink_kind"])
        and flow.host == row["host"]
    ]
    assert found
    assert any(set(row["transforms"]) <= set(flow.transforms) for flow in found)


@pytest.mark.parametrize(
    "row", record()["traffic"]["sightings"], ids=lambda r: f"{r['data_type']}-{r['host']}"
)
def test_sightings(row: dict[str, Any]) -> None:
    found = [
        s for s in traffic().sightings if (s.data_type, s.host) == (row["data_type"], row["host"])
    ]
    assert sorted({s.phase for s in found}) == sorted(row["phases"])
    assert all(s.how in {"seed", "seed-hash"} for s in found)
    assert all(s.confidence == "certain" for s in found)


def test_destinations() -> None:
    found = {d.host: (d.hosting_country, d.outside, d.cleartext) for d in traffic().destinations}
    assert found == {
        r["host"]: (r["country"], r["outside"], r["cleartext"])
        for r in record()["traffic"]["destinations"]
    }


def test_no_raw_value_of_the_device_in_the_evidence() -> None:
    raw = msgspec.json.encode(evidence()).decode()
    values = yaml.safe_load((FIXTURES / "traffic" / "subject.yaml").read_text("utf-8"))["values"]
    for kind in ("imei", "android_id", "mac_address", "phone_number"):
        assert values[kind][0] not in raw
    assert "39.908823" not in raw


def test_policy() -> None:
    want = record()["policy"]
    said = {
        polarity: {t for s in policy().statements if s.polarity == polarity for t in s.data_types}
        for polarity in ("positive", "negative")
    }
    assert set(want["collects"]) <= said["positive"]
    assert set(want["denies"]) == said["negative"]
    assert [row.sdk for row in policy().sdks] == want["sdks"]
    assert policy().cross_border.stance == want["cross_border"]
    found = {e.id: e.found for e in policy().elements}
    for element in want["not_found"]:
        assert found.get(element, "not_found") == "not_found"
