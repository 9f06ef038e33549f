"""Wrappers of the second generator: what a device report is sent in."""

import base64
import bz2
import gzip
import io
import json
import lzma
import quopri
import zipfile
import zlib
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

import msgpack
import zstandard
from traffic_bodies import Body
from traffic_other_forms import base58
from traffic_wire import (
    amf3,
    avro,
    bplist,
    bson,
    cbor,
    java_map,
    lz4_block,
    lz4_frame,
    png_text,
    proto,
    snappy,
    snappy_frame,
    thrift_binary,
    thrift_compact,
    tlv,
    varint,
)  # fmt: skip

JSON, OCTETS, TEXT = "application/json", "application/octet-stream", "text/plain"


def report(value: str) -> dict[str, Any]:
    """Return the device report that most wrappers carry."""
    return {
        "header": {
            "appKey": "5c1e8a",
            "version": "3.7.1",
            "channel": "official",
            "t": 1718000000123,
        },
        "device": {"ident": value, "os": "Android", "cores": 8, "charge": 0.83},
    }


def _json(value: str) -> bytes:
    return json.dumps(report(value), ensure_ascii=False, indent=1).encode()


def _zip(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log/report.json", data)
    return out.getvalue()


def part_of(value: bytes, coding: str = "", kind: str = "") -> bytes:
    head = b'--=_b7\r\nContent-Disposition: form-data; name="payload"\r\n'
    if kind:
        head += f"Content-Type: {kind}\r\n".encode()
    if coding:
        head += f"Content-Transfer-Encoding: {coding}\r\n".encode()
    return head + b"\r\n" + value + b"\r\n--=_b7--\r\n"


MULTI = 'multipart/form-data; boundary="=_b7"'


def _halves(value: str) -> tuple[str, str]:
    return value[: len(value) // 2], value[len(value) // 2 :]


def _graphql(value: str) -> bytes:
    return json.dumps(
        {
            "operationName": "Report",
            "query": f"mutation R {{ report(input: {{ident: {json.dumps(value)}}}) {{ ok }} }}",
            "variables": {},
        }
    ).encode()


def _form_arrays(value: str) -> bytes:
    return urlencode({"d[0][k]": "ident", "d[0][v]": value, "d[1][k]": "os", "x[]": "1"}).encode()


def _ini(value: str) -> bytes:
    return f"[device]\nident = {value}\nos = Android\n".encode()


def _php(value: str) -> bytes:
    size = len(value.encode())
    return f'a:2:{{s:2:"os";s:7:"Android";s:5:"ident";s:{size}:"{value}";}}'.encode()


def _bits(value: str, key: int) -> bytes:
    return bytes(byte ^ key for byte in _json(value))


WRAPPERS: dict[str, Callable[[str], Body]] = {
    "pretty JSON": lambda v: Body(_json(v), JSON),
    "JSON, wrong type": lambda v: Body(_json(v), "text/html"),
    "JSON with BOM": lambda v: Body(b"\xef\xbb\xbf" + _json(v), JSON),
    "JSON in UTF-16": lambda v: Body(_json(v).decode().encode("utf-16"), JSON),
    "JSON in UTF-16, no type": lambda v: Body(_json(v).decode().encode("utf-16-be"), OCTETS),
    "JSON in GBK": lambda v: Body(
        _json(v).decode().encode("gb18030"), "application/json; charset=GBK"
    ),
    "JSON escaped twice": lambda v: Body(
        json.dumps({"body": json.dumps(json.dumps(report(v)))}).encode(), JSON
    ),
    "slashes escaped": lambda v: Body(_json(v).replace(b"/", b"\\/"), JSON),
    "single quotes": lambda v: Body(str(report(v)).encode(), TEXT),
    "JSONP": lambda v: Body(b"/**/cb_81(" + _json(v) + b");", "application/javascript"),
    "anti-hijack prefix": lambda v: Body(b"while(1);" + _json(v), JSON),
    "key and list of pairs": lambda v: Body(json.dumps([["ident", v], ["os", "a"]]).encode(), JSON),
    "value as a key": lambda v: Body(json.dumps({"map": {v: {"n": 3}}}).encode(), JSON),
    "NDJSON in gzip": lambda v: Body(
        gzip.compress(b"\n".join(json.dumps(report(x)).encode() for x in ("-", v, "+"))), OCTETS
    ),
    "CSV": lambda v: Body(f"t,ident,os\n1718000000,{v},Android\n".encode(), "text/csv"),
    "INI": lambda v: Body(_ini(v), TEXT),
    "YAML": lambda v: Body(
        f"device:\n  ident: '{v}'\n  os: Android\n".encode(), "application/yaml"
    ),
    "log line": lambda v: Body(
        f"06-10 10:00:01.123 1234 1240 I Report: ident={v};os=Android\n".encode(), TEXT
    ),
    "PHP": lambda v: Body(_php(v), TEXT),
    "GraphQL": lambda v: Body(_graphql(v), JSON),
    "form arrays": lambda v: Body(_form_arrays(v), "application/x-www-form-urlencoded"),
    "form, semicolons": lambda v: Body(f"os=a;ident={quote(v)};n=1".encode(), TEXT),
    "form in form": lambda v: Body(
        urlencode({"data": urlencode({"ident": v, "n": "1"})}).encode(),
        "application/x-www-form-urlencoded",
    ),
    "percent thrice": lambda v: Body(("q=" + quote(quote(quote(v)))).encode(), TEXT),
    "XML CDATA": lambda v: Body(
        f"<req><d><![CDATA[{json.dumps(report(v), ensure_ascii=False)}]]></d></req>".encode(),
        "text/xml",
    ),
    "SOAP": lambda v: Body(
        b'<?xml version="1.0"?><s:Envelope xmlns:s="x"><s:Body><m:R><m:ident>'
        + escape(v).encode()
        + b"</m:ident></m:R></s:Body></s:Envelope>",
        "application/soap+xml",
    ),
    "XML plist": lambda v: Body(
        b"<plist><dict><key>ident</key><string>" + escape(v).encode() + b"</string></dict></plist>",
        "text/xml",
    ),
    "binary plist": lambda v: Body(bplist(report(v)), OCTETS),
    "multipart, base64": lambda v: Body(part_of(base64.encodebytes(_json(v)), "base64"), MULTI),
    "multipart, quoted-printable": lambda v: Body(
        part_of(quopri.encodestring(_json(v)), "quoted-printable"), MULTI
    ),
    "multipart, JSON part": lambda v: Body(part_of(_json(v), "", JSON), MULTI),
    "multipart, zip file": lambda v: Body(part_of(_zip(_json(v)), "", "application/zip"), MULTI),
    "zip": lambda v: Body(_zip(_json(v)), OCTETS),
    "base64 of zip in JSON": lambda v: Body(
        json.dumps({"log": base64.b64encode(_zip(_json(v))).decode()}).encode(), JSON
    ),
    "bzip2": lambda v: Body(bz2.compress(_json(v)), OCTETS),
    "xz": lambda v: Body(lzma.compress(_json(v)), OCTETS),
    "lzma (alone)": lambda v: Body(lzma.compress(_json(v), format=lzma.FORMAT_ALONE), OCTETS),
    "lz4 block, sized": lambda v: Body(
        len(_json(v)).to_bytes(4, "little") + lz4_block(_json(v)), OCTETS
    ),
    "lz4 frame": lambda v: Body(lz4_frame(_json(v)), OCTETS),
    "snappy": lambda v: Body(snappy(_json(v)), OCTETS),
    "snappy frames": lambda v: Body(snappy_frame(_json(v)), OCTETS),
    "gzip of gzip of base64": lambda v: Body(
        gzip.compress(gzip.compress(base64.b64encode(_json(v)))), OCTETS
    ),
    "length + gzip": lambda v: Body(
        len(_json(v)).to_bytes(4, "big") + gzip.compress(_json(v)), OCTETS
    ),
    "magic + zlib": lambda v: Body(b"\xaa\x55\x01\x00\x00\x10" + zlib.compress(_json(v)), OCTETS),
    "base32 of JSON": lambda v: Body(base64.b32encode(_json(v)), TEXT),
    "ascii85 of JSON": lambda v: Body(base64.a85encode(_json(v)), TEXT),
    "base85 of JSON": lambda v: Body(base64.b85encode(_json(v)), TEXT),
    "base58 of JSON": lambda v: Body(base58(_json(v)).encode(), TEXT),
    "hex upper of zlib": lambda v: Body(zlib.compress(_json(v)).hex().upper().encode(), TEXT),
    "base64 backwards": lambda v: Body(base64.b64encode(_json(v))[::-1], TEXT),
    "base64, custom padding": lambda v: Body(
        base64.b64encode(_json(v) + b" " * ((1 - len(_json(v))) % 3)).replace(b"=", b"."), TEXT
    ),
    "base64 behind a signature": lambda v: Body(
        b"7f3a9c." + base64.urlsafe_b64encode(_json(v)).rstrip(b"=") + b".c2ln", TEXT
    ),
    "data: URL in JSON": lambda v: Body(
        json.dumps(
            {"f": "data:application/json;base64," + base64.b64encode(_json(v)).decode()}
        ).encode(),
        JSON,
    ),
    "protobuf, three deep": lambda v: Body(
        proto({"a": {"b": {"c": {"id": v, "n": 7}}}, "t": 1718000000123}), "application/x-protobuf"
    ),
    "protobuf, no type": lambda v: Body(
        proto({"a": {"b": {"id": v, "os": "Android"}}, "t": 1718000000123, "s": 0.5}), OCTETS
    ),
    "zlib in protobuf": lambda v: Body(
        proto({"v": 2, "z": zlib.compress(_json(v)), "k": "zlib"}), "application/x-protobuf"
    ),
    "JSON in protobuf": lambda v: Body(proto({"v": 2, "z": _json(v), "k": "json"}), OCTETS),
    "delimited protobufs": lambda v: Body(
        b"".join(
            varint(len(m)) + m
            for m in (
                proto({"n": i, "id": x, "os": "Android"}) for i, x in enumerate(("-" * 30, v))
            )
        ),
        OCTETS,
    ),
    "gRPC-Web text": lambda v: Body(
        base64.b64encode(b"\0" + len(proto({"a": v})).to_bytes(4, "big") + proto({"a": v})),
        "application/grpc-web-text",
    ),
    "msgpack in base64": lambda v: Body(
        json.dumps({"m": base64.b64encode(msgpack.packb(report(v))).decode()}).encode(), JSON
    ),
    "msgpack stream": lambda v: Body(
        b"".join(msgpack.packb(report(x)) for x in ("-", v)), "application/x-msgpack"
    ),
    "CBOR": lambda v: Body(cbor(report(v)), "application/cbor"),
    "CBOR, no type": lambda v: Body(cbor(report(v)), OCTETS),
    "base64 JSON in CBOR": lambda v: Body(
        cbor({"p": base64.b64encode(_json(v)).decode(), "n": 1}), OCTETS
    ),
    "BSON": lambda v: Body(bson(report(v)), "application/bson"),
    "gzip in BSON": lambda v: Body(bson({"z": gzip.compress(_json(v)), "n": 1}), OCTETS),
    "Thrift, binary": lambda v: Body(thrift_binary(report(v)), "application/x-thrift"),
    "Thrift, compact": lambda v: Body(thrift_compact(report(v)), OCTETS),
    "base64 JSON in Thrift": lambda v: Body(
        thrift_binary({"p": base64.b64encode(_json(v)), "n": 3}), OCTETS
    ),
    "Avro": lambda v: Body(avro(report(v)), "avro/binary"),
    "AMF3": lambda v: Body(amf3(report(v)), "application/x-amf"),
    "TLV": lambda v: Body(tlv(report(v)), OCTETS),
    "TLV of zlib": lambda v: Body(
        b"\x01\x00\x04v2.1\x02\x01\x00" + zlib.compress(_json(v)), OCTETS
    ),
    "Java map": lambda v: Body(java_map({"os": "Android", "ident": v}), OCTETS),
    "PNG comment": lambda v: Body(png_text(v.encode()), "image/png"),
    "two halves in a list": lambda v: Body(json.dumps({"p": [*_halves(v)]}).encode(), JSON),
    "two halves in fields": lambda v: Body(
        json.dumps(dict(zip(("p1", "p2"), _halves(v), strict=True))).encode(), JSON
    ),
    "zstd in base64 in form": lambda v: Body(
        urlencode({"z": base64.b64encode(zstandard.compress(_json(v)))}).encode(),
        "application/x-www-form-urlencoded",
    ),
    "XOR with one byte": lambda v: Body(_bits(v, 0xA7), OCTETS),
    "query, JSON": lambda v: Body(target="/log?p=" + quote(json.dumps(report(v)))),
    "query, nested URL": lambda v: Body(
        target="/r?to=" + quote("https://x.example/p?" + urlencode({"ident": v}))
    ),
    "path, matrix": lambda v: Body(target=f"/v2/dev;ident={quote(v, safe='')}/log"),
    "path, base64url": lambda v: Body(
        target="/t/" + base64.urlsafe_b64encode(_json(v)).rstrip(b"=").decode()
    ),
    "header, JSON": lambda v: Body(headers=(("x-ctx", json.dumps(report(v))),)),
    "header, base64": lambda v: Body(headers=(("x-ctx", base64.b64encode(_json(v)).decode()),)),
    "basic login": lambda v: Body(
        headers=(("authorization", "Basic " + base64.b64encode(b"u:" + v.encode()).decode()),)
    ),
    "cookie, percent JSON": lambda v: Body(
        headers=(("cookie", "sid=1; ctx=" + quote(json.dumps(report(v)))),)
    ),
    "WebSocket, socket.io": lambda v: Body(frames=(b'42["report",' + _json(v) + b"]",)),
    "WebSocket, MQTT": lambda v: Body(frames=(b"\x30\x80\x01\x00\x05up/id" + _json(v),)),
    "UDP, TLV": lambda v: Body(frames=(b"\x02\x0d" + tlv(report(v)),)),
}
