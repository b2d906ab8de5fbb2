"""Sentences and problems."""

from __future__ import annotations

import pytest

from suyuan.terms import BadInput, BadUsage, NothingFound, Problem, say


def test_a_problem_speaks_both_languages():
    """The same problem says itself in English and in Chinese with its values."""
    problem = BadInput("file.absent", path="a.csv")
    assert "a.csv" in problem.sentence("en")
    assert problem.sentence("zh") == say("file.absent", "zh", path="a.csv")
    assert str(problem) == problem.sentence("en")


def test_an_unknown_key_is_a_fault_of_the_program():
    """Asking for a sentence that does not exist is not hidden."""
    with pytest.raises(KeyError):
        say("no.such")


@pytest.mark.parametrize("kind", [BadInput, BadUsage, NothingFound])
def test_every_kind_of_problem_is_a_problem(kind):
    """The command line catches all of them in one place."""
    assert issubclass(kind, Problem)
