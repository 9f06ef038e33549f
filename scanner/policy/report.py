"""`mingcha policy FILE --json`: what the documents declare, one JSON document per file."""

from typing import Any

import msgspec

from scanner.model.policy import PolicyEvidence


def as_document(policy: PolicyEvidence, file: str) -> dict[str, Any]:
    """Return the JSON document of one file. Offsets are characters of the text as read."""
    built = msgspec.to_builtins(policy)
    return {
        "file": file,
        "documents": built.get("documents", []),
        "statements": [_full(s) for s in policy.statements],
        "sdks": [_full(s) for s in policy.sdks],
        "elements": {
            element.id: {k: v for k, v in _full(element).items() if k != "id"}
            for element in policy.elements
        },
        "cross_border": _full(policy.cross_border),
        "subsumptions": [_full(s) for s in policy.subsumptions],
        "permissions": list(policy.permissions),
        "readability": _full(policy.readability),
    }


def as_json(policy: PolicyEvidence, file: str) -> bytes:
    """Return one line of JSON for one file."""
    return msgspec.json.encode(as_document(policy, file))


def _full(item: msgspec.Struct) -> dict[str, Any]:
    """Return every field, defaults included: a consumer need not know the defaults."""
    return {name: msgspec.to_builtins(getattr(item, name)) for name in item.__struct_fields__}
