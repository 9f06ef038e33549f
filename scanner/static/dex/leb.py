"""Numbers of variable length, one at a time. Every reader stops at the end of the data."""


class TruncatedError(Exception):
    """The data ends within an item."""


class Reader:
    """A position in bytes. Every method moves it on and raises `TruncatedError` at the end."""

    def __init__(self, data: bytes, at: int) -> None:
        """Begin at byte `at`."""
        self.data = data
        self.at = at

    def byte(self) -> int:
        """Return one byte."""
        if not 0 <= self.at < len(self.data):
            raise TruncatedError
        self.at += 1
        return self.data[self.at - 1]

    def little(self, size: int) -> int:
        """Return an unsigned little-endian number of `size` bytes."""
        if not 0 <= self.at <= len(self.data) - size:
            raise TruncatedError
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at], "little")

    def uleb(self) -> int:
        """Return an unsigned LEB128 of at most five bytes."""
        value = 0
        for shift in range(0, 35, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise TruncatedError

    def sleb(self) -> int:
        """Return a signed LEB128 of at most five bytes."""
        value = 0
        for shift in range(7, 42, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << (shift - 7)
            if byte < 0x80:
                return value - (1 << shift) if byte & 0x40 else value
        raise TruncatedError
