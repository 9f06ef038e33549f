"""Statements: lines whose data mentions are handled, clause by clause."""

from collections.abc import Iterable

from scanner.model.common import Confidence
from scanner.model.policy import Statement
from scanner.policy.clauses import ClauseReader, Reading
from scanner.policy.gate import gate_score
from scanner.policy.mentions import Mention, score
from scanner.policy.reader import Line
from scanner.policy.words import Vocabulary

_QUOTE = 400
_SURE = 150
"""A statement whose best mention scores more than this is firm."""


def statements(
    lines: Iterable[Line], document: str, words: Vocabulary, clauses: ClauseReader
) -> list[Statement]:
    """Return what the lines of one document declare, in order."""
    out: list[Statement] = []
    never = set(words.section_table.never)
    for line in lines:
        sentence = line.sentence
        if not sentence.mentions or sentence.section in never:
            continue
        score(sentence, words)
        kept = [m for m in sentence.mentions if m.score > 0]
        if not kept or gate_score(sentence, kept, words) <= 0:
            continue
        for start, end, reading in clauses.read(sentence, kept):
            here = [m for m in kept if start <= m.start < end]
            out.append(_statement(line, document, start, end, reading, here))
    return out


def _statement(
    line: Line, document: str, start: int, end: int, reading: Reading, here: list[Mention]
) -> Statement:
    first = line.start + line.normal.back(start)
    last = line.start + line.normal.back_end(end)
    purpose = next(
        (line.text[a:b] for a, b in line.sentence.purposes if b > start - 80 and a < end + 80), ""
    )
    sure: Confidence = "firm" if max(m.score for m in here) >= _SURE else "tentative"
    return Statement(
        document=document,
        start=first,
        end=last,
        quote=line.quote(first, last)[:_QUOTE],
        action=reading.action,
        data_types=tuple(sorted({m.data_type for m in here})),
        actor=reading.actor,
        polarity=reading.polarity,
        purpose=purpose[:120],
        condition=reading.condition,
        receiver=reading.receiver,
        section=line.sentence.section,
        confidence=sure,
    )
