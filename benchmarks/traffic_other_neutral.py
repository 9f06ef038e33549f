"""Neutral bodies of the second generator: full of what resembles identifiers and is none."""

import base64
import gzip
import hmac
import json
import random
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgpack
from traffic_bodies import Body
from traffic_other_forms import IDS, digest, uuid_form
from traffic_other_wrappers import JSON, OCTETS, TEXT
from traffic_wire import bson, cbor, proto, thrift_binary


def neutral(number: int) -> Body:
    """Return a body full of what resembles identifiers and is none."""
    chance = random.Random(f"neutral {number}")
    rows = {name: make(chance) for name, make in NEUTRAL.items()}
    extra = {
        f"x{i}": make(chance) for i, make in enumerate(chance.choices([*NEUTRAL.values()], k=20))
    }
    tree: dict[str, Any] = {"head": rows, "list": [*extra.values()], **extra}
    data = json.dumps(tree, ensure_ascii=False).encode()
    wraps: list[Callable[[], Body]] = [
        lambda: Body(data, JSON),
        lambda: Body(gzip.compress(data), OCTETS),
        lambda: Body(
            urlencode({k: str(v) for k, v in {**rows, **extra}.items()}).encode(),
            "application/x-www-form-urlencoded",
        ),
        lambda: Body(msgpack.packb(tree), OCTETS),
        lambda: Body(cbor(tree), OCTETS),
        lambda: Body(bson(tree), OCTETS),
        lambda: Body(proto(extra), "application/x-protobuf"),
        lambda: Body(thrift_binary(extra), OCTETS),
        lambda: Body(base64.b64encode(data), TEXT),
        lambda: Body(chance.randbytes(3000), OCTETS),
        lambda: Body(bytes(b ^ 0x33 for b in data), OCTETS),
        lambda: Body(frames=(data, chance.randbytes(200))),
    ]
    return wraps[number % len(wraps)]()


def _luhn(digits: str) -> str:
    total = sum(
        (d * 2 - 9 if d > 4 else d * 2) if i % 2 == 0 else d
        for i, d in enumerate(map(int, reversed(digits)))
    )
    return digits + str(-total % 10)


def _digits(chance: random.Random, size: int) -> str:
    return "".join(chance.choices(string.digits, k=size))


_OTHERS = [str(863412049998000 + n) for n in range(700)]
NEUTRAL: dict[str, Callable[[random.Random], Any]] = {
    "order_no": lambda c: _luhn("86" + _digits(c, 12)),
    "trade_no": lambda c: "2024061022" + _digits(c, 18),
    "snowflake": lambda c: 1 << 60 | c.getrandbits(59),
    "ts": lambda c: 1_700_000_000 + c.getrandbits(24),
    "ts_ms": lambda c: 1_700_000_000_000 + c.getrandbits(34),
    "req": lambda c: uuid_form(f"{c.getrandbits(128):032x}"),
    "trace": lambda c: f"{c.getrandbits(64):016x}",
    "span": lambda c: f"{c.getrandbits(128):032x}",
    "etag": lambda c: base64.b64encode(c.randbytes(16)).decode(),
    "sign": lambda c: hmac.digest(c.randbytes(8), IDS["imei"][1].encode(), "sha256").hex(),
    "salted": lambda c: digest("md5", f"{c.getrandbits(30)}{IDS['imei'][1]}"),
    "hash_of_other": lambda c: digest(c.choice(["md5", "sha1", "sha256"]), c.choice(_OTHERS)),
    "near_imei": lambda c: IDS["imei"][1][:13] + _digits(c, 1) + "x",
    "near_mac": lambda c: (
        IDS["wifi mac"][1][:15] + f"{c.choice([*range(0x9F), *range(0xA0, 256)]):02x}"
    ),
    "near_phone": lambda c: "186013452" + c.choice(["70", "71", "79", "87"]),
    "fingerprint_of_build": lambda c: (
        f"xx/dev/dev:13/TQ{c.randrange(9)}A.{_digits(c, 6)}.0{_digits(c, 2)}/{_digits(c, 8)}"
        ":user/release-keys"
    ),
    "price": lambda c: round(c.uniform(1, 9999), 2),
    "rate": lambda c: c.random(),
    "ver": lambda c: f"{c.randrange(20)}.{c.randrange(99)}.{c.randrange(9999)}.{c.randrange(99)}",
    "size": lambda c: f"{c.randrange(300, 4000)}x{c.randrange(300, 4000)}",
    "width": lambda c: c.randrange(3000),
    "colour": lambda c: f"#{c.getrandbits(24):06x}",
    "point": lambda c: [round(c.uniform(0, 200), 3), round(c.uniform(0, 200), 3)],
    "y": lambda c: round(c.uniform(-90, 90), c.randrange(1, 7)),
    "x": lambda c: round(c.uniform(-180, 180), c.randrange(1, 7)),
    "barcode": lambda c: "69" + _digits(c, 11),
    "isbn": lambda c: "978" + _digits(c, 10),
    "pkg": lambda c: "com." + ".".join("".join(c.choices("abcdefgh", k=6)) for _ in "12"),
    "class": lambda c: "L" + "/".join("".join(c.choices("abcdefgh", k=5)) for _ in "123") + ";",
    "text": lambda c: "".join(
        c.choices(
            "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会",
            k=40,
        )
    ),
    "english": lambda c: " ".join(
        c.choices(["the", "quick", "device", "report", "order", "paid"], k=12)
    ),
    "b32": lambda c: base64.b32encode(c.randbytes(20)).decode(),
    "path": lambda c: f"/data/app/{base64.urlsafe_b64encode(c.randbytes(16)).decode()}/base.apk",
    "url": lambda c: (
        f"https://cdn.example/{c.getrandbits(64):x}/{_digits(c, 6)}.webp?w={c.randrange(900)}"
    ),
    "tile": lambda c: f"{c.randrange(20)}/{c.randrange(1 << 18)}/{c.randrange(1 << 18)}",
    "geo_other": lambda c: f"wtw3{''.join(c.choices('pqrtuvwxyz', k=5))}",
}
