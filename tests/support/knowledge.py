"""The built-in knowledge, loaded once per process."""

from functools import cache

from profiles.load import load_knowledge
from profiles.model import Knowledge


@cache
def knowledge() -> Knowledge:
    """Return the built-in knowledge."""
    return load_knowledge()
