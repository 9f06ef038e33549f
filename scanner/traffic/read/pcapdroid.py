"""PCAPdroid's list of connections: no contents, but hosts, bytes and the app of each."""

import csv
from collections.abc import Generator
from pathlib import Path

from scanner.traffic.httpdns import is_address
from scanner.traffic.read.notes import Notes
from scanner.traffic.record import Link, Record

_MAX_ROWS = 1_000_000


def read_csv(path: Path, notes: Notes) -> Generator[Record]:
    """Add a link per row to `notes`; yields nothing, because the file holds no exchange.

    Columns are found by name; `Info` is not quoted and may hold commas, which shift what follows.
    """
    notes.metadata_only = True
    with path.open("r", encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(file, quoting=csv.QUOTE_NONE)
        head = [name.strip().lower() for name in next(rows, [])]
        for number, row in enumerate(rows):
            if number >= _MAX_ROWS:
                notes.lose("rows-beyond-limit", str(_MAX_ROWS))
                break
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < len(head):
                notes.lose("short-row")
                continue
            link = _link(head, row)
            if link is None:
                notes.lose("bad-row")
            else:
                notes.links.append(link)
    yield from ()


def _link(head: list[str], row: list[str]) -> Link | None:
    """Return the connection of a row, None when it names no address."""
    extra = len(row) - len(head)
    if extra and "info" in head:
        at = head.index("info")
        row = [*row[:at], ",".join(row[at : at + extra + 1]), *row[at + extra + 1 :]]
    cells = dict(zip(head, row, strict=False))
    address, name = cells.get("dstip", "").strip(), cells.get("info", "").strip()
    if not is_address(address):
        return None
    proto = cells.get("proto", "").strip().upper()
    host = name if "." in name and " " not in name and "/" not in name else address
    return Link(
        host=host,
        verdict="metadata-only",
        time=_number(cells.get("firstseen", "")) / 1000,
        sent=int(_number(cells.get("bytessent", ""))),
        received=int(_number(cells.get("bytesrcvd", ""))),
        ip=address,
        reason="seen",
        detail=proto or cells.get("status", ""),
        app=cells.get("packagename", "").strip(),
    )


def _number(text: str) -> float:
    return float(text) if text.strip().isdigit() and len(text) < 20 else 0.0  # noqa: PLR2004 - a plausible count
