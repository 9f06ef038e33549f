"""Short constructors of evidence literals for the tests of checks and engine."""

from typing import Any

from scanner.model.base import Text
from scanner.model.common import Gap, Phase
from scanner.model.evidence import Evidence, Tool
from scanner.model.policy import (
    CrossBorder,
    Document,
    Element,
    PolicyEvidence,
    Quote,
    SdkRow,
    Statement,
)
from scanner.model.runtime import RuntimeEvent
from scanner.model.static import (
    App,
    Behaviour,
    CollectionSite,
    DataFlow,
    Location,
    Marker,
    PermissionFact,
    Reach,
    SdkMatch,
    StaticEvidence,
    UiFact,
)
from scanner.model.traffic import Destination, Exchange, PhaseSpan, Sighting, TrafficEvidence

APP = App(package="a.b", sha256="00" * 32, size=1, label="测试", target_sdk=34, min_sdk=24)
QUOTE = Quote(document="policy.html", start=0, end=4, text="原文片段")


def place(cls: str = "a.b.Main", method: str = "onCreate") -> Location:
    return Location(cls=cls, method=method, descriptor="()V", offset=4, dex="classes.dex")


def reach(
    reachable: bool | None = True, before: bool | None = False, guarded: bool = False
) -> Reach:
    return Reach(
        reachable=reachable,
        before_consent=before,
        chain=("a.b.App.onCreate", "a.b.Ids.read") if reachable else (),
        guarded=guarded,
        entry="application-on-create" if reachable else "",
    )


def call(data_type: str = "imei", actor: str = "app", **changes: Any) -> CollectionSite:
    fields: dict[str, Any] = {
        "api": "telephony-imei",
        "data_type": data_type,
        "kind": "method",
        "target": "android.telephony.TelephonyManager.getImei",
        "place": place(),
        "actor": actor,
        "reach": reach(),
    }
    return CollectionSite(**{**fields, **changes})


def flow(data_type: str = "imei", actor: str = "app", **changes: Any) -> DataFlow:
    fields: dict[str, Any] = {
        "data_type": data_type,
        "source_api": "getImei",
        "source": place(),
        "sink_api": "write",
        "sink_kind": "network",
        "sink": place("a.b.Http", "send"),
        "actor": actor,
    }
    return DataFlow(**{**fields, **changes})


def permission(name: str, *, declared: bool = True, **changes: Any) -> PermissionFact:
    full = name if "." in name else f"android.permission.{name}"
    return PermissionFact(name=full, declared=declared, **changes)


def sdk(name: str = "umeng-common", **changes: Any) -> SdkMatch:
    fields: dict[str, Any] = {
        "markers": (Marker(kind="package", value="com.umeng"),),
        "classes": 10,
        "reachable": True,
    }
    return SdkMatch(sdk=name, **{**fields, **changes})


def ui(kind: str, **changes: Any) -> UiFact:
    return UiFact(kind=kind, place="res/layout/consent.xml", text="同意", **changes)


def behaviour(kind: str, **changes: Any) -> Behaviour:
    return Behaviour(kind=kind, **{"place": place(), **changes})


def static(**fields: Any) -> StaticEvidence:
    return StaticEvidence(**fields)


def sighting(
    data_type: str = "imei",
    actor: str = "app",
    phase: Phase = "after_consent",
    host: str = "api.example.com",
    **changes: Any,
) -> Sighting:
    fields: dict[str, Any] = {
        "id": f"{data_type}-{actor}-{phase}-{host}",
        "data_type": data_type,
        "actor": actor,
        "host": host,
        "phase": phase,
        "side": "request",
        "how": "seed",
        "field": "body.id",
        "value": "86****1",
        "value_key": "k1",
        "exchanges": ("e1",),
    }
    return Sighting(**{**fields, **changes})


def host(
    name: str = "api.example.com", outside: bool | None = False, **changes: Any
) -> Destination:
    country = {True: "US", False: "CN", None: ""}[outside]
    fields: dict[str, Any] = {
        "hosting_country": country,
        "outside": outside,
        "decidable": outside is not None,
        "actor": "app",
        "exchanges": 1,
    }
    return Destination(host=name, **{**fields, **changes})


ALL_PHASES: tuple[PhaseSpan, ...] = tuple(
    PhaseSpan(phase=phase, start=f"2026-11-01T00:0{number}:00Z")
    for number, phase in enumerate(
        ("before_consent", "refused", "after_consent", "in_use", "background")
    )
)


def traffic(*sightings: Sighting, **fields: Any) -> TrafficEvidence:
    hosts = fields.pop("destinations", None)
    if hosts is None:
        hosts = tuple(host(name) for name in sorted({s.host for s in sightings}))
    exchange = Exchange(
        id="e1", time="2026-11-01T00:00:01Z", method="POST", scheme="https", host="api.example.com",
        readable="decoded",
    )  # fmt: skip
    return TrafficEvidence(
        sightings=sightings,
        destinations=hosts,
        **{"phases": ALL_PHASES, "exchanges": (exchange,), **fields},
    )


def event(data_type: str = "imei", phase: Phase = "after_consent", **changes: Any) -> RuntimeEvent:
    return RuntimeEvent(data_type=data_type, action="getImei", phase=phase, **changes)


def statement(*data_types: str, actor: str = "app", **changes: Any) -> Statement:
    fields: dict[str, Any] = {
        "document": "policy.html",
        "start": 0,
        "end": 10,
        "quote": "我们会收集您的信息。",
        "action": "collect",
    }
    return Statement(data_types=data_types, actor=actor, **{**fields, **changes})


def row(name: str = "友盟", sdk: str = "umeng-common", **changes: Any) -> SdkRow:
    return SdkRow(name=name, place=QUOTE, sdk=sdk, **changes)


def element(name: str, found: str = "not_found", **changes: Any) -> Element:
    quotes = () if found == "not_found" else (QUOTE,)
    return Element(id=name, found=found, quotes=quotes, **changes)  # type: ignore[arg-type]


def policy(*statements: Statement, **fields: Any) -> PolicyEvidence:
    document = Document(name="policy.html", sha256="11" * 32, chars=5000, format="html")
    return PolicyEvidence(statements=statements, **{"documents": (document,), **fields})


def export(stance: str = "declared", **fields: Any) -> CrossBorder:
    quotes = () if stance == "none" else (QUOTE,)
    return CrossBorder(stance=stance, **{"quotes": quotes, **fields})  # type: ignore[arg-type]


def gap(code: str = "packed-code", *blocks: str, part: str = "static") -> Gap:
    return Gap(part=part, code=code, detail=Text(zh="代码加壳", en="packed"), blocks=blocks)  # type: ignore[arg-type]


def evidence(**fields: Any) -> Evidence:
    return Evidence(tool=Tool(version="0", knowledge="k"), inputs=(), **{"app": APP, **fields})
