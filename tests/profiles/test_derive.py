"""Host rules that follow from SDK entries."""

import msgspec

from profiles.derive import host_rules
from profiles.model import DomainOwner, HostRule, Sdk, Vendor
from scanner.model.base import Text, same


def sdk(ident: str, *hosts: str, vendor: str = "v", fallback: bool = False) -> Sdk:
    return Sdk(
        id=ident,
        name=same(ident),
        vendor=Vendor(name=Text(zh=f"{vendor}公司", en=vendor), country="CN"),
        category="push",
        hosts=hosts,
        fallback=fallback,
        trust={"hosts": "high"},
    )


def rules(*sdks: Sdk, given: tuple[HostRule, ...] = ()) -> dict[str, HostRule]:
    return host_rules({rule.suffix: rule for rule in given}, {s.id: s for s in sdks})


def test_a_host_of_one_sdk_names_it() -> None:
    (rule,) = rules(sdk("one", "a.com")).values()
    assert (rule.sdk, rule.company, rule.country, rule.purpose) == ("one", "v公司", "CN", "push")
    assert rule.trust == "high"


def test_a_shared_host_names_the_vendor_only() -> None:
    rule = rules(sdk("one", "a.com"), sdk("two", "a.com"))["a.com"]
    assert (rule.sdk, rule.company) == ("", "v公司")
    other = rules(sdk("one", "a.com"), sdk("two", "a.com", vendor="w"))["a.com"]
    assert (other.sdk, other.company) == ("", "")


def test_a_shared_host_of_a_whole_vendor_names_the_fallback() -> None:
    rule = rules(sdk("one", "a.com"), sdk("root", "a.com", fallback=True))["a.com"]
    assert rule.sdk == "root"


def test_a_host_shared_by_the_parts_of_a_product_names_the_product() -> None:
    part = msgspec.structs.replace(sdk("part", "a.com"), named_with=("whole",))
    other = msgspec.structs.replace(sdk("other", "a.com"), named_with=("whole", "part"))
    assert rules(part, sdk("whole", "a.com"), other)["a.com"].sdk == "whole"
    assert rules(part, other)["a.com"].sdk == "part"


def test_given_rules_win_and_all_are_sorted() -> None:
    given = (HostRule(suffix="b.com", cdn=True),)
    found = rules(sdk("one", "b.com", "a.com"), given=given)
    assert list(found) == ["a.com", "b.com"]
    assert found["b.com"].cdn
    assert found["b.com"].sdk == ""


def owner(*suffixes: str, cdn: bool = False, country: str = "CN") -> DomainOwner:
    return DomainOwner(
        id="owner", company="公司", country=country, suffixes=suffixes, cdn=cdn, source=("list",)
    )


def unsure(ident: str, *hosts: str) -> Sdk:
    return msgspec.structs.replace(sdk(ident, *hosts), trust={"hosts": "low"}, source=("memory",))


def test_a_domain_is_a_rule_and_vouches_for_the_company_of_its_hosts() -> None:
    found = host_rules({}, {"one": unsure("one", "push.a.com")}, [owner("a.com")])
    assert (found["a.com"].company, found["a.com"].trust) == ("公司", "medium")
    below = found["push.a.com"]
    assert (below.sdk, below.trust, below.sdk_trust) == ("one", "medium", "low")
    assert below.source == ("memory", "list")


def test_a_domain_vouches_for_nobody_abroad_and_for_no_customer() -> None:
    one = {"one": unsure("one", "push.a.com")}
    for domain in (owner("a.com", country="US"), owner("a.com", cdn=True), owner("sh.a.com")):
        below = host_rules({}, one, [domain])["push.a.com"]
        assert (below.trust, below.source) == ("low", ("memory",))


def test_given_rules_and_sdk_hosts_stand_before_domains() -> None:
    given = {"a.com": HostRule(suffix="a.com", company="given", trust="high", source=("page",))}
    found = host_rules(given, {}, [owner("a.com")])
    assert found == given


def test_packages_vouch_for_the_domain_that_they_are_named_after() -> None:
    one = msgspec.structs.replace(
        unsure("one", "log.a.com", "b.com"),
        packages=("com.a.sdk",),
        trust={"packages": "medium", "hosts": "low"},
    )
    found = host_rules({}, {"one": one})
    assert (found["log.a.com"].trust, found["b.com"].trust) == ("medium", "low")
    memory = msgspec.structs.replace(one, trust={"packages": "low", "hosts": "low"})
    assert host_rules({}, {"one": memory})["log.a.com"].trust == "low"
