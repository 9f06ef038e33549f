"""On real apps: who owns the code, and no SDK where there is none."""

import csv
import struct
import zipfile
from pathlib import Path

import pytest

from profiles.load import load_knowledge
from profiles.match import Owners
from scanner.static.gather import gather_static

pytestmark = pytest.mark.corpus

FEW = 50
LEAST = 0.97


def classes(path: Path) -> set[str]:
    """Return the Java names of the classes that a package defines in its top-level dex files."""
    found: set[str] = set()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".dex") and "/" not in name:
                data = archive.read(name)
                if data.startswith(b"dex\n"):
                    found |= _defined(data)
    return found


def _defined(data: bytes) -> set[str]:
    (strings, _, types) = struct.unpack_from("<III", data, 0x3C)
    (count, start) = struct.unpack_from("<II", data, 0x60)
    found = set()
    for number in range(count):
        (kind,) = struct.unpack_from("<I", data, start + 32 * number)
        (text,) = struct.unpack_from("<I", data, types + 4 * kind)
        (at,) = struct.unpack_from("<I", data, strings + 4 * text)
        while data[at] & 0x80:
            at += 1
        end = data.index(b"\0", at + 1)
        found.add(data[at + 2 : end - 1].decode(errors="replace").replace("/", "."))
    return found


def test_foreign_code_has_an_owner(corpus: Path) -> None:
    know = load_knowledge()
    with (corpus / "apk" / "manifest.tsv").open(encoding="utf-8") as file:
        apps = list(csv.DictReader(file, delimiter="\t"))
    for app in apps:
        own = ".".join(app["package"].split(".")[:2])
        foreign = [
            name
            for name in classes(corpus / "apk" / app["path"])
            if not name.startswith((f"{own}.", f"{app['package']}."))
        ]
        if len(foreign) >= FEW:
            owned = sum(owner is not None for owner in Owners(know, app["package"]).assign(foreign))
            assert owned / len(foreign) >= LEAST, app["path"]


def test_no_sdk_where_there_is_none(corpus: Path) -> None:
    know = load_knowledge()
    apps = sorted((corpus / "droidbench").rglob("*.apk"))
    assert len(apps) > 100
    for path in apps:
        assert gather_static(path, know, flow_budget=0).static.sdks == (), path.name
