"""The words for every id in a result, so that a report needs no knowledge files."""

from collections.abc import Iterable

from checks.names import actor_name
from profiles.model import Knowledge, Regulation
from scanner.model.base import Text
from scanner.model.matrix import Matrix
from scanner.model.result import ClauseResult, Finding, Label


def labels_for(
    matrix: Matrix,
    findings: Iterable[Finding],
    clauses: Iterable[ClauseResult],
    regulations: Iterable[Regulation],
    know: Knowledge,
    *,
    coded: Iterable[str] = (),
) -> tuple[Label, ...]:
    """Return the labels, sorted by id. `coded` are keys of the knowledge's words to add."""
    types = {cell.data_type for cell in matrix.cells}
    actors = {cell.actor for cell in matrix.cells}
    for finding in findings:
        types.add(finding.data_type)
        actors.add(finding.actor)
    words: dict[str, Text] = {
        name: know.data_types[name].name for name in types if name in know.data_types
    }
    words.update((name, actor_name(know, name)) for name in actors if name)
    words.update((key, know.words[key]) for key in coded if key in know.words)
    used = {clause.group for clause in clauses}
    for rule in regulations:
        words[rule.id] = rule.title
        headings = {f"{rule.id}:{group.id}": group.title for group in rule.groups}
        words.update((name, title) for name, title in headings.items() if name in used)
    return tuple(Label(id=name, text=words[name]) for name in sorted(words))
