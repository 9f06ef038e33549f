"""JSON Schemas of the published documents, generated from their types."""

import inspect
import sys
from pathlib import Path
from typing import Any

import msgspec

from scanner.diff import Difference
from scanner.model.evidence import Evidence
from scanner.model.result import Result
from scanner.seal import Manifest

DOCUMENTS: dict[str, type[msgspec.Struct]] = {
    "evidence-1.schema.json": Evidence,
    "result-1.schema.json": Result,
    "diff-1.schema.json": Difference,
    "seal-1.schema.json": Manifest,
}


def schema(kind: type[msgspec.Struct]) -> bytes:
    """Return the JSON Schema (2020-12) of a document type as indented JSON."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_clean(msgspec.json.schema(kind)),
    }
    encoded = msgspec.json.encode(document, order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def _clean(node: Any) -> Any:
    """Return the schema with its descriptions free of indentation, which 3.13 strips itself."""
    if isinstance(node, dict):
        return {
            name: inspect.cleandoc(value)
            if name == "description" and isinstance(value, str)
            else _clean(value)
            for name, value in node.items()
        }
    return [_clean(item) for item in node] if isinstance(node, list) else node


def main(folder: Path) -> None:
    """Write every schema into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind in DOCUMENTS.items():
        (folder / name).write_bytes(schema(kind))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schema"))
