"""What could not be read of the code, as gaps, in both languages."""

from scanner.model.base import Text
from scanner.model.common import Gap
from scanner.static.calls import Code
from scanner.static.dex.losses import Loss
from scanner.static.facts import PackageFacts

_BLOCKS = ("static.calls", "static.flows", "static.behaviours", "static.bridges")
_WORDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "not-dex": ("不是 DEX 文件", "is not a dex file", ()),
    "unsupported-dex": ("DEX 版本不受支持", "has an unsupported dex version", _BLOCKS),
    "truncated-table": ("索引表不完整", "has tables that run past its end", _BLOCKS),
    "damaged-strings": ("部分字符串无法读取", "has strings that cannot be read", ()),
    "damaged-class": ("部分类无法读取", "has classes that cannot be read", _BLOCKS),
    "damaged-method": ("部分方法的代码无法读取", "has methods whose code cannot be read", _BLOCKS),
    "bad-reference": (
        "部分引用指向不存在的条目",
        "has references to entries that do not exist",
        (),
    ),
    "duplicate-class": (
        "部分类重复定义，只取最先的",
        "defines classes again; the first counts",
        (),
    ),
    "overlapping-code": ("部分方法的代码互相重叠", "has methods whose code overlaps", _BLOCKS),
    "code-limit": ("代码超出读取上限", "has more code than is read", _BLOCKS),
}


def code_gaps(code: Code, facts: PackageFacts) -> tuple[Gap, ...]:
    """Return one gap per loss, and one when no entry point is in the code."""
    losses = list(code.index.losses)
    if code.hierarchy.clipped:
        losses.append(Loss("*.dex", "code-limit", 1))
    gaps = [_of(loss) for loss in losses]
    if facts.dex and not code.reach.entries.entries:
        gaps.append(
            Gap(
                part="static",
                code="no-entry-point",
                detail=Text(
                    zh="清单中没有一个启用的组件类在代码中，无法判断哪些代码会运行",
                    en="No enabled component's class is in the code: what runs is unknown",
                ),
                blocks=_BLOCKS,
            )
        )
    return tuple(gaps)


def _of(loss: Loss) -> Gap:
    zh, en, blocks = _WORDS[loss.code]
    names = f" ({', '.join(loss.subjects)})" if loss.subjects else ""
    return Gap(
        part="static",
        code=f"dex-{loss.code}",
        detail=Text(zh=f"{loss.file}：{zh}{names}", en=f"{loss.file} {en}{names}"),
        blocks=blocks,
        subject=loss.file,
        count=loss.pieces,
    )
