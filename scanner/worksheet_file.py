"""The worksheet as a file, YAML or XLSX, with the digests of the screenshots it names."""

import hashlib
from pathlib import Path

import msgspec
import yaml

from profiles.strict_yaml import parse
from scanner import worksheet_xlsx
from scanner.model.errors import InputError, KnowledgeError
from scanner.worksheet import ANSWERS, SCHEMA, Worksheet

MAX_BYTES = 16 << 20
MAX_SCREENSHOT = 64 << 20
_ZIP = b"PK\x03\x04"
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_HEAD = (
    "# 检测人员工作表 / tester's worksheet\n"
    "# answer.outcome: {answers}\n"
    "# who、when（YYYY-MM-DD）必填；pass 与 not_applicable 须写 note；\n"
    "# screenshot 填同一文件夹内的文件名。\n"
    "# who and when are required; pass and not_applicable need a note; screenshot is a file\n"
    "# name in this folder, its digest is filled in when the answers are read.\n"
)


def dump(sheet: Worksheet, name: str = "", lang: str = "zh") -> bytes:
    """Return the worksheet as YAML for people, or as a workbook when `name` ends in `.xlsx`."""
    if name.lower().endswith(".xlsx"):
        return worksheet_xlsx.dump(sheet, lang)
    content = msgspec.to_builtins(sheet)
    for item, built in zip(sheet.items, content["items"], strict=True):
        built["answer"] = msgspec.structs.asdict(item.answer)
    text = yaml.dump(content, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100)
    return (_HEAD.format(answers=", ".join(ANSWERS[1:])) + text).encode()


def read(path: Path) -> Worksheet:
    """Return the worksheet of a file, with the digests of its screenshots.

    Raises `InputError` that names the file and what is wrong with it.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name}: larger than a worksheet can be")
        sheet = _content(path)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from error
    except (KnowledgeError, msgspec.ValidationError) as error:
        raise InputError(f"{path.name}: {str(error).removeprefix(f'{path.name}: ')}") from error
    if sheet.schema != SCHEMA:
        raise InputError(f"{path.name}: this is not a worksheet ({sheet.schema!r})")
    items = tuple(
        msgspec.structs.replace(
            item,
            answer=msgspec.structs.replace(
                item.answer, screenshot_sha256=_digest(path.parent, item.answer.screenshot)
            ),
        )
        if item.answer.screenshot
        else item
        for item in sheet.items
    )
    return msgspec.structs.replace(sheet, items=items)


def _content(path: Path) -> Worksheet:
    data = path.read_bytes()
    if data.startswith(_ZIP):
        return worksheet_xlsx.read(path)
    return msgspec.convert(parse(data, path.name), Worksheet)


def _digest(folder: Path, name: str) -> str:
    """Return the SHA-256 of a screenshot beside the worksheet: a bare name, never a path."""
    path = folder / name
    if Path(name).name != name or path.is_symlink() or not path.is_file():
        raise InputError(f"screenshot {name!r} is not a file beside the worksheet")
    if path.stat().st_size > MAX_SCREENSHOT:
        raise InputError(f"screenshot {name!r} is larger than {MAX_SCREENSHOT >> 20} MB")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
