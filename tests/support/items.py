"""Cases for the 31 items of the identification method: what must trigger an item, what must not.

`GOOD` is an app that does everything right. A case changes one thing in it. The cases are ours;
the rates that the table prints are those of the product on these cases, no more.
"""

from typing import Any, NamedTuple

import made
import msgspec

from scanner.model.evidence import Evidence
from scanner.model.policy import Element, PolicyEvidence, Readability, SdkRow
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import LibraryMatch, ManifestFlags, StaticEvidence, UiFact

SDK = "bugly"
UI = (
    "privacy-prompt", "agree-button", "refuse-button", "policy-link", "unticked-consent",
    "account-cancellation", "withdraw-consent", "complaint", "filing-number", "clear-data",
    "data-export", "personalisation-switch",
)  # fmt: skip
ELEMENTS = {
    "E14": "15个工作日内答复",
    "E19": "更新日期：2026年10月1日",
    **dict.fromkeys(
        (
            "E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E10", "E11", "E12",
            "E13.access", "E13.copy", "E13.correct", "E13.delete", "E13.cancel", "E13.withdraw",
            "E14.complaint", "E15", "E15.switch", "E16", "E17", "E17.under14", "E18",
            "E23.collected", "E23.shared",
        ),
        "设置-隐私",
    ),
}  # fmt: skip
ROW: SdkRow = made.row(
    "Bugly",
    sdk=SDK,
    company="某公司",
    purpose="崩溃统计",
    data_text="Android ID",
    data_types=("android_id",),
    link="https://x.example",
)
STATIC: StaticEvidence = made.static(
    permissions=(made.permission("ACCESS_COARSE_LOCATION", used_by=("app",)),),
    calls=(made.call("location_coarse"), made.call("android_id", actor=SDK)),
    sdks=(made.sdk(SDK),),
    ui=tuple(UiFact(kind=kind, place="res/layout/a.xml", text="文字") for kind in UI),
    manifest=ManifestFlags(allow_backup=False, uses_cleartext_traffic=False),
)
SIGHTINGS = (made.sighting("location_coarse"), made.sighting("android_id", actor=SDK, host="b.cn"))
POLICY: PolicyEvidence = made.policy(
    made.statement("location_coarse", purpose="天气"),
    made.statement("account_id", purpose="登录"),
    sdks=(ROW,),
    elements=tuple(made.element(name, "present", value=v) for name, v in ELEMENTS.items()),
    cross_border=made.export("denied"),
    permissions=("android.permission.ACCESS_COARSE_LOCATION",),
    readability=Readability(chars=6000, simplified_share=0.95, mean_sentence=40.0),
)


class Case(NamedTuple):
    """One case: the item, what is different, and whether the item must be hit."""

    item: str
    what: str
    evidence: Evidence
    hit: bool


def app(
    static: dict[str, Any] | None = None,
    policy: dict[str, Any] | None = None,
    sightings: tuple[Any, ...] = SIGHTINGS,
    **more: Any,
) -> Evidence:
    """Return the good app with fields of its parts replaced."""
    replace = msgspec.structs.replace
    target = more.pop("target_sdk", 34)
    return made.evidence(
        app=replace(made.APP, label="天气", package="com.x.weather", target_sdk=target),
        static=replace(STATIC, **(static or {})),
        policy=replace(POLICY, **(policy or {})),
        traffic=made.traffic(*sightings, destinations=more.pop("destinations", None)),
        **more,
    )


GOOD = app()


def without(*names: str, value: str | None = None) -> dict[str, Any]:
    """Return the policy fields that leave elements out, or state them with another value."""
    elements: list[Element] = []
    for one in POLICY.elements:
        if one.id not in names:
            elements.append(one)
        elif value is None:
            elements.append(made.element(one.id))
        else:
            elements.append(msgspec.structs.replace(one, value=value))
    return {"elements": tuple(elements)}


def screens(*, drop: tuple[str, ...] = (), add: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the static fields with screens taken away or added."""
    kept = tuple(fact for fact in STATIC.ui if fact.kind not in drop)
    return {"ui": (*kept, *(made.ui(kind) for kind in add))}


def permissions(*facts: Any) -> dict[str, Any]:
    """Return the static fields with permissions added."""
    return {"permissions": (*STATIC.permissions, *facts)}


def seen(*more: Any) -> Evidence:
    """Return the good app with sightings added."""
    return app(sightings=(*SIGHTINGS, *more))


def calls(*more: Any, **fields: Any) -> dict[str, Any]:
    """Return the static fields with places in the code added."""
    return {"calls": (*STATIC.calls, *more), **fields}


_ASKED = tuple(
    made.permission(name, used_by=("app",), requested_at=(made.place(),))
    for name in ("CAMERA", "RECORD_AUDIO", "READ_CONTACTS")
)
_EARLY = made.reach(before=True)
_GUARDED = made.reach(before=True, guarded=True)


def asks(reach: Any, *, method: str = "ask") -> dict[str, Any]:
    """Return the static fields with one explained permission that is asked for in a method."""
    place = made.place("a.b.Main", method)
    fact = made.permission("CAMERA", used_by=("app",), requested_at=(place,), request_reach=reach)
    return permissions(fact)


_EXPLAINED = {
    "permissions": (
        *POLICY.permissions,
        *(f"android.permission.{n}" for n in ("CAMERA", "RECORD_AUDIO", "READ_CONTACTS")),
    )
}
_RUNTIME = RuntimeEvidence(events=(made.event("location_precise", count=100),))
_DENIES = (*POLICY.statements, made.statement("contacts", polarity="negative", start=90, end=99))
_ABROAD = (made.host("api.example.com", outside=True), made.host("b.cn"))
_FEW = (
    made.sighting(
        "location_coarse", count=4, first="2026-11-01T00:00:00Z", last="2026-11-01T00:00:01Z"
    ),
)
_OFTEN = (
    made.sighting(
        "location_coarse", count=90, first="2026-11-01T00:00:00Z", last="2026-11-01T00:01:00Z"
    ),
)

CASES: tuple[Case, ...] = (
    Case("1.1", "policy text without rules", app(policy={"statements": ()}), hit=True),
    Case("1.1", "no purpose anywhere", app(policy=without("E04")), hit=True),
    Case("1.1", "retention missing only", app(policy=without("E07")), hit=False),
    Case("1.2", "no prompt", app(static=screens(drop=("privacy-prompt",))), hit=True),
    Case("1.2", "prompt without a refuse button", app(static=screens(drop=("refuse-button",))),
         hit=False),
    Case("1.2", "prompt without a link", app(static=screens(drop=("policy-link",))), hit=False),
    Case("1.3", "no way to the policy on any screen", app(static=screens(drop=("policy-link",))),
         hit=True),
    Case("1.3", "a way to the policy", GOOD, hit=False),
    Case("1.3", "no way to the user agreement", app(static=screens(drop=("agreement-link",))),
         hit=False),
    Case("1.4", "traditional or foreign text",
         app(policy={"readability": Readability(chars=6000, simplified_share=0.1)}), hit=True),
    Case("1.4", "long text",
         app(policy={"readability": Readability(chars=60000, simplified_share=0.9)}), hit=False),
    Case("2.1", "SDK not named", app(static={"sdks": (made.sdk(SDK), made.sdk("amplitude"))}),
         hit=True),
    Case("2.1", "identifier not told", seen(made.sighting("imei")), hit=True),
    Case("2.1", "open-source library not named",
         app(static={"libraries": (LibraryMatch(library="okhttp3"),)}), hit=False),
    Case("2.2", "policy older than the rules",
         app(policy=without("E19", value="更新日期：2018年1月1日")), hit=True),
    Case("2.2", "recent policy", app(policy=without("E19", value="2026-11-01 更新")), hit=False),
    Case("2.3", "permission not explained",
         app(static=permissions(made.permission("READ_CONTACTS", used_by=("app",)))), hit=True),
    Case("2.3", "ordinary permission", app(static=permissions(made.permission("INTERNET"))),
         hit=False),
    Case("3.1", "sent before consent",
         seen(made.sighting("android_id", actor=SDK, host="b.cn", phase="before_consent")),
         hit=True),
    Case("3.1", "read at start without a guard",
         app(static=calls(made.call("imei", reach=made.reach(before=True))),
             policy={"statements": (*POLICY.statements, made.statement("imei"))}), hit=True),
    Case("3.1", "read at start after a permission asked for at start",
         app(static={**calls(made.call("imei", api="tm_get_device_id", reach=_EARLY)),
                     **permissions(made.permission("READ_PHONE_STATE", used_by=("app",),
                                                   request_reach=_EARLY))},
             policy={"statements": (*POLICY.statements, made.statement("imei"))}), hit=True),
    Case("3.1", "permission asked for at start", app(static=asks(_EARLY), policy=_EXPLAINED),
         hit=True),
    Case("3.1", "permission asked for behind a consent condition",
         app(static=asks(_GUARDED), policy=_EXPLAINED), hit=False),
    Case("3.1", "permission asked for on a tap",
         app(static=asks(made.reach()), policy=_EXPLAINED), hit=False),
    Case("3.1", "an identifier of its own made at start",
         app(static=calls(made.call("app_generated_id", reach=_EARLY)),
             policy={"statements": (*POLICY.statements, made.statement("app_generated_id"))}),
         hit=False),
    Case("3.1", "in the guard band between phases",
         seen(made.sighting("android_id", actor=SDK, host="b.cn", phase="boundary")), hit=False),
    Case("3.2", "sent after refusal", seen(made.sighting("location_coarse", phase="refused")),
         hit=True),
    Case("3.2", "sent after withdrawal",
         seen(made.sighting("location_coarse", phase="after_withdrawal")), hit=True),
    Case("3.2", "permission asked for whenever the screen returns",
         app(static=asks(made.reach(), method="onResume"), policy=_EXPLAINED), hit=True),
    Case("3.2", "permission asked for in the answer to a request",
         app(static=asks(made.reach(), method="onRequestPermissionsResult"), policy=_EXPLAINED),
         hit=True),
    Case("3.2", "permission asked for on a tap",
         app(static=asks(made.reach(), method="onClick"), policy=_EXPLAINED), hit=False),
    Case("3.2", "sent after consent", seen(made.sighting("location_coarse", phase="in_use")),
         hit=False),
    Case("3.3", "beyond what the list says",
         seen(made.sighting("location_precise", actor=SDK, host="b.cn")), hit=True),
    Case("3.3", "told in the SDK list", GOOD, hit=False),
    Case("3.4", "box ticked by default", app(static=screens(add=("default-ticked-consent",))),
         hit=True),
    Case("3.4", "logging in is taken for consent", app(static=screens(add=("implied-consent",))),
         hit=True),
    Case("3.4", "prompt that only accepts", app(static=screens(drop=("refuse-button",))),
         hit=True),
    Case("3.4", "a button to agree and one to refuse", GOOD, hit=False),
    Case("3.4", "box not ticked", app(static=screens(add=("unticked-consent",))), hit=False),
    Case("3.6", "personalisation without a switch",
         app(static=screens(drop=("personalisation-switch",)), policy=without("E15.switch")),
         hit=True),
    Case("3.6", "no personalisation at all",
         app(static=screens(drop=("personalisation-switch",)),
             policy=without("E15", "E15.switch")), hit=False),
    Case("3.8", "no withdrawal",
         app(static=screens(drop=("withdraw-consent",)), policy=without("E13.withdraw")),
         hit=True),
    Case("3.8", "withdrawal in the policy", app(static=screens(drop=("withdraw-consent",))),
         hit=False),
    Case("3.9", "denied and done",
         app(static=calls(made.call("contacts")), policy={"statements": _DENIES}), hit=True),
    Case("3.9", "export denied and seen", app(destinations=_ABROAD), hit=True),
    Case("3.9", "denied and not done", app(policy={"statements": _DENIES}), hit=False),
    Case("4.1", "permission without use",
         app(static=permissions(made.permission("READ_CALL_LOG"))), hit=True),
    Case("4.1", "sibling of a permission in use",
         app(static=permissions(made.permission("ACCESS_COARSE_LOCATION", used_by=("app",)))),
         hit=False),
    Case("4.2", "no way to refuse", app(static=screens(drop=("refuse-button",))), hit=True),
    Case("4.2", "quits on the answer to a permission request",
         app(static={"behaviours": (made.behaviour("exit-on-permission-answer"),)}), hit=True),
    Case("4.2", "another behaviour", app(static={"behaviours": (made.behaviour("keep-alive"),)}),
         hit=False),
    Case("4.2", "one permission asked for",
         app(static=permissions(_ASKED[0]), policy=_EXPLAINED), hit=False),
    Case("4.4", "very frequent", app(sightings=(*_OFTEN, SIGHTINGS[1])), hit=True),
    Case("4.4", "in background", seen(made.sighting("location_coarse", phase="background")),
         hit=True),
    Case("4.4", "many readings in a log", app(runtime=_RUNTIME), hit=True),
    Case("4.4", "a few readings", app(sightings=(*_FEW, SIGHTINGS[1])), hit=False),
    Case("4.6", "several permissions at once",
         app(static=permissions(*_ASKED), policy=_EXPLAINED), hit=True),
    Case("4.6", "target below run-time permissions", app(target_sdk=22), hit=True),
    Case("4.6", "one tap agrees to everything", app(static=screens(add=("bundled-consent",))),
         hit=True),
    Case("4.6", "target with run-time permissions", app(target_sdk=31), hit=False),
    Case("4.6", "two permissions at one place",
         app(static=permissions(*_ASKED[:2]), policy=_EXPLAINED), hit=False),
    Case("5.1", "third party before consent",
         seen(made.sighting("android_id", actor=SDK, host="b.cn", phase="before_consent")),
         hit=True),
    Case("5.1", "hash to a third party that is not told",
         seen(made.sighting("imei", actor=SDK, host="b.cn", how="seed-hash")), hit=True),
    Case("5.1", "the app to its own server before consent",
         seen(made.sighting("location_coarse", phase="before_consent")), hit=False),
    Case("5.3", "third party before consent",
         seen(made.sighting("android_id", actor=SDK, host="b.cn", phase="before_consent")),
         hit=True),
    Case("5.3", "third party after consent",
         seen(made.sighting("android_id", actor=SDK, host="b.cn", phase="in_use")), hit=False),
    Case("6.1", "no deletion",
         app(static=screens(drop=("clear-data",)), policy=without("E13.delete")), hit=True),
    Case("6.1", "no cancellation of the account",
         app(static=screens(drop=("account-cancellation",)), policy=without("E13.cancel")),
         hit=True),
    Case("6.1", "deletion in the policy only", app(static=screens(drop=("clear-data",))),
         hit=False),
    Case("6.3", "thirty working days", app(policy=without("E14", value="30个工作日内答复")),
         hit=True),
    Case("6.3", "thirty days", app(policy=without("E14", value="30天内答复")), hit=True),
    Case("6.3", "fifteen working days", GOOD, hit=False),
    Case("6.5", "no complaint channel",
         app(static=screens(drop=("complaint",)), policy=without("E14.complaint")), hit=True),
    Case("6.5", "channel in the policy", app(static=screens(drop=("complaint",))), hit=False),
)  # fmt: skip
