"""Drafts for an app's own policy, from evidence: what it collects, shares, asks for and embeds.

A field that no evidence answers is marked for a person to fill in, never guessed.
"""

from collections.abc import Sequence

from reports.pages import Page, Table
from reports.words import Words
from scanner.model.common import APP
from scanner.model.matrix import Cell
from scanner.model.result import Result, SdkInfo


def inventory(result: Result, lang: str) -> Page:
    """Return the four drafts in language `lang` ("zh" or "en")."""
    words = Words(result, lang)
    name = f"{result.app.label or result.app.package} {result.app.version_name}".strip()
    return Page(
        title=f"{words.t('inventory.title')} · {name}",
        lang=lang,
        notes=(words.t("inventory.note", blank=words.t("inventory.blank")),),
        tables=(
            _collected(result, words),
            _shared(result, words),
            _permissions(result, words),
            _sdks(result, words),
        ),
    )


def _behaving(result: Result) -> list[Cell]:
    return [c for c in result.matrix.cells if c.reachable or c.leaves or c.observed_count]


def _collected(result: Result, words: Words) -> Table:
    """Return the list of personal data collected, one row per type."""
    cells: dict[str, list[Cell]] = {}
    for cell in _behaving(result):
        cells.setdefault(cell.data_type, []).append(cell)
    rows = []
    for name, group in sorted(cells.items()):
        phases = dict.fromkeys(phase for cell in group for phase in cell.observed)
        rows.append(
            (
                words.label(name),
                words.t("comma").join(words.label(cell.actor) for cell in group),
                _purpose(result, name) or words.t("inventory.blank"),
                words.t("comma").join(words.t(f"phase.{phase}") for phase in phases)
                or words.t("inventory.blank"),
                words.t("inventory.seen" if phases else "inventory.code"),
                words.t("comma").join(
                    dict.fromkeys(words.t(f"declared.{cell.declared}") for cell in group)
                ),
            )
        )
    head = ("personal_data", "matrix.actor", "policy.purpose", "inventory.scene")
    return _table("inventory.collected", (*head, "evidence", "matrix.declared"), rows, words)


def _purpose(result: Result, data_type: str) -> str:
    """Return the purpose that the policy itself states for a type, or nothing."""
    said = result.policy.statements if result.policy is not None else ()
    return next((s.purpose for s in said if data_type in s.types and s.purpose), "")


def _shared(result: Result, words: Words) -> Table:
    """Return the list of data in the hands of third parties, one row per party."""
    parties: dict[str, list[Cell]] = {}
    for cell in _behaving(result):
        if cell.actor != APP:
            parties.setdefault(cell.actor, []).append(cell)
    sdks = {sdk.sdk: sdk for sdk in result.sdks}
    blank = words.t("inventory.blank")
    rows = []
    for actor, cells in sorted(parties.items()):
        sdk = sdks.get(actor)
        rows.append(
            (
                words.label(actor),
                words.say(sdk.vendor) if sdk is not None else blank,
                words.t("comma").join(words.label(cell.data_type) for cell in cells),
                _party(result, actor, "purpose") or blank,
                words.t("inventory.by_sdk" if sdk is not None else "inventory.by_host"),
                words.t("comma").join(sorted({c for cell in cells for c in cell.countries}))
                or blank,
                _link(result, actor, sdk) or blank,
            )
        )
    head = ("inventory.party", "company", "personal_data", "policy.purpose", "inventory.how")
    return _table("inventory.shared", (*head, "matrix.countries", "link"), rows, words)


def _party(result: Result, sdk: str, field: str) -> str:
    """Return what the policy itself says about a third party, or nothing."""
    parties = result.policy.parties if result.policy is not None else ()
    return next((str(getattr(p, field)) for p in parties if p.sdk == sdk), "")


def _link(result: Result, actor: str, sdk: SdkInfo | None) -> str:
    return _party(result, actor, "link") or (sdk.link if sdk is not None else "")


def _permissions(result: Result, words: Words) -> Table:
    blank = words.t("inventory.blank")
    rows = [
        (
            words.say(p.label),
            p.name,
            words.coded("protection", p.protection),
            words.t("comma").join(map(words.label, p.used_by)) or blank,
            blank,
            words.t("not_known" if p.explained is None else "yes" if p.explained else "no"),
        )
        for p in result.permissions
        if p.declared
    ]
    head = ("permission", "name", "protection", "used_by", "policy.purpose", "explained")
    return _table("permissions", head, rows, words)


def _sdks(result: Result, words: Words) -> Table:
    blank = words.t("inventory.blank")
    held: dict[str, list[str]] = {}
    for cell in _behaving(result):
        held.setdefault(cell.actor, []).append(words.label(cell.data_type))
    rows = [
        (
            f"{words.say(sdk.name)} {sdk.version}".strip(),
            words.say(sdk.vendor),
            words.t("comma").join(held.get(sdk.sdk, ())) or blank,
            _party(result, sdk.sdk, "purpose") or blank,
            _link(result, sdk.sdk, sdk) or blank,
            words.t("not_known" if sdk.declared is None else "yes" if sdk.declared else "no"),
        )
        for sdk in result.sdks
        if sdk.present or sdk.observed
    ]
    head = ("sdk", "company", "personal_data", "policy.purpose", "link", "inventory.listed")
    return _table("sdks", head, rows, words)


def _table(
    title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], words: Words
) -> Table:
    return Table(
        title=words.t(title),
        head=tuple(words.t(name) for name in head),
        rows=tuple(rows),
        note="" if rows else words.t("none"),
    )
