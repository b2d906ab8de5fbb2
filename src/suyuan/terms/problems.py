"""Mistakes a user can mend, as sentences that say what is wrong, where, and how to mend it."""

from __future__ import annotations

from suyuan.terms.wording import say


class Problem(Exception):  # noqa: N818 - a problem is what the user has; the word is shown to them
    """Something the user can mend.

    Parameters
    ----------
    code
        Key of the sentence in ``terms/texts``; the sentence names what is wrong, where, and the mend.
    details
        The values the sentence needs, for example ``path`` or ``row``.

    Examples
    --------
    >>> str(Problem("file.absent", path="visits.csv"))
    'The file visits.csv does not exist. Check the path and its spelling.'
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def sentence(self, lang: str = "en") -> str:
        """Say it in ``en`` or ``zh``."""
        return say(self.code, lang, **self.details)

    def __str__(self) -> str:
        return self.sentence()


class BadUsage(Problem):
    """The command or call itself is wrong (exit code 2)."""


class BadInput(Problem):
    """A file or table that was given cannot be used as it is (exit code 3)."""


class NothingFound(Problem):
    """The question was sound and its answer is empty (exit code 4)."""
