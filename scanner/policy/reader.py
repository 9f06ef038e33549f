"""A document as sentences: every block cut, normalised, with its section and its lead-in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from scanner.model.policy import Quote
from scanner.policy.blocks import Block, Parsed, numbering
from scanner.policy.found import Sentence
from scanner.policy.mentions import read_sentence
from scanner.policy.normal import Normal, is_chinese
from scanner.policy.sections import SectionGate
from scanner.policy.sentences import sentences
from scanner.policy.words import Vocabulary

_LEAD = re.compile(
    r"(?:收集|采集|获取|搜集|记录|读取|提供|共享|使用|处理|填写|上传|披露|分享|接收|存储)"
    r"[^。；]{0,60}(?:：|如下|以下)[^。；，]{0,10}\Z|(?:包括|如下|以下|例如)[^。；]{0,12}：\Z"
)
_SHARING = re.compile(r"共享|披露|分享|提供给|第三方|合作")
_MAX_LED = 25
_MOST_QUOTED = 400
_ITEM = 4
"""The level of `1.` and `（1）`: below a lead-in such lines are items, and no headings."""
_PREAMBLE = 2000
"""Whose policy it is stands in the title and in its first so many characters."""


@dataclass(slots=True)
class Line:
    """One sentence with its place in the document and what surrounds it."""

    start: int
    end: int
    block: Block
    normal: Normal
    sentence: Sentence
    source: str
    lead: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.sentence.text

    def quote(self, start: int, end: int) -> str:
        """Return the document's own characters between two offsets."""
        return self.source[start:end]

    def cite(self, document: str) -> Quote:
        """Return the sentence as evidence."""
        text = self.quote(self.start, self.end)[:_MOST_QUOTED]
        return Quote(document=document, start=self.start, end=self.end, text=text)


def read_lines(parsed: Parsed, words: Vocabulary, *, chinese: bool) -> Iterator[Line]:
    """Yield the sentences of a document in order; data words are looked for in Chinese only."""
    gate = SectionGate(words, chinese=chinese)
    lead, led, place = "", 0, (0, 0)
    leader: Sentence | None = None
    own: set[str] = set()
    item = False
    for block, after in zip_longest(parsed.blocks, parsed.blocks[1:]):
        path, kind = block.path, block.kind
        beside = item or (after is not None and _numbered(parsed, after))
        item = bool(lead) and beside and _numbered(parsed, block)
        if kind == "heading":
            kind = "item" if item else "heading"
            path = (*path, parsed.text[block.start : block.end])
        section = gate.of_path(path)
        for start, end in sentences(parsed.text, block.start, block.end, chinese=chinese):
            normal = Normal(parsed.text[start:end], chinese=chinese)
            if not chinese:
                plain = Sentence(normal.text, section=section, kind=block.kind)
                yield Line(start, end, block, normal, plain, parsed.text)
                continue
            sentence = read_sentence(normal.text, words, section=section, lead=lead, kind=kind)
            if block.kind == "heading" and not (kind == "item" and _only_named(sentence, words)):
                lead, item, sentence.lead, sentence.kind = "", False, "", "heading"
            if start < _PREAMBLE and words.own.search(sentence.text):
                own.update(name for _, _, name, _ in words.companies.find(sentence.text))
            sentence.own, sentence.led_by = own, leader if lead else None
            yield Line(start, end, block, normal, sentence, parsed.text, place if lead else None)
            found = _LEAD.search(normal.text[-90:])
            if found:
                lead = "share" if _SHARING.search(normal.text) else "collect"
                led, place, leader = _MAX_LED, (start, end), replace(sentence, led_by=None)
            else:
                led -= 1
                if led <= 0:
                    lead = ""


def _numbered(parsed: Parsed, block: Block) -> bool:
    """Tell a heading that may be an item of a list: `（1）设备信息`."""
    line = parsed.text[block.start : block.end]
    return block.kind == "heading" and numbering(line)[0] >= _ITEM


def _only_named(sentence: Sentence, words: Vocabulary) -> bool:
    """Tell a line that names data and tells nothing of it."""
    told = any(m.data_type not in words.umbrella for m in sentence.mentions)
    return told and not sentence.verbs


def language(text: str) -> str:
    """Return `zh` or `en` by the letters of the text."""
    return "zh" if is_chinese(text[:200_000]) else "en"
