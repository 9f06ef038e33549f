"""Evidence from the privacy policy: passages with their place."""

from collections.abc import Iterable
from urllib.parse import quote

from profiles.model import Knowledge
from scanner.describe_words import both, clip, listed, number
from scanner.model.base import Text, same
from scanner.model.evidence import Evidence
from scanner.model.policy import PolicyEvidence, Quote
from scanner.model.result import EvidenceItem


def _policy(evidence: Evidence, ref: str) -> PolicyEvidence:
    if evidence.policy is None:
        raise LookupError(f"no policy evidence for {ref}")
    return evidence.policy


def _uri(document: str) -> str:
    return quote(f"policy/{document}")


def _where(document: str, start: int, end: int) -> Text:
    return both(f"{document} 第 {start}–{end} 字符", f"{document}, characters {start} to {end}")


def statement(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Quote a statement of the policy, its data marked where it is called by its usual name."""
    all_ = _policy(evidence, ref).statements
    found = all_[number(index, len(all_), ref)]
    return EvidenceItem(
        ref=ref,
        kind="policy",
        title=both("隐私政策原文", "the policy says"),
        lines=(same(clip(found.quote)), _where(found.document, found.start, found.end)),
        mark=_spoken(found.data_types, clip(found.quote), know),
        uri=_uri(found.document),
    )


def _spoken(types: Iterable[str], quote: str, know: Knowledge) -> str:
    """Return the first name of a data type that stands in the quote, or nothing."""
    known = (know.data_types[name].name for name in types if name in know.data_types)
    names = (name for text in known for name in (text.zh, text.en))
    return next((name for name in names if name in quote), "")


def _quotes(places: tuple[Quote, ...]) -> tuple[Text, ...]:
    lines: list[Text] = []
    for place in places[:3]:
        lines += [same(clip(place.text)), _where(place.document, place.start, place.end)]
    return tuple(lines)


def _first_uri(places: tuple[Quote, ...]) -> str:
    return _uri(places[0].document) if places else ""


def policy_sdk(ref: str, index: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Quote a row of the policy's SDK list."""
    rows = _policy(evidence, ref).sdks
    row = rows[number(index, len(rows), ref)]
    columns = [
        ("名称", "name", row.name),
        ("运营者", "company", row.company),
        ("个人信息", "data", row.data_text),
        ("目的", "purpose", row.purpose),
        ("方式", "method", row.method),
        ("链接", "link", row.link),
    ]
    return EvidenceItem(
        ref=ref,
        kind="policy",
        title=both(
            f"政策中的第三方条目：{row.name}", f"third party named in the policy: {row.name}"
        ),
        lines=(
            *(listed(zh, en, clip(value)) for zh, en, value in columns if value),
            _where(row.place.document, row.place.start, row.place.end),
        ),
        mark=row.name,
        uri=_uri(row.place.document),
    )


def element(ref: str, name: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Quote the passages of an element. Raises `LookupError` when it was not looked for."""
    found = next((e for e in _policy(evidence, ref).elements if e.id == name), None)
    if found is None:
        raise LookupError(f"evidence reference points nowhere: {ref}")
    what = know.words.get(f"element.{name}", same(name))
    title = both(f"隐私政策原文：{what.zh}", f"the policy on {what.en}")
    if not found.quotes:
        title = both(f"政策中未找到：{what.zh}", f"not found in the policy: {what.en}")
    return EvidenceItem(
        ref=ref,
        kind="policy" if found.quotes else "absence",
        title=title,
        lines=_quotes(found.quotes),
        mark=found.value,
        uri=_first_uri(found.quotes),
    )


def cross_border(ref: str, index: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Quote what the policy says about export."""
    said = _policy(evidence, ref).cross_border
    place = said.quotes[number(index, len(said.quotes), ref)]
    named = (r.text for r in said.receivers if place.start <= r.start and r.end <= place.end)
    return EvidenceItem(
        ref=ref,
        kind="policy",
        title=both("隐私政策关于出境的表述", "what the policy says about export"),
        lines=_quotes((place,)),
        mark=next(named, ""),
        uri=_uri(place.document),
    )


def readability(ref: str, _name: str, evidence: Evidence, _know: Knowledge) -> EvidenceItem:
    """Describe the measured readability."""
    measured = _policy(evidence, ref).readability
    return EvidenceItem(
        ref=ref,
        kind="policy",
        title=both("隐私政策可读性测量", "readability of the policy, measured"),
        lines=(
            both(f"全文 {measured.chars} 字", f"{measured.chars} characters"),
            both(
                f"平均句长 {measured.mean_sentence:.0f} 字，长句 {measured.long_sentences} 句",
                f"mean sentence {measured.mean_sentence:.0f} characters,"
                f" {measured.long_sentences} long sentences",
            ),
            both(
                f"简体中文占比 {measured.simplified_share:.0%}",
                f"share of Simplified Chinese {measured.simplified_share:.0%}",
            ),
        ),
    )
