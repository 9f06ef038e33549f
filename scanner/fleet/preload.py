"""Imported once by the fork server: every app's process then starts with all of it in memory.

Without this each process pays about half a second for imports and knowledge before it begins.
"""

import contextlib
import gc

import checks.registry
import scanner.engine
import scanner.fleet.work
import scanner.pipeline
import scanner.policy.fetch
import scanner.static.gather
import scanner.traffic.gather  # noqa: F401 - imported to be there
from scanner.fleet.work import knowledge
from scanner.model.errors import MingchaError
from scanner.policy.gather import gather_policy

checks.registry.load_checks()
with contextlib.suppress(MingchaError):  # the campaign has said so before it started us
    # The vocabulary is compiled when the first policy is read: by us, once for all.
    gather_policy((), knowledge(""), embedded=(("policy.txt", "隐私政策".encode()),))
# What is shared stays shared: a collection would write to every page of it.
gc.collect()
gc.freeze()
