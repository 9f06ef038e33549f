"""What lies in the archive besides manifest and resources: dex files, libraries, assets."""

import re
from collections.abc import Iterable, Iterator

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.static.container import Archive
from scanner.static.facts import DexFile, NativeLib
from scanner.static.limits import MIB, NESTED_DEPTH, NESTED_SEARCHED
from scanner.static.package import Module, Package

_CLASSES = re.compile(r"classes(\d*)\.dex")
_NATIVE = re.compile(r"lib/([^/]+)/([^/]+\.so)")
_DEX_MAGIC = b"dex\n"
_ZIP_MAGIC = b"PK\x03\x04"
_NESTED_FOLDERS = ("assets/", "res/raw", "root/")
_NESTED_SUFFIXES = (".jar", ".apk", ".zip", ".dex")
_NESTED_BYTES = 64 * MIB
_SKIPPED = frozenset({".png", ".webp", ".jpg", ".jpeg", ".gif", ".mp3", ".mp4", ".ogg", ".ttf"})


def _order(name: str) -> int:
    match = _CLASSES.fullmatch(name)
    return int(match[1] or 1) if match else 0


def _platform_dex(module: Module) -> list[str]:
    return sorted((n for n in module.names if _CLASSES.fullmatch(n)), key=_order)


def _loaded(names: list[str]) -> set[str]:
    """Return the names that the platform loads: it stops at the first missing number."""
    numbers = {_order(name): name for name in names}
    loaded: set[str] = set()
    expected = 1
    while expected in numbers:
        loaded.add(numbers[expected])
        expected += 1
    return loaded or set(names)


def read_dex(package: Package) -> tuple[tuple[DexFile, ...], tuple[Gap, ...]]:
    """Return all dex files: those the platform loads first, then those hidden in other entries."""
    found: list[DexFile] = []
    left = package.modules[0].archive.budget.dex
    lost: list[str] = []
    for module in package.modules:
        names = _platform_dex(module)
        loaded = _loaded(names)
        for name in names:
            data = module.read(name, max(left, 1))
            if data is None or left <= 0:
                lost.append(module.place(name))
                continue
            left -= len(data)
            found.append(DexFile(name=module.place(name), data=data, dynamic=name not in loaded))
    for dex in sorted(_hidden_dex(package), key=lambda dex: dex.name):
        if len(dex.data) <= left:
            left -= len(dex.data)
            found.append(dex)
    found.sort(key=lambda dex: dex.dynamic)
    return tuple(found), _lost(lost)


def _lost(names: list[str]) -> tuple[Gap, ...]:
    if not names:
        return ()
    return (
        Gap(
            part="static",
            code="dex-unreadable",
            detail=Text(
                zh="部分代码文件无法读取，其中的行为未被分析",
                en="Some dex files could not be read; what they do was not analysed",
            ),
            blocks=("static.calls", "static.sdks", "static.endpoints", "static.flows"),
            subject=names[0],
            count=len(names),
        ),
    )


def _hidden_dex(package: Package) -> Iterator[DexFile]:
    searched = 0
    for module in package.modules:
        for name in filter(_may_hide, module.names):
            head = module.peek(name)
            if head.startswith(_DEX_MAGIC):
                data = module.read(name)
                if data:
                    yield DexFile(name=module.place(name), data=data, dynamic=True)
            elif head.startswith(_ZIP_MAGIC) and searched < NESTED_SEARCHED:
                searched += 1
                yield from _inside(module, name)


def _inside(module: Module, name: str) -> Iterator[DexFile]:
    nested = module.open_nested(name) if module.size(name) <= _NESTED_BYTES else None
    if nested is not None:
        yield from _nested_dex(nested, module.place(name), NESTED_DEPTH - 1)


def _may_hide(name: str) -> bool:
    if _CLASSES.fullmatch(name):
        return False
    lower = name.lower()
    if name.startswith(_NESTED_FOLDERS):
        dot = lower.rfind(".")
        return dot < 0 or lower[dot:] not in _SKIPPED
    return lower.endswith(_NESTED_SUFFIXES)


def _nested_dex(archive: Archive, place: str, depth: int) -> Iterator[DexFile]:
    for name in archive.names:
        head = archive.peek(name) if name.lower().endswith(_NESTED_SUFFIXES) else b""
        if head.startswith(_DEX_MAGIC):
            data = archive.read(name)
            if data:
                yield DexFile(name=f"{place}!{name}", data=data, dynamic=True)
        elif head.startswith(_ZIP_MAGIC) and depth > 0 and archive.size(name) <= _NESTED_BYTES:
            nested = archive.open_nested(name)
            if nested is not None:
                yield from _nested_dex(nested, f"{place}!{name}", depth - 1)


def native_libs(package: Package) -> tuple[NativeLib, ...]:
    """Return the native libraries of all modules, sorted by path."""
    found: dict[str, NativeLib] = {}
    for module in package.modules:
        for name in module.names:
            match = _NATIVE.fullmatch(name)
            if match:
                lib = NativeLib(name=match[2], abi=match[1], path=name, size=module.size(name))
                found.setdefault(name, lib)
    return tuple(found[name] for name in sorted(found))


def file_names(package: Package) -> tuple[str, ...]:
    """Return all installed names, sorted, each once."""
    return tuple(sorted({name for module in package.modules for name in module.names}))


def assets(files: Iterable[str]) -> tuple[str, ...]:
    """Return the names below `assets/`, without that prefix."""
    return tuple(name.removeprefix("assets/") for name in files if name.startswith("assets/"))
