"""What two policies say differently, as lines for a comparison."""

from reports.words import strings
from scanner.model.base import Text, same
from scanner.model.result import PolicyReading, Result
from scanner.policy.drift import DataChange, PartyChange, drift_of_readings

NOTHING = PolicyReading(documents=(), statements=(), elements=(), parties=())
FLOWS = {
    "collect": Text(zh="收集", en="collected"),
    "outward": Text(zh="对外提供", en="given to others"),
    "keep": Text(zh="存储", en="stored"),
}
POLARITIES = {
    "positive": Text(zh="声明", en="declared"),
    "conditional": Text(zh="有条件地声明", en="declared under a condition"),
    "negative_with_exception": Text(zh="否认，有例外", en="denied, with exceptions"),
    "negative": Text(zh="否认", en="denied"),
}


def statement_lines(old: Result, new: Result) -> dict[str, tuple[Text, ...]]:
    """Return the lines "added", "removed" and "changed": data, third parties, export, contents."""
    found = drift_of_readings(old.policy or NOTHING, new.policy or NOTHING)
    words = {label.id: label.text for label in (*old.labels, *new.labels)}
    lines: dict[str, list[Text]] = {"added": [], "removed": [], "changed": []}
    for data in found.data:
        lines[data.step].append(_data(data, words))
    for party in found.parties:
        lines[party.step].append(_party(party, words))
    for element in found.elements:
        title = strings().get(f"element.{element.id}", same(element.id))
        before, after = strings()[f"found.{element.before}"], strings()[f"found.{element.after}"]
        lines["changed"].append(_step(title, before, after))
    if found.stance and old.policy is not None and new.policy is not None:
        before, after = (strings()[f"stance.{stance}"] for stance in found.stance)
        lines["changed"].append(_step(strings()["policy.stance"], before, after))
    return {step: tuple(texts) for step, texts in lines.items()}


def _data(change: DataChange, words: dict[str, Text]) -> Text:
    kind = words.get(change.data_type, same(change.data_type))
    actor = words.get(change.actor, same(change.actor))
    flow = FLOWS[change.flow]
    what = Text(zh=f"{kind.zh}（{actor.zh}，{flow.zh}）", en=f"{kind.en} ({actor.en}, {flow.en})")
    if change.step == "changed":
        return _step(what, POLARITIES[change.before], POLARITIES[change.after])
    said = POLARITIES[change.after or change.before]
    quote_zh = f"“{change.quote}”" if change.quote else ""
    quote_en = f' "{change.quote}"' if change.quote else ""
    return Text(zh=f"{what.zh}：{said.zh}{quote_zh}", en=f"{what.en}: {said.en}{quote_en}")


def _party(change: PartyChange, words: dict[str, Text]) -> Text:
    def listed(ids: str, lang: str) -> str:
        texts = [words.get(name, same(name)) for name in ids.split()]
        return "、".join(t.zh for t in texts) if lang == "zh" else ", ".join(t.en for t in texts)

    title = Text(zh=f"第三方 {change.name}", en=f"third party {change.name}")
    if change.step != "changed":
        data = change.after or change.before
        if not data:
            return title
        return Text(zh=f"{title.zh}：{listed(data, 'zh')}", en=f"{title.en}: {listed(data, 'en')}")
    before = Text(zh=listed(change.before, "zh"), en=listed(change.before, "en"))
    after = Text(zh=listed(change.after, "zh"), en=listed(change.after, "en"))
    return _step(title, before, after)


def _step(what: Text, before: Text, after: Text) -> Text:
    return Text(
        zh=f"{what.zh}：{before.zh} → {after.zh}", en=f"{what.en}: {before.en} → {after.en}"
    )
