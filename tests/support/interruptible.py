"""The program, ready for Ctrl-C even where the tests run in the background of a shell.

Such a shell has its jobs ignore the signal, and what they start inherits that.
"""

import sys

_START = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    " runpy.run_module('scanner.cli', run_name='__main__')"
)
INTERRUPTIBLE = (sys.executable, "-c", _START)
