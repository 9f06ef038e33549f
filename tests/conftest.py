"""Shared fixtures: where the optional corpus is, and golden files."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent

# A test says nothing of wall time: other work on the machine must not fail it.
settings.register_profile("any-time", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-time")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite the golden files")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository root."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real inputs, or skip the test where it is absent."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus folder is not beside the checkout")
    return folder
