"""Where an archive's bytes come from: a file, memory, or a stretch of another source."""

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from scanner.model.errors import InputError
from scanner.static.limits import FILE_BYTES, MIB


class Source(Protocol):
    """Random access to bytes. Reading past the end returns what there is, never an error."""

    size: int

    def read_at(self, offset: int, size: int) -> bytes:
        """Return at most `size` bytes from `offset`."""
        ...


class BytesSource:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes."""
        self._data = data
        self.size = len(data)

    def read_at(self, offset: int, size: int) -> bytes:
        """Return at most `size` bytes from `offset`."""
        if offset < 0 or size <= 0:
            return b""
        return self._data[offset : offset + size]


class FileSource:
    """A file on disk, read by position, which threads and forked processes can do side by side.
    Unlike a memory map it cannot fault when the file shrinks, and a gigabyte package costs no
    memory.
    """

    def __init__(self, path: Path) -> None:
        """Open the file. Raises `InputError` when it is no readable, non-empty regular file."""
        self._lock = threading.Lock()
        try:
            if path.is_dir():
                raise InputError(
                    f"{path.name}: is a directory without a package in it",
                    "Give the APK file itself, or a folder that holds base.apk and its splits.",
                )
            if path.exists() and not path.is_file():
                raise InputError(
                    f"{path.name}: is a device or a pipe, not a file",
                    "Save the package to a file first.",
                )
            self._file = path.open("rb", buffering=0)
            self.size = self._file.seek(0, 2)
        except OSError as error:
            raise InputError(
                f"{path.name}: cannot be read ({error.strerror or error})",
                "Check the path and its access rights.",
            ) from error
        if self.size == 0:
            self.close()
            raise InputError(f"{path.name}: is empty", "Copy or download the package again.")
        if self.size > FILE_BYTES:
            self.close()
            raise InputError(
                f"{path.name}: is larger than {FILE_BYTES // MIB} MiB",
                "Packages of this size are not supported.",
            )

    def read_at(self, offset: int, size: int) -> bytes:
        """Return at most `size` bytes from `offset`; short when the file cannot be read there."""
        if offset < 0 or size <= 0 or offset >= self.size:
            return b""
        size = min(size, self.size - offset)
        parts: list[bytes] = []
        try:
            while size and (part := self._part(offset, size)):
                parts.append(part)
                offset, size = offset + len(part), size - len(part)
        except OSError:
            return b""
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _part(self, offset: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), size, offset)
        with self._lock:  # Windows cannot read by position, nor fork
            self._file.seek(offset)
            return self._file.read(size)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class SliceSource:
    """A stretch of another source, such as a stored split inside a bundle."""

    def __init__(self, parent: Source, offset: int, size: int) -> None:
        """Refer to `size` bytes of `parent` from `offset`."""
        self._parent = parent
        self._offset = offset
        self.size = max(0, min(size, parent.size - offset))

    def read_at(self, offset: int, size: int) -> bytes:
        """Return at most `size` bytes from `offset`."""
        if offset < 0 or offset >= self.size:
            return b""
        return self._parent.read_at(self._offset + offset, min(size, self.size - offset))


class Digests(NamedTuple):
    """Hex digests of a whole source, and its size in bytes."""

    sha256: str
    sha1: str
    md5: str
    size: int


def _chunks(source: Source) -> Iterator[bytes]:
    for offset in range(0, source.size, MIB):
        yield source.read_at(offset, MIB)


def digest(source: Source) -> Digests:
    """Hash a source in one pass over its bytes."""
    hashes = (
        hashlib.sha256(),
        hashlib.sha1(usedforsecurity=False),
        hashlib.md5(usedforsecurity=False),
    )
    for chunk in _chunks(source):
        for one in hashes:
            one.update(chunk)
    sha256, sha1, md5 = (h.hexdigest() for h in hashes)
    return Digests(sha256, sha1, md5, source.size)


class LaterDigests:
    """Digests that are computed beside other work: hashing lets go of the interpreter lock."""

    def __init__(self, source: Source) -> None:
        """Start to hash."""
        self._source = source
        self._found: Digests | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        self._found = digest(self._source)

    def result(self) -> Digests:
        """Wait for the digests."""
        self.wait()
        return self._found or digest(self._source)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing reads the source any more, or so many seconds; tell whether so."""
        self._thread.join(seconds)
        return not self._thread.is_alive()
