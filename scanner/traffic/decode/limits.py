"""Every bound of the decoder in one place, and the account of what was spent."""

from collections import Counter
from dataclasses import dataclass, field

DEPTH = 10
"""Layers and nested structures that are opened; real bodies of the corpus need five."""
STEP_BYTES = 8 << 20
"""Output of one decompression."""
BODY_BYTES = 24 << 20
"""Sum of all bytes that decoding one message may produce."""
NODES = 20_000
"""Strings and blobs of one message that are looked into."""
LEAVES = 60_000
"""Values of one message that are kept for matching."""
ITEMS = 5_000
"""Items of one list, fields of one form, parts of one multipart body."""
RUNS = 40
"""Runs of base64 or hex inside one text that are tried."""
SPECULATIVE_BYTES = 1 << 20
"""Largest blob without any sign of its kind that is tried as brotli or raw deflate."""


@dataclass(slots=True)
class Budget:
    """What is left for one message. `notes` counts the limits that were hit, by name."""

    bytes_left: int = BODY_BYTES
    nodes_left: int = NODES
    notes: Counter[str] = field(default_factory=Counter)

    def spend(self, size: int) -> bool:
        """Take one node of `size` bytes; False when the message has used up its share."""
        self.bytes_left -= size
        self.nodes_left -= 1
        if self.bytes_left < 0 or self.nodes_left < 0:
            self.notes["limit-size" if self.bytes_left < 0 else "limit-nodes"] += 1
            return False
        return True
