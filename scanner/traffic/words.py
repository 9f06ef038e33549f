"""Words for the codes that evidence carries: the table `traffic_words`."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from profiles.load import table
from profiles.model import Knowledge
from scanner.model.base import Doc, Text, same
from scanner.model.traffic import Loss


class TrafficWords(Doc):
    """Table `traffic_words`: code -> words, by what the code is about."""

    losses: dict[str, Text]
    reasons: dict[str, Text]
    verdicts: dict[str, Text]
    limits: dict[str, Text]
    layers: dict[str, Text]
    source: tuple[str, ...] = ()
    checked: str = ""

    def verdict(self, code: str) -> Text:
        """Return what a verdict of the connection ledger means."""
        return self.verdicts.get(code, Text(zh="未读取", en="not read"))

    def reason(self, code: str, detail: str) -> Text | None:
        """Return why a connection got its verdict, None when nothing is known."""
        known = self.reasons.get(code)
        if known is None:
            return same(detail) if detail else None
        return with_detail(known, detail)

    def limit(self, notes: Mapping[str, int]) -> Text:
        """Return limits or damages with how often each occurred."""
        rows = [(self.limits.get(name, same(name)), notes[name]) for name in sorted(notes)]
        return Text(
            zh="、".join(f"{text.zh} {count} 次" for text, count in rows),
            en=", ".join(f"{text.en} {count}×" for text, count in rows),
        )


class Lost(NamedTuple):
    """Why entries were lost: a code of the table, and a detail of the case."""

    code: str
    detail: str = ""


def traffic_words(know: Knowledge) -> TrafficWords:
    """Return the table. Raises `KnowledgeError`."""
    return table(know, "traffic_words", TrafficWords)


def with_detail(text: Text, detail: str) -> Text:
    """Return words with a detail in brackets, as it is."""
    return Text(zh=f"{text.zh}（{detail}）", en=f"{text.en} ({detail})") if detail else text


def losses(words: TrafficWords, found: Mapping[Lost, int], most: int) -> tuple[Loss, ...]:
    """Return the most frequent losses with their words."""
    rows = sorted(found.items(), key=lambda row: (-row[1], row[0]))[:most]
    return tuple(
        Loss(
            code=lost.code,
            count=count,
            text=with_detail(words.losses.get(lost.code, same(lost.code)), lost.detail),
        )
        for lost, count in rows
    )


def loss_text(found: Iterable[Loss]) -> Text:
    """Return losses in one sentence, with their counts."""
    rows = [(loss.text, f" ×{loss.count}" if loss.count > 1 else "") for loss in found]
    return Text(
        zh="；".join(f"{text.zh}{times}" for text, times in rows),
        en="; ".join(f"{text.en}{times}" for text, times in rows),
    )


def layer_text(words: TrafficWords, layers: Iterable[str]) -> Text:
    """Return the layers undone, outermost first."""
    rows = [words.layers.get(layer, same(layer)) for layer in layers]
    return Text(zh=" → ".join(row.zh for row in rows), en=" → ".join(row.en for row in rows))


class _ReportWords(Doc):
    """Table `traffic_report`: headings and codes in both languages."""

    words: dict[str, Text]


def report_names(know: Knowledge) -> dict[str, Text]:
    """Return the words for a report of captures by id; those of layers are `layer.NAME`."""
    layers = {f"layer.{name}": text for name, text in traffic_words(know).layers.items()}
    return {**know.words, **layers, **table(know, "traffic_report", _ReportWords).words}
