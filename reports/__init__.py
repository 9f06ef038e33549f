"""Renderers: pure functions of the result document and a language."""
