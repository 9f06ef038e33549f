"""What kind of file a package is, and its modules.

APK; XAPK, APKS and APKM (archives of split APKs); a folder of split APKs; AAB (one archive of
module folders); HarmonyOS HAP and APP. Kind is decided by content, never by the file's suffix.
"""

from contextlib import ExitStack
from pathlib import Path

from scanner.model.errors import InputError
from scanner.model.progress import Tell
from scanner.static.container import Archive, Budget
from scanner.static.container_source import BytesSource, Digests, FileSource, LaterDigests, digest
from scanner.static.limits import MANIFEST_BYTES, NESTED_ARCHIVES
from scanner.static.package import BASE, Module, Package, Part

MANIFEST = "AndroidManifest.xml"
_HINT = "Give an APK, XAPK, APKS, APKM, AAB or HAP file, or a folder with base.apk and its splits."
_AAB_MANIFEST = "base/manifest/AndroidManifest.xml"
_AAB_FOLDERS = {"manifest/": "", "dex/": "", "root/": ""}
_HAP_MODULE = ("module.json", "config.json")

_KNOWN = (
    (b"dex\n", "a bare dex file, not a package"),
    (b"\x7fELF", "a native library, not a package"),
    (b"<!DOCTYPE", "an HTML page, not a package"),
    (b"<html", "an HTML page, not a package"),
    (b"7z\xbc\xaf", "a 7z archive, not a package"),
    (b"Rar!", "a RAR archive, not a package"),
    (b"\x1f\x8b", "a gzip file, not a package"),
    (b"%PDF", "a PDF document, not a package"),
)


def open_package(path: Path, tell: Tell) -> Package:
    """Open a package. Raises `InputError` with one sentence when it is none."""
    if path.is_dir():
        return _folder(path, tell)
    with ExitStack() as stack:
        source = FileSource(path)
        stack.callback(source.close)
        tell(f"reading {path.name}")
        archive = Archive(source)
        form, modules = _modules(path.name, archive, source)
        if not modules:
            raise InputError(f"{path.name}: contains no readable app", _HINT)
        later = LaterDigests(source)
        stack.callback(later.wait)
        part = Part(path.name, later)
        archives = _distinct([archive, *(m.archive for m in modules)])
        close = stack.pop_all().close
    return Package(path.name, form, (part,), tuple(modules), archives, close)


def _distinct(archives: list[Archive]) -> tuple[Archive, ...]:
    return tuple({id(a): a for a in archives}.values())


def _modules(name: str, archive: Archive, source: FileSource) -> tuple[str, list[Module]]:
    names = set(archive.names)
    if not names:
        raise InputError(f"{name}: {_reason(source)}", _HINT)
    if MANIFEST in names:
        return "apk", [Module(BASE, archive)]
    if _AAB_MANIFEST in names or "BundleConfig.pb" in names:
        return "aab", _bundle(archive)
    if names.intersection(_HAP_MODULE):
        return "hap", [Module(BASE, archive)]
    haps = sorted(n for n in names if n.lower().endswith((".hap", ".hsp")))
    if haps:
        return "happ", _nested(archive, haps)
    splits = _chosen(sorted(n for n in names if n.lower().endswith(".apk")))
    if splits:
        return _bundle_format(archive), _base_first(_nested(archive, splits))
    if archive.damaged and any(n.endswith(".dex") for n in names):
        return "apk", [Module(BASE, archive)]
    raise InputError(f"{name}: is a ZIP archive without an AndroidManifest.xml", _HINT)


def _reason(source: FileSource) -> str:
    head = source.read_at(0, 64)
    for magic, words in _KNOWN:
        if head.lstrip()[: len(magic)].lower() == magic.lower():
            return "is " + words
    if head.startswith(b"PK"):
        return "is a truncated or damaged archive with no readable entry"
    return "is not an Android package (no ZIP structure found)"


def _bundle_format(archive: Archive) -> str:
    if "toc.pb" in archive:
        return "apks"
    info = archive.read("info.json", 1 << 20) or b""
    if b"apkm_version" in info:
        return "apkm"
    manifest = archive.read("manifest.json", 1 << 20) or b""
    return "xapk" if b"xapk_version" in manifest else "apks"


def _chosen(names: list[str]) -> list[str]:
    """Return the APKs that together are one installation.

    An APKS file of bundletool may hold a universal APK, splits and standalone variants of the
    same app; one of these sets is enough.
    """
    for wanted in (["universal.apk"], [n for n in names if n.startswith("splits/")]):
        if wanted and set(wanted) <= set(names):
            return wanted
    standalone = [n for n in names if n.startswith("standalones/")]
    return standalone[-1:] or names


def _nested(archive: Archive, names: list[str]) -> list[Module]:
    found = []
    for name in names[:NESTED_ARCHIVES]:
        nested = archive.open_nested(name, name)
        if nested is not None and any(True for _ in nested.names):
            found.append(Module(_label(name), nested))
    return found


def _base_first(modules: list[Module]) -> list[Module]:
    """Put the base in front: the first module whose manifest names no split."""
    for k, module in enumerate(modules):
        root = module.xml(MANIFEST, MANIFEST_BYTES)
        if root is not None and "split" not in root.attributes:
            rest = modules[:k] + modules[k + 1 :]
            return [Module(BASE, module.archive), *rest]
    return modules


def _label(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _bundle(archive: Archive) -> list[Module]:
    """Split an app bundle into its modules, with the names that an APK would have."""
    modules: dict[str, dict[str, str]] = {}
    for name in archive.names:
        module, _, inner = name.partition("/")
        if not inner or module in ("META-INF", "BUNDLE-METADATA"):
            continue
        for folder, shown in _AAB_FOLDERS.items():
            if inner.startswith(folder):
                inner = shown + inner[len(folder) :]
                break
        modules.setdefault(module, {})[inner] = name
    return [
        Module(BASE if label == "base" else label, archive, modules[label])
        for label in sorted(modules, key=lambda m: (m != "base", m))
        if MANIFEST in modules[label]
    ]


def _folder(path: Path, tell: Tell) -> Package:
    """Open a folder of split APKs as one app."""
    files = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() == ".apk")
    if not files:
        raise InputError(f"{path.name}: is a directory without an APK in it", _HINT)
    budget = Budget(sum(file.stat().st_size for file in files))
    modules: list[Module] = []
    parts: list[Part] = []
    with ExitStack() as stack:
        for file in files[:NESTED_ARCHIVES]:
            tell(f"reading {file.name}")
            source = FileSource(file)
            stack.callback(source.close)
            archive = Archive(source, budget, file.name)
            if MANIFEST in archive:
                modules.append(Module(_label(file.name), archive))
            later = LaterDigests(source)
            stack.callback(later.wait)
            parts.append(Part(file.name, later))
        if not modules:
            raise InputError(f"{path.name}: no file in it is a readable APK", _HINT)
        close = stack.pop_all().close
    modules = _base_first(modules)
    archives = tuple(m.archive for m in modules)
    return Package(path.name, "split-dir", tuple(parts), tuple(modules), archives, close)


def whole_digest(package: Package) -> Digests:
    """Return the digests of the package: the file's own, or over the sorted list of files."""
    if len(package.parts) == 1:
        return package.parts[0].digests
    listing = "".join(f"{p.digests.sha256}  {p.name}\n" for p in package.parts).encode()
    return digest(BytesSource(listing))._replace(size=sum(p.digests.size for p in package.parts))
