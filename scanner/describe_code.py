"""Evidence from the code: calls, data flows, screens, behaviours."""

from collections.abc import Iterable

from checks.names import actor_name, join
from profiles.model import Api, Knowledge, Sink
from scanner.describe_words import both, clip, code_uri, listed, number, place_line, type_words
from scanner.model.base import Text, same
from scanner.model.evidence import Evidence
from scanner.model.result import EvidenceItem
from scanner.model.static import CollectionSite, DataFlow, Reach, StaticEvidence

_EARLY = both("该路径无需用户操作即可执行", "this path runs without any user action")
_GUARDED = both(
    "路径上有疑似同意判断，须人工确认",
    "a consent-like condition stands on the path; confirm by hand",
)
_LIBRARY = both(
    "路径止于该原生库的入口方法，不能证明执行到此处",
    "the path ends at a method of this native library; that it gets to this place is not shown",
)
_INFERRED = both(
    "该类已被改名，归属为推断：引用它的类都属于该 SDK，须人工确认",
    "the class is renamed and its owner inferred: every class that refers to it is this SDK's;"
    " confirm by hand",
)
_WAYS = 4
"""Ways of a bridge to personal data, and methods of a native library, that are printed."""
_NO_PATH = both("未发现从入口到此处的调用路径", "no call path from an entry point was found")


def _static(evidence: Evidence, ref: str) -> StaticEvidence:
    if evidence.static is None:
        raise LookupError(f"no static evidence for {ref}")
    return evidence.static


def reach_lines(reach: Reach, know: Knowledge) -> tuple[Text, ...]:
    """Return the call chain and what it means, outermost call first."""
    lines: list[Text] = []
    if reach.entry:
        entry = know.words.get(f"entry.{reach.entry}", same(reach.entry))
        lines.append(both(f"入口：{entry.zh}", f"entry: {entry.en}"))
    lines += [same(clip(f"→ {step}")) for step in reach.chain]
    if reach.before_consent:
        lines.append(_GUARDED if reach.guarded else _EARLY)
    if reach.reachable is False:
        lines.append(_NO_PATH)
    return tuple(lines)


def call(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe a place in the code that reads personal data."""
    calls = _static(evidence, ref).calls
    site = calls[number(index, len(calls), ref)]
    native = site.reach.chain and site.place.cls == site.place.dex
    return EvidenceItem(
        ref=ref,
        kind="code",
        title=_what_a_call_does(site, know),
        lines=(
            *reach_lines(site.reach, know),
            *((_LIBRARY,) if native else ()),
            *((_INFERRED,) if site.owner_inferred else ()),
            *_native_methods(site.place.cls, _static(evidence, ref)),
            place_line(site.place),
            same(clip(site.target)),
        ),
        mark=clip(site.target),
        uri=code_uri(site.place),
        line=site.place.line,
    )


def _what_a_call_does(site: CollectionSite, know: Knowledge) -> Text:
    """Say what a site reads; of one that only names a place or an event, say that."""
    what, who = type_words(know, site.data_type), actor_name(know, site.actor)
    target, api = clip(site.target), know.apis.get(site.api)
    if api is not None and api.weak and api.note is not None:
        return both(
            f"代码涉及{what.zh}（{who.zh}）：{api.note.zh}（{target}）",
            f"code of {who.en} touches {what.en}: {api.note.en} ({target})",
        )
    return both(
        f"代码读取{what.zh}（{who.zh}）：{target}", f"code of {who.en} reads {what.en}: {target}"
    )


def _native_methods(library: str, static: StaticEvidence) -> tuple[Text, ...]:
    """Name the methods of the app whose code lies in a library, when the place is one."""
    names = [one.method for one in static.native_methods if one.library == library]
    if not names:
        return ()
    shown = clip(", ".join(names[:_WAYS])) + (" …" if len(names) > _WAYS else "")
    return (
        both(
            f"该库实现应用的 {len(names)} 个原生方法：{shown}",
            f"native methods of the app whose code is in this library ({len(names)}): {shown}",
        ),
    )


def flow(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe a data flow from a source to a sink."""
    flows = _static(evidence, ref).flows
    found = flows[number(index, len(flows), ref)]
    what = type_words(know, found.data_type)
    source = _end(know.apis.get(found.source_api), found.source_api, know)
    sink = _end(know.sinks.get(found.sink_api), found.sink_api, know)
    steps = [
        same(clip(f"→ {s.statement or s.place.cls + '.' + s.place.method}")) for s in found.path
    ]
    notes = []
    if found.transforms:
        changed = join(_words(found.transforms, "change", know), separators=(" → ", " → "))
        notes.append(both(f"途中变换：{changed.zh}", f"changed on the way: {changed.en}"))
    notes += _recipient(found)
    if found.host:
        notes.append(both(f"目的主机：{found.host}", f"destination host: {found.host}"))
    notes += [
        both(f"分析假设：{a.zh}", f"assumed: {a.en}")
        for a in _words(found.assumed, "assumed", know)
    ]
    return EvidenceItem(
        ref=ref,
        kind="flow",
        title=both(
            f"数据流：{what.zh}由 {source.zh} 流向 {sink.zh}",
            f"data flow: {what.en} from {source.en} to {sink.en}",
        ),
        lines=(place_line(found.source), *steps, place_line(found.sink), *notes),
        mark=sink.en,
        uri=code_uri(found.sink),
        line=found.sink.line,
    )


def _recipient(found: DataFlow) -> list[Text]:
    """Return who gets what a component gives away."""
    if found.recipient == "caller":
        return [
            both(
                f"交给调用 {clip(found.component)} 的应用",
                f"given to any app that calls {clip(found.component)}",
            )
        ]
    if not found.recipient:
        return []
    said = both("广播，未限定接收的应用", "a broadcast that names no receiving app")
    if not found.guard:
        return [said]
    guard = clip(found.guard)
    return [both(f"{said.zh}，须有权限 {guard}", f"{said.en}, with the permission {guard}")]


def _end(end: Api | Sink | None, name: str, know: Knowledge) -> Text:
    """Return what a reader knows an end of a flow by: its method, else the key that is read."""
    if end is not None and end.member is not None:
        owner = end.member.cls.removeprefix("L").removesuffix(";").rpartition("/")[2]
        return same(f"{owner}.{end.member.name}")
    if isinstance(end, Api) and end.strings:
        return same(clip(end.strings[0]))
    return know.words.get(f"flow.{name}", same(clip(name)))


def _words(names: Iterable[str], kind: str, know: Knowledge) -> list[Text]:
    return [know.words.get(f"flow.{kind}.{name}", same(clip(name))) for name in names]


def ui(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe something a user would see."""
    facts = _static(evidence, ref).ui
    fact = facts[number(index, len(facts), ref)]
    kind = know.words.get(f"ui.{fact.kind}", same(fact.kind))
    return EvidenceItem(
        ref=ref,
        kind="ui",
        title=both(f"界面：{kind.zh}", f"screen: {kind.en}"),
        lines=tuple(same(clip(line)) for line in (fact.text, fact.place) if line),
        mark=clip(fact.text),
        uri="AndroidManifest.xml" if "/" not in fact.place else fact.place,
    )


def bridge(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe an object that web pages may call, and the ways from it to personal data."""
    found = _static(evidence, ref).bridges
    one = found[number(index, len(found), ref)]
    who, names = actor_name(know, one.actor), [m.rpartition(".")[2] for m in one.methods]
    lines = [listed("网页可调用的方法", "methods that a page may call", clip(", ".join(names)))]
    for access in [access for access in one.opens if access.answers][:_WAYS]:
        what = type_words(know, access.data_type)
        lines.append(both(f"到达读取{what.zh}的代码：", f"leads to code that reads {what.en}:"))
        lines += [same(clip(f"→ {step}")) for step in access.chain]
        lines.append(place_line(access.place))
    return EvidenceItem(
        ref=ref,
        kind="code",
        title=both(
            f"网页桥接（{who.zh}）：{clip(one.cls)}",
            f"bridge to web pages ({who.en}): {clip(one.cls)}",
        ),
        lines=(*lines, place_line(one.place)),
        mark=clip(one.cls),
        uri=code_uri(one.place),
        line=one.place.line,
    )


def _detail(said: str, know: Knowledge) -> Text:
    """Return the detail of a behaviour; a trick, and what it concerns, in words."""
    name, colon, more = said.partition(": ")
    known = know.words.get(f"trick.{name}")
    if known is None:
        return same(clip(said))
    return both(f"{known.zh}{colon}{clip(more)}", f"{known.en}{colon}{clip(more)}")


def behaviour(ref: str, index: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe a behaviour of the code or the manifest."""
    facts = _static(evidence, ref).behaviours
    fact = facts[number(index, len(facts), ref)]
    kind, who = (
        know.words.get(f"behaviour.{fact.kind}", same(fact.kind)),
        actor_name(know, fact.actor),
    )
    detail = [_detail(fact.detail, know)] if fact.detail else []
    if fact.sources:
        sources = join(know.words.get(f"loading.{name}", same(name)) for name in fact.sources)
        detail.append(both(f"来源：{sources.zh}", f"source: {sources.en}"))
    return EvidenceItem(
        ref=ref,
        kind="code",
        title=both(f"{kind.zh}（{who.zh}）", f"{kind.en} ({who.en})"),
        lines=(*detail, *reach_lines(fact.reach, know), place_line(fact.place)),
        mark=clip(fact.detail),
        uri=code_uri(fact.place) if fact.place.method else "AndroidManifest.xml",
        line=fact.place.line,
    )
