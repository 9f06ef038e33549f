"""Collection sites, permission uses, SDKs, endpoints and behaviours, from the code façade."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from profiles.model import Knowledge
from scanner.model.errors import InputError
from scanner.model.static import CollectionSite, PermissionFact
from scanner.static.code import CodeEvidence, analyse_code
from scanner.static.endpoints import host_of
from scanner.static.facts import (
    ComponentFact,
    DexFile,
    IntentFilter,
    MetaData,
    NativeLib,
    PackageFacts,
    ResourceString,
)
from scanner.static.mapping import read_mapping
from tests.support.dex_made import (
    Class,
    cls,
    const4,
    const_string,
    dex,
    if_eqz,
    invoke_direct,
    invoke_static,
    invoke_virtual,
    method,
    move_result_object,
    new_instance,
    raw,
    return_value,
    return_void,
    sget,
)
from tests.support.knowledge import knowledge

ACTIVITY = "Landroid/app/Activity;"
STRING = "Ljava/lang/String;"
MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
IMEI = invoke_virtual("Landroid/telephony/TelephonyManager;", "getDeviceId", f"(){STRING}", 0)
SECURE = "(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;"


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return knowledge()


def main(*code: object) -> Class:
    body = [*code, return_void()]
    return cls(
        "Lapp/demo/Main;",
        [method("onCreate", "(Landroid/os/Bundle;)V", body)],  # type: ignore[list-item]
        sup=ACTIVITY,
    )


def read(
    know: Knowledge, classes: Sequence[Class], mapping: Path | None = None, **facts: object
) -> CodeEvidence:
    whole = {
        "package": "app.demo",
        "min_sdk": 21,
        "target_sdk": 28,
        "components": (MAIN,),
        "dex": (DexFile(name="classes.dex", data=dex(classes)),),
        **facts,
    }
    return analyse_code(PackageFacts(**whole), know, mapping=mapping)  # type: ignore[arg-type]


def of(evidence: CodeEvidence, data_type: str) -> list[CollectionSite]:
    return [site for site in evidence.calls if site.data_type == data_type]


# collection sites -----------------------------------------------------------------------------


def test_a_call_is_a_site_with_place_owner_and_chain(know: Knowledge) -> None:
    (site,) = of(read(know, [main(const4(1, 0), IMEI)]), "imei")
    assert site.target == "android.telephony.TelephonyManager.getDeviceId"
    assert (site.place.cls, site.place.method, site.place.offset) == (
        "app.demo.Main",
        "onCreate",
        2,
    )
    assert (site.place.dex, site.actor, site.kind) == ("classes.dex", "app", "method")
    assert site.reach.chain == ("app.demo.Main.onCreate",)
    assert site.reach.entry == "launcher-activity"
    assert site.confidence == "certain"


def test_what_a_call_yields_besides_is_tentative(know: Knowledge) -> None:
    (site,) = of(read(know, [main(IMEI)]), "meid")
    assert site.confidence == "tentative"


@pytest.mark.parametrize(("steps", "sure"), [(3, "certain"), (6, "firm"), (30, "tentative")])
def test_a_long_way_from_the_entry_is_less_sure(know: Knowledge, steps: int, sure: str) -> None:
    def step(n: int) -> Class:
        last = [IMEI] if n == steps - 1 else [invoke_static(f"Lapp/demo/S{n + 1};", "go", "()V")]
        return cls(f"Lapp/demo/S{n};", [method("go", "()V", [*last, return_void()], static=True)])

    way = [step(n) for n in range(1, steps)]
    (site,) = of(read(know, [main(invoke_static("Lapp/demo/S1;", "go", "()V")), *way]), "imei")
    assert (len(site.reach.chain), site.confidence) == (steps, sure)


def test_a_call_on_a_subclass_is_known_for_what_it_is(know: Knowledge) -> None:
    manager = cls("Lapp/demo/Manager;", sup="Landroid/telephony/TelephonyManager;")
    call = invoke_virtual("Lapp/demo/Manager;", "getDeviceId", f"(){STRING}", 0)
    assert of(read(know, [main(call), manager]), "imei")[0].target == "app.demo.Manager.getDeviceId"


def test_an_override_in_the_app_is_not_the_platform(know: Knowledge) -> None:
    manager = cls(
        "Lapp/demo/Manager;",
        [method("getDeviceId", f"(){STRING}", [raw(0x12), raw(0x11)])],
        sup="Landroid/telephony/TelephonyManager;",
    )
    call = invoke_virtual("Lapp/demo/Manager;", "getDeviceId", f"(){STRING}", 0)
    assert of(read(know, [main(call), manager]), "imei") == []


def test_a_wrong_descriptor_is_another_method(know: Knowledge) -> None:
    call = invoke_virtual("Landroid/telephony/TelephonyManager;", "getDeviceId", "()Z", 0)
    assert of(read(know, [main(call)]), "imei") == []


@pytest.mark.parametrize(("key", "hits"), [("android_id", 1), ("screen_brightness_mode", 0)])
def test_a_settings_call_counts_by_its_key(know: Knowledge, key: str, hits: int) -> None:
    body = [
        const_string(1, key),
        invoke_static("Landroid/provider/Settings$Secure;", "getString", SECURE, 0, 1),
    ]
    sites = of(read(know, [main(*body)]), "android_id")
    assert len(sites) == hits
    assert all(s.target == "android.provider.Settings$Secure.getString" for s in sites)


LOOK_UP = invoke_virtual(
    "Landroid/content/pm/PackageManager;",
    "getPackageInfo",
    f"({STRING}I)Landroid/content/pm/PackageInfo;",
    0,
    1,
    2,
)


def name_of(owner: str) -> list[object]:
    return [invoke_virtual(owner, "getPackageName", f"(){STRING}", 3), move_result_object(1)]


@pytest.mark.parametrize(
    ("argument", "sure"),
    [
        ([const_string(1, "com.other.app")], ["tentative"]),
        ([const_string(1, "app.demo")], []),
        (name_of("Landroid/content/Context;"), []),
        (name_of("Lapp/demo/Main;"), []),
        (name_of("Landroid/content/ComponentName;"), ["tentative"]),
        ([], ["tentative"]),
    ],
)
def test_looking_up_the_app_itself_reads_no_list(
    know: Knowledge, argument: list[object], sure: list[str]
) -> None:
    evidence = read(know, [main(*argument, LOOK_UP)])
    assert [site.confidence for site in of(evidence, "installed_apps")] == sure


@pytest.mark.parametrize(
    ("word", "sure"),
    [
        ("android.intent.category.LAUNCHER", "certain"),
        ("android.intent.action.MAIN", "tentative"),
        ("x", "tentative"),
    ],
)
def test_resolving_an_intent_lists_apps_when_it_asks_for_launchers(
    know: Knowledge, word: str, sure: str
) -> None:
    query = invoke_virtual(
        "Landroid/content/pm/PackageManager;",
        "queryIntentActivities",
        "(Landroid/content/Intent;I)Ljava/util/List;",
        0,
        1,
        2,
    )
    evidence = read(know, [main(const_string(4, word), query)])
    assert [site.confidence for site in of(evidence, "installed_apps")] == [sure]


INTENT = "Landroid/content/Intent;"
NEW_INTENT = [new_instance(1, INTENT), invoke_direct(INTENT, "<init>", "()V", 1)]
NARROW = invoke_virtual(INTENT, "setPackage", f"({STRING}){INTENT}", 1, 3)
NARROW_IT = invoke_virtual(INTENT, "setPackage", f"({STRING}){INTENT}", 5, 3)
FLAGS = invoke_virtual(INTENT, "addFlags", f"(I){INTENT}", 1, 2)
OWN = [
    invoke_virtual("Landroid/content/Context;", "getPackageName", f"(){STRING}", 7),
    move_result_object(3),
]


@pytest.mark.parametrize(
    ("made", "sure"),
    [
        (NEW_INTENT, ["certain"]),
        ([*NEW_INTENT, *OWN, NARROW], []),
        ([*NEW_INTENT, *OWN, NARROW, move_result_object(1)], []),
        ([*NEW_INTENT, const_string(3, "app.demo"), NARROW], []),
        ([*NEW_INTENT, const_string(3, "com.other.app"), NARROW], ["tentative"]),
        ([*NEW_INTENT, NARROW], ["tentative"]),
        ([*NEW_INTENT, *OWN, NARROW, *NEW_INTENT], ["certain"]),
        ([*OWN, *NEW_INTENT], ["certain"]),
        ([*NEW_INTENT, *OWN, NARROW, move_result_object(1), FLAGS, move_result_object(1)], []),
        ([*NEW_INTENT, *OWN, FLAGS, move_result_object(5), NARROW_IT], []),
        ([*NEW_INTENT, FLAGS, move_result_object(1)], ["certain"]),
    ],
)
def test_a_query_with_an_intent_for_one_app_lists_no_apps(
    know: Knowledge, made: list[object], sure: list[str]
) -> None:
    query = invoke_virtual(
        "Landroid/content/pm/PackageManager;",
        "queryIntentActivities",
        f"({INTENT}I)Ljava/util/List;",
        *(0, 1, 2),
    )
    word = const_string(4, "android.intent.category.LAUNCHER")
    evidence = read(know, [main(word, *made, query)])
    assert [site.confidence for site in of(evidence, "installed_apps")] == sure


def test_a_settings_key_alone_is_any_word(know: Knowledge) -> None:
    assert of(read(know, [main(const_string(1, "android_id"))]), "android_id") == []


def test_an_unresolved_key_is_no_accusation(know: Knowledge) -> None:
    call = invoke_static("Landroid/provider/Settings$Secure;", "getString", SECURE, 0, 7)
    assert of(read(know, [main(call)]), "android_id") == []


def test_a_field_and_a_content_address_are_sites(know: Knowledge) -> None:
    body = [
        sget(0, "Landroid/os/Build;", "SERIAL", STRING),
        const_string(0, "content://sms/inbox"),
        invoke_static("Landroid/net/Uri;", "parse", f"({STRING})Landroid/net/Uri;", 0),
    ]
    evidence = read(know, [main(*body)])
    (field,) = of(evidence, "serial_number")
    assert (field.kind, field.target) == ("field", "android.os.Build.SERIAL")
    (uri,) = of(evidence, "sms_content")
    assert (uri.kind, uri.target, uri.confidence) == ("uri", "content://sms/inbox", "firm")


def test_a_name_in_reflection_counts_and_elsewhere_not(know: Knowledge) -> None:
    name = const_string(1, "getSubscriberId")
    look = invoke_virtual(
        "Ljava/lang/Class;",
        "getMethod",
        f"({STRING}[Ljava/lang/Class;)Ljava/lang/reflect/Method;",
        *(0, 1, 2),
    )
    assert [s.confidence for s in of(read(know, [main(name, look)]), "imsi")] == ["firm"]
    assert of(read(know, [main(name)]), "imsi") == []


def test_an_overridden_callback_is_a_site(know: Knowledge) -> None:
    listener = cls(
        "Lapp/demo/L;",
        [method("onLocationChanged", "(Landroid/location/Location;)V", [return_void()])],
        interfaces=("Landroid/location/LocationListener;",),
    )
    sites = of(read(know, [main(), listener]), "location_precise")
    assert [s.target for s in sites] == ["android.location.LocationListener.onLocationChanged"]
    assert (sites[0].kind, sites[0].place.offset) == ("callback", -1)


def test_a_library_acts_for_its_caller(know: Knowledge) -> None:
    body = [IMEI, return_void()]
    library = cls("Lokhttp3/X;", [method("id", "()V", body, static=True)])
    call = invoke_static("Lokhttp3/X;", "id", "()V")
    assert [s.actor for s in of(read(know, [main(call), library]), "imei")] == ["app"]
    assert of(read(know, [main(), library]), "imei") == []


def test_a_library_that_the_manifest_starts_uses_its_permission(know: Knowledge) -> None:
    screen = cls(
        "Lokhttp3/Screen;",
        [method("onCreate", "(Landroid/os/Bundle;)V", [IMEI, return_void()])],
        sup=ACTIVITY,
    )
    own = ComponentFact(kind="activity", name="okhttp3.Screen", exported=False)
    started = read(
        know,
        [main(), screen],
        components=(MAIN, own),
        permissions=(permission("READ_PHONE_STATE"),),
    )
    assert started.permissions[0].used_by == ("app",)
    unused = read(know, [main(), screen], permissions=(permission("READ_PHONE_STATE"),))
    assert unused.permissions[0].used_by == ()


def test_a_trust_manager_of_a_library_is_tentative(know: Knowledge) -> None:
    check = "([Ljava/security/cert/X509Certificate;Ljava/lang/String;)V"
    for owner, sure in (("Lapp/demo/T;", "firm"), ("Lokhttp3/T;", "tentative")):
        trust = cls(
            owner,
            [method("checkServerTrusted", check, [return_void()])],
            interfaces=("Ljavax/net/ssl/X509TrustManager;",),
        )
        assert [b.confidence for b in read(know, [main(), trust]).behaviours] == [sure]


@pytest.mark.parametrize(
    ("call", "sure"), [("query", "certain"), ("insert", "tentative"), ("", "certain")]
)
def test_an_address_that_is_only_written_to_is_not_read(
    know: Knowledge, call: str, sure: str
) -> None:
    body = [
        sget(
            1,
            "Landroid/provider/MediaStore$Images$Media;",
            "EXTERNAL_CONTENT_URI",
            "Landroid/net/Uri;",
        )
    ]
    if call:
        body.append(invoke_virtual("Landroid/content/ContentResolver;", call, "()V", 0))
    sites = of(read(know, [main(*body)]), "photo_album")
    assert [site.confidence for site in sites] == [sure]


def test_the_name_of_a_place_is_no_reading_of_it(know: Knowledge) -> None:
    path = invoke_static(
        "Landroid/os/Environment;", "getExternalStorageDirectory", "()Ljava/io/File;"
    )
    assert {s.confidence for s in of(read(know, [main(path)]), "files")} == {"tentative"}


def test_owners_by_longest_prefix(know: Knowledge) -> None:
    def one(name: str) -> str:
        code = cls(name, [method("id", "()V", [IMEI, return_void()], static=True)])
        return of(read(know, [main(invoke_static(name, "id", "()V")), code]), "imei")[0].actor

    assert one("Lcom/umeng/commonsdk/A;") == "umeng-common"
    assert one("Lapp/demo/sub/A;") == "app"
    assert one("Lorg/nobodyknows/thing/deep/A;") == "pkg:org.nobodyknows.thing"
    assert one("La/b/c;") == "pkg:(obfuscated)"


# permissions ----------------------------------------------------------------------------------


def permission(name: str) -> PermissionFact:
    return PermissionFact(name=f"android.permission.{name}", declared=True)


def test_used_unused_and_undeclared_permissions(know: Knowledge) -> None:
    declared = (permission("READ_PHONE_STATE"), permission("READ_CONTACTS"))
    place = invoke_virtual(
        "Landroid/location/LocationManager;",
        "getLastKnownLocation",
        f"({STRING})Landroid/location/Location;",
        *(0, 1),
    )
    evidence = read(know, [main(IMEI)], permissions=declared)
    phone, contacts = evidence.permissions
    assert phone.used_by == ("app",)
    assert phone.used_at[0].cls == "app.demo.Main"
    assert contacts.used_by == ()
    names = [p.name for p in read(know, [main(place, IMEI)]).permissions if not p.declared]
    assert "android.permission.READ_CONTACTS" not in names


ENABLE = invoke_virtual("Landroid/bluetooth/BluetoothAdapter;", "enable", "()Z", 0)


@pytest.mark.parametrize(
    ("least", "target", "used", "told"),
    [(21, 28, True, True), (21, 33, True, False), (33, 33, False, False)],
)
def test_a_need_that_ended_with_a_target_level_stays_on_older_devices(
    know: Knowledge, least: int, target: int, used: bool, told: bool
) -> None:
    """Declared, it is used; not declared, it is only missing where the target still needs it."""
    name, levels = "BLUETOOTH_ADMIN", {"min_sdk": least, "target_sdk": target}
    (fact,) = read(know, [main(ENABLE)], permissions=(permission(name),), **levels).permissions[:1]
    assert bool(fact.used_by) is used
    missing = [p.name for p in read(know, [main(ENABLE)], **levels).permissions]
    assert (f"android.permission.{name}" in missing) is told


def test_a_folder_that_a_path_names_is_not_read_by_that(know: Knowledge) -> None:
    made = invoke_direct("Ljava/io/File;", "<init>", f"({STRING})V", 0, 1)
    evidence = read(know, [main(const_string(1, "/DCIM/Camera/"), made)])
    assert [site.confidence for site in of(evidence, "photo_album")] == ["tentative"]
    evidence = read(know, [main(const_string(1, "/proc/cpuinfo"), made)])
    assert "firm" in {site.confidence for site in evidence.calls}


def test_a_use_in_dead_code_is_no_use(know: Knowledge) -> None:
    dead = cls("Lapp/demo/D;", [method("id", "()V", [IMEI, return_void()], static=True)])
    evidence = read(know, [main(), dead], permissions=(permission("READ_PHONE_STATE"),))
    assert evidence.permissions[0].used_by == ()


def test_a_component_that_waits_for_a_broadcast_uses_its_permission(know: Knowledge) -> None:
    boot = ComponentFact(
        kind="receiver",
        name="app.demo.Boot",
        exported=True,
        filters=(IntentFilter(actions=("android.intent.action.BOOT_COMPLETED",)),),
    )
    evidence = read(
        know,
        [main()],
        permissions=(permission("RECEIVE_BOOT_COMPLETED"),),
        components=(MAIN, boot),
    )
    assert evidence.permissions[0].used_by == ("app",)


def test_requests_and_bursts(know: Knowledge) -> None:
    names = ["READ_PHONE_STATE", "READ_CONTACTS", "CAMERA"]
    body = [const_string(1, f"android.permission.{name}") for name in names]
    ask = invoke_virtual(
        "Lapp/demo/Main;", "requestPermissions", "([Ljava/lang/String;I)V", 0, 1, 2
    )
    asked = read(know, [main(*body, ask)], permissions=tuple(map(permission, names)))
    assert [len(p.requested_at) for p in asked.permissions] == [1, 1, 1]
    assert [b.kind for b in asked.behaviours] == ["permission-burst"]
    assert [p.request_reach.before_consent for p in asked.permissions] == [True, True, True]
    silent = read(know, [main(*body)], permissions=tuple(map(permission, names)))
    assert [p.request_reach.chain for p in silent.permissions] == [(), (), ()]
    assert [len(p.requested_at) for p in silent.permissions] == [0, 0, 0]
    assert silent.behaviours == ()


# SDKs, endpoints, behaviours ------------------------------------------------------------------


def sdk_app(know: Knowledge, *body: object) -> CodeEvidence:
    init = [method("init", "(Landroid/content/Context;)V", [return_void()], static=True)]
    return read(know, [main(*body), cls("Lcom/umeng/commonsdk/UMConfigure;", init)])


def test_present_initialised_and_reachable_are_three_facts(know: Knowledge) -> None:
    call = invoke_static(
        "Lcom/umeng/commonsdk/UMConfigure;", "init", "(Landroid/content/Context;)V", 0
    )
    (used,) = [s for s in sdk_app(know, call).sdks if s.sdk == "umeng-common"]
    assert (used.classes, used.initialised, used.reachable) == (1, True, True)
    assert used.initialised_before_consent is True
    assert used.initialised_at is not None
    assert used.initialised_at.cls == "app.demo.Main"
    (idle,) = [s for s in sdk_app(know).sdks if s.sdk == "umeng-common"]
    assert (idle.initialised, idle.reachable, idle.initialised_at) == (False, False, None)


def test_sdks_show_in_files_and_keys_too(know: Knowledge) -> None:
    uses = Counter(key for sdk in know.sdks.values() for key in sdk.meta_data)
    sdk, key = next((s.id, k) for s in know.sdks.values() for k in s.meta_data if uses[k] == 1)
    lib = NativeLib(name="libnothing.so", abi="arm64-v8a", path="lib/x.so", size=1)
    meta = (MetaData(name=key, value="x"),)
    (found,) = read(know, [main()], meta_data=meta, native_libs=(lib,)).sdks
    assert (found.sdk, found.classes, found.reachable) == (sdk, 0, None)
    assert [m.kind for m in found.markers] == ["meta-data"]


def test_endpoints_have_an_owner_and_are_told_once(know: Knowledge) -> None:
    sdk = cls(
        "Lcom/umeng/commonsdk/A;",
        [method("m", "()V", [const_string(0, "https://ulogs.umeng.com/x"), return_void()])],
    )
    urls = ["http://API.example.cn:8080/a", "http://schemas.android.com/apk/res", "no://thing"]
    texts = (ResourceString(place="res:string/u", text="See https://h5.example.cn/p, please"),)
    found = read(know, [main(*(const_string(0, u) for u in urls)), sdk], strings=texts).endpoints
    assert [(e.host, e.actor, e.cleartext) for e in found] == [
        ("api.example.cn", "app", True),
        ("h5.example.cn", "app", False),
        ("ulogs.umeng.com", "umeng-common", False),
    ]
    assert found[1].url == "https://h5.example.cn/p"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:pw@a.b.cn:99/x?y#z", "a.b.cn"),
        ("http://1.2.3.4/", "1.2.3.4"),
        ("http://%s/x", ""),
        ("https://localhost/x", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(("body", "hit"), [([return_void()], True), ([IMEI, return_void()], False)])
def test_an_empty_trust_manager_trusts_all(know: Knowledge, body: list[object], hit: bool) -> None:
    check = "([Ljava/security/cert/X509Certificate;Ljava/lang/String;)V"
    trust = cls(
        "Lapp/demo/T;",
        [method("checkServerTrusted", check, body)],  # type: ignore[arg-type]
        interfaces=("Ljavax/net/ssl/X509TrustManager;",),
    )
    assert [b.kind for b in read(know, [main(), trust]).behaviours] == ["trust-all-tls"] * hit


@pytest.mark.parametrize(("call", "hit"), [("finish", True), ("recreate", False)])
def test_quitting_on_the_answer_to_a_permission_request(
    know: Knowledge, call: str, hit: bool
) -> None:
    body = [invoke_virtual("Lapp/demo/Ask;", call, "()V", 0), return_void()]
    answer = "(I[Ljava/lang/String;[I)V"
    ask = cls("Lapp/demo/Ask;", [method("onRequestPermissionsResult", answer, body)], sup=ACTIVITY)
    found = [b.kind for b in read(know, [main(), ask]).behaviours]
    assert found == ["exit-on-permission-answer"] * hit


@pytest.mark.parametrize(("asked", "sure"), [(False, "firm"), (True, "tentative")])
def test_going_on_after_a_certificate_error_may_be_the_users_answer(
    know: Knowledge, asked: bool, sure: str
) -> None:
    goes_on = invoke_virtual("Landroid/webkit/SslErrorHandler;", "proceed", "()V", 0)
    body = [*([if_eqz(0, 5)] if asked else []), goes_on, return_void()]
    error = "(Landroid/webkit/WebView;Landroid/webkit/SslErrorHandler;Landroid/net/http/SslError;)V"
    client = cls(
        "Lapp/demo/Web;",
        [method("onReceivedSslError", error, body)],
        sup="Landroid/webkit/WebViewClient;",
    )
    found = read(know, [main(), client]).behaviours
    assert [(b.kind, b.confidence) for b in found] == [("webview-ssl-error", sure)]


@pytest.mark.parametrize(("value", "hit"), [(1, True), (0, False)])
def test_a_verifier_that_always_agrees(know: Knowledge, value: int, hit: bool) -> None:
    verify = cls(
        "Lapp/demo/V;",
        [
            method(
                "verify",
                "(Ljava/lang/String;Ljavax/net/ssl/SSLSession;)Z",
                [const4(0, value), return_value(0)],
            )
        ],
        interfaces=("Ljavax/net/ssl/HostnameVerifier;",),
    )
    assert [b.kind for b in read(know, [main(), verify]).behaviours] == ["hostname-verifier"] * hit


def test_dynamic_code_is_told(know: Knowledge) -> None:
    load = [
        new_instance(0, "Ldalvik/system/DexClassLoader;"),
        invoke_direct(
            "Ldalvik/system/DexClassLoader;",
            "<init>",
            f"({STRING}{STRING}{STRING}Ljava/lang/ClassLoader;)V",
            *(0, 1, 2, 3, 4),
        ),
    ]
    files = (
        DexFile(name="classes.dex", data=dex([main(*load)])),
        DexFile(name="assets/p.dex", data=dex([cls("Lapp/demo/P;")]), dynamic=True),
    )
    evidence = read(know, [], dex=files)
    assert [b.kind for b in evidence.behaviours] == ["dynamic-loading", "dynamic-loading"]
    assert evidence.stats.dynamic_dex == ("assets/p.dex",)
    assert evidence.stats.dex_files == 1


def test_clipboard_only_counts_at_start(know: Knowledge) -> None:
    read_clip = [
        invoke_virtual(
            "Landroid/content/ClipboardManager;",
            "getPrimaryClip",
            "()Landroid/content/ClipData;",
            0,
        ),
        move_result_object(0),
    ]
    assert [b.kind for b in read(know, [main(*read_clip)]).behaviours] == ["clipboard-at-start"]
    late = cls("Lapp/demo/D;", [method("d", "()V", [*read_clip, return_void()], static=True)])
    assert read(know, [main(), late]).behaviours == ()


# gaps and mapping -----------------------------------------------------------------------------


def test_damage_and_missing_entries_are_gaps(know: Knowledge) -> None:
    files = (
        DexFile(name="classes.dex", data=dex([cls("Lapp/demo/Other;")])),
        DexFile(name="classes2.dex", data=b"junk"),
    )
    evidence = read(know, [], dex=files)
    assert [(g.code, g.subject) for g in evidence.gaps] == [
        ("dex-not-dex", "classes2.dex"),
        ("no-entry-point", ""),
    ]


def test_a_package_without_code_is_empty(know: Knowledge) -> None:
    evidence = read(know, [], dex=())
    assert evidence.calls == evidence.gaps == evidence.sdks == ()


def test_a_mapping_restores_names_everywhere(know: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "mapping.txt"
    path.write_text(
        "# compiler: R8\n"
        "com.umeng.commonsdk.Collector -> a.b:\n"
        "    java.lang.String field -> x\n"
        "    1:1:void app.demo.Inlined.helper():9:9 -> a\n"
        "    1:1:void collect(com.umeng.commonsdk.Collector):10 -> a\n"
        "    void other(int) -> a\n",
        encoding="utf-8",
    )
    hidden = cls("La/b;", [method("a", "(La/b;)V", [IMEI, return_void()], static=True)])
    call = invoke_static("La/b;", "a", "(La/b;)V", 0)
    (site,) = of(read(know, [main(call), hidden], mapping=path), "imei")
    assert (site.place.cls, site.place.method) == ("com.umeng.commonsdk.Collector", "collect")
    assert site.place.descriptor == "(Lcom/umeng/commonsdk/Collector;)V"
    assert site.actor == "umeng-common"
    assert site.reach.chain[-1] == "com.umeng.commonsdk.Collector.collect"


@pytest.mark.parametrize(
    ("line", "expected"),
    [(1, 40), (2, 30), (3, 31), (5, 12), (9, 9)],
    ids=["the-caller-of-what-was-inlined", "first", "second", "one-for-all", "not-said"],
)
def test_a_mapping_restores_lines(tmp_path: Path, line: int, expected: int) -> None:
    path = tmp_path / "mapping.txt"
    path.write_text(
        "app.Screen -> a.b:\n"
        "    1:1:void app.Inlined.helper():77:77 -> a\n"
        "    1:1:void shown(app.Screen):40 -> a\n"
        "    2:3:void shown(app.Screen):30:31 -> a\n"
        "    4:6:void shown(app.Screen):12:12 -> a\n"
        "    4:6:void shown():90:92 -> a\n",
        encoding="utf-8",
    )
    assert read_mapping(path).line("a.b", "a", ["a.b"], line) == expected


def test_a_file_that_maps_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.txt"
    path.write_text("not a mapping\n", encoding="utf-8")
    with pytest.raises(InputError, match="no class is mapped"):
        read_mapping(path)
    with pytest.raises(InputError, match="cannot read"):
        read_mapping(tmp_path / "absent.txt")
