"""What the privacy policy declares. Offsets are characters of the document's text as read."""

from typing import Literal

from scanner.model.base import Doc
from scanner.model.common import Confidence

Action = Literal["collect", "use", "share", "entrust", "transfer_abroad", "store"]
Polarity = Literal["positive", "negative", "negative_with_exception", "conditional"]
CrossBorderClass = Literal["none", "denied", "conditional", "declared"]


class Document(Doc):
    """One text that was read. `kind`: main, sdk-list, permission-list, childrens, embedded."""

    name: str
    sha256: str
    chars: int
    format: str
    kind: str = "main"
    language: str = "zh"
    encoding: str = ""
    title: str = ""


class Quote(Doc):
    """A passage: document name, start and end offsets, and the text itself (at most 400 chars)."""

    document: str
    start: int
    end: int
    text: str


class Statement(Doc):
    """One clause that says who does what with which data.

    `actor`: `app`, `affiliate`, `third_party`, an SDK id, or `name:<as written>`.
    `section`: collect, permissions, share, cookie, storage, security, rights, minors,
    cross_border, change, contact, definitions, other.
    """

    document: str
    start: int
    end: int
    quote: str
    action: Action
    data_types: tuple[str, ...]
    actor: str = "app"
    polarity: Polarity = "positive"
    purpose: str = ""
    condition: str = ""
    receiver: str = ""
    permission: str = ""
    section: str = "other"
    confidence: Confidence = "firm"


class SdkRow(Doc):
    """One third party named in the policy's list or text. `sdk` is the catalogue id when known."""

    name: str
    place: Quote
    sdk: str = ""
    company: str = ""
    data_types: tuple[str, ...] = ()
    data_text: str = ""
    purpose: str = ""
    method: str = ""
    link: str = ""


class Element(Doc):
    """A thing that a policy must say. `id` is E01..E25 or a sub-id (E13.delete)."""

    id: str
    found: Literal["present", "probable", "not_found"]
    confidence: Confidence = "firm"
    quotes: tuple[Quote, ...] = ()
    value: str = ""


class CrossBorder(Doc):
    """What the policy says about export. `items` are the PIPL 39 items found, with quotes:
    receiver, contact, purpose, method, types, rights. `receivers` are the recipients it names, each
    where the name stands.
    """

    stance: CrossBorderClass = "none"
    quotes: tuple[Quote, ...] = ()
    receivers: tuple[Quote, ...] = ()
    countries: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    confidence: Confidence = "firm"


class Subsumption(Doc):
    """The policy's own definition: `parent` is said to include `children` (ontology ids)."""

    parent: str
    children: tuple[str, ...]
    place: Quote


class Readability(Doc):
    """Length and language measures. Shares are 0..1; lengths in characters."""

    chars: int = 0
    cjk_share: float = 0.0
    simplified_share: float = 0.0
    sentences: int = 0
    mean_sentence: float = 0.0
    long_sentences: int = 0
    headings: int = 0


class PolicyEvidence(Doc):
    """What the policy documents declare."""

    documents: tuple[Document, ...] = ()
    statements: tuple[Statement, ...] = ()
    sdks: tuple[SdkRow, ...] = ()
    elements: tuple[Element, ...] = ()
    cross_border: CrossBorder = CrossBorder()
    subsumptions: tuple[Subsumption, ...] = ()
    permissions: tuple[str, ...] = ()
    """Permission names (android.permission.X) that the text explains."""
    readability: Readability = Readability()
