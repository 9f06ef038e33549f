"""A policy of our own, and readers that the tests share."""

from pathlib import Path

import pytest

from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.model.policy import PolicyEvidence, Statement
from scanner.policy.clauses import ClauseReader
from scanner.policy.gather import gather_policy
from scanner.policy.plain import parse_plain
from scanner.policy.reader import read_lines
from scanner.policy.statements import statements
from scanner.policy.words import Vocabulary, vocabulary

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def know() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def words(know: Knowledge) -> Vocabulary:
    return vocabulary(know)


class Reader:
    """Statements of a piece of Chinese text, and evidence of a whole one."""

    def __init__(self, know: Knowledge, folder: Path) -> None:
        self.know = know
        self.words = vocabulary(know)
        self.clauses = ClauseReader(self.words)
        self.folder = folder

    def zh(self, text: str) -> list[Statement]:
        lines = read_lines(parse_plain(text), self.words, chinese=True)
        return statements(lines, "x", self.words, self.clauses)

    def file(self, text: str | bytes, name: str = "policy.txt") -> PolicyEvidence:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return gather_policy([path], self.know).policy


@pytest.fixture
def reader(know: Knowledge, tmp_path: Path) -> Reader:
    return Reader(know, tmp_path)


@pytest.fixture(scope="session")
def whole() -> str:
    """A complete policy that we wrote."""
    return (DATA / "whole_policy.txt").read_text(encoding="utf-8")
