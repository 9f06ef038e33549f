"""JSON logs: our own lines, MobSF's API monitor, PiRogue's dynamic hooks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scanner.model.errors import InputError
from scanner.model.unicode import whole_tree
from scanner.runtime.raw import Access, Log, frames

_MAX_ROWS = 1_000_000
_TIMES = ("time", "timestamp")
_MILLISECONDS = 1_000_000_000_000


def read_json(data: bytes, log: Log) -> Iterator[Access]:
    """Yield the accesses of a JSON log of any of the known shapes. Raises `InputError`."""
    text = data.decode("utf-8-sig", "replace").strip()
    rows = _whole(text)
    if rows is None:
        rows = _lines(text, log)
    shape = _shape(rows)
    if shape is None:
        raise InputError("a JSON log of unknown shape")
    log.format, row_of = shape
    for row in rows[:_MAX_ROWS]:
        access = row_of(row) if isinstance(row, dict) else None
        if access is None:
            log.lose("unknown-row")
        else:
            if not access.time and any(row.get(name) for name in _TIMES):
                log.lose("bad-time")
            yield access


def _whole(text: str) -> list[Any] | None:
    """Return the rows of a JSON list, of one object, or of objects joined by commas (MobSF)."""
    for candidate in (text, f"[{text.rstrip(',')}]"):
        try:
            content = whole_tree(json.loads(candidate))
        except (ValueError, RecursionError):
            continue
        return content if isinstance(content, list) else [content]
    return None


def _lines(text: str, log: Log) -> list[Any]:
    rows: list[Any] = []
    for line in text.splitlines()[:_MAX_ROWS]:
        if not line.strip():
            continue
        try:
            rows.append(whole_tree(json.loads(line.rstrip(","))))
        except (ValueError, RecursionError):
            log.lose("not-json")
    return rows


def _shape(rows: list[Any]) -> tuple[str, Any] | None:
    """Return the format and its reader, judged by the first rows."""
    for row in rows[:20]:
        if isinstance(row, dict):
            if isinstance(row.get("data"), dict) and "timestamp" in row:
                return "pirogue", _pirogue
            if "calledFrom" in row or ("class" in row and "method" in row and "name" in row):
                return "mobsf", _mobsf
            if "api" in row or "data_type" in row or row.get("format") == "mingcha.runtime/1":
                return "mingcha", _own
    return None


def _own(row: dict[str, Any]) -> Access | None:
    """Read a line of the documented format (docs/traffic.md)."""
    if "format" in row and len(row) == 1:
        return Access()
    stack = row.get("stack")
    allowed = row.get("allowed")
    count = row.get("count", 1)
    return Access(
        api=str(row.get("api", "")),
        words=str(row.get("action", "")),
        data_type=str(row.get("data_type", "")),
        phase=str(row.get("phase", "")),
        time=_time(row.get("time")),
        package=str(row.get("package", "")),
        stack=frames([str(line) for line in stack]) if isinstance(stack, list) else (),
        allowed=allowed if isinstance(allowed, bool) else None,
        permission=str(row.get("permission", "")),
        count=count if isinstance(count, int) and 0 < count < 1 << 31 else 1,
    )


def _mobsf(row: dict[str, Any]) -> Access:
    called = str(row.get("calledFrom", ""))
    return Access(
        api=f"{row.get('class', '')}.{row.get('method', '')}",
        words=str(row.get("name", "")),
        stack=frames([called]),
    )


def _pirogue(row: dict[str, Any]) -> Access | None:
    data = row["data"] if isinstance(row.get("data"), dict) else {}
    stack = data.get("stacktrace")
    lines = [_frame(line) for line in stack] if isinstance(stack, list) else []
    return Access(
        api=f"{data.get('class', '')}.{data.get('method', '')}",
        words=str(data.get("taxonomy_id", "")),
        time=_time(row.get("timestamp")),
        package=str(row.get("process", "")).partition(":")[0],
        stack=frames(lines),
    )


def _frame(line: Any) -> str:
    if isinstance(line, dict):
        return f"{line.get('class', '')}.{line.get('method', '')}"
    return str(line)


def _time(value: Any) -> str:
    """Return seconds or milliseconds since 1970, or ISO 8601 text, as ISO 8601."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).isoformat()
        except ValueError:
            return ""
    if not isinstance(value, int | float) or value <= 0:
        return ""
    seconds = value / 1000 if value > _MILLISECONDS / 10 else value
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return ""
