"""Evidence from the package: manifest, permissions, components, SDKs, endpoints."""

from checks.names import permission_name
from profiles.model import Knowledge
from scanner.describe_words import both, clip, listed, number, place_line
from scanner.model.base import Text, same
from scanner.model.evidence import Evidence
from scanner.model.result import EvidenceItem
from scanner.model.static import StaticEvidence

MANIFEST = "AndroidManifest.xml"


def _static(evidence: Evidence, ref: str) -> StaticEvidence:
    if evidence.static is None:
        raise LookupError(f"no static evidence for {ref}")
    return evidence.static


def permission(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe a permission: declared where, used where, asked for where."""
    facts = _static(evidence, ref).permissions
    fact = facts[number(index, len(facts), ref)]
    name = permission_name(know, fact.name)
    lines: list[Text] = []
    if fact.declared:
        limit = f' android:maxSdkVersion="{fact.max_sdk}"' if fact.max_sdk is not None else ""
        element = fact.element or "uses-permission"
        flags = "".join(map(_attribute, fact.flags))
        lines.append(same(f'<{element} android:name="{fact.name}"{limit}{flags}>'))
    lines += [_labelled("使用", "used", place_line(place)) for place in fact.used_at]
    lines += [_labelled("申请", "asked for", place_line(place)) for place in fact.requested_at]
    if fact.request_reach.chain:
        lines += [
            _labelled("申请路径", "path of the request", same(" → ".join(fact.request_reach.chain)))
        ]
    title = ("清单声明", "declared") if fact.declared else ("代码使用", "used by code")
    return EvidenceItem(
        ref=ref,
        kind="manifest",
        title=both(f"{title[0]}权限：{name.zh}", f"permission {title[1]}: {name.en}"),
        lines=tuple(lines),
        mark=fact.name,
        uri=MANIFEST,
    )


def _attribute(flag: str) -> str:
    """Return a flag of a permission as the manifest writes it."""
    name, _, value = flag.partition(":")
    return f' android:{name}="{value}"' if value else f' android:usesPermissionFlags="{name}"'


def _labelled(zh: str, en: str, text: Text) -> Text:
    return Text(zh=f"{zh}：{text.zh}", en=f"{en}: {text.en}")


def component(ref: str, index: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Describe a manifest component."""
    facts = _static(evidence, ref).components
    fact = facts[number(index, len(facts), ref)]
    lines = [same(f"<{fact.kind}> {fact.name}")]
    lines += [same(clip(f"  action: {action}")) for action in fact.actions]
    if fact.exported:
        lines.append(both("已导出，其他应用可以调用", "exported: other apps can call it"))
    if fact.permission:
        lines.append(listed("所需权限", "needs", fact.permission))
    return EvidenceItem(
        ref=ref,
        kind="manifest",
        title=both(f"清单组件 {fact.name}", f"manifest component {fact.name}"),
        lines=tuple(lines),
        mark=fact.name,
        uri=MANIFEST,
    )


def sdk(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe how an SDK was recognised."""
    facts = _static(evidence, ref).sdks
    fact = facts[number(index, len(facts), ref)]
    known = know.sdks.get(fact.sdk)
    name = same(fact.sdk) if known is None else known.name
    lines = [same(clip(f"{marker.kind}: {marker.value}")) for marker in fact.markers]
    if fact.version:
        lines.append(listed("版本", "version", fact.version))
    if fact.classes:
        lines.append(both(f"{fact.classes} 个类", f"{fact.classes} classes"))
    if fact.initialised_at is not None:
        lines.append(_labelled("初始化", "initialised", place_line(fact.initialised_at)))
    return EvidenceItem(
        ref=ref,
        kind="code",
        title=both(f"安装包内含 {name.zh}", f"the package contains {name.en}"),
        lines=tuple(lines),
        mark=fact.markers[0].value if fact.markers else "",
        uri=MANIFEST,
    )


def endpoint(ref: str, index: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Describe a host named in code or resources."""
    facts = _static(evidence, ref).endpoints
    fact = facts[number(index, len(facts), ref)]
    return EvidenceItem(
        ref=ref,
        kind="code",
        title=both(f"代码或资源中的地址 {fact.host}", f"address in code or resources: {fact.host}"),
        lines=tuple(same(clip(line)) for line in (fact.url, fact.place) if line),
        mark=fact.host,
        uri=MANIFEST,
    )


def manifest(ref: str, key: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Describe one attribute of the manifest. Raises `LookupError` for an unknown one."""
    flags, app = _static(evidence, ref).manifest, evidence.app
    values: dict[str, tuple[str, object]] = {
        "allowBackup": ("<application> android:allowBackup", flags.allow_backup),
        "usesCleartextTraffic": (
            "<application> android:usesCleartextTraffic",
            flags.uses_cleartext_traffic,
        ),
        "networkSecurityConfig": (
            "<application> android:networkSecurityConfig",
            flags.network_security_config,
        ),
        "targetSdkVersion": ("<uses-sdk> android:targetSdkVersion", app.target_sdk),
        "minSdkVersion": ("<uses-sdk> android:minSdkVersion", app.min_sdk),
        "package": ("<manifest> package", app.package),
    }
    if key not in values:
        raise LookupError(f"unknown manifest attribute: {ref}")
    name, value = values[key]
    stated = both("未声明（按平台默认值）", "not stated (platform default)")
    shown = (
        stated
        if value is None
        else same(str(value).lower() if value in (True, False) else f"{value}")
    )
    return EvidenceItem(
        ref=ref,
        kind="manifest",
        title=both(f"清单：{key}", f"manifest: {key}"),
        lines=(Text(zh=f"{name} = {shown.zh}", en=f"{name} = {shown.en}"),),
        mark=key,
        uri=MANIFEST,
    )
