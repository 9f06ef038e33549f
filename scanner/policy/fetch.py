"""Fetch a policy page, only when the user names its address: no scan touches the network itself."""

import hashlib
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from scanner.model.errors import InputError
from scanner.policy.source import MAX_BYTES

TIMEOUT_SECONDS = 20.0
SCHEMES = ("http", "https")
HINT = "Save the page in a browser and give the file with --policy."


class _SameSchemes(urllib.request.HTTPRedirectHandler):
    """Follow redirects to web addresses only: never to files or other schemes."""

    def redirect_request(  # type: ignore[no-untyped-def]  # noqa: PLR0917 - urllib's own signature
        self, req, fp, code, msg, headers, newurl
    ):
        """Return the next request. Raises `URLError` when it leaves the web."""
        if urllib.parse.urlsplit(newurl).scheme not in SCHEMES:
            raise urllib.error.URLError("a redirect leaves the web")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, folder: Path) -> Path:
    """Save the page at `url` in `folder` under a name of ours and return the file.

    One request, at most `MAX_BYTES`, no cookies, no scripts. Raises `InputError`.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise InputError(f"{url[:200]!r} is not a web address", HINT)
    opener = urllib.request.build_opener(_SameSchemes)
    request = urllib.request.Request(url, headers={"User-Agent": "Mingcha"})  # noqa: S310 - scheme checked above
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as reply:
            content = reply.read(MAX_BYTES + 1)
            kind = reply.headers.get_content_type()
    except (OSError, ValueError) as error:
        raise InputError(f"{url[:200]}: cannot be fetched ({error})", HINT) from error
    suffix = {"application/pdf": ".pdf", "text/plain": ".txt"}.get(kind, ".html")
    path = folder / f"{parts.hostname}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"
    path.write_bytes(content)
    return path
