"""The options that every command has: language, JSON, quiet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from suyuan.terms import LANGUAGES

Command = TypeVar("Command", bound=Callable[..., Any])


def common_options(command: Command) -> Command:
    """Give a command the parameters ``lang``, ``as_json`` and ``quiet``.

    Notes
    -----
    The language comes from ``--lang``, else from the environment variable SUYUAN_LANG, else it is English.
    """
    language = click.option(
        "--lang",
        type=click.Choice(LANGUAGES, case_sensitive=False),
        default="en",
        show_default=True,
        envvar="SUYUAN_LANG",
        show_envvar=True,
        help="Language of texts / 文字语言.",
    )
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
    quiet = click.option("--quiet", is_flag=True, help="No progress, no frames, only the answer.")
    return language(as_json(quiet(command)))
