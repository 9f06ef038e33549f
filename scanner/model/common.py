"""Words that several rooms share."""

from typing import Literal

from scanner.model.base import Doc, Text

Confidence = Literal["certain", "firm", "tentative"]
"""How sure: certain = the bytes say so; firm = one well-founded inference; tentative = a guess
that a person must confirm."""

Severity = Literal["critical", "high", "medium", "low", "info"]

Part = Literal["app", "static", "traffic", "runtime", "policy"]

PARTS: tuple[Part, ...] = ("app", "static", "traffic", "runtime", "policy")

Phase = Literal[
    "baseline",
    "before_consent",
    "refused",
    "after_consent",
    "in_use",
    "background",
    "after_withdrawal",
    "boundary",
    "unknown",
]
"""Where in the consent story something happened. `boundary` lies within the guard band of two
phases and counts as neither; `unknown` means that nobody marked phases."""

APP = "app"
"""The actor id of the app's own code. Other actors are SDK ids of the catalogue, or
`pkg:<prefix>` for code and `host:<name>` for traffic whose owner is not known."""

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
CONFIDENCES: tuple[Confidence, ...] = ("certain", "firm", "tentative")


class Gap(Doc):
    """Something that could not be observed, and why: never mistaken for 'nothing found'.

    `code` is a stable slug (`packed-code`, `pinned-host`, `size-limit`, ...). `blocks` names the
    evidence fields whose silence proves nothing because of this gap, e.g. `static.calls`.
    `limits` names those whose silence holds only within what `detail` states, `weakens` those
    among them whose silence cannot be held against the app for sure.
    `subject` names the file, host or class concerned.
    """

    part: Part
    code: str
    detail: Text
    blocks: tuple[str, ...] = ()
    subject: str = ""
    count: int = 1
    limits: tuple[str, ...] = ()
    weakens: tuple[str, ...] = ()


class Input(Doc):
    """One file that was read. `name` is the base name only; `sha256` hex; `size` in bytes."""

    role: Literal["app", "policy", "traffic", "runtime", "subject", "mapping", "store-label"]
    name: str
    sha256: str
    size: int
