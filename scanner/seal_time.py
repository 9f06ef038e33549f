"""RFC 3161 time stamps: ask a given server for a token, and read what a token says."""

import secrets
import urllib.error
import urllib.request

from asn1crypto import algos, core, tsp

from scanner.model.base import Doc
from scanner.model.errors import InputError

SECONDS = 30
MAX_REPLY = 1 << 20
GRANTED = frozenset({"granted", "granted_with_mods"})


class Stamp(Doc):
    """What a token states. `signer_checked` is always False: use `openssl ts -verify` for that."""

    time: str
    policy: str
    sha256: str
    signer_checked: bool = False


def request_token(url: str, sha256: str) -> bytes:
    """Return the reply of the time-stamp server at `url` for a SHA-256 digest (hex).

    The only thing sent is the digest. Raises `InputError` when the server cannot be reached or
    refuses, or answers about another digest.
    """
    if not url.startswith(("http://", "https://")):
        raise InputError(f"{url}: not an http or https address")
    question = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": bytes.fromhex(sha256),
            },
            "nonce": core.Integer(secrets.randbits(64)),
            "cert_req": True,
        }
    )
    request = urllib.request.Request(  # noqa: S310 - http or https, checked above
        url, question.dump(), {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310 - as above
            content: bytes = reply.read(MAX_REPLY)
    except (OSError, urllib.error.URLError) as error:
        raise InputError(f"{url}: no time stamp: {error}") from error
    if read_token(content).sha256 != sha256:
        raise InputError(f"{url}: the token is about another digest")
    return content


def read_token(content: bytes) -> Stamp:
    """Return what a reply of a time-stamp server states. Raises `InputError`."""
    try:
        reply = tsp.TimeStampResp.load(content, strict=True)
        status = reply["status"]["status"].native
        if status not in GRANTED:
            raise InputError(f"the time-stamp server refused: {status}")
        signed = reply["time_stamp_token"]["content"]["encap_content_info"]["content"]
        info = signed.parsed
        return Stamp(
            time=info["gen_time"].native.isoformat(),
            policy=info["policy"].dotted,
            sha256=info["message_imprint"]["hashed_message"].native.hex(),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"the time-stamp token cannot be read: {error}") from error
