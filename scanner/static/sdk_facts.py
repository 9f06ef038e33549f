"""SDKs in the app: present, initialised, reachable, each a fact of its own."""

from collections.abc import Iterable

from msgspec.structs import replace

from profiles.match import SdkTrace, Traces, catalogue
from profiles.model import Sdk
from scanner.model.static import Endpoint, Location, SdkMatch
from scanner.static.calls import Code
from scanner.static.dex.arrays import distinct
from scanner.static.dex.text import dex_name
from scanner.static.facts import PackageFacts
from scanner.static.sdk_versions import Versions

_HANDFUL = 4


def find_sdks(
    code: Code, facts: PackageFacts, endpoints: Iterable[Endpoint]
) -> tuple[SdkMatch, ...]:
    """Return the SDKs by id. A vendor's fallback entry counts only when it owns classes."""
    traces = Traces(
        classes=code.names.classes,
        native_libs=[lib.name for lib in facts.native_libs],
        components=[c.name for c in facts.components],
        meta_data=[m.name for m in facts.meta_data],
        assets=facts.assets,
        strings=code.texts,
        hosts=sorted({e.host for e in endpoints}),
    )
    reachable = _reachable(code)
    versions = Versions(code, facts)
    return tuple(
        replace(
            _match(code, code.know.sdks[trace.sdk], trace, reachable),
            version=versions.of(code.know.sdks[trace.sdk].version_markers),
        )
        for trace in catalogue(code.know).match(traces, facts.package, code.owners.known)
        if trace.classes or not code.know.sdks[trace.sdk].fallback
    )


def _reachable(code: Code) -> dict[str, bool]:
    """Return for each owner with code whether some of it can run."""
    reached = distinct(code.index.defs.cls[code.reach.every.mask | code.reach.before.mask])
    found = dict.fromkeys(code.owners.actors, False)
    for row in reached.tolist():
        found[code.owners.actors[row]] = True
    return found


def _match(code: Code, sdk: Sdk, trace: SdkTrace, reachable: dict[str, bool]) -> SdkMatch:
    decided = code.reach.decidable and trace.classes > 0
    runs = reachable.get(sdk.id, False)
    started, where, early = _initialised(code, sdk) if decided else (None, None, None)
    if started is False and runs:
        started, early = None, None  # it runs without the calls we know: another way in, or none
    return SdkMatch(
        sdk=sdk.id,
        markers=trace.markers,
        classes=trace.classes,
        initialised=started,
        initialised_at=where,
        initialised_before_consent=early,
        reachable=runs if decided else None,
        confidence="tentative" if _is_stray(code, sdk, trace) else trace.confidence,
    )


def _is_stray(code: Code, sdk: Sdk, trace: SdkTrace) -> bool:
    """Tell whether a handful of classes is all that shows an SDK whose entry class is not there:
    vendors ship classes of one product inside another.
    """
    only_code = all(marker.kind == "package" for marker in trace.markers)
    return (
        only_code and trace.classes <= _HANDFUL and bool(sdk.init_api) and not _names_api(code, sdk)
    )


def _initialised(code: Code, sdk: Sdk) -> tuple[bool | None, Location | None, bool | None]:
    """Return (initialised, where, before consent): by a call of its init API, or by a component
    of its own that the system starts first. None where the catalogue names no init API.
    """
    callers_ = _init_callers(code, sdk)
    own = _own_start(code, sdk.id)
    if own is not None:
        callers_.append(own)
    if not callers_:
        return (False if sdk.init_api and _names_api(code, sdk) else None), None, None
    order = sorted(callers_, key=lambda c: (not code.reach.of(c[0]).before_consent, c))
    row, offset = order[0]
    reach = code.reach.of(row)
    if reach.reachable is False:
        return False, None, False
    return True, code.names.place(row, offset), reach.before_consent


def _names_api(code: Code, sdk: Sdk) -> bool:
    """Tell whether the code knows the class of an init API at all: R8 may have renamed it."""
    return any(code.index.type_id(dex_name(api.rpartition(".")[0])) > 0 for api in sdk.init_api)


def _init_callers(code: Code, sdk: Sdk) -> list[tuple[int, int]]:
    """Return (method row, offset) of calls of the init API from outside the SDK."""
    refs: list[int] = []
    for api in sdk.init_api:
        cls, _, name = api.rpartition(".")
        refs += code.index.find_methods(dex_name(cls), name)
    if not refs:
        return []
    sites = code.sites(code.index.invokes, refs)
    return [(row, offset) for _, row, offset, _ in sites if code.actor(row) != sdk.id]


def _own_start(code: Code, sdk: str) -> tuple[int, int] | None:
    """Return a start method of a provider or initialiser that is the SDK's own."""
    for entry in code.reach.entries.entries:
        if entry.kind in ("provider-on-create", "startup-initializer"):
            for row in entry.rows:
                name = code.index.method_name(int(code.index.defs.method[row]))
                if code.actor(row) == sdk and name in ("onCreate", "create"):
                    return row, -1
    return None
