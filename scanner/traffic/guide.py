"""What a tester must do and know before a capture, in the language of the reader."""

import io

from scanner.model.base import Doc, Text


class Step(Doc):
    """One line of the guide; `{host}`, `{port}` and `{ca}` are filled in."""

    text: Text


class ModeGuide(Doc):
    """A proxy mode: how to connect, and what it cannot see."""

    name: Text
    connect: tuple[Text, ...]
    blind: tuple[Text, ...]
    note: Text | None = None


class Certificate(Doc):
    """How an Android version ("" = every one) is made to trust the proxy."""

    android: str
    text: Text


class CaptureGuide(Doc):
    """Table `capture_guide`."""

    modes: dict[str, ModeGuide]
    certificates: tuple[Certificate, ...]
    headings: dict[str, Text]
    phases: tuple[str, ...]
    source: tuple[str, ...] = ()
    checked: str = ""


def render(guide: CaptureGuide, mode: str, lang: str, values: dict[str, str]) -> str:
    """Return the guide of one mode as text."""
    entry = guide.modes.get(mode) or guide.modes["regular"]

    def say(text: Text) -> str:
        return (text.zh if lang == "zh" else text.en).format_map(values)

    lines = [say(entry.name)]
    if entry.note is not None:
        lines.append(say(entry.note))
    lines += ["", say(guide.headings["connect"])]
    lines += [f"  {number}. {say(step)}" for number, step in enumerate(entry.connect, 1)]
    lines += ["", say(guide.headings["certificate"])]
    every = say(guide.headings["every-version"])
    lines += [
        f"  {f'Android {row.android}' if row.android else every}: {say(row.text)}"
        for row in guide.certificates
    ]
    lines += ["", say(guide.headings["blind"])]
    lines += [f"  - {say(row)}" for row in entry.blind]
    return "\n".join(lines)


def for_app(config: str, package: str) -> str:
    """Return a WireGuard configuration that lets only one app through the tunnel: WireGuard for
    Android reads `IncludedApplications`.
    """
    if not package:
        return config
    line = f"[Interface]\nIncludedApplications = {package}\n"
    return config.replace("[Interface]\n", line, 1)


def qr(text: str) -> str:
    """Return a QR code drawn with characters."""
    import segno  # noqa: PLC0415 - only for WireGuard

    out = io.StringIO()
    segno.make(text, error="l").terminal(out=out, compact=True)
    return out.getvalue()
