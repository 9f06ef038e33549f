"""HarmonyOS packages gathered: configuration, strings of the byte code, embedded texts."""

import re
from urllib.parse import urlsplit

from profiles.match import Traces, catalogue
from profiles.model import Knowledge
from scanner.model.progress import Tell
from scanner.model.static import CodeStats, Endpoint, ManifestFlags, SdkMatch, StaticEvidence
from scanner.static.embedded_policy import find_policies
from scanner.static.facts import ResourceString
from scanner.static.gathering import StaticGathering, inputs_of, sorted_gaps
from scanner.static.hap import abc_files, read_harmony
from scanner.static.package import Package
from scanner.static.text_files import read_texts
from scanner.static.ui import text_facts
from scanner.static.ui_rules import interface_rules
from scanner.static.ui_texts import Scanner

_NATIVE = re.compile(r"libs/[^/]+/[^/]+\.so")


def gather_harmony(package: Package, know: Knowledge, tell: Tell) -> StaticGathering:
    """Return what a HarmonyOS package says without analysing its byte code."""
    tell("module configuration")
    found = read_harmony(package)
    rules = interface_rules(know)
    scanner = Scanner(rules)
    texts = [t for name, data in abc_files(package) for t in scanner.pool(name, data)]
    files = read_texts(package, rules)
    policies = find_policies(files.policies, [], rules)
    native = {n for m in package.modules for n in m.names if _NATIVE.fullmatch(n)}
    endpoints = _endpoints(files.addresses)
    static = StaticEvidence(
        code=CodeStats(native_libs=tuple(sorted(native))),
        permissions=found.permissions,
        components=found.components,
        sdks=_sdks(know, found.app.package, native, endpoints),
        endpoints=endpoints,
        manifest=ManifestFlags(cleartext_permitted=found.cleartext, debuggable=found.debuggable),
        ui=text_facts(rules, texts),
        policies=tuple(p.fact for p in policies),
    )
    gaps = [*found.gaps, *(gap for archive in package.archives for gap in archive.gaps())]
    return StaticGathering(
        app=found.app,
        static=static,
        gaps=sorted_gaps(gaps),
        inputs=inputs_of(package),
        policy_texts=tuple((p.fact.place, p.data) for p in policies),
    )


def _sdks(
    know: Knowledge, package: str, native: set[str], endpoints: tuple[Endpoint, ...]
) -> tuple[SdkMatch, ...]:
    """Return SDKs by libraries and hosts; without code analysis nothing more is known of them."""
    traces = Traces(
        native_libs=sorted({name.rsplit("/", 1)[-1] for name in native}),
        hosts=sorted({e.host for e in endpoints}),
    )
    return tuple(
        SdkMatch(sdk=trace.sdk, markers=trace.markers, confidence=trace.confidence)
        for trace in catalogue(know).match(traces, package)
        if not know.sdks[trace.sdk].fallback
    )


def _endpoints(addresses: tuple[ResourceString, ...]) -> tuple[Endpoint, ...]:
    found: dict[tuple[str, str], Endpoint] = {}
    for place, url in ((a.place, a.text) for a in addresses):
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            continue
        if "." in host:
            endpoint = Endpoint(
                host=host, url=url, cleartext=url.startswith("http://"), place=place
            )
            found.setdefault((host, url), endpoint)
    return tuple(found[key] for key in sorted(found))
