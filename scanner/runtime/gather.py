"""From logs of devices and hook tools to run-time evidence."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from profiles.model import Knowledge
from scanner.model.base import Text
from scanner.model.common import Gap, Input
from scanner.model.errors import InputError
from scanner.model.progress import Tell, silent
from scanner.model.runtime import NetworkUse, RuntimeEvent, RuntimeEvidence
from scanner.runtime import dumpsys
from scanner.runtime.json_logs import read_json
from scanner.runtime.meaning import Meanings
from scanner.runtime.raw import Access, Log
from scanner.runtime.workbooks import read_workbook

_MAX_BYTES = 256 << 20
_MAX_EVENTS = 20_000
_OLE = b"\xd0\xcf\x11\xe0"
_HINT = (
    "Logs: camille or PrivacySentry .xls, MobSF, PiRogue, our JSONL, dumpsys appops or netstats."
)
_FIELD = "runtime.events"


class RuntimeGathering(NamedTuple):
    """What `gather_runtime` returns."""

    runtime: RuntimeEvidence
    gaps: tuple[Gap, ...]
    inputs: tuple[Input, ...]


_Key = tuple[str, str, str, str, str, tuple[str, ...], str]


@dataclass(slots=True)
class _Seen:
    """Equal accesses."""

    access: Access
    permission: str
    confidence: str
    count: int = 0
    time: str = ""


def gather_runtime(
    paths: Sequence[Path], know: Knowledge, *, package: str = "", tell: Tell = silent
) -> RuntimeGathering:
    """Return what logs show.

    `package` is the app's: accesses that a log ascribes to other packages are left out. Raises
    `InputError` for a file that is no known log; what is lost inside one becomes a gap.
    """
    meanings = Meanings(know)
    seen: dict[_Key, _Seen] = {}
    inputs: list[Input] = []
    gaps: list[Gap] = []
    network: list[NetworkUse] = []
    for path in paths:
        tell(f"{path.name}")
        data = _load(path)
        inputs.append(
            Input(
                role="runtime",
                name=path.name,
                sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
            )
        )
        log = Log()
        accesses = _own(_read(path, data, log), package, path.name, gaps)
        for access in accesses:
            _count(access, meanings, seen, f"{log.format}:{path.name}")
        network += log.network
        gaps += _losses(path.name, log, meanings)
    events = tuple(_event(key, row) for key, row in sorted(seen.items())[:_MAX_EVENTS])
    evidence = RuntimeEvidence(
        logs=tuple(path.name for path in paths), events=events, network=tuple(network)
    )
    return RuntimeGathering(evidence, tuple(gaps), tuple(inputs))


def _load(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path.name}: larger than {_MAX_BYTES >> 20} MB", _HINT)
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    if not data.strip():
        raise InputError(f"{path.name}: the file is empty", _HINT)
    return data


def _read(path: Path, data: bytes, log: Log) -> Iterator[Access]:
    """Read a log by what its bytes look like. Raises `InputError` naming the file."""
    try:
        yield from _by_kind(data, log)
    except InputError as error:
        raise InputError(f"{path.name}: {error}", _HINT) from error


def _by_kind(data: bytes, log: Log) -> Iterator[Access]:
    if data.startswith(_OLE):
        return read_workbook(data, log)
    text = data.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] in ("{", "["):
        return read_json(data, log)
    if dumpsys.is_netstats(text):
        return dumpsys.read_netstats(text, log)
    if dumpsys.is_appops(text):
        return dumpsys.read_appops(text, log)
    raise InputError("not a log that can be read")


def _own(accesses: Iterator[Access], package: str, name: str, gaps: list[Gap]) -> list[Access]:
    """Return the accesses of the app. When the app is not known and several packages are named,
    none can be ascribed to it.
    """
    found = [access for access in accesses if access != Access()]
    named = {access.package for access in found if access.package}
    if package:
        return [access for access in found if access.package in ("", package)]
    if len(named) <= 1:
        return found
    gaps.append(
        Gap(
            part="runtime",
            code="several-packages",
            detail=Text(
                zh=f"日志涉及 {len(named)} 个应用，未说明被测应用的包名",
                en=f"the log speaks of {len(named)} packages and the app's is not known",
            ),
            blocks=(_FIELD,),
            subject=name,
        )
    )
    return [access for access in found if not access.package]


def _count(access: Access, meanings: Meanings, seen: dict[_Key, _Seen], source: str) -> None:
    meaning = meanings.of(access)
    actor, phase = meanings.actor(access), meanings.phase(access)
    action = (access.api or access.words).strip()[:200]
    key = (meaning.data_type, actor, phase, action, str(access.allowed), access.stack, source)
    row = seen.get(key)
    if row is None:
        row = seen[key] = _Seen(access, meaning.permission, meaning.confidence)
    row.count += access.count
    row.time = min(filter(None, (row.time, access.time)), default="")


def _event(key: _Key, row: _Seen) -> RuntimeEvent:
    data_type, actor, phase, action, _, stack, source = key
    return RuntimeEvent(
        data_type=data_type,
        action=action,
        phase=phase,  # type: ignore[arg-type]
        actor=actor,
        time=row.time,
        count=row.count,
        allowed=row.access.allowed,
        stack=stack,
        source=source,
        permission=row.permission,
        confidence=row.confidence,  # type: ignore[arg-type]
    )


def _losses(name: str, log: Log, meanings: Meanings) -> list[Gap]:
    if not log.losses:
        return []
    rows = [(meanings.loss(*why), count) for why, count in sorted(log.losses.items())]
    zh = "；".join(f"{text.zh} ×{count}" for text, count in rows)
    en = "; ".join(f"{text.en} ×{count}" for text, count in rows)
    return [
        Gap(
            part="runtime",
            code="lost-entries",
            detail=Text(zh=f"部分记录无法读取：{zh}", en=f"some entries could not be read: {en}"),
            blocks=(_FIELD,),
            subject=name,
            count=sum(log.losses.values()),
        )
    ]
