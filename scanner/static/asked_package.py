"""About which apps a call asks the package manager: this one, another, or all of them."""

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from scanner.static.calls import Code

_CONTEXT = "Landroid/content/Context;"
_OWN_NAME = "getPackageName"
_NEW = 0x22
About = Literal["itself", "other", "unknown", "all"]


def by_name(code: "Code", row: int, at: int, index: int) -> About:
    """Tell which app an argument names by its package."""
    value = code.constants.argument(row, at, index)
    if value is None:
        return "unknown"
    if value.string >= 0:
        return "itself" if code.index.string(value.string) == code.package else "other"
    return "itself" if value.call >= 0 and _gives_own_name(code, value.call) else "unknown"


def by_intent(code: "Code", row: int, at: int, index: int) -> About:
    """Tell about which apps an intent asks: all that answer it, unless the method that made it
    narrows it to one. An intent for one other app is a question for that app: `unknown`.
    """
    made = code.constants.origin(row, at, index + 1)
    if made is None:
        return "all"
    narrowing = code.narrows_intent
    if made.opcode != _NEW:
        # The intent that a narrowing call returns is the one it was called on.
        calls = [made.row] if made.ref >= 0 and narrowing[made.ref] else []
    else:
        calls = [
            call for call in _calls(code, row, at) if code.constants.origin(row, call, 0) == made
        ]
    answers = {by_name(code, row, call, 0) for call in calls}
    if not answers:
        return "all"
    return "itself" if answers == {"itself"} else "unknown"


ASKED = {"other-package": by_name, "intent": by_intent}


def _calls(code: "Code", row: int, before: int) -> list[int]:
    """Return the instruction rows of a method, up to one of them, that narrow an intent."""
    calls = code.index.invokes
    start, end = np.searchsorted(calls.owner, (row, row + 1)).tolist()
    here = slice(start, end)
    rows = calls.at[here].compress(code.narrows_intent.take(calls.id[here]))
    return [at for at in rows.tolist() if at < before]


def _gives_own_name(code: "Code", method: int) -> bool:
    """Tell whether a method is `Context.getPackageName`: other classes name other packages."""
    index = code.index
    if index.method_parts(method)[1] != _OWN_NAME:
        return False
    cls = index.descriptor(code.hierarchy.chain(int(index.ids.methods.cls[method]))[-1])
    while cls != _CONTEXT and cls in code.rules.framework_super:  # above what the dex names
        cls = code.rules.framework_super[cls]
    return cls == _CONTEXT
