"""The options that every command has (language, JSON, quiet) and how an answer goes out under them."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from suyuan.terms import LANGUAGES, say

Command = TypeVar("Command", bound=Callable[..., Any])
LANG = "suyuan.lang"
FILE = click.Path(path_type=Path)


def language_option(command: Command) -> Command:
    """Give a command or group the parameter ``lang``; said before the subcommand, it holds for the subcommand."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES, case_sensitive=False),
        default="en",
        show_default=True,
        envvar="SUYUAN_LANG",
        show_envvar=True,
        callback=_nearest_language,
        help="Language of texts / 文字语言.",
    )(command)


def _nearest_language(context: click.Context, parameter: click.Parameter, lang: str) -> str:
    if context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE:
        context.meta[LANG] = lang
    return str(context.meta.get(LANG, lang))


def common_options(command: Command) -> Command:
    """Give a command the parameters ``lang``, ``as_json`` and ``quiet``.

    Notes
    -----
    The language comes from ``--lang``, else from the environment variable SUYUAN_LANG, else it is English.
    """
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text / 输出 JSON.")
    quiet = click.option("--quiet", is_flag=True, help="No progress, no frames, only the answer / 只输出结果.")
    return language_option(as_json(quiet(command)))


@dataclass(frozen=True, slots=True)
class Answer:
    """How the user wants to be answered.

    Parameters
    ----------
    lang
        ``en`` or ``zh``.
    as_json
        One JSON object on standard output, and no text there.
    quiet
        No progress and no remarks.
    """

    lang: str = "en"
    as_json: bool = False
    quiet: bool = False

    def say(self, key: str, **values: object) -> str:
        """Put ``cli.<key>`` into the language."""
        return say(f"cli.{key}", self.lang, **values)

    def text(self, line: str) -> None:
        """Print a line of the answer, unless JSON is wanted."""
        if not self.as_json:
            click.echo(line)

    def note(self, line: str) -> None:
        """Print a remark on standard error, unless quiet."""
        if not self.quiet:
            click.echo(line, err=True)

    def json(self, value: object) -> None:
        """Print the one JSON object, if JSON is wanted."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def answering(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the common options, handed over as one ``answer``."""

    @functools.wraps(command)
    def wrapped(*arguments: Any, lang: str, as_json: bool, quiet: bool, **given: Any) -> Any:
        return command(*arguments, answer=Answer(lang, as_json, quiet), **given)

    return common_options(wrapped)
