"""Windows over other apps: where code asks for a window type that stands above everything."""

from collections.abc import Iterator

from scanner.model.static import Behaviour
from scanner.static.calls import Code

_PARAMS = "Landroid/view/WindowManager$LayoutParams;"
_TYPED = {"(IIIII)V": 3, "(III)V": 1, "(IIIIIII)V": 5, "(I)V": 1}
"""Constructors of LayoutParams and the register that holds the window type, the object first."""


def find_overlays(code: Code) -> Iterator[Behaviour]:
    """Yield the places that give a window one of the types above other apps."""
    for row, offset, number in _given_types(code):
        word = code.rules.overlay_types.get(number)
        if word is not None and not code.owners.is_library(int(code.index.defs.cls[row])):
            yield Behaviour(
                kind="overlay",
                place=code.names.place(row, offset),
                detail=word,
                actor=code.actor(row),
                reach=code.reach.of(row),
            )


def _given_types(code: Code) -> Iterator[tuple[int, int, int]]:
    """Yield (method row, offset, window type) where a constant becomes the type of a window."""
    index = code.index
    written = code.sites(index.field_writes, index.find_fields(_PARAMS, "type"))
    places = [(row, offset, at, 0) for _, row, offset, at in written]
    for method in index.find_methods(_PARAMS, "<init>"):
        place = _TYPED.get(index.proto(int(index.ids.methods.kind[method])))
        if place is not None:
            made = code.sites(index.invokes, (method,))
            places += [(row, offset, at, place) for _, row, offset, at in made]
    for row, offset, at, place in places:
        origin = code.constants.origin(row, at, place)
        if origin is not None:
            yield row, offset, origin.literal
