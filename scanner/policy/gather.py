"""Policy documents to `PolicyEvidence`: what they declare, with the place of every fact."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc, Text
from scanner.model.common import Gap, Input
from scanner.model.errors import InputError
from scanner.model.policy import (
    CrossBorder,
    Document,
    Element,
    PolicyEvidence,
    Readability,
    SdkRow,
    Statement,
)
from scanner.model.progress import Tell, silent
from scanner.policy.blocks import Parsed, add_paths
from scanner.policy.clauses import ClauseReader
from scanner.policy.crossborder import CrossBorderReader
from scanner.policy.elements import ElementFinder
from scanner.policy.english import EnglishReader
from scanner.policy.measures import PermissionReader, finer, readability, subsumptions
from scanner.policy.normal import Normal
from scanner.policy.owners import of_rows
from scanner.policy.reader import Line, language, read_lines
from scanner.policy.sdks import SdkReader, quoted
from scanner.policy.source import check_size, parse, read_bytes
from scanner.policy.statements import statements
from scanner.policy.traditional import Simplifier
from scanner.policy.words import Vocabulary, vocabulary

_MAX_DOCUMENTS = 50


class DocumentKind(Doc):
    """A kind of document and what its title says."""

    kind: str
    pattern: str


class DocumentTable(Doc):
    """`tables/policy_documents.yaml`."""

    checked: str
    source: tuple[str, ...]
    kinds: tuple[DocumentKind, ...]
    traditional: str


@dataclass(frozen=True, slots=True)
class PolicyGathering:
    """What was gathered: the evidence, what could not be read, and the files."""

    policy: PolicyEvidence
    gaps: tuple[Gap, ...] = ()
    inputs: tuple[Input, ...] = ()


def gather_policy(
    paths: Sequence[Path],
    know: Knowledge,
    *,
    embedded: Sequence[tuple[str, bytes]] = (),
    tell: Tell = silent,
) -> PolicyGathering:
    """Read policy documents as one policy.

    `embedded` are texts found in the app: (place, bytes). Raises `InputError` when a given file
    cannot be used; an embedded text that cannot is a gap.
    """
    room = _room(know)
    parts: list[PolicyEvidence] = []
    gaps: list[Gap] = []
    inputs: list[Input] = []
    for path in paths:
        raw = read_bytes(path)
        tell(f"policy {path.name}")
        inputs.append(
            Input(
                role="policy",
                name=path.name,
                sha256=hashlib.sha256(raw).hexdigest(),
                size=len(raw),
            )
        )
        part, whole = room.read(raw, path.name)
        parts.append(part)
        if not whole:
            gaps.append(_cut(path.name))
    for place, raw in embedded[:_MAX_DOCUMENTS]:
        try:
            check_size(place, len(raw))
            part, whole = room.read(raw, place, kind="embedded")
        except InputError as error:
            gaps.append(_unread(place, str(error)))
            continue
        parts.append(part)
        if not whole:
            gaps.append(_cut(place))
    return PolicyGathering(merge(parts), tuple(gaps), tuple(inputs))


class _Room:
    """All readers of one knowledge."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.clauses = ClauseReader(words)
        self.elements = {
            "zh": ElementFinder(words),
            "en": ElementFinder(words, "policy_elements_en"),
        }
        self.cross_border = {
            "zh": CrossBorderReader(words),
            "en": CrossBorderReader(words, "policy_cross_border_en"),
        }
        self.sdks = SdkReader(words)
        self.simplify = Simplifier(words)
        self.permissions = PermissionReader(words)
        documents = table(words.know, "policy_documents", DocumentTable)
        self.kinds = [(k.kind, re.compile(k.pattern)) for k in documents.kinds]
        self.traditional = re.compile(f"[{documents.traditional}]")

    @cached_property
    def english(self) -> EnglishReader:
        """The English rules, made when the first English document comes."""
        export = self.cross_border["en"]
        return EnglishReader(
            self.words, self.sdks.resolver, lambda text: export.classify(text, data=True)
        )

    def read(self, raw: bytes, name: str, kind: str = "") -> tuple[PolicyEvidence, bool]:
        parsed, form, whole = parse(raw, name)
        tongue = language(parsed.text)
        easy = self._easy(parsed) if tongue == "zh" else parsed
        lines = list(read_lines(easy, self.words, chinese=tongue == "zh"))
        for line in lines:
            line.source = parsed.text
        permissions: set[str] = set()
        for line in lines:
            permissions |= self.permissions.of(line)
        english = self.english.listed if tongue == "en" else None
        rows = [quoted(row, parsed.text) for row in self.sdks.read(easy, name, english)]
        document = Document(
            name=name,
            sha256=hashlib.sha256(raw).hexdigest(),
            chars=len(parsed.text),
            format=form,
            kind=kind or self._kind(name, parsed.title),
            language=tongue,
            encoding=parsed.encoding,
            title=parsed.title,
        )
        return PolicyEvidence(
            documents=(document,),
            statements=tuple(self._statements(lines, name, tongue, rows)),
            sdks=tuple(rows),
            elements=tuple(self.elements[tongue].find(lines, name)),
            cross_border=self.cross_border[tongue].read(lines, name),
            subsumptions=(
                *subsumptions(lines, name),
                *finer(lines, name, self.words.words.finer),
            ),
            permissions=tuple(sorted(permissions)),
            readability=readability(parsed.text, lines, self.traditional),
        ), whole

    def _easy(self, parsed: Parsed) -> Parsed:
        """Return the document in the characters of the lexicon, every offset as it was."""
        text = self.simplify(parsed.text)
        if text is parsed.text:
            return parsed
        blocks = [replace(block) for block in parsed.blocks]
        add_paths(blocks, text)
        return replace(parsed, text=text, blocks=blocks)

    def _statements(
        self, lines: list[Line], name: str, tongue: str, rows: Sequence[SdkRow]
    ) -> list[Statement]:
        if tongue == "zh":
            said = statements(
                lines, name, self.words, self.clauses, rows, resolver=self.sdks.resolver
            )
        else:
            said = of_rows(self.english.statements(lines, name), rows)
        return _without(said, lines, self.cross_border[tongue])

    def _kind(self, name: str, title: str) -> str:
        text = Normal(f"{title} {Path(name).stem}").text
        return next((kind for kind, pattern in self.kinds if pattern.search(text)), "main")


def _without(
    said: list[Statement], lines: Sequence[Line], reader: CrossBorderReader
) -> list[Statement]:
    """Leave out what a line that only names export seems to say."""
    starts = [line.start for line in lines]
    at = [bisect_right(starts, statement.start) - 1 for statement in said]
    silent = {n for n in set(at) if reader.names(lines[n])}
    return [s for s, n in zip(said, at, strict=True) if n not in silent]


_ROOMS: dict[str, _Room] = {}


def _room(know: Knowledge) -> _Room:
    found = _ROOMS.get(know.digest)
    if found is None:
        _ROOMS.clear()
        found = _ROOMS[know.digest] = _Room(vocabulary(know))
    return found


def merge(parts: Sequence[PolicyEvidence]) -> PolicyEvidence:
    """Unite documents to one policy: every fact is kept, the best answer per element counts."""
    if len(parts) == 1:
        return parts[0]
    return PolicyEvidence(
        documents=tuple(d for p in parts for d in p.documents),
        statements=tuple(s for p in parts for s in p.statements),
        sdks=tuple(s for p in parts for s in p.sdks),
        elements=_best_elements(parts),
        cross_border=_strongest([p.cross_border for p in parts]),
        subsumptions=tuple(s for p in parts for s in p.subsumptions),
        permissions=tuple(sorted({x for p in parts for x in p.permissions})),
        readability=_longest([p.readability for p in parts]),
    )


def _best_elements(parts: Sequence[PolicyEvidence]) -> tuple[Element, ...]:
    rank = {"present": 0, "probable": 1, "not_found": 2}
    best: dict[str, Element] = {}
    for part in parts:
        for element in part.elements:
            old = best.get(element.id)
            if old is None or rank[element.found] < rank[old.found]:
                best[element.id] = element
    return tuple(best.values())


def _strongest(found: list[CrossBorder]) -> CrossBorder:
    rank = {"declared": 0, "conditional": 1, "denied": 2, "none": 3}
    return min(found, key=lambda c: rank[c.stance], default=CrossBorder())


def _longest(found: list[Readability]) -> Readability:
    return max(found, key=lambda r: r.chars, default=Readability())


def _cut(name: str) -> Gap:
    return Gap(
        part="policy",
        code="size-limit",
        detail=Text(
            zh=f"{name} 过长或部分页面无法读取，仅读取了一部分",
            en=f"{name} is too long or has unreadable pages; only a part was read",
        ),
        blocks=("policy.statements", "policy.elements", "policy.sdks"),
        subject=name,
    )


def _unread(name: str, reason: str) -> Gap:
    return Gap(
        part="policy",
        code="unreadable-document",
        detail=Text(
            zh=f"应用内的政策文本无法读取：{reason}", en=f"embedded text not read: {reason}"
        ),
        blocks=("policy.statements", "policy.elements", "policy.sdks"),
        subject=name,
    )
