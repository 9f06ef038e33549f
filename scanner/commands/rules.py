"""Which knowledge and which profile a command judges by."""

from pathlib import Path
from typing import Any

from profiles.model import Knowledge
from scanner.model.errors import InputError

DEFAULT = "cn"


def rules_of(values: dict[str, Any]) -> tuple[Knowledge, str]:
    """Return the knowledge and the id of the profile that `--profile` and `--rules` ask for.

    `--profile` may be a folder: it is laid over our own knowledge, and the one profile that it
    holds judges, or `cn` when it only changes clauses. Raises `InputError` when it holds several,
    or when `--rules` names another folder, and `KnowledgeError` for what does not fit.
    """
    from profiles.load import load_knowledge

    name, rules = values["profile"], values["rules"]
    folder = Path(name)
    if not _is_folder(name):
        return load_knowledge(rules), name
    if rules is not None and rules.resolve() != folder.resolve():
        raise InputError("--profile FOLDER and --rules name two folders", "Put all in one folder.")
    know = load_knowledge(folder)
    return know, _own_profile(know, load_knowledge(), folder)


def _is_folder(name: str) -> bool:
    return "/" in name or "\\" in name or name.startswith(".") or Path(name).is_dir()


def _own_profile(know: Knowledge, ours: Knowledge, folder: Path) -> str:
    """Return the id of the profile that the folder adds or replaces."""
    own = [name for name, one in know.profiles.items() if ours.profiles.get(name) != one]
    if len(own) > 1:
        raise InputError(
            f"{folder}: holds the profiles {', '.join(sorted(own))}",
            "Give the folder with --rules and name one of them with --profile.",
        )
    return own[0] if own else DEFAULT
