"""Checks of one group; each has a card of the same name beside it."""
