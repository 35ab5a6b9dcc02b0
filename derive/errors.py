"""What a user can get wrong, said in one sentence: who, what, where, what next."""

from __future__ import annotations


class DeriveError(Exception):
    """Bad input. The command line prints the sentence and leaves with code 2."""


class Unreadable(DeriveError):
    """A formula the reader can't take in; `column` counts characters of the LaTeX from 1."""

    def __init__(self, message: str, token: str = "", column: int = 0) -> None:
        super().__init__(message)
        self.token, self.column = token, column


class Meaningless(Unreadable):
    """A side that means nothing as printed: a name or index declared nowhere, dots without a pattern."""


class Conflict(Exception):
    """A proof and the numbers disagree: a bug of the engine, exit code 3, never the paper's fault."""
