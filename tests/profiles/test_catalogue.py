"""The catalogue itself: every signature matches its example and leaves its near miss alone."""

import re

import pytest

from profiles.load import load_knowledge
from profiles.match import Hosts, Owners
from profiles.model import Knowledge, Library, Sdk


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def owners(know: Knowledge) -> Owners:
    return Owners(know)


def entries(know: Knowledge) -> list[Sdk | Library]:
    return [*know.sdks.values(), *know.libraries.values()]


def test_size(know: Knowledge) -> None:
    assert len(know.sdks) >= 600
    assert sum(sdk.vendor.country == "CN" for sdk in know.sdks.values()) >= 450
    assert len(know.libraries) >= 300
    assert len(know.hosts) >= 1500
    assert sum(bool(sdk.version_markers) for sdk in know.sdks.values()) >= 60


def test_every_prefix_owns_a_class_of_its_own_and_no_neighbour(
    know: Knowledge, owners: Owners
) -> None:
    for entry in entries(know):
        for prefix in entry.packages:
            names = (prefix, f"{prefix}.Zz9", f"{prefix}$Zz9")
            assert any(_is(owners, name, entry.id) for name in names), prefix
            neighbour = owners.of(f"{prefix}zz9.Zz9")
            assert neighbour is None or neighbour.prefix != prefix, prefix


def _is(owners: Owners, name: str, ident: str) -> bool:
    owner = owners.of(name)
    return owner is not None and owner.id == ident


def test_given_examples(know: Knowledge, owners: Owners) -> None:
    for sdk in know.sdks.values():
        for name in sdk.examples:
            assert _is(owners, name, sdk.id), name
        for name in sdk.near_misses:
            assert not _is(owners, name, sdk.id), name


def test_calls_and_markers_of_an_sdk_lie_in_its_vendors_code(
    know: Knowledge, owners: Owners
) -> None:
    for sdk in know.sdks.values():
        calls = [*sdk.init_api, *sdk.pre_init_api, *sdk.consent_api]
        calls += [m.at for m in sdk.version_markers if m.kind in ("field", "method")]
        for call in calls:
            owner = owners.of(call.rpartition(".")[0])
            assert owner is not None, call
            assert not owner.library, call
            assert know.sdks[owner.id].vendor.country == sdk.vendor.country, call


def test_every_host_finds_its_sdk(know: Knowledge) -> None:
    hosts = Hosts(know.hosts)
    for rule in know.hosts:
        assert hosts.of(f"zz9.{rule.suffix}") is not None
        near = hosts.of(f"zz9{rule.suffix}")
        assert near is None or near.suffix != rule.suffix


def test_entries_say_where_they_are_from(know: Knowledge) -> None:
    for entry in entries(know):
        assert entry.source, entry.id
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry.checked), entry.id


def test_memory_alone_is_never_trusted(know: Knowledge) -> None:
    for sdk in know.sdks.values():
        if sdk.source == ("memory",):
            levels = {level for kind, level in sdk.trust.items() if not sdk.fallback}
            assert "high" not in levels, sdk.id


def test_a_guess_is_never_a_declaration(know: Knowledge) -> None:
    for sdk in know.sdks.values():
        if sdk.data_declared:
            assert sdk.data_declared_trust in ("high", "medium"), sdk.id
        assert not (sdk.data_declared and sdk.source == ("memory",)), sdk.id


def test_version_patterns_are_linear_and_have_one_group(know: Knowledge) -> None:
    for sdk in know.sdks.values():
        for marker in sdk.version_markers:
            if marker.pattern:
                assert re.compile(marker.pattern).groups == 1, sdk.id
                assert not re.search(r"[*+}]\)?[*+{]", marker.pattern), sdk.id


def test_no_local_path_or_address_of_ours(know: Knowledge) -> None:
    for entry in entries(know):
        for text in entry.source:
            assert "/work" not in text
            assert "stored" not in text, entry.id
