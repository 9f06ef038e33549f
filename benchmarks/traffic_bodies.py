"""How much of the known values is found: ids x spellings x wrappers, and neutral bodies beside.

    python benchmarks/traffic_bodies.py [--markdown]

Every body goes through the same code as a captured request. Prints recall per form and per
wrapper, false alarms, and speed.
"""

import argparse
import base64
import gzip
import hashlib
import html
import json
import random
import re
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

import brotli
import msgpack
import zstandard

from profiles.load import load_knowledge, table
from profiles.model import Knowledge
from scanner.traffic.checksums import Numbers
from scanner.traffic.hits import prune
from scanner.traffic.message import open_request
from scanner.traffic.record import Frame, Record
from scanner.traffic.seeds import AxisNames, SeedFinder
from scanner.traffic.subject import Seed, Subject

IDS = {
    "imei": ("imei", "867530912345670"),
    "imei2": ("imei", "352099001761481"),
    "meid": ("meid", "A0000012345678"),
    "imsi": ("imsi", "460001234567890"),
    "iccid": ("iccid", "89860012345678901234"),
    "android_id": ("android_id", "9f74d56d682e549c"),
    "oaid": ("oaid", "6f1c9a3e-2b7d-4c58-9d10-aa55ee77bb33"),
    "mac": ("mac_address", "00:1a:c5:9e:7f:30"),
    "bssid": ("wifi_info", "f4:2a:7d:10:be:c1"),
    "ssid": ("wifi_info", "TestLab-5G-Seed"),
    "phone": ("phone_number", "13912345678"),
    "serial": ("serial_number", "R58M12ABCDE"),
    "gaid": ("gaid", "38400000-8cf0-11bd-b23e-10b96e40000d"),
    "email": ("email", "seed.user.7f3a@mail.example"),
    "name": ("person_name", "张三丰"),
    "id_card": ("id_number", "11010119900307387X"),
}


def _hash(name: str, form: str = "lower") -> Callable[[str], str]:
    def run(value: str) -> str:
        text = hashlib.new(name, value.encode(), usedforsecurity=False).hexdigest()
        return text.upper() if form == "upper" else text

    return run


FORMS: dict[str, Callable[[str], str]] = {
    "as is": lambda v: v,
    "upper case": str.upper,
    "lower case": str.lower,
    "no separators": lambda v: re.sub(r"[-:]", "", v),
    "md5": _hash("md5"),
    "MD5 upper": _hash("md5", "upper"),
    "md5 of upper": lambda v: _hash("md5")(v.upper()),
    "md5, 16 digits": lambda v: _hash("md5")(v)[8:24],
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "sha256 in base64": lambda v: base64.b64encode(hashlib.sha256(v.encode()).digest()).decode(),
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "base64 after other text": lambda v: base64.b64encode(b"id=" + v.encode() + b";v=2").decode(),
    "hex": lambda v: v.encode().hex(),
    "reversed": lambda v: v[::-1],
    "beside another value": lambda v: f"v2|{v}|1700000000",
}


def _j(value: str) -> bytes:
    return json.dumps({"h": {"v": "1.2", "ts": 1700000000}, "d": {"id": value, "n": 7}}).encode()


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def _pb(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


class Body(NamedTuple):
    """A request to be: body, content type, content-encoding; or another place of the request."""

    data: bytes = b""
    type: str = ""
    coding: str = ""
    target: str = "/a"
    headers: tuple[tuple[str, str], ...] = ()
    frames: tuple[bytes, ...] = ()


_FORM = "application/x-www-form-urlencoded"
_OCTETS = "application/octet-stream"


def _grpc(message: bytes, compressed: int) -> bytes:
    return bytes([compressed]) + struct.pack(">I", len(message)) + message


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data)


def _jwt(value: str) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=").decode()
    return f"{head}.{base64.urlsafe_b64encode(_j(value)).rstrip(b'=').decode()}.c2lnbmF0dXJl"


WRAPPERS: dict[str, Callable[[str], Body]] = {
    "form": lambda v: Body(b"a=1&id=" + quote(v).encode() + b"&z=2", _FORM),
    "JSON": lambda v: Body(_j(v), "application/json"),
    "JSON, unicode escapes": lambda v: Body(
        b'{"id":"' + "".join(f"\\u{ord(c):04x}" for c in v).encode() + b'"}', "application/json"
    ),
    "NDJSON": lambda v: Body(_j("x") + b"\n" + _j(v) + b"\n", "application/x-ndjson"),
    "JSON in JSON in JSON": lambda v: Body(
        json.dumps({"x": json.dumps({"y": _j(v).decode()})}).encode(), "application/json"
    ),
    "gzip (header)": lambda v: Body(gzip.compress(_j(v)), "application/json", "gzip"),
    "gzip (no header)": lambda v: Body(gzip.compress(_j(v)), _OCTETS),
    "deflate (header)": lambda v: Body(zlib.compress(_j(v)), "application/json", "deflate"),
    "raw deflate (no header)": lambda v: Body(_raw_deflate(_j(v) * 3), _OCTETS),
    "brotli (header)": lambda v: Body(brotli.compress(_j(v)), "application/json", "br"),
    "brotli (no header)": lambda v: Body(brotli.compress(_j(v) * 3), _OCTETS),
    "zstd (header)": lambda v: Body(zstandard.compress(_j(v)), "application/json", "zstd"),
    "zstd (no header)": lambda v: Body(zstandard.compress(_j(v))),
    "form > JSON": lambda v: Body(b"data=" + quote(_j(v)).encode(), _FORM),
    "form > base64 > JSON": lambda v: Body(b"data=" + quote(_b64(_j(v))).encode(), _FORM),
    "form > base64 > gzip > JSON": lambda v: Body(
        b"data=" + quote(_b64(gzip.compress(_j(v)))).encode(), _FORM
    ),
    "base64 > JSON": lambda v: Body(_b64(_j(v)), "text/plain"),
    "base64url > JSON": lambda v: Body(base64.urlsafe_b64encode(_j(v)).rstrip(b"="), "text/plain"),
    "base64 in lines > JSON": lambda v: Body(base64.encodebytes(_j(v)), "text/plain"),
    "base64 > base64 > JSON": lambda v: Body(_b64(_b64(_j(v))), "text/plain"),
    "JSON > base64 > zlib > form": lambda v: Body(
        json.dumps({"p": _b64(zlib.compress(b"a=1&id=" + quote(v).encode())).decode()}).encode(),
        "application/json",
    ),
    "prefix + base64 > JSON": lambda v: Body(b"v1:" + _b64(_j(v)), "text/plain"),
    "hex > JSON": lambda v: Body(_j(v).hex().encode(), "text/plain"),
    "hex > gzip > JSON": lambda v: Body(gzip.compress(_j(v)).hex().encode(), "text/plain"),
    "double percent": lambda v: Body(quote(quote("id=" + v)).encode(), "text/plain"),
    "multipart": lambda v: Body(
        b'--X\r\nContent-Disposition: form-data; name="m"\r\n\r\n' + _j(v) + b"\r\n--X--\r\n",
        "multipart/form-data; boundary=X",
    ),
    "multipart > gzip": lambda v: Body(
        b'--X\r\nContent-Disposition: form-data; name="f"; filename="a.gz"\r\n\r\n'
        + gzip.compress(_j(v))
        + b"\r\n--X--\r\n",
        "multipart/form-data; boundary=X",
    ),
    "XML text": lambda v: Body(f"<r><id>{html.escape(v)}</id></r>".encode(), "text/xml"),
    "XML attribute": lambda v: Body(f'<r><d id="{html.escape(v)}"/></r>'.encode(), "text/xml"),
    "protobuf": lambda v: Body(
        _pb(1, _pb(2, v.encode()) + _pb(3, b"\x01\x02\xff\xfe" * 6)), "application/x-protobuf"
    ),
    "protobuf (no type)": lambda v: Body(
        _pb(1, _pb(2, v.encode()) + _pb(3, b"\x01\x02\xff\xfe" * 6)), _OCTETS
    ),
    "gRPC": lambda v: Body(_grpc(_pb(1, _pb(2, v.encode())), 0), "application/grpc"),
    "gRPC, gzip": lambda v: Body(
        _grpc(gzip.compress(_pb(1, _pb(2, v.encode()))), 1), "application/grpc"
    ),
    "msgpack": lambda v: Body(msgpack.packb({"d": {"id": v, "x": b"\xff\x00"}}), _OCTETS),
    "JWT": lambda v: Body(headers=(("authorization", "Bearer " + _jwt(v)),)),
    "query": lambda v: Body(target="/a?x=1&id=" + quote(v)),
    "query > base64 > JSON": lambda v: Body(target="/a?d=" + quote(_b64(_j(v)))),
    "path": lambda v: Body(target="/u/" + quote(v, safe="") + "/x"),
    "header": lambda v: Body(headers=(("x-device", quote(v)),)),
    "cookie": lambda v: Body(headers=(("cookie", f"a=1; did={quote(v)}"),)),
    "WebSocket": lambda v: Body(frames=(b"42" + _j(v),)),
    "WebSocket > gzip": lambda v: Body(frames=(gzip.compress(_j(v)),)),
    "raw TCP": lambda v: Body(frames=(b"\x02\x01\x00\x20" + v.encode() + b"\x00\xff\xfe",)),
    "own cipher (XOR)": lambda v: Body(bytes(b ^ 0x5A for b in _j(v)), _OCTETS),
}
UNREADABLE = frozenset({"own cipher (XOR)"})


def record_of(body: Body) -> Record:
    """Return the request as an importer would."""
    headers = [("content-type", body.type), ("content-encoding", body.coding), *body.headers]
    return Record(
        time=1.0,
        method="POST",
        scheme="https",
        host="h.example",
        port=443,
        target=body.target,
        request_headers=[(name, value) for name, value in headers if value],
        request=body.data,
        frames=[Frame(True, frame) for frame in body.frames],
    )


def finder(know: Knowledge) -> SeedFinder:
    """Return the search for all ids."""
    numbers = table(know, "traffic_numbers", Numbers)
    axes = AxisNames(frozenset(numbers.latitude_names), frozenset(numbers.longitude_names))
    seeds = tuple(Seed(kind, value) for kind, value in IDS.values())
    subject = Subject("", seeds, ((39.908823, 116.39747),))
    return SeedFinder(subject, frozenset(numbers.joined_types), axes)


def found(search: SeedFinder, body: Body) -> set[tuple[str, str]]:
    """Return (data type, value) of what is found in a body."""
    opened = open_request(record_of(body))
    return {
        (hit.data_type, hit.value)
        for hit in prune([*search.find(opened.joined), *search.find(opened.raw)])
    }


def cases() -> Iterator[tuple[str, str, str, Body]]:
    """Yield (id, form, wrapper, body) for every combination."""
    for name, (_, value) in IDS.items():
        for form, spell in FORMS.items():
            for wrapper, wrap in WRAPPERS.items():
                yield name, form, wrapper, wrap(spell(value))


def neutral(number: int) -> Body:
    """Return a body full of numbers, hex, base64, times and places without anything of ours."""
    chance = random.Random(number)
    kinds: list[Callable[[], object]] = [
        lambda: chance.getrandbits(60),
        lambda: f"{chance.getrandbits(128):032x}",
        lambda: base64.b64encode(chance.randbytes(40)).decode(),
        lambda: chance.uniform(-180, 180),
        lambda: round(chance.uniform(18, 54), chance.randrange(1, 7)),
        lambda: 1_700_000_000_000 + chance.getrandbits(34),
        lambda: f"1{chance.randrange(10**9, 10**10)}",
        lambda: chance.randbytes(24).hex(),
        lambda: "com.vendor." + "".join(chance.choices("abcdefgh", k=6)),
    ]
    rows = {f"k{i}": chance.choice(kinds)() for i in range(40)}
    data = json.dumps(rows).encode()
    match number % 5:
        case 1:
            return Body(gzip.compress(data), _OCTETS)
        case 2:
            return Body("&".join(f"{k}={quote(str(v))}" for k, v in rows.items()).encode(), _FORM)
        case 3:
            return Body(msgpack.packb(rows), _OCTETS)
        case 4:
            return Body(chance.randbytes(2000), _OCTETS)
    return Body(data, "application/json")


def _table(title: str, rows: dict[str, list[int]], markdown: bool) -> None:
    print(f"\n| {title} | found | of |\n|---|---|---|" if markdown else f"\n{title}")
    for name, (hit, total) in rows.items():
        share = f"{100 * hit / total:5.1f} %"
        print(f"| {name} | {share} | {total} |" if markdown else f"  {name:32} {share} of {total}")


def measure_recall(search: SeedFinder, markdown: bool, list_misses: bool) -> None:
    """Print the share of values found, by form and by wrapper."""
    forms: dict[str, list[int]] = {name: [0, 0] for name in FORMS}
    wrappers: dict[str, list[int]] = {name: [0, 0] for name in WRAPPERS}
    misses: Counter[tuple[str, str]] = Counter()
    began = time.perf_counter()
    for name, form, wrapper, body in cases():
        ok = IDS[name] in found(search, body)
        wrappers[wrapper][0] += ok
        wrappers[wrapper][1] += 1
        if wrapper not in UNREADABLE:
            forms[form][0] += ok
            forms[form][1] += 1
            misses[form, wrapper] += not ok
    seconds = time.perf_counter() - began
    hit, total = (sum(row[i] for row in forms.values()) for i in (0, 1))
    print(f"{len(IDS)} ids x {len(FORMS)} forms x {len(WRAPPERS)} wrappers, {seconds:.1f} s")
    print(f"recall over readable wrappers: {hit}/{total} = {hit / total:.4f}")
    _table("form", forms, markdown)
    _table("wrapper", wrappers, markdown)
    if list_misses:
        print(*(f"{count:3} {pair}" for pair, count in misses.most_common(60) if count), sep="\n")


def measure_alarms(search: SeedFinder) -> None:
    """Print false alarms over neutral bodies, and the speed on them."""
    alarms = size = 0
    began = time.perf_counter()
    for number in range(3000):
        body = neutral(number)
        size += len(body.data)
        alarms += bool(found(search, body))
    rate = size / 1e6 / (time.perf_counter() - began)
    print(f"\nfalse alarms: {alarms} in 3000 neutral bodies ({rate:.1f} MB/s)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    search = finder(load_knowledge())
    measure_recall(search, options.markdown, options.misses)
    measure_alarms(search)


if __name__ == "__main__":
    main()
