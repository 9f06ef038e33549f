"""What the drawings of the report share."""


def short(text: str, wide: float) -> str:
    """Return `text` cut to the width of `wide` Chinese characters (a Latin letter is half)."""
    used = 0.0
    for n, char in enumerate(text):
        used += 0.56 if char.isascii() else 1.0
        if used > wide:
            return text[: max(1, n - 1)] + "…"
    return text
