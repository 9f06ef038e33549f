"""Cut sections out of real policies and see whether their element is missed.

usage: python benchmarks/policy_mutations.py FOLDER [--show] [--stray] [--every N] [--first N]

FOLDER holds policies as text. For each of ten core elements, every section whose heading speaks of
it (by words chosen for this measurement, not those of the rules) is removed with what stands below
it; the element must not be `present` any more. Prints the recall of absence per element, and with
--show the sentence that still counted, to be judged: a policy may say a thing twice. With --stray
the sentences in other sections that offer a contact or grant the right are taken out too, by words
and digit patterns chosen for this measurement: then what still counts is a sign too weak.
"""

import argparse
import re
import tempfile
from collections import Counter
from pathlib import Path

from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.policy.gather import gather_policy
from scanner.policy.plain import parse_plain

CORE = {
    "E02": r"联系|反馈|投诉|客服",
    "E07": r"保存|存储|储存|保留|留存|期限",
    "E08": r"保存|存储|储存|地域|地点|境|跨境|转移",
    "E10": r"共享|分享|转让|披露|第三方|委托|对外|提供|合作|SDK|使用|公开",
    "E13.correct": r"权利|管理|更正|修改|访问|控制|更新|行使|选择",
    "E13.delete": r"权利|管理|删除|注销|控制|访问|行使|选择|清除",
    "E13.cancel": r"权利|管理|注销|删除|控制|访问|行使|选择",
    "E16": r"安全|保护|保障|存储|保存",
    "E17": r"未成年|儿童|青少年|监护",
    "E18": r"更新|修订|变更|修改|变化|调整|更改",
}


_CHANNEL = (
    r"@|\d{3,6}[-－—– ]\d{3,4}[-－—– ]?\d{0,4}"
    r"|(?<!\d)(?:[19]\d{4,5}|400\d{7}|1\d{10}|0\d{9,11})(?!\d)"
)
_OFFER = (
    r"联系|反馈|投诉|举报|咨询|客服|热线|电话|邮箱|邮件|致电|拨打"
    r"|来信|寄信|发送|问题|意见|建议|疑问"
)
STRAY = {
    "E02": rf"(?=.*(?:{_CHANNEL}))(?=.*(?:{_OFFER})|.{{0,60}}$)",
    "E13.correct": r".*(?:(?:更正|修改|补充|纠正|变更|更新)[^，]{0,16}(?:信息|资料|数据)|更正权)",
    "E13.delete": r".*(?:删除[^，]{0,16}(?:信息|资料|数据)|删除权)",
    "E13.cancel": r".*(?:注销[^，]{0,12}账[号户]|账[号户][^，]{0,4}注销)",
}
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")


def without_stray(text: str, wanted: str) -> str:
    """Return the text less every sentence that a pattern matches."""
    pattern = re.compile(wanted)
    return _SENTENCE.sub(lambda m: "" if pattern.match(m.group().strip()) else m.group(), text)


def without(text: str, wanted: str) -> tuple[str, int]:
    """Return the text less every section under a heading with these words, and the number cut."""
    pattern = re.compile(wanted)
    headings: set[str] = set()
    cut: list[tuple[int, int]] = []
    for block in parse_plain(text).blocks:
        own = text[block.start : block.end] if block.kind == "heading" else ""
        path = [h for h in (*block.path[1:], own) if h] if block.path else [own]
        named = next((h for h in path if pattern.search(h)), None)
        if named is not None:
            headings.add(named)
            cut.append((block.start, block.end))
    kept, last = [], 0
    for start, end in cut:
        kept.append(text[last:start])
        last = end
    return "".join([*kept, text[last:]]), len(headings)


def measure(
    paths: list[Path], know: Knowledge, *, show: bool, stray: bool
) -> Counter[tuple[str, bool]]:
    """Return how often each element was missed (True) or still found (False)."""
    seen: Counter[tuple[str, bool]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        at = Path(name) / "cut.txt"
        for path in paths:
            text = path.read_text(encoding="utf-8")
            whole = {e.id: e.found for e in gather_policy([path], know).policy.elements}
            for element, wanted in CORE.items():
                rest, sections = without(text, wanted)
                told = whole[element] == "present" and (sections or (stray and element in STRAY))
                if not told or len(rest) < len(text) / 5:
                    continue
                if stray and element in STRAY:
                    rest = without_stray(rest, STRAY[element])
                at.write_text(rest, encoding="utf-8")
                policy = gather_policy([at], know).policy
                found = next(e for e in policy.elements if e.id == element)
                missed = found.found != "present"
                seen[element, missed] += 1
                if show and not missed:
                    print(path.stem, element, found.quotes[0].text[:140].replace("\n", " "))
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--stray", action="store_true", help="cut what is said elsewhere too")
    parser.add_argument("--every", type=int, default=1, help="take every Nth document")
    parser.add_argument("--first", type=int, default=0, help="begin at document N (from 0)")
    a = parser.parse_args()
    paths = sorted(a.folder.glob("*.txt"))[a.first :: a.every]
    seen = measure(paths, load_knowledge(), show=a.show, stray=a.stray)
    right = total = 0
    for element in CORE:
        hit, of = seen[element, True], seen[element, True] + seen[element, False]
        right, total = right + hit, total + of
        print(f"{element:12} absence recall {hit / max(1, of):.3f} of {of}")
    print(f"{'all':12} absence recall {right / max(1, total):.3f} of {total}")


if __name__ == "__main__":
    main()
