"""Single keys from the terminal, without Enter; silent where there is no terminal."""

import sys
import time
from types import TracebackType
from typing import Any


class Keys:
    """A context in which keys are read as they are pressed."""

    def __init__(self) -> None:
        """Do not touch the terminal yet."""
        self._saved: Any = None

    def __enter__(self) -> "Keys":
        """Switch the terminal to single keys, where there is one."""
        try:
            import termios  # noqa: PLC0415 - not on every platform
            import tty  # noqa: PLC0415

            if sys.stdin.isatty():
                self._saved = termios.tcgetattr(sys.stdin)
                tty.setcbreak(sys.stdin.fileno())
        except (ImportError, OSError, ValueError):
            self._saved = None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        if self._saved is not None:
            import termios  # noqa: PLC0415 - as above

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._saved)

    def read(self, seconds: float) -> str:
        """Return a key pressed within some seconds, "" when none was."""
        if self._saved is None:
            time.sleep(seconds)
            return ""
        import select  # noqa: PLC0415 - only with a terminal

        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        return sys.stdin.read(1) if ready else ""
