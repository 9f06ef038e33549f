"""Evidence that something is not there: what was looked for, and where."""

from checks.names import actor_name, permission_name
from profiles.model import Knowledge
from scanner.describe_words import both, type_words
from scanner.model.base import Text, same
from scanner.model.evidence import Evidence
from scanner.model.result import EvidenceItem


def absence(ref: str, what: str, evidence: Evidence, know: Knowledge) -> EvidenceItem:
    """Describe what was looked for in vain. `what` is `kind/subject`."""
    kind, _, subject = what.partition("/")
    title = _title(kind, subject, know)
    if title is None:
        raise LookupError(f"unknown evidence reference: {ref}")
    return EvidenceItem(ref=ref, kind="absence", title=title, lines=_searched(kind, evidence))


def _title(kind: str, subject: str, know: Knowledge) -> Text | None:
    if kind == "declared":
        name = type_words(know, subject)
        return both(f"政策中未找到关于{name.zh}的声明", f"the policy says nothing of {name.en}")
    if kind == "sdk":
        name = actor_name(know, subject)
        return both(f"政策中未找到 {name.zh}", f"the policy does not name {name.en}")
    if kind == "use":
        name = permission_name(know, subject)
        return both(f"代码中未找到对 {name.zh} 的使用", f"no use of {name.en} in the code")
    if kind == "permission":
        name = permission_name(know, subject)
        return both(f"政策中未说明 {name.zh}", f"the policy does not explain {name.en}")
    if kind == "ui":
        name = know.words.get(f"ui.{subject}", same(subject))
        return both(f"界面资源中未找到{name.zh}", f"no {name.en} in the app's screens")
    return _FIXED.get(kind)


_FIXED = {
    "policy": both("没有可用的隐私政策文本", "there is no usable policy text"),
    "cross-border": both("政策中未找到关于出境的表述", "the policy says nothing about export"),
    "export-item": both("出境告知事项不全", "items that an export notice must name are missing"),
    "sdk-list": both("政策中未找到第三方清单", "the policy has no list of third parties"),
    "behaviour": both(
        "代码和流量中未发现相应收集", "neither code nor traffic shows such collection"
    ),
}


def _searched(kind: str, evidence: Evidence) -> tuple[Text, ...]:
    """Say what was searched, so that absence can be judged."""
    if kind in ("use", "behaviour") and evidence.static is not None:
        code = evidence.static.code
        return (
            both(
                f"已检查 {code.dex_files} 个 dex 文件、{code.methods} 个方法",
                f"searched {code.dex_files} dex files with {code.methods} methods",
            ),
        )
    if kind == "ui":
        return (both("已检查布局与字符串资源", "searched layouts and string resources"),)
    if evidence.policy is not None:
        return tuple(
            both(f"已检查 {d.name}（{d.chars} 字）", f"searched {d.name} ({d.chars} characters)")
            for d in evidence.policy.documents
        )
    return ()
