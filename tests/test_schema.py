"""The published JSON Schemas are current, and a result satisfies its own."""

import json
from pathlib import Path

import jsonschema
import pytest

from scanner.schema import DOCUMENTS, schema


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_published_schema_is_current(name: str, root: Path) -> None:
    published = (root / "docs" / "schema" / name).read_bytes()
    assert published == schema(DOCUMENTS[name]), "run: python -m scanner.schema"


def test_a_schema_refuses_an_unknown_field() -> None:
    validator = jsonschema.Draft202012Validator(
        json.loads(schema(DOCUMENTS["result-1.schema.json"]))
    )
    errors = list(validator.iter_errors({"schema": "mingcha.result/1", "surprise": 1}))
    assert any("surprise" in error.message for error in errors)
