"""The country of an address, from the packed table or from a file of the user."""

import ipaddress
import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from scanner.model.errors import InputError

_DATA = Path(__file__).resolve().parent.parent.parent / "profiles" / "data" / "countries.bin.xz"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_XDB_HONG_KONG = (("香港", "HK"), ("澳门", "MO"), ("台湾", "TW"))
_XDB_CHINA = "中国"


class Source(Protocol):
    """One table of countries. `label` names it with its date."""

    label: str

    def country(self, address: Address) -> str:
        """Return the ISO code of an address, "" when the table does not know it."""


class _Table(NamedTuple):
    starts: np.ndarray[Any, np.dtype[np.uint64]]
    places: np.ndarray[Any, np.dtype[np.uint8]]


class Packed:
    """The embedded table: sorted starts, looked up by bisection."""

    def __init__(self, data: bytes) -> None:
        """Unpack what `profiles.tools.pack_countries` wrote."""
        head, _, body = data.partition(b"\n")
        about = json.loads(head)
        self.label = f"{about['name']} {about['date']}"
        self.attribution = f"{self.label}. {about['attribution']}"
        self._countries: list[str] = about["countries"]
        self._tables: list[_Table] = []
        at = 0
        for size in about["sizes"]:
            columns = np.frombuffer(body, np.uint8, size * 8, at).reshape(8, size)
            gaps = np.ascontiguousarray(columns.T).view("<u8").reshape(-1)
            at += size * 8
            places = np.frombuffer(body, np.uint8, size, at)
            at += size
            self._tables.append(_Table(np.cumsum(gaps, dtype=np.uint64), places))

    def country(self, address: Address) -> str:
        """Return the country of an address."""
        if address.version == 4:  # noqa: PLR2004 - IPv4
            table, number = self._tables[0], int(address)
        else:
            table, number = self._tables[1], int(address) >> 64
        place = int(np.searchsorted(table.starts, np.uint64(number), side="right")) - 1
        return self._countries[int(table.places[place])]


@cache
def embedded() -> Packed:
    """Return the embedded table, unpacked once."""
    return Packed(lzma.decompress(_DATA.read_bytes()))


class Mmdb:
    """A MaxMind-format database of the user."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises `InputError`."""
        try:
            import maxminddb  # noqa: PLC0415 - optional
        except ImportError as error:
            raise InputError(
                f"{path.name}: reading .mmdb needs `maxminddb`", "pip install maxminddb"
            ) from error
        try:
            self._reader = maxminddb.open_database(path)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise InputError(f"{path.name}: not a usable .mmdb file ({error})") from error
        self.label = path.name

    def country(self, address: Address) -> str:
        """Return the country of an address, in either of the two usual layouts."""
        try:
            record = self._reader.get(address)
        except ValueError:
            return ""
        if not isinstance(record, dict):
            return ""
        nested = record.get("country")
        code = nested.get("iso_code", "") if isinstance(nested, dict) else nested
        return str(record.get("country_code") or code or "").upper()[:2]


class Xdb:
    """An ip2region database of the user; Hong Kong, Macao, Taiwan stand in its province field."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises `InputError`."""
        try:
            from ip2region import searcher, util  # noqa: PLC0415 - optional
        except ImportError as error:
            raise InputError(
                f"{path.name}: reading .xdb needs `py-ip2region`", "pip install py-ip2region"
            ) from error
        try:
            content = util.load_content_from_file(str(path))
            self._search = searcher.new_with_buffer(util.IPv4, content)
        except (OSError, ValueError, IndexError) as error:
            raise InputError(f"{path.name}: not a usable .xdb file ({error})") from error
        self.label = path.name

    def country(self, address: Address) -> str:
        """Return CN, HK, MO or TW; "" for what the file names only by a Chinese name."""
        if address.version != 4:  # noqa: PLR2004 - IPv4 only
            return ""
        region = str(self._search.search(str(address)) or "")
        for word, code in _XDB_HONG_KONG:
            if word in region:
                return code
        return "CN" if region.startswith(_XDB_CHINA) else ""


def open_source(path: Path) -> Source:
    """Open a country database of the user by its suffix. Raises `InputError`."""
    if not path.is_file():
        raise InputError(f"{path}: no such file", "give an .mmdb or .xdb file")
    if path.suffix.lower() == ".xdb":
        return Xdb(path)
    if path.suffix.lower() == ".mmdb":
        return Mmdb(path)
    raise InputError(f"{path.name}: unknown kind of country database", "give .mmdb or .xdb")
