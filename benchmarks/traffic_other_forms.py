"""Ids of the second generator and the ways their values are spelled."""

import base64
import hashlib
import re
import string
from collections.abc import Callable

PLACE = (31.230416, 121.473701)

IDS: dict[str, tuple[str, str]] = {
    "imei": ("imei", "863412049998771"),
    "imei b": ("imei", "990012345678905"),
    "meid": ("meid", "99000512345678"),
    "imsi": ("imsi", "460110912345678"),
    "iccid": ("iccid", "89860318750101234567"),
    "android id": ("android_id", "c0ffee1234ab5d9e"),
    "oaid (uuid)": ("oaid", "f2b9d1c4-77aa-4e0b-8c3d-5512ab90ef67"),
    "oaid (long)": ("oaid", "a7d4e2019c3b5f68a7d4e2019c3b5f6811223344556677889900aabbccddeeff"),
    "gaid": ("gaid", "0c8e2a5b-93f1-47d6-a0be-6d5f4c3b2a19"),
    "wifi mac": ("mac_address", "3c:28:6d:b1:04:9f"),
    "bluetooth mac": ("bluetooth_mac", "a4:50:46:c7:d8:e1"),
    "bssid": ("wifi_info", "74:a5:28:3e:90:cb"),
    "serial": ("serial_number", "HT7A91A00457"),
    "mobile": ("phone_number", "18601345277"),
    "e-mail": ("email", "wang.lei_test+42@post.example.org"),
    "name": ("person_name", "欧阳娜娜"),
    "id card": ("id_number", "31010419880512123X"),
    "bank card": ("bank_account", "6225880137654321"),
    "account": ("account_id", "wxid_k3m9z7q1t5r222"),
    "contact": ("contacts", "15098761234"),
}


def digest(name: str, value: str) -> str:
    return hashlib.new(name, value.encode(), usedforsecurity=False).hexdigest()


def _groups(value: str, size: int, joint: str) -> str:
    plain = re.sub(r"[:\-]", "", value)
    return joint.join(plain[i : i + size] for i in range(0, len(plain), size))


def uuid_form(text: str) -> str:
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))


def _named_uuid(value: str) -> str:
    digest = bytearray(hashlib.md5(value.encode(), usedforsecurity=False).digest())
    digest[6], digest[8] = digest[6] & 0x0F | 0x30, digest[8] & 0x3F | 0x80
    return uuid_form(digest.hex())


def base58(data: bytes) -> str:
    letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = letters[rest] + out
    return out


FORMS: dict[str, Callable[[str], str]] = {
    "verbatim": lambda v: v,
    "UPPER": str.upper,
    "lower": str.lower,
    "sEpArAtOrS gone, upper": lambda v: re.sub(r"[:\-]", "", v).upper(),
    "colons to dashes": lambda v: v.replace(":", "-"),
    "in fours with blanks": lambda v: _groups(v, 4, " "),
    "in fours with dashes": lambda v: _groups(v, 4, "-"),
    "in fours with dots": lambda v: _groups(v, 4, "."),
    "in threes and fours": lambda v: f"{v[:3]} {v[3:7]} {v[7:]}",
    "with +86": lambda v: "+86" + v,
    "with 0086-": lambda v: "0086-" + v,
    "in quotes": lambda v: f'"{v}"',
    "in a label": lambda v: f"device({v})#3",
    "backwards": lambda v: v[::-1],
    "md5": lambda v: digest("md5", v),
    "MD5 upper": lambda v: digest("md5", v).upper(),
    "md5 of upper": lambda v: digest("md5", v.upper()),
    "md5 of lower": lambda v: digest("md5", v.lower()),
    "md5 of bare upper": lambda v: digest("md5", re.sub(r"[:\-]", "", v).upper()),
    "md5 twice": lambda v: digest("md5", digest("md5", v)),
    "md5, middle 16, upper": lambda v: digest("md5", v)[8:24].upper(),
    "md5 as uuid": lambda v: uuid_form(digest("md5", v)),
    "named uuid (v3)": _named_uuid,
    "md5 in base64url": lambda v: (
        base64.urlsafe_b64encode(hashlib.md5(v.encode(), usedforsecurity=False).digest())
        .rstrip(b"=")
        .decode()
    ),
    "sha1 upper": lambda v: digest("sha1", v).upper(),
    "sha224": lambda v: digest("sha224", v),
    "sha256": lambda v: digest("sha256", v),
    "sha256 of lower, base64url": lambda v: base64.urlsafe_b64encode(
        hashlib.sha256(v.lower().encode()).digest()
    ).decode(),
    "sha384": lambda v: digest("sha384", v),
    "sha512": lambda v: digest("sha512", v),
    "sm3": lambda v: digest("sm3", v),
    "sha1 of md5": lambda v: digest("sha1", digest("md5", v)),
    "md5 of sha1": lambda v: digest("md5", digest("sha1", v)),
    "sha256 of md5": lambda v: digest("sha256", digest("md5", v)),
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "base64url, bare": lambda v: base64.urlsafe_b64encode(v.encode()).rstrip(b"=").decode(),
    "base64 of base64": lambda v: base64.b64encode(base64.b64encode(v.encode())).decode(),
    "base64 of UTF-16": lambda v: base64.b64encode(v.encode("utf-16-le")).decode(),
    "base32": lambda v: base64.b32encode(v.encode()).decode(),
    "base32, small, bare": lambda v: base64.b32encode(v.encode()).decode().rstrip("=").lower(),
    "base58": lambda v: base58(v.encode()),
    "ascii85": lambda v: base64.a85encode(v.encode()).decode(),
    "base85": lambda v: base64.b85encode(v.encode()).decode(),
    "hex, upper": lambda v: v.encode().hex().upper(),
    "hex with blanks": lambda v: v.encode().hex(" "),
    "\\x escapes": lambda v: "".join(f"\\x{b:02x}" for b in v.encode()),
    "character codes": lambda v: ",".join(str(ord(c)) for c in v),
    "numeric entities": lambda v: "".join(f"&#{ord(c)};" for c in v),
    "rot13": lambda v: v.translate(
        str.maketrans(
            string.ascii_letters,
            "".join(a[13:] + a[:13] for a in (string.ascii_lowercase, string.ascii_uppercase)),
        )
    ),
}
ONLY: dict[str, tuple[str, ...]] = {
    "with +86": ("mobile", "contact"),
    "with 0086-": ("mobile", "contact"),
    "in threes and fours": ("mobile", "contact"),
}
"""Spellings that make sense for some ids only."""
SKIP: dict[str, tuple[str, ...]] = {
    "in fours with blanks": ("e-mail", "name", "account", "serial"),
    "in fours with dashes": ("e-mail", "name", "account", "serial"),
    "in fours with dots": ("e-mail", "name", "account", "serial"),
    "sEpArAtOrS gone, upper": ("e-mail", "account"),
    "md5 of bare upper": ("e-mail", "account"),
}
