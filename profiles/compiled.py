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
        return msgspec.msgpack.decode(compiled.knowledge, type=Knowledge)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    finally:
        if running:
            gc.enable()


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
    candidates = [BUILT_IN]
    folder = cache_folder()
    if folder is not None and _is_ours(folder):
        candidates.append(folder / _name(key))
    for path in candidates:
        know = _read(path, key)
        if know is not None:
            return know
    return None


def keep(key: str, know: Knowledge) -> None:
    """Write the compiled form to the user's cache. A cache that cannot be written is no error."""
    folder = cache_folder()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_ours(folder):
            _write(folder / _name(key), encode(key, know))
            _prune(folder)


def _name(key: str) -> str:
    return f"knowledge-{key[:32]}.msgpack"


def _is_ours(path: Path) -> bool:
    """Tell whether only this user can have written here: a foreign cache is not believed."""
    if os.name != "posix":
        return True
    try:
        facts = path.lstat()
    except OSError:
        return False
    return facts.st_uid == os.getuid() and not facts.st_mode & 0o022


def _read(path: Path, key: str) -> Knowledge | None:
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        if path != BUILT_IN and not _is_ours(path):
            return None
        return decode(path.read_bytes(), key)
    except OSError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    import tempfile  # noqa: PLC0415 - slow to import, rarely needed

    handle, name = tempfile.mkstemp(prefix=".knowledge-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Keep the newest few compiled forms: each change of the knowledge leaves one behind."""
    files = sorted(
        folder.glob("knowledge-*.msgpack"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in files[_KEEP:]:
        path.unlink(missing_ok=True)
