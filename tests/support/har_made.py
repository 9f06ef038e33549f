"""HAR entries as the common tools write them: their own habits, our own contents."""

import base64
import gzip
import json
from typing import Any

IMEI = "860000042718287"
BODY = json.dumps({"imei": IMEI, "n": 1})
URL = "https://api.vendor.example/v1/report"
TIME = "2026-06-10T02:00:10.000Z"
TYPE = {"name": "Content-Type", "value": "application/json"}


def _request(**more: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": URL,
        "httpVersion": "HTTP/2",
        "headers": [TYPE],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(BODY),
    } | more


def _response(**more: Any) -> dict[str, Any]:
    return {
        "status": 200,
        "statusText": "",
        "httpVersion": "HTTP/2",
        "headers": [],
        "cookies": [],
        "content": {"size": 2, "mimeType": "text/plain", "text": "OK"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    } | more


def _post(**more: Any) -> dict[str, Any]:
    return {"mimeType": "application/json", "text": BODY} | more


def chrome() -> list[dict[str, Any]]:
    """Chrome: its own fields, a blocked request, WebSocket messages, binary text left out."""
    common = {
        "_initiator": {"type": "script"},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "time": 12.5,
        "timings": {"blocked": 1, "dns": -1, "send": 0.1, "wait": 9, "receive": 1},
        "startedDateTime": TIME,
        "serverIPAddress": "[2001:db8::5]",
    }
    sent = common | {"request": _request(postData=_post(params=[])), "response": _response()}
    blocked = common | {
        "request": _request(postData=_post()),
        "response": _response(status=0, _error="net::ERR_BLOCKED_BY_CLIENT", content={"size": 0}),
        "serverIPAddress": "",
    }
    socket = common | {
        "request": _request(method="GET", url="wss://ws.vendor.example/s", bodySize=0),
        "response": _response(status=101),
        "_resourceType": "websocket",
        "_webSocketMessages": [
            {"type": "send", "time": 1781056810.1, "opcode": 1, "data": f"42[{BODY}]"},
            {"type": "receive", "time": 1781056810.2, "opcode": 2, "data": "AAEC"},
        ],
    }
    binary = common | {
        "request": _request(postData={"mimeType": "application/octet-stream"}),
        "response": _response(),
    }
    return [sent, blocked, socket, binary]


def firefox() -> list[dict[str, Any]]:
    """Firefox: security state, bodies without text when the option is off."""
    return [
        {
            "startedDateTime": "2026-06-10T10:00:10.000+08:00",
            "_securityState": "secure",
            "request": _request(postData=_post(params=[])),
            "pageref": "page_1",
            "connection": "443",
            "response": _response(
                content={
                    "mimeType": "text/plain",
                    "size": 2,
                    "comment": "Response bodies are not included.",
                }
            ),
            "cache": {"afterRequest": None},
            "timings": {},
            "time": 3,
            "serverIPAddress": "203.0.113.7",
        },
    ]


def safari() -> list[dict[str, Any]]:
    """Safari: sizes unknown, fetch type, base64 replies."""
    reply = base64.b64encode(b'{"ok":1}').decode()
    return [
        {
            "pageref": "page_0",
            "startedDateTime": TIME,
            "time": 1.5,
            "cache": {},
            "timings": {},
            "request": _request(bodySize=-1, postData=_post()),
            "_fetchType": "Network Load",
            "response": _response(
                content={
                    "size": -1,
                    "mimeType": "application/json",
                    "text": reply,
                    "encoding": "base64",
                },
                _transferSize=90,
            ),
        },
    ]


def charles() -> list[dict[str, Any]]:
    """Charles: parameters beside the text, a binary body without any, a query only listed."""
    form = {"name": "Content-Type", "value": "application/x-www-form-urlencoded"}
    return [
        {
            "startedDateTime": "2026-06-10T10:00:10.000+08:00",
            "_charlesStatus": "COMPLETE",
            "request": _request(url=f"{URL}?imei={IMEI}", method="GET", bodySize=0),
            "response": _response(),
        },
        {
            "startedDateTime": TIME,
            "_charlesStatus": "COMPLETE",
            "request": _request(
                headers=[form],
                postData={"mimeType": form["value"], "params": [{"name": "imei", "value": IMEI}]},
            ),
            "response": _response(),
        },
        {
            "startedDateTime": TIME,
            "_charlesStatus": "FAILED",
            "request": _request(bodySize=900, postData={"mimeType": "application/octet-stream"}),
            "response": _response(status=503),
        },
    ]


def http_toolkit() -> list[dict[str, Any]]:
    """HTTP Toolkit: `_content`, body states, no reply at all."""
    packed = base64.b64encode(gzip.compress(BODY.encode(), mtime=0)).decode()
    return [
        {
            "startedDateTime": TIME,
            "time": 4,
            "cache": {},
            "timings": {"send": 0},
            "request": _request(
                _requestBodyStatus="ok",
                _trailers=[],
                _content={"text": packed, "size": 60, "encoding": "base64"},
            ),
            "response": _response(
                _responseBodyStatus="discarded:too-large", content={"size": 99, "mimeType": ""}
            ),
        },
        {
            "startedDateTime": TIME,
            "time": -1,
            "request": _request(postData=_post()),
            "response": None,
        },
    ]


def pcapdroid() -> list[dict[str, Any]]:
    """PCAPdroid: one entry per exchange, the package in a comment."""
    return [
        {
            "startedDateTime": TIME,
            "time": 20,
            "comment": "com.vendor.app",
            "serverIPAddress": "203.0.113.9",
            "request": _request(httpVersion="HTTP/1.1", postData=_post()),
            "response": _response(),
        },
    ]


def mitmproxy() -> list[dict[str, Any]]:
    """Mitmproxy's own export: WebSocket messages, parameters of forms."""
    return [
        {
            "startedDateTime": "2026-06-10T02:00:10.000000+00:00",
            "time": 9.1,
            "cache": {},
            "timings": {},
            "request": _request(postData=_post(params=[])),
            "response": _response(),
            "serverIPAddress": "203.0.113.10",
        },
        {
            "startedDateTime": TIME,
            "request": _request(method="GET", bodySize=0, url="https://ws.vendor.example/s"),
            "response": _response(status=101),
            "_resourceType": "websocket",
            "_webSocketMessages": [
                {
                    "type": "send",
                    "time": 1781056810.1,
                    "opcode": 2,
                    "data": base64.b64encode(BODY.encode()).decode(),
                }
            ],
        },
    ]


TOOLS = {
    "Chrome": (chrome, 3),
    "Firefox": (firefox, 1),
    "Safari": (safari, 1),
    "Charles": (charles, 2),
    "HTTP Toolkit": (http_toolkit, 2),
    "PCAPdroid": (pcapdroid, 1),
    "mitmproxy": (mitmproxy, 2),
}
"""Tool -> its entries, and in how many of them the number can be read."""


def file_of(tool: str, entries: list[Any], **more: Any) -> bytes:
    """Return a HAR file."""
    log = {
        "version": "1.2",
        "creator": {"name": tool, "version": "1"},
        "pages": [{"id": "page_1", "title": "before_consent", "startedDateTime": TIME}],
        "entries": entries,
    } | more
    return json.dumps({"log": log}).encode()
