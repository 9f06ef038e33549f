"""Documents of other versions: an older one is brought up to date, others are refused in words.

Within one schema version, fields are only added, and always with a default: a document of the
first day opens today. A change that this cannot express gets the next number and a step here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from scanner.model.errors import InputError

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: Mapping[str, Step] = {}
"""By schema: the function that turns a document of it into one of the next version, `schema`
included. Empty as long as every document type is in its first version."""
MAX_STEPS = 20


class _Head(msgspec.Struct):
    schema: str = ""


def schema_of(kind: type[msgspec.Struct]) -> str:
    """Return the schema that this version writes for a document type."""
    return str(kind.__struct_config__.tag)


def upgraded(
    content: bytes, kind: type[msgspec.Struct], name: str, steps: Mapping[str, Step] = STEPS
) -> bytes:
    """Return `content` as a document of the schema that `kind` has now.

    Raises `InputError` that says what `name` is instead: another kind of document, of a newer
    version, or too old. What is no JSON object at all is left to the reader of the document.
    """
    try:
        found = msgspec.json.decode(content, type=_Head).schema
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content
    wanted = schema_of(kind)
    for _ in range(MAX_STEPS):
        if found == wanted:
            return content
        if found not in steps:
            break
        document = steps[found](msgspec.json.decode(content))
        found, content = document["schema"], msgspec.json.encode(document)
    raise InputError(f"{name}: {_refusal(found, wanted)}", _hint(found, wanted))


def _refusal(found: str, wanted: str) -> str:
    if not found:
        return f"no document of Mingcha: it has no field `schema`, {wanted} was expected"
    if _family(found) != _family(wanted):
        return f"this is a {found} document, {wanted} was expected"
    return f"this document has schema {found}; this version reads {wanted}"


def _hint(found: str, wanted: str) -> str:
    if _family(found) != _family(wanted):
        return "Give the file that the command asks for, such as result.json."
    if _number(found) > _number(wanted):
        return "It was written by a newer Mingcha: update, or judge the evidence again here."
    return "It is too old to be converted: judge its evidence again with `mingcha check`."


def _family(schema: str) -> str:
    return schema.rpartition("/")[0]


def _number(schema: str) -> int:
    last = schema.rpartition("/")[2]
    return int(last) if last.isascii() and last.isdigit() and len(last) <= len("999") else 0
