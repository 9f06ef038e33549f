"""Who signed the package: certificates of the JAR signature and the APK signing block.

Formats: https://source.android.com/docs/security/features/apksigning (v2, v3, v3.1). Signatures
are read, not verified: the answer to "who" is the certificate, and whether the bytes verify is
the installer's question. Never raises on any bytes.
"""

import hashlib
import struct
from collections.abc import Iterator

from scanner.model.static import Signer
from scanner.static.container import Archive
from scanner.static.der import Certificate, certificate, pkcs7_signers
from scanner.static.limits import MIB

_MAGIC = b"APK Sig Block 42"
_SCHEMES = {0x7109871A: "v2", 0xF05368C0: "v3", 0x1B93AD61: "v3.1"}
_BLOCK_SUFFIXES = (".RSA", ".DSA", ".EC")
_BLOCK_LIMIT = 16 * MIB
_TRAILER = 24
_MOST = 64


def _prefixed(data: bytes) -> Iterator[bytes]:
    """Yield the length-prefixed parts of a sequence."""
    at = 0
    for _ in range(_MOST):
        if at + 4 > len(data):
            return
        (length,) = struct.unpack_from("<I", data, at)
        if length > len(data) - at - 4:
            return
        yield data[at + 4 : at + 4 + length]
        at += 4 + length


def _block(archive: Archive) -> bytes:
    """Return the id-value pairs of the signing block, or nothing."""
    source, end = archive.source, archive.directory_start
    trailer = source.read_at(end - _TRAILER, _TRAILER) if end >= _TRAILER else b""
    if len(trailer) < _TRAILER or trailer[8:] != _MAGIC:
        return b""
    (size,) = struct.unpack_from("<Q", trailer)
    if not _TRAILER <= size <= min(end - 8, _BLOCK_LIMIT):
        return b""
    return source.read_at(end - size, size - _TRAILER)


def _block_certificates(archive: Archive) -> Iterator[tuple[str, Certificate]]:
    pairs = _block(archive)
    at = 0
    seen: set[str] = set()
    for _ in range(_MOST):
        if at + 12 > len(pairs):
            return
        length, kind = struct.unpack_from("<QI", pairs, at)
        scheme = _SCHEMES.get(kind)
        # A second block of the same scheme is ignored, as the platform does.
        if scheme and scheme not in seen:
            seen.add(scheme)
            body = pairs[at + 12 : at + 8 + min(length, len(pairs))]
            yield from ((scheme, found) for found in _signer_certificates(body))
        at += 8 + max(length, 4)


def _signer_certificates(body: bytes) -> Iterator[Certificate]:
    """Yield each signer's first certificate: signers > signer > signed data > certificates."""
    for signers in _prefixed(body):
        for signer in _prefixed(signers):
            signed = next(_prefixed(signer), b"")
            parts = list(_prefixed(signed))
            der = next(_prefixed(parts[1]), b"") if len(parts) > 1 else b""
            found = certificate(der)
            if found is not None:
                yield found


def _jar_certificates(archive: Archive) -> Iterator[tuple[str, Certificate]]:
    names = [
        name
        for name in archive.names
        if name.startswith("META-INF/")
        and name.count("/") == 1
        and name.upper().endswith(_BLOCK_SUFFIXES)
    ]
    for name in sorted(names)[:_MOST]:
        data = archive.read(name, MIB)
        if data:
            yield from (("v1", found) for found in pkcs7_signers(data))


def read_signers(archive: Archive) -> tuple[Signer, ...]:
    """Return the signing certificates, each once with the schemes that carry it."""
    schemes: dict[str, list[str]] = {}
    subjects: dict[str, str] = {}
    for scheme, found in [*_jar_certificates(archive), *_block_certificates(archive)]:
        digest = hashlib.sha256(found.der).hexdigest()
        subjects[digest] = found.subject
        if scheme not in schemes.setdefault(digest, []):
            schemes[digest].append(scheme)
    return tuple(
        Signer(sha256=digest, subject=subjects[digest], schemes=tuple(schemes[digest]))
        for digest in sorted(schemes)
    )
