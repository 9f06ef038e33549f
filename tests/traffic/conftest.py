"""Shared by the tests of the traffic room."""

from pathlib import Path

import pytest

from profiles.load import load_knowledge, table
from profiles.model import Knowledge
from scanner.traffic.checksums import Numbers


@pytest.fixture(scope="session")
def know() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def numbers(know: Knowledge) -> Numbers:
    return table(know, "traffic_numbers", Numbers)


@pytest.fixture(scope="session")
def captures(root: Path) -> Path:
    return root / "tests" / "fixtures" / "traffic"
