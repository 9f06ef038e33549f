"""About which apps a call asks the package manager: this one, another, or all of them."""

from typing import TYPE_CHECKING, Literal

from scanner.static.dex import opcodes
from scanner.static.dex.instructions import Instruction

if TYPE_CHECKING:
    from scanner.static.calls import Code

_CONTEXT = "Landroid/content/Context;"
_OWN_NAME = "getPackageName"
_MOST_SETTERS = 16
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
    made = _made(code, row, at, index + 1)
    calls = _narrowing(code, row, at) if made is not None else ()
    answers = {by_name(code, row, c, 0) for c in calls if _made(code, row, c, 0) == made}
    if not answers:
        return "all"
    return "itself" if answers == {"itself"} else "unknown"


ASKED = {"other-package": by_name, "intent": by_intent}


def _made(code: "Code", row: int, at: int, place: int) -> Instruction | None:
    """Return what made an intent: setters return the intent that they were called on."""
    ids, intent = code.index.ids, code.index.type_id(code.rules.intent_type)
    made = code.constants.origin(row, at, place)
    for _ in range(_MOST_SETTERS):
        if made is None or made.kind != opcodes.METHOD or made.ref < 0:
            break
        returned = int(ids.proto_return[int(ids.methods.kind[made.ref])])
        if int(ids.methods.cls[made.ref]) != intent or returned != intent:
            break
        made = code.constants.origin(row, made.row, 0)
    return made


def _narrowing(code: "Code", row: int, before: int) -> list[int]:
    """Return the instruction rows of a method, up to one of them, that narrow an intent."""
    calls = code.index.invokes
    here = calls.inside(row)
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
