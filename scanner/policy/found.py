"""What is found in a sentence: mentions of data, verbs, flags and spans."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field


@dataclass(slots=True)
class Mention:
    """A lexicon term in a sentence; offsets in the normalised sentence."""

    start: int
    end: int
    data_type: str
    term: str
    weak: bool
    chain: int = 1
    strong_in_chain: int = 0
    score: int = 0


@dataclass(slots=True)
class Sentence:
    """A normalised sentence with what was found in it."""

    text: str
    section: str = "other"
    lead: str = ""
    kind: str = "paragraph"
    mentions: list[Mention] = field(default_factory=list)
    verbs: list[tuple[int, int, str, str]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    masks: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    own: Set[str] = frozenset()
    """Companies whose policy this is, as `name:` and the name."""
    led_by: "Sentence | None" = None
    """The lead-in of a list, where `lead` tells of one."""
    above: Mapping[str, Set[str]] = field(default_factory=dict)
    """The wider types of every data type."""
