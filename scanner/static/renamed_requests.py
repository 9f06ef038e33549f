"""Run-time permission requests through androidx classes whose names R8 has changed.

The names of the intent action and extra by which the activity-result library asks for permissions
are texts and survive. The method that makes such an intent belongs to a permission contract; the
type above the contract is taken by the methods that register it, and what these return is the
launcher.
"""

import numpy as np

from scanner.static.calls import Code
from scanner.static.dex.arrays import Bool
from scanner.static.dex.index import DexIndex
from scanner.static.named_links import callers, named

_INTENT, _CONTEXT = "Landroid/content/Intent;", "Landroid/content/Context;"
_OBJECT = "Ljava/lang/Object;"
_LAUNCH_PARAMETERS = (1, 2)


def launch_calls(code: Code) -> Bool:
    """Return a mark per method id: it launches a contract of the activity-result library, whatever
    the class is called. Nothing is marked when the library is not in the app.
    """
    index = code.index
    marks = np.zeros(len(index.ids.methods.cls), np.bool_)
    for launcher in _launchers(index, _contract_types(code)):
        for method in index.methods_of_type(launcher):
            kind = int(index.ids.methods.kind[method])
            params = index.ids.proto_params[kind]
            marks[method] = (
                len(params) in _LAUNCH_PARAMETERS
                and index.descriptor(params[0]) == _OBJECT
                and index.descriptor(int(index.ids.proto_return[kind])) == "V"
            )
    return marks


def _contract_types(code: Code) -> set[int]:
    """Return the types above the permission contracts: superclasses of classes with a method that
    takes a context, returns an intent, and makes the intent that asks or has it made.
    """
    index = code.index
    makers = _makers(code)
    if not makers.any():
        return set()
    called = np.append(makers, False)[code.hierarchy.resolved]
    wide = (makers | callers(index, called)) & _creates_intent(index)
    classes = np.unique(index.defs.cls[wide])
    return {int(index.classes.sup[row]) for row in classes.tolist()} - {0, index.type_id(_OBJECT)}


def _makers(code: Code) -> Bool:
    """Mark the method rows that name the action and fill an intent."""
    index = code.index
    strings = index.const_strings
    action = index.string_id(code.rules.request_action)
    makers = np.zeros(len(index.defs.method), np.bool_)
    if action >= 0:
        makers[strings.owner[strings.id == action]] = True
        makers &= callers(index, named(index, ("putExtra",), _INTENT))
    return makers


def _creates_intent(index: DexIndex) -> Bool:
    """Mark the method rows that take a context first and return an intent."""
    context, intent = index.type_id(_CONTEXT), index.type_id(_INTENT)
    ids = index.ids
    fits = ids.proto_params.starting_with(context) & (ids.proto_return == intent)
    marked: Bool = fits[ids.methods.kind[index.defs.method]]
    return marked


def _launchers(index: DexIndex, contracts: set[int]) -> list[int]:
    """Return the types that the methods return which register a contract."""
    if not contracts:
        return []
    ids = index.ids
    takes = ids.proto_params.holding(contracts) & (ids.proto_params.counts() > 1)
    methods = ids.methods.kind[takes[ids.methods.kind]]
    given = set(ids.proto_return[methods].tolist()) - {index.type_id(_OBJECT)}
    return sorted(kind for kind in given if index.descriptor(kind).startswith("L"))
