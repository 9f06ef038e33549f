"""RFC 3161 time stamps: ask a given server for a token, and read what a token says."""

import secrets
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from asn1crypto import algos, core, tsp

from scanner.model.base import Doc
from scanner.model.errors import InputError

SECONDS = 30
MAX_REPLY = 1 << 20
GRANTED = frozenset({"granted", "granted_with_mods"})


class Stamp(Doc):
    """What a token states; who signed it is another question, see `check_signature`."""

    time: str
    policy: str
    sha256: str


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


def check_signature(token: bytes, manifest: bytes, authority: Path) -> str:
    """Check that an authority signed the token for `manifest`; return "" or what is wrong.

    `authority` is a PEM file with the certificates that are trusted. The work is done by OpenSSL's
    own program. Raises `InputError` when it or the file is missing.
    """
    program = shutil.which("openssl")
    if program is None:
        raise InputError("no openssl program was found to check the time stamp's signature with")
    if not authority.is_file():
        raise InputError(f"{authority}: no such file")
    with tempfile.TemporaryDirectory(prefix="mingcha-tsa-") as folder:
        reply, data = Path(folder, "reply.tsr"), Path(folder, "manifest.json")
        reply.write_bytes(token)
        data.write_bytes(manifest)
        command = [program, "ts", "-verify", "-in", str(reply), "-data", str(data)]
        command += ["-CAfile", str(authority)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - a fixed command on files of ours
        except (OSError, subprocess.SubprocessError) as error:
            raise InputError(f"openssl could not be run: {type(error).__name__}") from error
    if done.returncode == 0 and b"Verification: OK" in done.stdout + done.stderr:
        return ""
    lines = (done.stdout + done.stderr).decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in lines if "error:" in line), "it does not verify")
