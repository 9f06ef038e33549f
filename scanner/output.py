"""Write files so that a reader never meets a half-written one."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scanner.model.errors import OutputError

HINT = "Choose another folder with -o, or free some space."


def write_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write all files into `folder`, all or none, and return their paths.

    Every file is first written completely under a temporary name in the same folder and only
    then renamed. Names are plain file names of ours, never taken from an input. Raises
    `OutputError` when the folder cannot be written or the disk is full; nothing is left behind.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            staged.append((_stage(folder, content), folder / name))
        for temporary, final in staged:
            temporary.replace(final)
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}", HINT) from error
    finally:
        # After success the temporary names no longer exist; after Ctrl-C or a fault they must go.
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    return tuple(final for _, final in staged)


def write_file(path: Path, content: bytes) -> Path:
    """Write one file in the manner of `write_files`."""
    return write_files(path.parent, {path.name: content})[0]


def _stage(folder: Path, content: bytes) -> Path:
    """Write `content` under a temporary name in `folder`, on disk when this returns."""
    handle, name = tempfile.mkstemp(prefix=".mingcha-", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary
