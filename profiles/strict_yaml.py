"""YAML without its traps: every key once, no implicit dates, no `no` that means false."""

import re
from collections.abc import Hashable
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # PyYAML built without libyaml: slower, same result
    from yaml import SafeLoader as _Base  # type: ignore[assignment]

from scanner.model.errors import KnowledgeError

_MAX_NODES = 2_000_000
_MAX_DEPTH = 40
_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"


class _Loader(_Base):
    """Plain scalars as in YAML 1.2 (country code NO stays text), duplicate keys refused."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping and refuse a key that stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                raise yaml.MarkedYAMLError(problem="keys must be text", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key `{key.value}` stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        built: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return built


_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_NULL, re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver(_INT, re.compile(r"^(?:0|-?[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver(_FLOAT, re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))


def parse(data: bytes, name: str, *, trusted: bool = False) -> Any:
    """Return the content of one YAML document.

    Raises `KnowledgeError` that names the file and the line when the text is not YAML, repeats a
    key, nests too deeply, or grows beyond all measure through aliases. `trusted` leaves out the
    first look at the nesting, which costs a third of the time.
    """
    try:
        if not trusted:
            _look_at_nesting(data, name)
        content = yaml.load(data, Loader=_Loader)  # noqa: S506 - a SafeLoader made stricter
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise KnowledgeError(f"{name}: {_where(error)}", "fix the YAML syntax") from error
    _measure(content, name)
    return content


def _look_at_nesting(data: bytes, name: str) -> None:
    """Refuse deep nesting before anything is built: the C library recurses until the stack ends."""
    depth = 0
    for event in yaml.parse(data, Loader=_Base):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            raise KnowledgeError(f"{name}: too deeply nested", "flatten the file")


def _where(error: Exception) -> str:
    """Return a YAML error in one line, with its line number when there is one."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return " ".join(str(error).split()) or type(error).__name__


def _measure(content: Any, name: str) -> None:
    """Refuse content that aliases blow up: it would be expanded when it is converted."""
    budget = _MAX_NODES
    level = [content]
    depth = 0
    while level:
        budget -= len(level)
        depth += 1
        if budget < 0 or depth > _MAX_DEPTH:
            raise KnowledgeError(f"{name}: too large or too deeply nested", "do not nest aliases")
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                below.extend(node.values())
            elif isinstance(node, list):
                below.extend(node)
            if len(below) > budget:
                raise KnowledgeError(f"{name}: too large", "do not nest aliases")
        level = below
