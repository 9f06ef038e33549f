"""The compiled form of the knowledge: one msgpack file, found by its key, never stale."""

import contextlib
import gc
import os
import sys
from pathlib import Path

import msgspec

from profiles.model import Knowledge
from profiles.sources import HERE
from scanner.model.base import Doc

BUILT_IN = HERE / "_compiled.msgpack"
_KEEP = 8
_MAX_BYTES = 256 << 20


class Compiled(Doc):
    """A knowledge and the key it belongs to."""

    key: str
    knowledge: msgspec.Raw


def encode(key: str, know: Knowledge) -> bytes:
    """Return the bytes of a compiled form."""
    encoder = msgspec.msgpack.Encoder()
    return encoder.encode(Compiled(key=key, knowledge=msgspec.Raw(encoder.encode(know))))


def decode(data: bytes, key: str) -> Knowledge | None:
    """Return the knowledge in a compiled form, or None when it is another's or damaged."""
    running = gc.isenabled()
    gc.disable()  # thousands of small objects, none of them garbage
    try:
        compiled = msgspec.msgpack.decode(data, type=Compiled)
        if compiled.key != key:
            return None
        return _apart(msgspec.msgpack.decode(compiled.knowledge, type=Knowledge))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    finally:
        if running:
            gc.enable()


def _apart(know: Knowledge) -> Knowledge:
    """Give the tables bytes of their own, or they keep all that was read in memory."""
    for name, raw in know.tables.items():
        know.tables[name] = raw.copy()
    return know


def cache_folder() -> Path | None:
    """Return the folder for compiled forms, or None when the platform offers none."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named) / "mingcha"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local) / "mingcha" / "cache" if local else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "mingcha"
    return home / ".cache" / "mingcha"


def find(key: str) -> Knowledge | None:
    """Return the compiled knowledge with this key from the package or from the user's cache."""
    data = _read(BUILT_IN)
    know = None if data is None else decode(data, key)
    if know is None:
        data = recall(f"knowledge-{key[:32]}")
        know = None if data is None else decode(data, key)
    return know


def keep(key: str, know: Knowledge) -> None:
    """Write the compiled form to the user's cache."""
    remember(f"knowledge-{key[:32]}", encode(key, know))


def recall(name: str) -> bytes | None:
    """Return what was remembered under a name that holds its key, or None."""
    folder = own_folder()
    return None if folder is None else _read(folder / f"{name}.msgpack")


def remember(name: str, data: bytes) -> None:
    """Leave bytes in the user's cache. A cache that cannot be written is no error."""
    folder = own_folder()
    if folder is not None:
        with contextlib.suppress(OSError):
            _write(folder / f"{name}.msgpack", data)
            _prune(folder, name.partition("-")[0])


def own_folder() -> Path | None:
    """Return the cache folder, made where it is missing, or None when it is not ours alone."""
    folder = cache_folder()
    if folder is None:
        return None
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder if _is_ours(folder) and os.access(folder, os.W_OK) else None


def _is_ours(path: Path) -> bool:
    """Tell whether only this user can have written here: a foreign cache is not believed."""
    if os.name != "posix":
        return True
    try:
        facts = path.lstat()
    except OSError:
        return False
    return facts.st_uid == os.getuid() and not facts.st_mode & 0o022


def _read(path: Path) -> bytes | None:
    try:
        if path.stat().st_size > _MAX_BYTES or not (path == BUILT_IN or _is_ours(path)):
            return None
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    import tempfile  # noqa: PLC0415 - slow to import, rarely needed

    handle, name = tempfile.mkstemp(prefix=".compiled-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path, kind: str) -> None:
    """Keep the newest few compiled forms: each change of the knowledge leaves one behind."""
    files = sorted(
        folder.glob(f"{kind}-*.msgpack"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in files[_KEEP:]:
        path.unlink(missing_ok=True)
