"""Layout files: consent boxes and whether they are ticked, custom views, click handlers."""

from collections.abc import Iterator
from typing import NamedTuple

from scanner.model.common import Confidence
from scanner.model.static import UiFact
from scanner.static.limits import LAYOUTS
from scanner.static.package import Package
from scanner.static.resources import Table
from scanner.static.ui_rules import PlacedText, Rules
from scanner.static.xml_tree import T_STRING, Element

_FOLDERS = ("layout", "xml", "menu", "navigation")
_CLASS_TAGS = frozenset({"view", "fragment"})
_SHORT_PATH = 2
_NEAR = 2
_SHOWN = tuple(
    f"android:{name}"
    for name in ("text", "contentDescription", "textOn", "hint", "title", "summary")
)
_NEIGHBOURS = 12
# What the build leaves of data binding: tags by which the generated code finds layouts and views.
_LAYOUT, _BOUND = "layout", "binding_"
# inputType: class of the text, and the variations of each class that hide it
_INPUT_CLASS, _VARIATION = 0xF, 0xFF0
_PASSWORDS = {0x1: frozenset({0x80, 0x90, 0xE0}), 0x2: frozenset({0x10})}


class Layouts(NamedTuple):
    """What the layouts say: interface facts, texts written into the layout itself, class names,
    `android:onClick` method names, and the resource ids of password fields and consent boxes.
    `tags` are consent boxes as data binding knows them: tag of the layout, `#`, tag of the view.
    """

    facts: tuple[UiFact, ...]
    texts: tuple[PlacedText, ...]
    classes: tuple[str, ...]
    callbacks: tuple[str, ...]
    passwords: tuple[int, ...]
    consents: tuple[int, ...]
    tags: tuple[str, ...]


def layout_names(package: Package) -> Iterator[str]:
    """Yield names that may be layouts; after resource shrinking folder names say nothing."""
    left = LAYOUTS
    for module in package.modules:
        for name in module.names:
            if not name.endswith(".xml") or not name.startswith(("res/", "r/")):
                continue
            folders = name.split("/")
            if len(folders) > _SHORT_PATH and not folders[1].startswith(_FOLDERS):
                continue
            left -= 1
            if left < 0:
                return
            yield name


def read_layouts(package: Package, table: Table, rules: Rules) -> Layouts:
    """Read every layout. Unreadable ones are skipped: the archive's Gaps tell of them."""
    facts: list[UiFact] = []
    texts: list[PlacedText] = []
    classes: set[str] = set()
    callbacks: set[str] = set()
    passwords: set[int] = set()
    consents: set[int] = set()
    tags: set[str] = set()
    for name in sorted(set(layout_names(package))):
        root = package.xml(name)
        if root is None:
            continue
        page = _Page(name, table, rules)
        page.visit(root)
        facts += page.facts
        texts += page.texts
        classes |= page.classes
        callbacks |= page.callbacks
        passwords |= page.passwords
        consents |= page.consents
        tags |= page.tags
    return Layouts(
        tuple(facts),
        tuple(texts),
        tuple(sorted(classes)),
        tuple(sorted(callbacks)),
        tuple(sorted(passwords)),
        tuple(sorted(consents)),
        tuple(sorted(tags)),
    )


def _is_password(element: Element) -> bool:
    """Tell a password field by its input type, or by the old `android:password` attribute."""
    old = element.android("password")
    if old is not None and old.boolean:
        return True
    kind = element.android("inputType")
    number = kind.integer if kind is not None else None
    if number is None:
        return False
    return (
        number & _INPUT_CLASS in _PASSWORDS
        and number & _VARIATION in _PASSWORDS[number & _INPUT_CLASS]
    )


def _tag(element: Element) -> str:
    value = element.android("tag")
    return value.text if value is not None and value.text else ""


def _few(root: Element) -> list[Element] | None:
    """Return an element and all below it, or None when they are more than a row or a footer."""
    found: list[Element] = []
    stack = [root]
    while stack:
        element = stack.pop()
        found.append(element)
        if len(found) + len(stack) + len(element.children) > _NEIGHBOURS:
            return None
        stack.extend(reversed(element.children))
    return found


class _Page:
    """One layout under inspection."""

    def __init__(self, name: str, table: Table, rules: Rules) -> None:
        self.name = name
        self.table = table
        self.rules = rules
        self.facts: list[UiFact] = []
        self.texts: list[PlacedText] = []
        self.classes: set[str] = set()
        self.callbacks: set[str] = set()
        self.passwords: set[int] = set()
        self.consents: set[int] = set()
        self.tags: set[str] = set()
        self.tag = ""

    def visit(self, root: Element) -> None:
        """Walk the tree, remembering the two nearest ancestors."""
        self.tag = _tag(root)
        stack: list[tuple[Element, tuple[Element, ...]]] = [(root, ())]
        while stack:
            element, above = stack.pop()
            self._names(element)
            if self._is_box(element):
                self._box(element, above)
            nearest = (element, *above)[:_NEAR]
            stack.extend((child, nearest) for child in reversed(element.children))

    def _names(self, element: Element) -> None:
        if "." in element.tag:
            self.classes.add(element.tag)
        elif element.tag in _CLASS_TAGS:
            cls = element.attributes.get("class") or element.android("name")
            if cls is not None and cls.text:
                self.classes.add(cls.text)
        attributes = element.attributes
        for key in _SHOWN:
            value = attributes.get(key)
            if value is not None and value.type == T_STRING and value.text:
                self.texts.append(PlacedText(self.name, value.text))
        handler = element.android("onClick")
        if handler is not None and handler.text:
            self.callbacks.add(handler.text)
        own = element.android("id")
        if own is not None and own.reference and _is_password(element):
            self.passwords.add(own.reference)

    def _is_box(self, element: Element) -> bool:
        tag = element.tag
        if tag == "view":
            cls = element.attributes.get("class")
            tag = cls.text if cls is not None else tag
        return tag.rsplit(".", 1)[-1].endswith(self.rules.table.box_views)

    def _texts(self, element: Element) -> list[str]:
        """Return an element's texts in the default language and in Chinese."""
        values = [v for v in map(element.attributes.get, _SHOWN) if v is not None]
        found = [self.table.text(value, language) for value in values for language in ("", "zh")]
        return [text for text in found if text]

    def _box(self, element: Element, above: tuple[Element, ...]) -> None:
        own = next((t for t in self._texts(element) if self.rules.consents(t)), "")
        text, confidence = own, self._sure(bool(own))
        if not own:
            text = self._beside(above)
            if not text and not self.rules.consent_name(self._id(element)):
                return
            confidence = "firm" if text else "tentative"
        named = element.android("id")
        if named is not None and named.reference:
            self.consents.add(named.reference)
        checked = element.android("checked")
        ticked = checked.boolean if checked is not None else False
        if checked is not None and checked.reference:
            resolved = self.table.value(checked.reference)
            ticked = resolved.boolean if resolved is not None else None
        if ticked is None:
            confidence, ticked = "tentative", False
        if self.tag.startswith(_LAYOUT) and "/" in self.tag and _tag(element).startswith(_BOUND):
            self.tags.add(f"{self.tag}#{_tag(element)}")
            confidence = confidence if ticked else "tentative"  # an expression may tick it
        self.facts.append(
            UiFact(
                kind="default-ticked-consent" if ticked else "unticked-consent",
                place=self.name,
                text=(text or self._id(element))[:200],
                confidence=confidence,
            )
        )

    @staticmethod
    def _sure(own: bool) -> Confidence:
        return "certain" if own else "firm"

    def _beside(self, above: tuple[Element, ...]) -> str:
        """Return a consent text near the box, nearest first: in its parent, then one level up.

        Only a small group counts: a whole screen is no neighbourhood.
        """
        for ancestor in above:
            members = _few(ancestor)
            if members is None:
                break
            for member in members:
                for text in self._texts(member):
                    if self.rules.consents(text):
                        return text
        return ""

    def _id(self, element: Element) -> str:
        value = element.android("id")
        return self.table.name(value.reference).partition("/")[2] if value is not None else ""
