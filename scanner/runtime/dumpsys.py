"""Transcripts of `dumpsys appops` and `dumpsys netstats`: what the system itself counted."""

import re
from collections import defaultdict
from collections.abc import Iterator

from scanner.model.runtime import NetworkUse
from scanner.runtime.raw import Access, Log

_PACKAGE = re.compile(r"Package:? ([\w.]+):?$")
_OP = re.compile(r"(?:android:)?([A-Z][A-Z0-9_]+)(?: \([^()]*\))?:?$")
_ACCESS = re.compile(
    r"(Access|Reject): \[([a-z]+)-([a-z]+)\] ?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})"
)
_DISCRETE = re.compile(r"Access \[([a-z]+)-([a-z]+)\] at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})")
_IDENT = re.compile(r"ident=\[(.*)\] uid=(-?\d+) set=(\w+) tag=0x([0-9a-f]+)")
_BUCKET = re.compile(r"st=\d+ rb=(\d+) rp=\d+ tb=(\d+) tp=\d+")
_BACKGROUND = frozenset({"bg", "cch"})
"""Process states of AppOps in which the user sees nothing of the app."""
_ACCESS_BEGINS = ("Access:", "Reject:", "Access [")
_VPN = "type=17"
_MAX_LINES = 2_000_000


def is_appops(text: str) -> bool:
    """Tell whether a transcript comes from `dumpsys appops`."""
    return "Current AppOps Service state" in text or "Discrete accesses:" in text or (
        _ACCESS.search(text) is not None
    )  # fmt: skip


def read_appops(text: str, log: Log) -> Iterator[Access]:
    """Yield every access and denied try, from the state and from the history."""
    log.format = "appops"
    package = op = ""
    for raw in text.splitlines()[:_MAX_LINES]:
        line = raw.strip()
        if found := _PACKAGE.match(line):
            package, op = found[1], ""
        elif found := _ACCESS.match(line):
            yield _access(op, found[2], found[4], package, found[1] == "Access")
        elif found := _DISCRETE.match(line):
            yield _access(op, found[1], found[3], package, True)
        elif found := _OP.match(line):
            op = found[1]
        elif line.startswith(_ACCESS_BEGINS):
            log.lose("bad-line")


def _access(op: str, state: str, time: str, package: str, allowed: bool) -> Access:
    return Access(
        api=op,
        phase="background" if state in _BACKGROUND else "",
        time=time.replace(" ", "T"),
        package=package,
        allowed=allowed,
    )


def is_netstats(text: str) -> bool:
    """Tell whether a transcript comes from `dumpsys netstats detail`."""
    return "UID stats:" in text and "NetworkStatsHistory" in text


def read_netstats(text: str, log: Log) -> Iterator[Access]:
    """Add the bytes of each uid to the log; yields nothing.

    The tag section counts the same bytes again and VPN interfaces carry what others carry too:
    both are left out.
    """
    log.format = "netstats"
    section = text.partition("UID stats:")[2].partition("UID tag stats:")[0]
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    key: tuple[str, str] | None = None
    for raw in section.splitlines()[:_MAX_LINES]:
        line = raw.strip()
        if found := _IDENT.match(line):
            state = "foreground" if found[3] == "FOREGROUND" else "background"
            counts = _VPN not in found[1] and int(found[4], 16) == 0
            key = (found[2], state) if counts else None
        elif (found := _BUCKET.match(line)) and key is not None:
            sums[key][0] += int(found[2])
            sums[key][1] += int(found[1])
        elif line.startswith(("ident=", "st=")) and found is None:
            log.lose("bad-line")
    log.network += [
        NetworkUse(uid=uid, state=state, sent=sent, received=received, source="netstats")
        for (uid, state), (sent, received) in sorted(sums.items())
    ]
    yield from ()
