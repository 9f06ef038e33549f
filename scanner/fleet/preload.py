"""Imported once by the fork server: every app's process then starts with all of it in memory.

Without this each process pays about half a second for imports and knowledge before it begins.
"""

import contextlib
import gc

import checks.registry
import scanner.engine
import scanner.fleet.work
import scanner.pipeline
import scanner.policy.gather
import scanner.static.gather
import scanner.traffic.gather  # noqa: F401 - imported to be there
from scanner.fleet.work import knowledge
from scanner.model.errors import MingchaError

checks.registry.load_checks()
with contextlib.suppress(MingchaError):  # the campaign has said so before it started us
    knowledge("")
# What is shared stays shared: a collection would write to every page of it.
gc.collect()
gc.freeze()
