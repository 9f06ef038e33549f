"""Policies and captures are what their scripts write, and say what the record says."""

import base64
import hashlib
import io
import json
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import docx
import pypdf
import pytest
import yaml

from tests.fixtures.apps import build
from tests.fixtures.policies import make_policies

with warnings.catch_warnings():  # mitmproxy 12 calls its parser library by old names
    warnings.simplefilter("ignore", DeprecationWarning)
    from mitmproxy.http import HTTPFlow
    from mitmproxy.io import FlowReader

    from tests.fixtures.traffic import make_traffic

POLICIES, TRAFFIC, APPS = make_policies.HERE, make_traffic.HERE, build.HERE


@cache
def expected() -> dict[str, Any]:
    """Return the traffic part of the dirty app's record."""
    record = yaml.safe_load((APPS / "dirty.expected.yaml").read_text("utf-8"))
    traffic: dict[str, Any] = record["traffic"]
    return traffic


@cache
def subject() -> dict[str, Any]:
    """Return the values of the test device."""
    values: dict[str, Any] = yaml.safe_load((TRAFFIC / "subject.yaml").read_text("utf-8"))["values"]
    return values


@cache
def flows(name: str) -> tuple[HTTPFlow, ...]:
    """Read a dump."""
    data = (TRAFFIC / f"{name}.mitm").read_bytes()
    return tuple(f for f in FlowReader(io.BytesIO(data)).stream() if isinstance(f, HTTPFlow))


@pytest.mark.parametrize("suffix", ["md", "txt", "pdf"])
def test_policies_are_what_the_script_writes(suffix: str) -> None:
    parts = tuple(make_policies.blocks((POLICIES / "clean.html").read_bytes()))
    assert make_policies.WRITERS[suffix](parts) == (POLICIES / f"clean.{suffix}").read_bytes()


def test_every_format_holds_the_same_words() -> None:
    parts = tuple(make_policies.blocks((POLICIES / "clean.html").read_bytes()))
    want = "".join("".join(make_policies.plain_lines(parts)).split())
    reader = pypdf.PdfReader(POLICIES / "clean.pdf")
    paper = "".join("".join(page.extract_text() for page in reader.pages).split())
    word = docx.Document(str(POLICIES / "clean.docx"))
    texts = [paragraph.text for paragraph in word.paragraphs]
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert paper == want
    for part in parts:
        assert part.text in texts or part.kind == "table"
    assert cells == [cell for part in parts for row in part.rows for cell in row]


def test_clean_policy_is_of_a_usual_length() -> None:
    parts = make_policies.blocks((POLICIES / "clean.html").read_bytes())
    assert 3000 < len("".join("".join(make_policies.plain_lines(parts)).split())) < 6000


@pytest.mark.parametrize("name", ["dirty", "clean"])
def test_captures_are_what_the_script_writes(name: str) -> None:
    calls = list(getattr(make_traffic, name)())
    assert [flow.request.url for flow in flows(name)] == [call.url for call in calls]
    assert [flow.metadata["phase"] for flow in flows(name)] == [call.phase for call in calls]
    assert (TRAFFIC / f"{name}.mitm").stat().st_size < 200_000


def test_har_holds_the_same_exchanges_as_the_dump() -> None:
    entries = json.loads((TRAFFIC / "dirty.har").read_text("utf-8"))["log"]["entries"]
    assert [
        (e["request"]["method"], e["request"]["url"], e["pageref"], e["serverIPAddress"])
        for e in entries
    ] == [
        (f.request.method, f.request.url, f.metadata["phase"], f.server_conn.peername[0])
        for f in flows("dirty")
        if f.server_conn.peername
    ]
    bodies = [entry["request"].get("postData", {}).get("text", "") for entry in entries]
    assert bodies == [flow.request.get_text() for flow in flows("dirty")]


def field(body: str, path: str) -> Any:
    """Follow a dotted path through JSON, undoing base64 where a step meets text."""
    value: Any = json.loads(body)
    for step in path.split("."):
        if isinstance(value, str):
            value = json.loads(base64.b64decode(value))
        value = value[step]
    return value


def written(data_type: str, encodings: list[str]) -> Iterator[Any]:
    """Yield how the seed values of a type look after the last encoding."""
    for value in subject()[data_type]:
        if isinstance(value, list):
            yield ",".join(str(part) for part in value)
        elif encodings[-1] == "md5":
            yield hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()
        else:
            yield value


@pytest.mark.parametrize(
    "row", expected()["sightings"], ids=lambda r: f"{r['data_type']}-{r['host']}"
)
def test_every_recorded_sighting_is_in_the_dump(row: dict[str, Any]) -> None:
    hits = []
    wanted = list(written(row["data_type"], row["encodings"]))
    for flow in flows("dirty"):
        if flow.request.host == row["host"]:
            found = (
                flow.request.query[row["field"]]
                if flow.request.method == "GET"
                else field(flow.request.get_text() or "", row["field"])
            )
            assert set(wanted) <= set(found) if isinstance(found, list) else found in wanted
            hits.append(flow.metadata["phase"])
    assert hits == row["phases"]


def test_hosts_and_cleartext_are_those_of_the_record() -> None:
    schemes: dict[str, bool] = {}
    for flow in flows("dirty"):
        schemes[flow.request.host] = urlsplit(flow.request.url).scheme == "http"
    assert schemes == {row["host"]: row["cleartext"] for row in expected()["destinations"]}
    assert len(flows("dirty")) == expected()["exchanges"]


def test_clean_app_sends_nothing_of_the_device_before_consent() -> None:
    for flow in flows("clean"):
        body = flow.request.get_text() or ""
        assert flow.request.scheme == "https"
        assert (flow.metadata["phase"] == "before_consent") == (not body)
        assert subject()["imei"][0] not in body


def test_the_device_is_invented_but_well_formed() -> None:
    digits = [int(digit) for digit in subject()["imei"][0]]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    assert len(digits) == 15
    assert (sum(digits[::-2]) + sum(doubled)) % 10 == 0
    assert subject()["mac_address"][0].startswith("00:00:5e:00:53:")
    # BigInteger drops leading zeros; the values were chosen so that the digests have none.
    for kind in ("imei", "android_id"):
        digest = hashlib.md5(subject()[kind][0].encode(), usedforsecurity=False).hexdigest()
        assert not digest.startswith("0")
