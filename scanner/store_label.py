"""The Data safety form of Google Play, as its console exports it: a CSV of questions and answers.

Columns: question id, response id, response value, then what the person reads. A type is ticked
by `PSL_DATA_TYPES_*`; how it is used stands in `PSL_DATA_USAGE_RESPONSES:<type>:<question>`.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checks.api import StoreLabel
from scanner.model.common import Input
from scanner.model.errors import InputError

MAX_BYTES = 4 << 20
MAX_ROWS = 20_000
_HEADER = ("question id", "response id", "response value")
_TYPES = "PSL_DATA_TYPES_"
_USAGE = "PSL_DATA_USAGE_RESPONSES:"
_USED = ":PSL_DATA_USAGE_COLLECTION_AND_SHARING"
_HINT = "Export it in Play Console: App content, Data safety, Export to CSV."

Answers = dict[tuple[str, str], str]


class ReadLabel(NamedTuple):
    """The label and the file it was read from."""

    label: StoreLabel
    input: Input


def read_label(path: Path) -> ReadLabel:
    """Return what the form says. Raises `InputError` naming file and trouble."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{path.name}: larger than a Data safety form can be")
    digest = hashlib.sha256(data).hexdigest()
    source = Input(role="store-label", name=path.name, sha256=digest, size=len(data))
    return ReadLabel(label_of(_answers(data, path.name)), source)


def label_of(answers: Answers) -> StoreLabel:
    """Return the label that the answers make. What is ticked without a use counts as collected."""
    if _flag(answers.get(("PSL_DATA_COLLECTION_COLLECTS_PERSONAL_DATA", ""), "")) is False:
        return StoreLabel()
    yes = {key for key, value in answers.items() if _flag(value)}
    shared = {_used(q) for q, r in yes if q.endswith(_USED) and r.endswith("_ONLY_SHARED")}
    collected = {_used(q) for q, r in yes if q.endswith(_USED) and r.endswith("_ONLY_COLLECTED")}
    ticked = {response for question, response in yes if question.startswith(_TYPES)}
    return StoreLabel(
        collected=tuple(sorted((collected | (ticked - shared)) & ticked)),
        shared=tuple(sorted(shared & ticked)),
        encrypted=_flag(answers.get(("PSL_DATA_COLLECTION_ENCRYPTED_IN_TRANSIT", ""), "")),
        deletable=_deletable(yes),
    )


def _deletable(yes: set[tuple[str, str]]) -> bool | None:
    said = {r for q, r in yes if q == "PSL_SUPPORT_DATA_DELETION_BY_USER"}
    return None if not said else "DATA_DELETION_YES" in said


def _used(question: str) -> str:
    return question.removeprefix(_USAGE).removesuffix(_USED)


def _flag(value: str) -> bool | None:
    return {"true": True, "false": False}.get(value.strip().lower())


def _answers(data: bytes, name: str) -> Answers:
    """Return (question, response) -> value. Raises `InputError` for anything but the form."""
    try:
        rows = list(_rows(data.decode("utf-8-sig"), name))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{name}: this is no CSV in UTF-8", _HINT) from error
    head = tuple(cell.partition("(")[0].strip().lower() for cell in rows[0][:3]) if rows else ()
    if head != _HEADER:
        raise InputError(f"{name}: this is no Data safety form", _HINT)
    found: Answers = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) < len(_HEADER):
            raise InputError(f"{name}: row {number} has only {len(row)} columns", _HINT)
        key = (row[0].strip(), row[1].strip())
        if found.setdefault(key, row[2]) != row[2]:
            raise InputError(f"{name}: row {number} answers {key[0]} a second time", _HINT)
    if not any(question.startswith(_TYPES) for question, _ in found):
        raise InputError(f"{name}: the form holds no data types", _HINT)
    return found


def _rows(text: str, name: str) -> Iterator[list[str]]:
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True)):
        if number > MAX_ROWS:
            raise InputError(f"{name}: more rows than a Data safety form has", _HINT)
        yield row
