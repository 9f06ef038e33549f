"""The demo packages hold what their records say. Read with androguard, not with our engine."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from androguard.core.apk import APK
from androguard.core.axml import AXMLPrinter
from androguard.core.dex import DEX
from loguru import logger

FIXTURES = Path(__file__).parent / "fixtures"
APPS = FIXTURES / "apps"
ANDROID = "{http://schemas.android.com/apk/res/android}"


@cache
def record() -> dict[str, Any]:
    """Return the expected evidence of the dirty app."""
    loaded: dict[str, Any] = yaml.safe_load((APPS / "dirty.expected.yaml").read_text("utf-8"))
    return loaded


@cache
def package(name: str) -> Any:
    """Open a demo app with androguard."""
    logger.disable("androguard")
    return APK(str(APPS / f"{name}.apk"))


@cache
def code(name: str) -> Any:
    """Read the code of a demo app with androguard."""
    return DEX(package(name).get_dex())


def java(descriptor: str) -> str:
    """Turn `La/b/C;` into `a.b.C`."""
    return descriptor[1:-1].replace("/", ".")


@cache
def calls(name: str) -> frozenset[tuple[str, str, str]]:
    """Return (class, method, called member) for every invocation."""
    found = set()
    for method in code(name).get_encoded_methods():
        for step in method.get_instructions():
            if step.get_name().startswith("invoke"):
                hit = re.search(r"(L[^;]+;)->([\w<>]+)", step.get_output())
                assert hit
                target = f"{java(hit[1])}.{hit[2]}"
                found.add((java(method.get_class_name()), method.get_name(), target))
    return frozenset(found)


@cache
def strings(name: str) -> frozenset[str]:
    """Return the operands of every const-string."""
    found = set()
    for method in code(name).get_encoded_methods():
        for step in method.get_instructions():
            if step.get_name().startswith("const-string"):
                found.add(step.get_string())
    return frozenset(found)


def resource_strings(name: str) -> str:
    """Return the default string resources as one text."""
    table = package(name).get_android_resources()
    return str(table.get_strings_resources().decode("utf-8"))


def layout(name: str, page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield tag and attributes of every view of a layout, references resolved to text."""
    tree = AXMLPrinter(package(name).get_file(f"res/layout/{page}.xml")).get_xml_obj()
    table = package(name).get_android_resources()
    for node in tree.iter():
        found = {}
        for key, value in node.attrib.items():
            text = value
            if value.startswith("@7F") and key.endswith(("text", "hint")):
                text = table.get_resolved_res_configs(int(value[1:], 16))[0][1]
            found[key.removeprefix(ANDROID)] = text
        yield node.tag, found


def test_identity() -> None:
    apk, want = package("dirty"), record()["identity"]
    assert apk.get_package() == want["package"]
    assert apk.get_app_name() == want["label"]
    assert apk.get_androidversion_name() == want["version_name"]
    assert apk.get_androidversion_code() == want["version_code"]
    assert apk.get_min_sdk_version() == str(want["min_sdk"])
    assert apk.get_target_sdk_version() == str(want["target_sdk"])
    assert apk.get_main_activity() == want["main_activity"]
    assert apk.get_attribute_value("application", "name") in want["application_class"]
    assert (apk.is_signed_v1(), apk.is_signed_v2(), apk.is_signed_v3()) == (True, True, True)


def test_permissions_are_those_of_the_record() -> None:
    assert sorted(package("dirty").get_permissions()) == sorted(
        row["name"] for row in record()["permissions"]
    )


@pytest.mark.parametrize("row", record()["collection"], ids=lambda row: row["class"][-20:])
def test_every_recorded_act_is_in_the_code(row: dict[str, Any]) -> None:
    assert (row["class"], row["method"], row["target"]) in calls("dirty")
    assert row.get("argument", "android_id") in strings("dirty")


@pytest.mark.parametrize("row", record()["collection"], ids=lambda row: row["class"][-20:])
def test_source_lines_are_those_of_the_record(row: dict[str, Any]) -> None:
    path = APPS / "dirty" / "smali" / (row["class"].replace(".", "/") + ".smali")
    body = path.read_text("utf-8").split(f" {row['method']}(", 1)[1].split(".end method")[0]
    owner, _, name = row["target"].rpartition(".")
    before = body.split(f"L{owner.replace('.', '/')};->{name}(")[0]
    assert int(re.findall(r"\.line (\d+)", before)[-1]) == row["line"]


def test_nothing_uses_contacts_or_call_log() -> None:
    words = {text for text in strings("dirty") if not text.startswith("android.permission.")}
    text = " ".join(words | {target for _, _, target in calls("dirty")})
    assert not re.search(r"contacts|call_log|CallLog|ContactsContract", text, re.IGNORECASE)


def test_hashed_and_wrapped_on_a_real_path() -> None:
    for cls in ("com.example.mingcha.demo.dirty.Codec", "com.amplitude.api.Amplitude"):
        targets = {target for owner, _, target in calls("dirty") if owner == cls}
        assert "java.security.MessageDigest.digest" in targets
        assert "android.util.Base64.encodeToString" in targets
    sends = ("com.example.mingcha.demo.dirty.DeviceReport", "run")
    targets = {target for *owner, target in calls("dirty") if tuple(owner) == sends}
    assert "com.example.mingcha.demo.dirty.Codec.md5" in targets
    assert "com.example.mingcha.demo.dirty.Http.post" in targets


def test_endpoints() -> None:
    known = strings("dirty") | set(re.findall(r"https?://[^<\s]+", resource_strings("dirty")))
    assert {row["url"] for row in record()["endpoints"]} == {
        text for text in known if text.startswith(("http://", "https://"))
    }


def test_components_and_flags() -> None:
    root = package("dirty").get_android_manifest_xml()
    application = root.find("application")
    name, exported = f"{ANDROID}name", f"{ANDROID}exported"
    prefix = record()["identity"]["package"]
    found = [
        (node.tag, prefix + full if full.startswith(".") else full, node.get(exported))
        for node in application
        if (full := node.get(name)) and node.tag in {"activity", "receiver", "provider", "service"}
    ]
    want = [(r["kind"], r["name"], str(r["exported"]).lower()) for r in record()["components"]]
    assert sorted(found) == sorted(want)
    assert application.get(f"{ANDROID}allowBackup") == "true"
    assert application.get(f"{ANDROID}usesCleartextTraffic") == "true"


def test_sdk_classes_are_counted_right() -> None:
    classes = [java(name) for name in code("dirty").get_classes_names()]
    for sdk in record()["sdks"]:
        inside = [name for name in classes if name.startswith(sdk["prefix"] + ".")]
        assert len(inside) == sdk["classes"], inside


def test_consent_page_of_the_dirty_app() -> None:
    views = list(layout("dirty", "consent"))
    boxes = [found for tag, found in views if tag == "CheckBox"]
    buttons = [found["text"] for tag, found in views if tag == "Button"]
    assert [box["checked"] for box in boxes] == ["true"]
    assert buttons == ["同意并进入应用"]
    texts = [found.get("text", "") for _, found in views]
    for row in record()["ui"]:
        assert row["text"] in texts


def test_clean_app_asks_properly_and_reads_little() -> None:
    views = list(layout("clean", "consent"))
    assert [found["checked"] for tag, found in views if tag == "CheckBox"] == ["false"]
    assert [found["text"] for tag, found in views if tag == "Button"] == ["同意", "不同意"]
    words = [found.get("text", "") for _, found in layout("clean", "settings")]
    assert {"撤回同意", "注销账号", "投诉与举报", "个性化推荐"} <= set(words)
    assert any("备案号" in word for word in words)
    assert sorted(package("clean").get_permissions()) == [
        "android.permission.ACCESS_COARSE_LOCATION",
        "android.permission.INTERNET",
    ]
    reads = re.compile(r"getDeviceId|getImei|Settings|getMacAddress|getInstalled|Clipboard")
    assert not [target for _, _, target in calls("clean") if reads.search(target)]
    assert not [text for text in strings("clean") if text.startswith("http://")]


def test_clean_app_holds_its_policy() -> None:
    embedded = package("clean").get_file("assets/privacy.html")
    assert embedded == (FIXTURES / "policies" / "clean.html").read_bytes()


@pytest.mark.parametrize("name", ["dirty", "clean"])
def test_packages_are_small_and_built_from_their_sources(name: str) -> None:
    assert (APPS / f"{name}.apk").stat().st_size < 100_000
    manifest = ET.fromstring((APPS / name / "AndroidManifest.xml").read_text("utf-8"))  # noqa: S314
    assert manifest.get("package") == package(name).get_package()
    sources = {
        path.relative_to(APPS / name / "smali").with_suffix("").as_posix()
        for path in (APPS / name / "smali").rglob("*.smali")
    }
    assert sources == {descriptor[1:-1] for descriptor in code(name).get_classes_names()}
