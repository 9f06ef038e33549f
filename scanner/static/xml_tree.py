"""A small element tree that binary XML, bundle protobuf XML and tests all produce."""

from collections.abc import Iterator
from typing import NamedTuple

ANDROID = "http://schemas.android.com/apk/res/android"

# Res_value types of ResourceTypes.h
T_NULL, T_REFERENCE, T_ATTRIBUTE, T_STRING, T_FLOAT = 0, 1, 2, 3, 4
T_DYNAMIC_REFERENCE = 7
T_INT_DEC, T_INT_HEX, T_BOOLEAN = 0x10, 0x11, 0x12


class Value(NamedTuple):
    """A typed attribute value. `data` is the raw 32-bit word, `text` the string if it has one."""

    type: int
    data: int
    text: str = ""

    @property
    def reference(self) -> int:
        """Return the resource id when the value is a reference, else 0."""
        return self.data if self.type in (T_REFERENCE, T_DYNAMIC_REFERENCE) else 0

    @property
    def boolean(self) -> bool | None:
        """Return the truth value, or None when it is not a boolean (a reference, a word)."""
        if self.type == T_STRING:
            return {"true": True, "false": False}.get(self.text.strip().lower())
        if T_INT_DEC <= self.type <= T_BOOLEAN:
            return self.data != 0
        return None

    @property
    def integer(self) -> int | None:
        """Return the number, or None when there is none (code names, references)."""
        if T_INT_DEC <= self.type <= T_BOOLEAN:
            return self.data - (1 << 32) if self.data >= 1 << 31 else self.data
        if self.type == T_STRING:
            try:
                return int(self.text.strip(), 0)
            except ValueError:
                return None
        return None


class Element:
    """One element. Attributes of the Android namespace are keyed `android:name`, of any other
    namespace `app:name`, without one `name`. `text` is character data.
    """

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str) -> None:
        """Start an element without attributes or children."""
        self.tag = tag
        self.attributes: dict[str, Value] = {}
        self.children: list[Element] = []
        self.text = ""

    def android(self, name: str) -> Value | None:
        """Return an Android-namespace attribute."""
        return self.attributes.get("android:" + name)

    def all(self, tag: str) -> Iterator["Element"]:
        """Yield the direct children with a tag."""
        return (child for child in self.children if child.tag == tag)

    def walk(self) -> Iterator["Element"]:
        """Yield this element and all below it in document order, without recursion."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))
