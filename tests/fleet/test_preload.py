"""What the fork server has in memory before the first app."""

import subprocess
import sys

_ASK = """
import scanner.fleet.preload
from profiles.match import catalogue
from scanner.fleet.work import knowledge
from scanner.static.code_rules import code_rules
from scanner.static.ui_rules import interface_rules

know = knowledge("")
for built in (catalogue, code_rules, interface_rules):
    kept = built._kept
    assert kept is not None and kept[0] is know, built
"""


def test_what_the_first_app_would_build_is_there() -> None:
    done = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
