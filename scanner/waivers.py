"""Accepted findings: `waivers.yaml`, each with a reason, an owner and an end."""

from datetime import date
from pathlib import Path

import msgspec

from profiles.strict_yaml import parse
from scanner.model.base import Doc, Text
from scanner.model.errors import InputError
from scanner.model.result import Finding, Result, WaiverNote

MAX_BYTES = 1 << 20


class Waiver(Doc):
    """Accept the findings of a check, or one finding, until a date.

    One of `check` and `finding` is given. `subject` narrows a check to one subject, `package` to
    one app. `expires` is the last day on which the waiver holds (ISO 8601).
    """

    reason: str
    owner: str
    expires: str
    check: str = ""
    finding: str = ""
    subject: str = ""
    package: str = ""

    def covers(self, finding: Finding, package: str) -> bool:
        """Tell whether the waiver is about this finding, whatever the date."""
        if self.package and self.package != package:
            return False
        if self.finding:
            return finding.id == self.finding
        return finding.check == self.check and self.subject in {"", finding.subject}


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a file. Raises `InputError` that names file and entry."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name}: larger than {MAX_BYTES} bytes")
        content = parse(path.read_bytes(), path.name)
        waivers = msgspec.convert(content or [], tuple[Waiver, ...])
    except (OSError, msgspec.ValidationError) as error:
        raise InputError(f"{path.name}: {error}", "See docs/cli.md for the fields.") from error
    for number, waiver in enumerate(waivers):
        _validate(waiver, f"{path.name}: entry {number + 1}")
    return waivers


def _validate(waiver: Waiver, place: str) -> None:
    if bool(waiver.check) == bool(waiver.finding):
        raise InputError(f"{place}: exactly one of check and finding is needed")
    if not waiver.reason.strip() or not waiver.owner.strip():
        raise InputError(f"{place}: reason and owner must say something")
    try:
        date.fromisoformat(waiver.expires)
    except ValueError as error:
        raise InputError(f"{place}: expires: {error}") from error


def apply_waivers(result: Result, waivers: tuple[Waiver, ...], today: str) -> Result:
    """Return the result with waived findings marked; `today` is an ISO date.

    An expired waiver does not hide its findings: they count again, and the result says which
    waiver ended, so that nobody is surprised by a gate that fails overnight.
    """
    if not waivers:
        return result
    valid = [waiver for waiver in waivers if waiver.expires >= today]
    expired = [waiver for waiver in waivers if waiver.expires < today]
    package = result.app.package
    findings = tuple(
        msgspec.structs.replace(finding, waived=_words(waiver))
        if (waiver := _first(valid, finding, package)) is not None
        else finding
        for finding in result.findings
    )
    ended = tuple(
        _ended(waiver)
        for waiver in expired
        if any(waiver.covers(finding, package) for finding in result.findings)
    )
    notes = tuple(_note(waiver, result, valid, today) for waiver in waivers)
    return msgspec.structs.replace(
        result,
        findings=findings,
        expired_waivers=(*result.expired_waivers, *ended),
        waivers=(*result.waivers, *notes),
    )


def _note(waiver: Waiver, result: Result, valid: list[Waiver], today: str) -> WaiverNote:
    """Return what became of a waiver. A finding is hidden by the first that covers it."""
    package = result.app.package
    ended = waiver.expires < today
    found = tuple(
        f.id
        for f in result.findings
        if waiver.covers(f, package) and (ended or _first(valid, f, package) is waiver)
    )
    return WaiverNote(
        about=waiver.finding or waiver.check,
        scope=" ".join(filter(None, (waiver.subject, waiver.package))),
        reason=waiver.reason,
        owner=waiver.owner,
        expires=waiver.expires,
        state="unused" if not found else "expired" if ended else "applied",
        findings=found,
    )


def _first(waivers: list[Waiver], finding: Finding, package: str) -> Waiver | None:
    return next((waiver for waiver in waivers if waiver.covers(finding, package)), None)


def _words(waiver: Waiver) -> str:
    return f"{waiver.reason} ({waiver.owner}, {waiver.expires})"


def _ended(waiver: Waiver) -> Text:
    name = waiver.finding or waiver.check
    return Text(
        zh=f"豁免已于 {waiver.expires} 到期：{name}（{waiver.owner}）",
        en=f"waiver ended on {waiver.expires}: {name} ({waiver.owner})",
    )
