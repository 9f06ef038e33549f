"""`mingcha policy FILE` for a person: who declares what, which third parties, what is missing."""

from collections.abc import Iterator, Mapping

from reports.terminal import fit, flow, pad, printable, wrapped
from reports.words import Voice
from scanner.model.base import Text
from scanner.model.policy import Element, PolicyEvidence, SdkRow, Statement

MOST_ROWS = 60
MOST_QUOTE = 400
ELEMENT_NAME = 34
_ACTORS = ("app", "affiliate", "third_party")
_GRAVITY = ("not_found", "probable", "present")


class PolicyText(Voice):
    """Says one policy in one language. `names`: words for data types and SDKs by id."""

    def __init__(self, policy: PolicyEvidence, names: Mapping[str, Text], lang: str) -> None:
        """Take what is said."""
        super().__init__(names, lang)
        self.policy = policy
        self.between = "；" if lang == "zh" else ", "

    def render(self, file: str) -> str:
        """Return lines of at most 80 columns, without control characters."""
        parts = (self._head(file), self._said(), self._rows(), self._export(), self._elements())
        return "\n\n".join("\n".join(map(printable, part)) for part in parts) + "\n"

    def _head(self, file: str) -> Iterator[str]:
        yield fit(file)
        for document in self.policy.documents:
            size = self.t("policy.chars", n=f"{document.chars:,}")
            yield fit(f"  {document.title or document.name} ({document.format}, {size})")
        counts = {"statements": len(self.policy.statements), "sdks": len(self.policy.sdks)}
        yield "  " + self.t("policy_text.counts", **counts)

    def _said(self) -> Iterator[str]:
        """Yield what is declared, by who and what is done with it."""
        yield self.t("policy_text.said")
        said: dict[tuple[int, str, str, str], set[str]] = {}
        for statement in self.policy.statements:
            said.setdefault(_order(statement), set()).update(statement.data_types)
        for (_, actor, action, polarity), types in sorted(said.items()):
            deed = self.t(f"action.{action}") + self.t(f"polarity.{polarity}")
            yield from self._data(f"  {self._actor(actor)} · {deed}: ", types)

    def _actor(self, actor: str) -> str:
        if actor in _ACTORS:
            return self.t(f"policy_text.{actor}")
        return self.name(actor.removeprefix("name:"))

    def _data(self, head: str, types: set[str] | tuple[str, ...]) -> Iterator[str]:
        names = sorted(map(self.name, types)) or [self.t("policy_text.no_data")]
        yield from flow(head, names, self.between)

    def _rows(self) -> Iterator[str]:
        """Yield the third parties that the policy lists or names."""
        rows = self.policy.sdks
        yield f"{self.t('policy.parties')} ({len(rows)})"
        for row in rows[:MOST_ROWS]:
            yield from self._data(f"  {self._party(row)}: ", row.data_types)
        if len(rows) > MOST_ROWS:
            yield "  " + self.t("policy_text.more", n=len(rows) - MOST_ROWS)

    def _party(self, row: SdkRow) -> str:
        known = self.name(row.sdk) if row.sdk else self.t("policy_text.unknown")
        return fit(f"{row.name} [{known}]" + (f" {row.company}" if row.company else ""), 60)

    def _export(self) -> Iterator[str]:
        """Yield the stance on export with its passages."""
        border = self.policy.cross_border
        yield f"{self.t('policy.stance')}: {self.t(f'stance.{border.stance}')}"
        for quote in border.quotes[:2]:
            yield from wrapped("  ", _line(quote.text[:MOST_QUOTE]))

    def _elements(self) -> Iterator[str]:
        """Yield what a policy must say, what is missing first."""
        yield self.t("policy.elements")
        for element in sorted(self.policy.elements, key=lambda e: _GRAVITY.index(e.found)):
            yield fit(self._element(element))

    def _element(self, element: Element) -> str:
        name = pad(f"{element.id} {self.t(f'element.{element.id}')}", ELEMENT_NAME)
        found = pad(self.t(f"found.{element.found}"), 9)
        quote = _line(element.quotes[0].text) if element.quotes else ""
        return f"  {found} {name} {quote}".rstrip()


def _order(statement: Statement) -> tuple[int, str, str, str]:
    actor = statement.actor
    place = _ACTORS.index(actor) if actor in _ACTORS else len(_ACTORS)
    return place, actor, statement.action, statement.polarity


def _line(text: str) -> str:
    """Return a passage in one line."""
    return " ".join(text.split())
