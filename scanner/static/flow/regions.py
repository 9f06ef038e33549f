"""Which blocks a branch governs: those between it and the point where all its ways meet again."""

from scanner.static.flow.code import Code

_EXIT = -1
_ENDS = ("return", "return-void", "throw")


class Regions:
    """Control dependence of one method, from post-dominators of its blocks."""

    def __init__(self, code: Code) -> None:
        """Compute successors and post-dominators."""
        self._next = _successors(code)
        self._post = _post_dominators(self._next)
        self._governed: dict[int, frozenset[int]] = {}
        self._block_of = _blocks(code)

    def governs(self, branch: int, at: int) -> bool:
        """Return whether the branch at offset `branch` decides if the block at `at` runs."""
        block = self._block_of.get(branch)
        if block is None:
            return False
        known = self._governed.get(block)
        if known is None:
            known = self._governed[block] = self._region(block)
        return at in known

    def _region(self, block: int) -> frozenset[int]:
        stop = self._post.get(block, frozenset()) - {block}
        seen: set[int] = set()
        work = list(self._next.get(block, ()))
        while work:
            at = work.pop()
            if at in seen or at in stop:
                continue
            seen.add(at)
            work.extend(self._next.get(at, ()))
        return frozenset(seen)


def _blocks(code: Code) -> dict[int, int]:
    owner: dict[int, int] = {}
    current = 0
    for at in sorted(code.instructions):
        if at in code.leaders:
            current = at
        owner[at] = current
    return owner


def _successors(code: Code) -> dict[int, tuple[int, ...]]:
    owner = _blocks(code)
    found: dict[int, set[int]] = {}
    for at, ins in code.instructions.items():
        block = found.setdefault(owner[at], set())
        if ins.op in _ENDS:
            block.add(_EXIT)
            continue
        block.update(ins.targets)
        if ins.op != "goto" and owner.get(ins.next) not in (None, owner[at]):
            block.add(ins.next)
    return {block: tuple(sorted(following)) for block, following in found.items()}


def _post_dominators(following: dict[int, tuple[int, ...]]) -> dict[int, frozenset[int]]:
    every = frozenset(following) | {_EXIT}
    post = dict.fromkeys(following, every)
    post[_EXIT] = frozenset((_EXIT,))
    changed = True
    while changed:
        changed = False
        for block in sorted(following, reverse=True):
            ways = [post.get(one, every) for one in following[block]]
            meet = frozenset.intersection(*ways) if ways else frozenset()
            new = meet | {block}
            if new != post[block]:
                post[block] = new
                changed = True
    return post
