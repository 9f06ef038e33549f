"""Names as dex writes them and as people read them."""

_PRIMITIVES = {
    "Z": "boolean",
    "B": "byte",
    "S": "short",
    "C": "char",
    "I": "int",
    "J": "long",
    "F": "float",
    "D": "double",
    "V": "void",
}

_TOGETHER = 256


def mutf8(raw: bytes) -> str:
    """Decode modified UTF-8: NUL as two bytes, other planes as surrogate pairs."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _odd(raw)


def mutf8_all(raw: list[bytes]) -> list[str]:
    """Decode many texts: a few hundred in one go where they are plain UTF-8."""
    found: list[str] = []
    for at in range(0, len(raw), _TOGETHER):
        some = raw[at : at + _TOGETHER]
        try:
            texts = b"\0".join(some).decode("utf-8").split("\0")
        except UnicodeDecodeError:
            texts = []
        found += texts if len(texts) == len(some) else map(mutf8, some)
    return found


def _odd(raw: bytes) -> str:
    """Decode what is not plain UTF-8; pairs of surrogates become one character."""
    try:
        text = raw.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def java_name(descriptor: str) -> str:
    """Return `a.b.C$D` for `La/b/C$D;` and `int[]` for `[I`; other text unchanged."""
    element = descriptor.lstrip("[")
    arrays = "[]" * (len(descriptor) - len(element))
    if element.startswith("L") and element.endswith(";"):
        return element[1:-1].replace("/", ".") + arrays
    return _PRIMITIVES.get(element, element) + arrays


def dex_name(java: str) -> str:
    """Return `La/b/C$D;` for `a.b.C$D`."""
    return f"L{java.replace('.', '/')};"
