"""How much a package may ask of us. Beyond a limit the part is left out and a Gap says so."""

MIB = 1024 * 1024

FILE_BYTES = 8 * 1024 * MIB
"""Largest package file that is opened at all."""

ENTRIES = 100_000
"""Most central-directory records that are read per archive."""

ENTRY_BYTES = 256 * MIB
"""Largest single entry that is inflated into memory."""

TOTAL_BYTES = 3 * 1024 * MIB
TOTAL_RATIO = 60
TOTAL_FLOOR = 256 * MIB
"""Most bytes inflated from one package, nested archives included: so many times its size, but
at least the floor and at most the total. Real packages inflate to less than 6 times their size.
"""

BOMB_BYTES = 8 * MIB
BOMB_RATIO = 120
"""An entry that inflates to more than BOMB_BYTES at more than BOMB_RATIO : 1 is a bomb. Real dex,
resource and text entries stay below 20 : 1; deflate itself ends at 1032 : 1."""

NESTED_DEPTH = 2
"""How deep archives within archives are opened (bundle, split, plug-in)."""

NESTED_ARCHIVES = 64
"""Most split packages of one app."""

NESTED_SEARCHED = 24
"""Most archives among assets that are searched for code."""

DEX_FLOOR = 128 * MIB
DEX_RATIO = 12
"""Most bytes of dex that are kept: so many times the package's size, at least the floor. Real
dex packs about 2.5 : 1.
"""

XML_BYTES = 16 * MIB
"""Largest binary XML that is parsed."""

XML_ALL_BYTES = 64 * MIB
"""Most bytes of binary XML that are parsed of one package."""

MANIFEST_BYTES = 4 * MIB
"""Largest manifest. Real ones stay below 1 MiB."""

XML_DEPTH = 512
XML_NODES = 400_000
"""Deepest and largest element tree that is kept."""

POOL_STRINGS = 4_000_000
"""Most strings in one string pool."""

POOL_TEXT = 16 * MIB
"""Most characters decoded from one string pool."""

LAYOUTS = 20_000
"""Most layout files that are read."""

TEXT_BYTES = 8 * MIB
"""Largest text asset or script bundle that is searched for words and policy texts."""

NATIVE_BYTES = 64 * MIB
"""Most bytes of one native library that are searched for strings."""

POLICY_TEXTS = 40
"""Most policy texts that are handed on."""
