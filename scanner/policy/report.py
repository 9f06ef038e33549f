"""`mingcha policy FILE`: what the documents declare, as JSON per file or as a short summary."""

from collections.abc import Sequence
from typing import Any

import msgspec

from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence

_FOUND = {"present": "有", "probable": "可能有", "not_found": "未见"}
_STANCE = {
    "none": "未提及 / not mentioned",
    "denied": "声明不出境 / denied",
    "conditional": "附条件 / conditional",
    "declared": "声明出境 / declared",
}


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


def summary(policy: PolicyEvidence, file: str, know: Knowledge, lang: str = "zh") -> str:
    """Return a page that a person can read."""
    lines = [f"{file}: {_title(policy)}", ""]
    lines += _types(policy, know, lang)
    lines += ["", f"SDK / 第三方: {len(policy.sdks)}"]
    for row in policy.sdks[:40]:
        types = _names(row.data_types, know, lang)
        lines.append(f"  - {row.name} [{row.sdk or '?'}] {row.company}: {types}")
    lines += ["", f"出境 / cross-border: {_STANCE[policy.cross_border.stance]}"]
    lines += [f"  “{quote.text[:120]}”" for quote in policy.cross_border.quotes[:2]]
    lines += ["", "要素 / elements:"]
    for element in policy.elements:
        quote = element.quotes[0].text[:60].replace("\n", " ") if element.quotes else ""
        lines.append(f"  {element.id:14} {_FOUND[element.found]}  {quote}")
    return "\n".join(lines) + "\n"


def _title(policy: PolicyEvidence) -> str:
    chars = policy.readability.chars
    names: Sequence[str] = [d.title or d.name for d in policy.documents]
    return f"{'; '.join(names)} ({chars} 字符 / characters, {len(policy.statements)} 条声明)"


def _types(policy: PolicyEvidence, know: Knowledge, lang: str) -> list[str]:
    seen: dict[tuple[str, str], set[str]] = {}
    for statement in policy.statements:
        seen.setdefault((statement.polarity, statement.action), set()).update(statement.data_types)
    return [
        f"{polarity} {action}: {_names(sorted(types), know, lang)}"
        for (polarity, action), types in sorted(seen.items())
    ]


def _names(types: Sequence[str], know: Knowledge, lang: str) -> str:
    names = [know.data_types[t].name for t in types if t in know.data_types]
    if lang == "en":
        return ", ".join(name.en for name in names)
    return "、".join(name.zh for name in names)


def _full(item: msgspec.Struct) -> dict[str, Any]:
    """Return every field, defaults included: a consumer need not know the defaults."""
    return {name: msgspec.to_builtins(getattr(item, name)) for name in item.__struct_fields__}
