"""Text from outside may hold half characters (lone surrogates), which no document can store."""

from typing import Any


def whole(text: str) -> str:
    """Return text in which every half character is a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def whole_tree(value: Any) -> Any:
    """Return JSON content without half characters. Raises `RecursionError` for absurd depth."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {whole_tree(key): whole_tree(item) for key, item in value.items()}
    return [whole_tree(item) for item in value] if isinstance(value, list) else value
