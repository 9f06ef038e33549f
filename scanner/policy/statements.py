"""Statements: lines whose data mentions are handled, clause by clause."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from scanner.model.common import Confidence
from scanner.model.policy import SdkRow, Statement
from scanner.policy.around import of_data
from scanner.policy.blocks import bullet, numbering
from scanner.policy.clauses import ClauseReader, Reading
from scanner.policy.found import Mention, Sentence
from scanner.policy.gate import gate_score
from scanner.policy.mentions import score
from scanner.policy.named import Names
from scanner.policy.owners import of_rows
from scanner.policy.reader import Line
from scanner.policy.resolve import Resolver
from scanner.policy.words import Vocabulary

_QUOTE = 400
_PERMISSIONS = "permissions"
_RIGHT = "权限"
_PART = "；"
_EARLY = 16
"""A line of a permission list opens with the permission: it states access without a verb."""
_TITLE = re.compile(r"《[^《》]{1,80}》|(?:https?[:：]//|www\.)[!-~：？]{1,400}")
"""What stands in the title of a text or in a link is no data."""
_TITLED = ("《", "//", "www.")
_SURE = 150
"""A statement whose best mention scores more than this is firm."""


def statements(
    lines: Iterable[Line],
    document: str,
    words: Vocabulary,
    clauses: ClauseReader,
    rows: Sequence[SdkRow] = (),
    *,
    resolver: Resolver | None = None,
) -> list[Statement]:
    """Return what the lines of one document declare, in order.

    What stands inside a row of a third-party list is said of that third party. A statement about
    nothing but "personal information" is kept only when it denies something or is an export.
    """
    out: list[Statement] = []
    names = Names(resolver)
    never = set(words.section_table.never)
    known = list(lines)
    for number, line in enumerate(known):
        sentence = line.sentence
        names.hear(line)
        if not sentence.mentions or sentence.section in never:
            continue
        if clauses.labels.names_only(known, number):
            continue
        score(sentence, words)
        kept = _kept(sentence, words)
        runs = clauses.read(sentence, kept) if kept else []
        spoken = [run for run in runs if not _says_nothing(run[2], run[3], words)]
        spoken += clauses.denials(sentence, [(a, b) for a, b, _, _ in spoken])
        denied = clauses.denied_lists.denied(line) if spoken else None
        if denied:
            spoken = [
                (a, b, replace(r, action=denied, polarity="negative"), m) for a, b, r, m in spoken
            ]
        before: tuple[int, list[Mention]] = 0, []
        for start, end, reading, here in sorted(spoken, key=lambda item: item[:2]):
            reading.actor = names.actor(reading.actor, sentence.text[start:end])
            if names.owns(reading, sentence.text, sentence.text[start:end]):
                reading.actor, reading.action = names.owner(), "collect"
            first, told = start, _told(reading, here, words)
            near = before[1] and _PART not in sentence.text[before[0] : start]
            if near and _means_again(reading, told, sentence.text[start:end], words):
                first, told = before
            before = first, [m for m in told if m.data_type not in words.umbrella]
            out.append(_statement(line, document, (first, end), reading, told))
    out = of_rows(out, rows, _items(known, rows)) if rows else out
    return clauses.torn.owned(out, known[0].source, resolver) if out else out


def _items(lines: Sequence[Line], rows: Sequence[SdkRow]) -> list[int]:
    """Return the places of lines with a number or a bullet among the rows of a list."""
    first, last = rows[0].place.start, rows[-1].place.end
    opening = [x for x in lines if first < x.start < last and x.start == x.block.start]
    return [x.start for x in opening if numbering(x.text)[1] or bullet(x.text)]


def _says_nothing(reading: Reading, here: list[Mention], words: Vocabulary) -> bool:
    """Tell a statement about nothing but an umbrella word that neither denies nor exports."""
    if reading.polarity not in {"positive", "conditional"}:
        return False
    vague = all(m.data_type in words.umbrella for m in here)
    return vague and reading.action != "transfer_abroad"


def _lists(kept: list[Mention]) -> bool:
    """Tell a heading that names several kinds of data from a mere title."""
    return len({m.data_type for m in kept}) > 1


def _told(reading: Reading, here: list[Mention], words: Vocabulary) -> list[Mention]:
    """Leave out an umbrella word beside real data: what is collected is the data.

    A denial keeps "personal information", but no word that only points back ("this information").
    """
    denied = reading.polarity.startswith("negative")
    told = [m for m in here if m.data_type not in words.umbrella or (denied and not m.weak)]
    return told or here


def _means_again(reading: Reading, told: list[Mention], said: str, words: Vocabulary) -> bool:
    """Tell a denial to pass on "this information": the data named before it is meant.

    "We do not collect this information" may speak of what another party does.
    """
    if not reading.polarity.startswith("negative") or any(not m.weak for m in told):
        return False
    vague = all(m.data_type in words.umbrella for m in told)
    return vague and bool(words.patterns["back"].search(said))


def _kept(sentence: Sentence, words: Vocabulary) -> list[Mention]:
    """Return the mentions that are data handled here; none when the sentence is about else."""
    rules = words.words
    doubtful = [span for name in rules.doubtful for span in sentence.masks.get(name, ())]
    if sentence.section == _PERMISSIONS:
        asked = [m for m in sentence.mentions if sentence.text.startswith(_RIGHT, m.end)]
        if asked and sentence.text.find(_RIGHT) <= _EARLY:
            return asked
    kept = []
    named = _titles(sentence.text)
    for mention in sentence.mentions:
        if any(a <= mention.start < b for a, b in named):
            continue
        inside = any(a <= mention.start and mention.end <= b for a, b in doubtful)
        if mention.score > (rules.doubtful_score if inside else 0):
            kept.append(mention)
    kept = of_data(kept, sentence, words)
    if not kept:
        return []
    gate = gate_score(sentence, kept, words) + (rules.led if sentence.lead else 0)
    together = max(m.score for m in kept) + gate
    if sentence.kind == "heading" and not sentence.verbs and not _lists(kept):
        return []
    return kept if gate > 0 and together > rules.together else []


def _titles(text: str) -> list[tuple[int, int]]:
    """Return where the titles and links of a sentence stand; most sentences have none."""
    if any(sign in text for sign in _TITLED):
        return [found.span() for found in _TITLE.finditer(text)]
    return []


def _statement(
    line: Line, document: str, span: tuple[int, int], reading: Reading, here: list[Mention]
) -> Statement:
    start, end = span
    first = line.start + line.normal.back(start)
    last = line.start + line.normal.back_end(end)
    purpose = next(
        (
            line.text[a:b]
            for a, b in line.sentence.masks.get("purpose", ())
            if b > start - 80 and a < end + 80
        ),
        "",
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
