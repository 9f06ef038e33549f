"""HarmonyOS packages (HAP, HSP, APP): identity, permissions, abilities; a first pass.

Configuration: `module.json` (stage model) or `config.json` (FA model), as documented at
developer.huawei.com. The byte code (`.abc`) is not analysed, only its strings are read, so
everything about code stays unknown.
"""

import json
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.static import App, Component, PermissionFact
from scanner.static.formats import whole_digest
from scanner.static.limits import MIB
from scanner.static.package import Module, Package

_CONFIGS = ("module.json", "config.json")
_CONFIG_BYTES = 4 * MIB
_HOME = ("action.system.home", "ohos.want.action.home", "entity.system.home")
_Kind = Literal["activity", "service", "provider"]
_KINDS: dict[str, _Kind] = {"page": "activity", "service": "service", "data": "provider"}
_MOST = 2000


class Harmony(NamedTuple):
    """What the configuration of all modules says."""

    app: App
    permissions: tuple[PermissionFact, ...]
    components: tuple[Component, ...]
    cleartext: bool | None
    debuggable: bool
    gaps: tuple[Gap, ...]


def read_harmony(package: Package) -> Harmony:
    """Read the configuration. Never raises; what is missing stays empty and becomes a Gap."""
    configs = [c for c in map(_config, package.modules) if c]
    app = next((_table(c, "app") for c in configs if _table(c, "app")), {})
    components = [c for config in configs for c in _components(config)]
    permissions = {p.name: p for config in configs for p in _permissions(config)}
    gaps = [_code_gap()]
    if not configs:
        gaps.append(_config_gap())
    return Harmony(
        app=_app(package, app, components),
        permissions=tuple(permissions[name] for name in sorted(permissions)),
        components=tuple({(c.kind, c.name): c for c in components}.values()),
        cleartext=next((c for c in map(_cleartext, configs) if c is not None), None),
        debuggable=app.get("debug") is True,
        gaps=tuple(gaps),
    )


def abc_files(package: Package) -> Iterator[tuple[str, bytes]]:
    """Yield the byte-code files."""
    for module in package.modules:
        for name in sorted(n for n in module.names if n.endswith(".abc")):
            data = module.read(name)
            if data:
                yield module.place(name), data


def _config(module: Module) -> dict[str, Any]:
    for name in _CONFIGS:
        data = module.read(name, _CONFIG_BYTES) if name in module else None
        if data:
            try:
                found = json.loads(data.decode("utf-8-sig", "replace"))
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                return found
    return {}


def _table(holder: dict[str, Any], key: str) -> dict[str, Any]:
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def _rows(holder: dict[str, Any], *keys: str) -> list[dict[str, Any]]:
    """Return the dict entries of lists under any of the keys."""
    rows: list[dict[str, Any]] = []
    for key in keys:
        found = holder.get(key)
        rows += (
            [row for row in found[:_MOST] if isinstance(row, dict)]
            if isinstance(found, list)
            else []
        )
    return rows


def _word(holder: dict[str, Any], *keys: str) -> str:
    """Return the first string or number under any of the keys, as text."""
    for key in keys:
        found = holder.get(key)
        if isinstance(found, str | int) and not isinstance(found, bool):
            return str(found)
    return ""


def _words(holder: dict[str, Any], key: str) -> list[str]:
    """Return the strings of a list."""
    found = holder.get(key)
    return (
        [word for word in found[:_MOST] if isinstance(word, str)] if isinstance(found, list) else []
    )


def _level(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def _app(package: Package, app: dict[str, Any], components: list[Component]) -> App:
    digests = whole_digest(package)
    version, api = _table(app, "version"), _table(app, "apiVersion")
    label = _word(app, "label")
    return App(
        package=_word(app, "bundleName"),
        sha256=digests.sha256,
        sha1=digests.sha1,
        md5=digests.md5,
        size=digests.size,
        label="" if label.startswith("$") else label,
        label_en="" if label.startswith("$") else label,
        version_name=_word(app, "versionName") or _word(version, "name"),
        version_code=_word(app, "versionCode") or _word(version, "code"),
        min_sdk=_level(_word(app, "minAPIVersion") or _word(api, "compatible")),
        target_sdk=_level(_word(app, "targetAPIVersion") or _word(api, "target")),
        compile_sdk=_word(app, "compileSdkVersion"),
        file_name=package.name,
        format=package.format,
        main_activity=next((c.name for c in components if set(c.actions).intersection(_HOME)), ""),
    )


def _permissions(config: dict[str, Any]) -> Iterator[PermissionFact]:
    for row in _rows(_table(config, "module"), "requestPermissions", "reqPermissions"):
        name = _word(row, "name")
        if name:
            yield PermissionFact(name=name, declared=True, element="requestPermissions")


def _components(config: dict[str, Any]) -> Iterator[Component]:
    module = _table(config, "module")
    for row in _rows(module, "abilities"):
        yield _component(row, _KINDS.get(_word(row, "type"), "activity"))
    for row in _rows(module, "extensionAbilities"):
        yield _component(row, "service")


def _component(row: dict[str, Any], kind: _Kind) -> Component:
    skills = _rows(row, "skills")
    actions = [t for s in skills for key in ("actions", "entities") for t in _words(s, key)]
    return Component(
        kind=kind,
        name=_word(row, "name"),
        exported=row.get("exported") is True or row.get("visible") is True,
        permission=next(iter(_words(row, "permissions")), ""),
        actions=tuple(dict.fromkeys(actions)),
    )


def _cleartext(config: dict[str, Any]) -> bool | None:
    network = _table(_table(_table(config, "deviceConfig"), "default"), "network")
    found = network.get("cleartextTraffic")
    return found if isinstance(found, bool) else None


def _code_gap() -> Gap:
    return Gap(
        part="static",
        code="harmony-code",
        detail=Text(
            zh="鸿蒙应用的方舟字节码未作调用分析，仅读取其中的字符串",
            en="Ark byte code of HarmonyOS apps is not analysed; only its strings were read",
        ),
        blocks=(
            "static.calls",
            "static.sdks",
            "static.permissions.used_by",
            "static.behaviours",
            "static.bridges",
            "static.flows",
            "static.ui",
            "static.policies",
        ),
    )


def _config_gap() -> Gap:
    return Gap(
        part="static",
        code="manifest-unreadable",
        detail=Text(
            zh="模块配置文件无法读取，权限与组件未知",
            en="No module configuration could be read; permissions and components are unknown",
        ),
        blocks=("static.permissions", "static.components", "static.manifest"),
        subject="module.json",
    )
