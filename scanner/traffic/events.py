"""The recorder's `events.jsonl` beside a capture: marks, connections, names of addresses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

from scanner.model.common import Phase
from scanner.traffic.decode.walk import read_json
from scanner.traffic.phases import Mark
from scanner.traffic.record import Link

NAME = "events.jsonl"
_MAX_LINE = 1 << 20
_MAX_LINES = 5_000_000
_PHASES = frozenset(get_args(Phase))


class Events(NamedTuple):
    """What a sidecar tells. `bad` counts lines that could not be read."""

    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    names: dict[str, str] = {}  # noqa: RUF012 - never changed
    mode: str = ""
    bad: int = 0
    found: bool = False


def beside(capture: Path) -> Path | None:
    """Return the sidecar of a capture: `<name>.events.jsonl`, or `events.jsonl` of a bundle whose
    capture is `flows.mitm`.
    """
    own = capture.with_name(capture.name + "." + NAME)
    if own.is_file():
        return own
    common = capture.with_name(NAME)
    return common if capture.name == "flows.mitm" and common.is_file() else None


def read_events(path: Path) -> Events:
    """Read a sidecar; damaged lines (a killed recorder) are counted and left out."""
    marks: list[Mark] = []
    links: list[Link] = []
    names: dict[str, str] = {}
    mode, bad = "", 0
    for row in _rows(path):
        kind = row.get("event") if row is not None else None
        if row is None:
            bad += 1
        elif kind == "phase" and row.get("phase") in _PHASES:
            phase = cast("Phase", row["phase"])
            marks.append(Mark(_number(row.get("time")), phase, str(row.get("by", ""))))
        elif kind == "connection":
            links.append(_link(row))
        elif kind == "dns" and isinstance(row.get("addresses"), list):
            names.update((str(a), str(row.get("name", ""))) for a in row["addresses"])
        elif kind == "start":
            mode = str(row.get("mode", ""))
    return Events(tuple(marks), tuple(links), names, mode, bad, True)


def _rows(path: Path) -> Iterator[dict[str, Any] | None]:
    with path.open("rb") as file:
        for number, line in enumerate(file):
            if number >= _MAX_LINES:
                return
            row = read_json(line) if len(line) <= _MAX_LINE else None
            yield row if isinstance(row, dict) else None


def _link(row: dict[str, Any]) -> Link:
    return Link(
        host=str(row.get("host", "")),
        verdict=str(row.get("verdict", "no-data")),
        time=_number(row.get("time")),
        sent=int(_number(row.get("sent"))),
        received=int(_number(row.get("received"))),
        ip=str(row.get("ip", "")),
        reason=str(row.get("reason", "")),
        detail=str(row.get("detail", ""))[:200],
        phase=str(row.get("phase", "")),
    )


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
