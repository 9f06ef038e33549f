"""The section gate: which part of the policy a block belongs to."""

import re

from scanner.policy.normal import Normal
from scanner.policy.words import Vocabulary


class SectionGate:
    """Names the section of a heading path; answers are kept, headings repeat."""

    def __init__(self, words: Vocabulary, *, chinese: bool) -> None:
        """Compile the rules for one language."""
        self._chinese = chinese
        self._rules = [
            (rule.section, re.compile(rule.zh if chinese else rule.en))
            for rule in words.section_table.rules
        ]
        self._known: dict[str, str] = {}

    def of_heading(self, heading: str) -> str:
        """Return the section that a heading opens, or an empty string."""
        found = self._known.get(heading)
        if found is None:
            text = Normal(heading, chinese=self._chinese).text.strip()
            found = next((name for name, rule in self._rules if rule.search(text)), "")
            self._known[heading] = found
        return found

    def of_path(self, path: tuple[str, ...]) -> str:
        """Return the section of the innermost heading that has one, else `other`."""
        for heading in reversed(path):
            found = self.of_heading(heading)
            if found:
                return found
        return "other"
