"""Whether a second process is worth starting for one app."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from scanner.model.errors import InputError

VARIABLE = "MINGCHA_PROCESSES"
LEAST_DEX_BYTES = 8_000_000
"""Below this, starting a second process costs more than it saves."""

_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")
_LOAD = Path("/proc/loadavg")
_RUNNING = 3
"""Place of `running/all` threads in the file."""


def two_processes(asked: int, dex_bytes: int) -> bool:
    """Tell whether two processes should share the work: as `asked` (1, 2, or 0 = as the variable
    says; without it, when there is enough work and a free core). Raises `InputError` for a variable
    that is neither 1 nor 2.
    """
    asked = asked or _from_environment()
    if asked:
        return asked > 1
    return dex_bytes >= LEAST_DEX_BYTES and _free_cores() >= 1 and not _memory_limited()


def _from_environment() -> int:
    said = os.environ.get(VARIABLE, "")
    if said not in {"", "1", "2"}:
        raise InputError(f"{VARIABLE}: {said!r} is neither 1 nor 2", "Unset it, or set it to 1.")
    return int(said or 0)


def _free_cores() -> float:
    """Return how many cores nobody uses at this moment, this process aside."""
    return _cores() - 1 - _others()


def _others() -> int:
    """Return how many threads of other processes run or want to. Where others are at work two
    processes that wait for each other are slower than one.
    """
    words = _words(_LOAD)
    running = words[_RUNNING].partition("/")[0] if len(words) > _RUNNING else ""
    return max(0, int(running) - threading.active_count()) if running.isdigit() else 0


def _cores() -> float:
    """Return how many cores this process may use; 1 where the system does not say."""
    if sys.platform != "linux":
        return 1
    count = getattr(os, "process_cpu_count", None)  # from Python 3.13 on
    cores = (count() if count else len(os.sched_getaffinity(0))) or 1
    return min([float(cores), *_quotas()])


def _quotas() -> Iterator[float]:
    """Yield the limits of CPU time that containers and services set, in cores."""
    for folder in _folders():
        limit = _words(folder / "cpu.max")
        if not limit:
            limit = _words(folder / "cpu.cfs_quota_us") + _words(folder / "cpu.cfs_period_us")
        if len(limit) > 1 and limit[0].isdigit() and int(limit[1]):
            yield int(limit[0]) / int(limit[1])


def _folders() -> Iterator[Path]:
    """Yield the folders of the control groups that this process and its container are in."""
    for line in _words(_OWN_GROUPS):
        _, kinds, own = (*line.split(":", 2), "", "")[:3]
        if kinds and "cpu" not in kinds.split(","):
            continue
        root = _GROUPS / kinds
        inner = root / own.lstrip("/")
        yield from (place for place in (inner, *inner.parents) if place.is_relative_to(root))


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").split()
    except OSError:
        return []


def _memory_limited() -> bool:
    """Tell whether the address space is limited: two processes would have twice as much."""
    import resource  # noqa: PLC0415 - not everywhere

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
