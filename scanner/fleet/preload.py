"""Imported once by the fork server: every app's process then starts with all of it in memory.

Without this each process pays about half a second for imports and knowledge before it begins.
"""

import contextlib
import gc
import struct
import tempfile
import zipfile
from pathlib import Path

import checks.registry
import scanner.engine
import scanner.fleet.work
import scanner.pipeline
import scanner.policy.fetch
import scanner.traffic.gather  # noqa: F401 - imported to be there
from scanner.fleet.work import knowledge
from scanner.model.errors import MingchaError
from scanner.policy.gather import gather_policy
from scanner.static.gather import gather_static


def read_nothing() -> None:
    """Read a package with no code in it: what the static room builds from the knowledge for the
    first app of a process (automata, catalogue, rules) is there from then on.
    """
    dex = bytearray(0x70)
    dex[:8] = b"dex\n035\0"
    struct.pack_into("<III", dex, 0x20, len(dex), len(dex), 0x12345678)  # sizes, byte order
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nothing.apk"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("AndroidManifest.xml", b"")
            archive.writestr("classes.dex", bytes(dex))
        gather_static(path, knowledge(""), flow_budget=0.0, processes=1)


checks.registry.load_checks()
with contextlib.suppress(MingchaError):  # the campaign has said so before it started us
    # The vocabulary is compiled when the first policy is read: by us, once for all.
    gather_policy((), knowledge(""), embedded=(("policy.txt", "隐私政策".encode()),))
with contextlib.suppress(MingchaError, OSError):
    read_nothing()
# What is shared stays shared: a collection would write to every page of it.
gc.collect()
gc.freeze()
