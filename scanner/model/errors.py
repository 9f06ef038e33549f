"""One exception family: what went wrong, and a hint for the user."""


class MingchaError(Exception):
    """Base of every error that ends a command with exit code 2.

    `str(error)` is one sentence that names the file and the reason; `hint` says what to do.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the sentence and the hint."""
        super().__init__(message)
        self.hint = hint


class InputError(MingchaError):
    """An input file cannot be used."""


class KnowledgeError(MingchaError):
    """A knowledge file does not fit its type. The message names file and field."""


class OutputError(MingchaError):
    """A result could not be written."""
