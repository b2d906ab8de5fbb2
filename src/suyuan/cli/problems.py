"""From whatever went wrong to one sentence and an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from suyuan.terms import LANGUAGES, BadInput, BadUsage, NothingFound, Problem, say

CODES = {BadUsage: 2, BadInput: 3, NothingFound: 4}
INTERRUPTED, FAULT = 130, 1
REPORT_TO = "CONTRIBUTING.md"


def tell(fault: BaseException, arguments: Sequence[str]) -> int:
    """Tell what went wrong on standard error, and with ``--json`` on standard output too.

    Parameters
    ----------
    fault
        What was raised.
    arguments
        The command line; the language and ``--json`` are looked up in it, for it may be what could not be read.

    Returns
    -------
    int
        The exit code.
    """
    if isinstance(fault, BrokenPipeError):
        # whoever read our output has gone (`| head`): nothing is wrong, and nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(fault, SystemExit):
        return fault.code if isinstance(fault.code, int) else FAULT
    lang = language_of(arguments)
    code, sentence, exit_code = describe(fault, lang)
    if "--json" in arguments:
        click.echo(json.dumps({"error": {"code": code, "sentence": sentence}}, ensure_ascii=False))
    click.echo(sentence, err=True)
    return exit_code


def describe(fault: BaseException, lang: str) -> tuple[str, str, int]:
    """Give the code, the sentence and the exit code of whatever was raised."""
    if isinstance(fault, Problem):
        exit_code = next((code for kind, code in CODES.items() if isinstance(fault, kind)), 3)
        return fault.code, fault.sentence(lang), exit_code
    if isinstance(fault, click.ClickException):
        code, values = _usage(fault)
        return code, say(code, lang, **values), 2
    if isinstance(fault, KeyboardInterrupt | click.Abort):
        return "cli.interrupted", say("cli.interrupted", lang), INTERRUPTED
    if isinstance(fault, OSError) and fault.strerror:
        where = fault.filename or ""
        return "cli.system", say("cli.system", lang, path=where, detail=fault.strerror), 3
    told = f"{type(fault).__name__}: {fault}".splitlines()[0]
    return "cli.fault", say("cli.fault", lang, detail=told, where=REPORT_TO), FAULT


def language_of(arguments: Sequence[str]) -> str:
    """Find the language in a command line that perhaps could not be read; else in SUYUAN_LANG, else English."""
    chosen = os.environ.get("SUYUAN_LANG", "en")
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--lang":
            chosen = following
        elif word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
    return chosen.lower() if chosen.lower() in LANGUAGES else "en"


def _usage(fault: click.ClickException) -> tuple[str, dict[str, Any]]:
    context = getattr(fault, "ctx", None)
    values: dict[str, Any] = {"command": context.command_path if context else "suyuan"}
    if isinstance(fault, click.NoSuchOption):
        nearest = ", ".join(fault.possibilities or []) or "--help"
        return "cli.no_such_option", {**values, "option": fault.option_name, "nearest": nearest}
    if isinstance(fault, click.exceptions.NoSuchCommand):
        nearest = ", ".join(fault.possibilities or []) or "--help"
        return "cli.no_such_command", {**values, "name": fault.command_name, "nearest": nearest}
    if isinstance(fault, click.MissingParameter):
        return "cli.missing", {**values, "what": _name_of(fault)}
    if isinstance(fault, click.BadParameter):
        return "cli.bad_value", {**values, "what": _name_of(fault), "detail": fault.message.rstrip(".")}
    return "cli.bad_usage", {**values, "detail": fault.format_message().rstrip(".")}


def _name_of(fault: click.BadParameter) -> str:
    if fault.param is None:
        return str(fault.param_hint or "")
    names = [name for name in fault.param.opts if name.startswith("--")]
    return names[0] if names else str(fault.param.human_readable_name)
