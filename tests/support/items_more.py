"""More cases of the items, from other angles than `items`: other data, boundaries, other words."""

import made
import msgspec
from items import (
    _EARLY,
    _EXPLAINED,
    GOOD,
    POLICY,
    SDK,
    SIGHTINGS,
    STATIC,
    Case,
    app,
    calls,
    permissions,
    screens,
    seen,
    without,
)

from scanner.model.evidence import Evidence
from scanner.model.policy import Readability
from scanner.model.static import UiFact


def readable(**measures: float) -> Evidence:
    """Return the good app with other measures of its policy's text."""
    whole = {"chars": 6000, "simplified_share": 0.95, "mean_sentence": 40.0, **measures}
    return app(policy={"readability": Readability(**whole)})  # type: ignore[arg-type]


def said(*data_types: str, **changes: str) -> dict[str, object]:
    """Return the policy fields with one more statement."""
    return {"statements": (*POLICY.statements, made.statement(*data_types, **changes))}


def told_for(data_type: str, purpose: str) -> Evidence:
    """Return the good app with a policy that takes one more type for a purpose."""
    return app(policy=said(data_type, purpose=purpose))


def unexplained(name: str) -> Evidence:
    """Return the good app with one more permission that it uses and does not explain."""
    return app(static=permissions(made.permission(name, used_by=("app",))))


def answered(time: str) -> Evidence:
    """Return the good app with another promise of when it answers."""
    return app(policy=without("E14", value=time))


def third(phase: str, data_type: str = "android_id") -> Evidence:
    """Return the good app with one more sending to its SDK in a phase."""
    return seen(made.sighting(data_type, actor=SDK, host="b.cn", phase=phase))  # type: ignore[arg-type]


_NO_WAY = msgspec.structs.replace(
    app(static=screens(drop=("policy-link", "privacy-prompt"))), policy=None
)
_ADS = app(
    static={
        **screens(drop=("personalisation-switch",)),
        "sdks": (made.sdk(SDK), made.sdk("pangle")),
    },
    policy=without("E15", "E15.switch"),
)
_BETTER = "为了提升您的用户体验"

MORE: tuple[Case, ...] = (
    Case("1.1", "no policy and no way to one", _NO_WAY, hit=True),
    Case("1.1", "rules for minors missing only", app(policy=without("E17.under14")), hit=False),
    Case("1.1", "date missing only", app(policy=without("E19")), hit=False),
    Case("1.2", "bare screens", app(static={"ui": (UiFact(kind="agreement-link", place="a"),)}),
         hit=True),
    Case("1.4", "not a simplified character", readable(simplified_share=0.0), hit=True),
    Case("1.4", "just under half simplified", readable(simplified_share=0.49), hit=True),
    Case("1.4", "half simplified", readable(simplified_share=0.5), hit=False),
    Case("1.4", "long sentences", readable(mean_sentence=200.0), hit=False),
    Case("2.1", "SDK listed without purpose",
         app(policy={"sdks": (msgspec.structs.replace(POLICY.sdks[0], purpose=""),)}), hit=True),
    Case("2.1", "contacts sent that nobody told of", seen(made.sighting("contacts")), hit=True),
    Case("2.1", "app's own identifier told",
         app(policy=said("oaid"), sightings=(*SIGHTINGS, made.sighting("oaid"))), hit=False),
    Case("2.2", "policy of early 2019", app(policy=without("E19", value="2019年1月1日生效")),
         hit=True),
    Case("2.3", "camera not explained", unexplained("CAMERA"), hit=True),
    Case("2.3", "microphone not explained", unexplained("RECORD_AUDIO"), hit=True),
    Case("2.3", "camera explained",
         app(static=permissions(made.permission("CAMERA", used_by=("app",))), policy=_EXPLAINED),
         hit=False),
    Case("2.3", "vibration", unexplained("VIBRATE"), hit=False),
    Case("2.4", "very long", readable(chars=60000), hit=True),
    Case("2.4", "just too long", readable(chars=30001), hit=True),
    Case("2.4", "very long sentences", readable(mean_sentence=120.0), hit=True),
    Case("2.4", "at the length limit", readable(chars=30000), hit=False),
    Case("2.4", "at the sentence limit", readable(mean_sentence=90.0), hit=False),
    Case("2.4", "foreign but short", readable(simplified_share=0.1), hit=False),
    Case("3.3", "SDK takes the phone number", third("in_use", "phone_number"), hit=True),
    Case("3.3", "SDK takes what its row says", third("in_use"), hit=False),
    Case("3.6", "advertising SDK, nobody speaks of it", _ADS, hit=True),
    Case("3.6", "switch on a screen only", app(policy=without("E15.switch")), hit=False),
    Case("3.9", "denied and sent",
         app(policy=said("contacts", polarity="negative", start=90, end=99),
             sightings=(*SIGHTINGS, made.sighting("contacts"))), hit=True),
    Case("3.9", "export denied and all at home", GOOD, hit=False),
    Case("4.1", "SMS without use", app(static=permissions(made.permission("READ_SMS"))),
         hit=True),
    Case("4.1", "contacts without use", app(static=permissions(made.permission("READ_CONTACTS"))),
         hit=True),
    Case("4.1", "internet", app(static=permissions(made.permission("INTERNET"))), hit=False),
    Case("4.4", "other data in background", third("background"), hit=True),
    Case("4.4", "in use, once", third("in_use"), hit=False),
    Case("4.4", "after consent, once", third("after_consent"), hit=False),
    Case("4.5", "birth date for a better experience", told_for("birth_date", _BETTER), hit=True),
    Case("4.5", "gender for push", told_for("gender", "用于推送活动内容"), hit=True),
    Case("4.5", "occupation for research", told_for("occupation", "用于研发新产品"), hit=True),
    Case("4.5", "birth date to verify who it is",
         told_for("birth_date", "用于身份验证和优化服务"), hit=False),
    Case("4.5", "experience of sports",
         told_for("birth_date", "为了给您提供全方位的运动体验"), hit=False),
    Case("4.5", "device model for better service", told_for("device_model_os", _BETTER), hit=False),
    Case("5.1", "position to a third party before consent",
         third("before_consent", "location_precise"), hit=True),
    Case("5.1", "third party after consent", third("in_use"), hit=False),
    Case("5.3", "position to a third party before consent",
         third("before_consent", "location_precise"), hit=True),
    Case("5.3", "the app to its own server before consent",
         seen(made.sighting("location_coarse", phase="before_consent")), hit=False),
    Case("6.1", "no correction", app(policy=without("E13.correct")), hit=True),
    Case("6.1", "access missing only", app(policy=without("E13.access")), hit=False),
    Case("6.3", "sixteen working days", answered("16个工作日内答复"), hit=True),
    Case("6.3", "twenty-two days", answered("22天内答复"), hit=True),
    Case("6.3", "in Chinese figures", answered("三十个工作日内答复"), hit=True),
    Case("6.3", "fifteen days", answered("15天内答复"), hit=False),
    Case("6.3", "ten working days", answered("十个工作日内答复"), hit=False),
    Case("6.3", "twenty-one natural days", answered("21个自然日内答复"), hit=False),
    Case("3.1", "identifier sent before consent by the app",
         seen(made.sighting("oaid", phase="before_consent")), hit=True),
    Case("3.1", "read at start but dead code",
         app(static=calls(made.call("imei", reach=made.reach(False, before=False))),
             policy=said("imei")), hit=False),
    Case("3.1", "list of apps at start",
         app(static=calls(made.call("installed_apps", reach=_EARLY)),
             policy=said("installed_apps")), hit=True),
    Case("1.3", "no screens were read", msgspec.structs.replace(
        GOOD, static=None), hit=False),
    Case("4.6", "target 1", app(target_sdk=1), hit=True),
    Case("4.6", "target 23", app(target_sdk=23), hit=False),
    Case("3.2", "position sent after refusal by an SDK", third("refused", "location_precise"),
         hit=True),
    Case("3.4", "a box ticked, and another button", app(static={
        "ui": (*STATIC.ui, made.ui("default-ticked-consent"), made.ui("agree-button"))}), hit=True),
    Case("6.5", "no complaint channel on screen or in text",
         app(static=screens(drop=("complaint", "clear-data")), policy=without("E14.complaint")),
         hit=True),
)  # fmt: skip
