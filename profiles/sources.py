"""The YAML files of the knowledge: which there are, their bytes, their digest."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from scanner.model.errors import KnowledgeError

HERE = Path(__file__).parent
FORMAT = "mingcha.knowledge/1"
_MAX_FILES = 2_000
_MAX_BYTES = 32 << 20
_MAX_DEPTH = 6
_CODE = (
    "profiles/model.py",
    "profiles/model_rules.py",
    "profiles/model_sdks.py",
    "profiles/derive.py",
    "profiles/load.py",
    "scanner/model/base.py",
    "scanner/model/common.py",
)


class Source:
    """One YAML file: `name` is its path below the knowledge folder, with `/`."""

    __slots__ = ("data", "name")

    def __init__(self, name: str, data: bytes) -> None:
        """Keep name and bytes."""
        self.name = name
        self.data = data


def read_folder(folder: Path, prefix: str) -> list[Source]:
    """Return all YAML files below a folder, sorted by name.

    Links are not followed out of the folder. Raises `KnowledgeError` when the folder cannot be
    read or holds more than a knowledge folder can.
    """
    return list(walk_folder(folder, prefix))


def walk_folder(folder: Path, prefix: str) -> Iterator[Source]:
    """Yield what `read_folder` returns, one file in memory at a time."""
    found: list[tuple[str, Path]] = []
    try:
        _collect(folder, prefix, found, _MAX_DEPTH)
        for name, path in sorted(found):
            yield Source(name, path.read_bytes())
    except OSError as error:
        raise KnowledgeError(
            f"{error.filename or folder}: cannot be read ({error.strerror})",
            "check the folder and its permissions",
        ) from error


def _collect(folder: Path, prefix: str, found: list[tuple[str, Path]], depth: int) -> None:
    for entry in folder.iterdir():
        name = entry.name
        if name.startswith((".", "_")) or entry.is_symlink():
            continue
        if name.endswith((".yaml", ".yml")):
            _add(entry, f"{prefix}{name}", found)
        elif depth and "." not in name and entry.is_dir():
            _collect(entry, f"{prefix}{name}/", found, depth - 1)


def _add(path: Path, name: str, found: list[tuple[str, Path]]) -> None:
    if path.stat().st_size > _MAX_BYTES or len(found) >= _MAX_FILES:
        raise KnowledgeError(
            f"{name}: more than a knowledge folder may hold",
            f"at most {_MAX_FILES} files of {_MAX_BYTES >> 20} MB",
        )
    found.append((name, path))


def digest(sources: Iterable[Source]) -> str:
    """Return the SHA-256 over names and bytes: the identity of the knowledge."""
    total = hashlib.sha256(FORMAT.encode())
    for source in sources:
        for part in (source.name.encode(), source.data):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def compiled_key(content: str) -> str:
    """Return the key of a compiled form: it changes with the content and with the types."""
    total = hashlib.sha256(content.encode())
    for name in _CODE:
        total.update((HERE.parent / name).read_bytes())
    return total.hexdigest()
