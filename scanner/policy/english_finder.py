"""A finder of English words: a long match that ends inside a word does not hide a shorter one."""

from scanner.policy.words import Finder

Hit = tuple[int, int, str, str]


class EnglishFinder(Finder):
    """Finds "reported" in "reported together", although "reported to" is a longer match there."""

    def find(self, text: str) -> list[Hit]:
        """Return (start, end, class, word) in order of place."""
        out: list[Hit] = []
        done = 0
        for index, start, end in self._matcher.find_matches_as_indexes(text):
            if start < done:
                continue
            hit: Hit | None = start, end, self._classes[index], self._words[index]
            if not self._free(text, index, start, end):
                hit = self._shorter(text, start, end)
            elif not self._classes[index]:
                hit = self._beyond(text, start, end) or hit
            if hit:
                done = hit[1]
                out.append(hit)
        return out

    def _shorter(self, text: str, start: int, end: int) -> Hit | None:
        """Return the longest whole word or phrase that begins where a match began in vain."""
        if " " not in text[start:end]:
            return None
        while True:
            end = text.rfind(" ", start, end)
            if end < 0:
                return None
            found = next(iter(self._matcher.find_matches_as_indexes(text[start:end])), None)
            if found is None or found[1]:
                return None
            index, _, length = found
            if self._free(text, index, start, start + length):
                return start, start + length, self._classes[index], self._words[index]
