"""What every test of a check shares: the knowledge."""

import pytest

from profiles.load import load_knowledge
from profiles.model import Knowledge


@pytest.fixture(scope="session")
def know() -> Knowledge:
    return load_knowledge()
