"""One policy file or embedded text: format, encoding, limits; bytes to `Parsed`."""

import io
import re
import zipfile
from pathlib import Path

from scanner.model.errors import InputError
from scanner.policy.blocks import Parsed
from scanner.policy.decode import decode
from scanner.policy.html import declared_charset, parse_html
from scanner.policy.markdown import parse_markdown
from scanner.policy.paper import parse_docx, parse_pdf
from scanner.policy.plain import parse_plain

MAX_BYTES = 32 * 1024 * 1024
MAX_CHARS = 2_000_000
_PAGE = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|meta|span)\b", re.IGNORECASE
)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a policy file. Raises `InputError` when absent, no file or too big."""
    try:
        if not path.is_file():
            reason = "is not a file" if path.exists() else "no such file"
            raise InputError(f"{path.name}: {reason}", "Give an HTML, Markdown, PDF or DOCX file.")
        size = path.stat().st_size
        check_size(path.name, size)
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from error
    check_size(path.name, len(raw))
    return raw


def check_size(name: str, size: int) -> None:
    """Refuse a document that is empty or larger than `MAX_BYTES`."""
    if size > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise InputError(
            f"{name}: {size} bytes is more than the {limit} MB that a policy may have",
            "Give the policy document alone.",
        )
    if size == 0:
        raise InputError(f"{name}: the file is empty")


def sniff(raw: bytes, name: str) -> str:
    """Return pdf, docx, html, md or txt, by content first and by name second."""
    head = raw[:4096]
    suffix = Path(name).suffix.lower()
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if suffix in {".html", ".htm", ".xhtml", ".mhtml"}:
        return "html"
    if suffix in {".md", ".markdown"}:
        return "md"
    if suffix == ".txt":
        return "txt"
    return "html" if _PAGE.search(head.replace(b"\0", b"")) else "txt"


def parse(raw: bytes, name: str) -> tuple[Parsed, str, bool]:
    """Return the parsed document, its format, and whether all of it was read.

    Raises `InputError` when nothing can be read.
    """
    form = sniff(raw, name)
    if form == "pdf":
        parsed, failed = parse_pdf(raw, name)
        return parsed, form, not failed
    if form == "docx":
        if not _is_docx(raw):
            raise InputError(f"{name}: an archive, not a DOCX document")
        return parse_docx(raw, name), form, True
    text, encoding = decode(raw, name, declared_charset(raw) if form == "html" else "")
    whole = len(text) <= MAX_CHARS
    text = text[:MAX_CHARS]
    if not text.strip():
        raise InputError(f"{name}: the file holds no text")
    if form == "html":
        parsed = parse_html(text, name)
    else:
        parsed = parse_markdown(text) if form == "md" else parse_plain(text)
    if not parsed.text.strip():
        raise InputError(
            f"{name}: the page holds no text of its own",
            "Save the page as the browser shows it, after its scripts have run.",
        )
    parsed.encoding = encoding
    return parsed, form, whole


def _is_docx(raw: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
