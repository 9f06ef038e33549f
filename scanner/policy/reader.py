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
_TAIL = 90
_LEADING = ("：", "如下", "以下")
"""Without one of these no sentence leads in; most have none."""
_SHARING = re.compile(r"共享|披露|分享|提供给|第三方|合作")
_MAX_LED = 25
_MOST_QUOTED = 400
_ITEM = 4
"""The level of `1.` and `（1）`: below a lead-in such lines are items, and no headings."""
_USED = re.compile(
    r"(?:集成|接入|嵌入|植入|采用|调用|合作|第三方|例如|通过|支持)[^，。；]*\Z"
    r"|(?:我们|本应用|本软件|本产品|本app|平台)(?:会|将|可能)?使用[^，。；]*\Z"
)
_NEAR_USE = 20
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


@dataclass
class _LeadIn:
    """What the last lead-in said: `kind` of practice, its place and sentence, and for how many
    sentences it still holds.
    """

    kind: str = ""
    left: int = 0
    place: tuple[int, int] = (0, 0)
    sentence: Sentence | None = None

    def end(self) -> None:
        self.kind = ""

    def pass_on(self, line: Line) -> None:
        """Begin anew with a sentence that leads in, else hold for one sentence less."""
        text = line.normal.text
        end = text[-_TAIL:]
        if any(sign in end for sign in _LEADING) and _LEAD.search(end):
            self.kind = "share" if _SHARING.search(text) else "collect"
            self.left, self.place = _MAX_LED, (line.start, line.end)
            self.sentence = replace(line.sentence, led_by=None)
            return
        self.left -= 1
        if self.left <= 0:
            self.end()


def read_lines(parsed: Parsed, words: Vocabulary, *, chinese: bool) -> Iterator[Line]:
    """Yield the sentences of a document in order; data words are looked for in Chinese only."""
    return _chinese_lines(parsed, words) if chinese else _plain_lines(parsed, words)


def _plain_lines(parsed: Parsed, words: Vocabulary) -> Iterator[Line]:
    gate = SectionGate(words, chinese=False)
    for block in parsed.blocks:
        section = gate.of_path(_path(parsed, block))
        for start, end in sentences(parsed.text, block.start, block.end, chinese=False):
            normal = Normal(parsed.text[start:end], chinese=False)
            sentence = Sentence(normal.text, section=section, kind=block.kind)
            yield Line(start, end, block, normal, sentence, parsed.text)


def _chinese_lines(parsed: Parsed, words: Vocabulary) -> Iterator[Line]:
    gate, led = SectionGate(words, chinese=True), _LeadIn()
    own: set[str] = set()
    item = False
    for block, after in zip_longest(parsed.blocks, parsed.blocks[1:]):
        beside = item or (after is not None and _numbered(parsed, after))
        item = bool(led.kind) and beside and _numbered(parsed, block)
        kind = "item" if item else block.kind
        section = gate.of_path(_path(parsed, block))
        for start, end in sentences(parsed.text, block.start, block.end, chinese=True):
            normal = Normal(parsed.text[start:end], chinese=True)
            sentence = read_sentence(normal.text, words, section=section, lead=led.kind, kind=kind)
            if block.kind == "heading" and not (kind == "item" and _only_named(sentence, words)):
                led.end()
                item, sentence.lead, sentence.kind = False, "", "heading"
            if start < _PREAMBLE and words.own.search(sentence.text):
                own.update(_own_names(sentence.text, words))
            sentence.own, sentence.led_by = own, led.sentence if led.kind else None
            place = led.place if led.kind else None
            line = Line(start, end, block, normal, sentence, parsed.text, place)
            yield line
            led.pass_on(line)


def _own_names(text: str, words: Vocabulary) -> Iterator[str]:
    """Yield the companies that a sentence on whose policy it is names, but those it only uses."""
    for start, _, name, _ in words.companies.find(text):
        if not _USED.search(text, max(0, start - _NEAR_USE), start):
            yield name


def _path(parsed: Parsed, block: Block) -> tuple[str, ...]:
    """Return the headings above a block, itself among them when it is one."""
    own = (parsed.text[block.start : block.end],) if block.kind == "heading" else ()
    return (*block.path, *own)


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
