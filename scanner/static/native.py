"""Native libraries: strings that name identifiers or where they lie.

A C string in a library is no call. It says that the library knows the name, so every hit is
tentative and its reach is unknown.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from profiles.match import fits
from profiles.model import Api, Knowledge
from profiles.once import Once
from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.model.static import CollectionSite, Location
from scanner.static.elf import exported
from scanner.static.facts import NativeExports, NativeLib
from scanner.static.limits import NATIVE_BYTES
from scanner.static.package import Package
from scanner.static.windows import Hit, Words

_KINDS = frozenset(
    {"file-path", "system-property", "settings-key", "content-uri", "reflection-string"}
)
_ABIS = ("arm64-v8a", "armeabi-v7a", "armeabi", "x86_64", "x86")
_SHORTEST = 6
_END = b"\0"
_TO_JAVA = (b"Java_", b"JNI_OnLoad")


class _Sign(NamedTuple):
    api: Api
    text: str
    exact: bool


def _signs(know: Knowledge) -> list[_Sign]:
    return [
        _Sign(api, text, api.match == "exact")
        for api in know.apis.values()
        if api.kind in _KINDS and api.role != "generic"
        for text in api.strings
        if len(text) >= _SHORTEST
    ]


def one_abi(libs: Iterable[NativeLib]) -> list[NativeLib]:
    """Return each library once, in the first ABI that has it: the builds hold the same strings."""
    rank = {abi: k for k, abi in enumerate(_ABIS)}
    best: dict[str, NativeLib] = {}
    for lib in sorted(libs, key=lambda lib: (rank.get(lib.abi, len(rank)), lib.path)):
        best.setdefault(lib.name, lib)
    return [best[name] for name in sorted(best)]


class _Owners:
    """Which SDK ships a library."""

    def __init__(self, know: Knowledge) -> None:
        pairs = [(p, sdk.id) for sdk in know.sdks.values() for p in sdk.native_libs]
        self._exact = {pattern: sdk for pattern, sdk in reversed(pairs) if "*" not in pattern}
        self._wild = [(pattern, sdk) for pattern, sdk in pairs if "*" in pattern]

    def of(self, lib: str) -> str:
        """Return the SDK's id, or `pkg:<library>` when nobody is known."""
        found = self._exact.get(lib)
        return found or next((sdk for p, sdk in self._wild if fits(p, lib)), f"pkg:{lib}")


def _make_tools(know: Knowledge) -> tuple[list[_Sign], Words, _Owners]:
    signs = _signs(know)
    return signs, Words([s.text.encode() for s in signs]), _Owners(know)


_tools = Once(_make_tools)


class NativeRead(NamedTuple):
    """What the libraries' strings name, one site per library and API; what they export."""

    sites: tuple[CollectionSite, ...] = ()
    exports: tuple[NativeExports, ...] = ()
    gaps: tuple[Gap, ...] = ()


def read_native(package: Package, libs: Iterable[NativeLib], know: Knowledge) -> NativeRead:
    """Read every library once, in one ABI."""
    chosen = one_abi(libs)
    if not chosen:
        return NativeRead()
    signs, words, owners = _tools(know)
    sites: list[CollectionSite] = []
    large: list[str] = []
    exports: list[NativeExports] = []
    for lib in chosen:
        if lib.size > NATIVE_BYTES:
            large.append(lib.path)
            continue
        found = package.find(lib.path)
        if found:
            apis = dict(_held(found[1], words.find(found[1]), signs))
            sites += [_site(lib, owners, apis[key]) for key in sorted(apis)]
            names = exported(found[1], _TO_JAVA)
            exports += [NativeExports(path=lib.path, names=names)] if names else []
    return NativeRead(tuple(sites), tuple(exports), _gaps(large))


def _held(data: bytes, hits: Iterable[Hit], signs: list[_Sign]) -> Iterator[tuple[str, _Sign]]:
    for number, start, end in hits:
        sign = signs[number]
        if sign.exact and not (data[end : end + 1] == _END and data[start - 1 : start] == _END):
            continue
        yield sign.api.id, sign


def _site(lib: NativeLib, owners: _Owners, sign: _Sign) -> CollectionSite:
    return CollectionSite(
        api=sign.api.id,
        data_type=sign.api.data_type,
        kind="string",
        target=sign.text,
        place=Location(cls=lib.path, dex=lib.path),
        actor=owners.of(lib.name),
        confidence="tentative",
    )


def _gaps(names: list[str]) -> tuple[Gap, ...]:
    if not names:
        return ()
    detail = Text(
        zh="原生库过大，未搜索其中的字符串", en="A native library is too large to be searched"
    )
    return (
        Gap(part="static", code="native-size", detail=detail, subject=names[0], count=len(names)),
    )
