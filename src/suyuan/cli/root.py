"""`suyuan`: finds the command, runs it, and turns whatever goes wrong into one sentence and an exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

import click

from suyuan.cli.options import language_option
from suyuan.cli.problems import tell

COMMANDS = {
    "up": "Run the operations room: pages, API and clocks on one port / 启动处置指挥室.",
    "account": "Accounts of the room: make, list, change duties, close, reset / 账号.",
    "backup": "Back up the room while it runs / 备份.",
    "restore": "Put a backup back / 恢复.",
    "doctor": "Is the room well, and what mends it / 体检.",
    "audit": "Verify and read the audit / 审计.",
    "erase": "Erase what has come to the end of its term / 到期删除.",
    "keys": "Keys of the personal data / 密钥.",
    "log": "Keep the visit log: import, look, append, correct, erase / 到访日志.",
    "trace": "Who was exposed to the cases, or where they caught it / 密接排查与溯源.",
    "twin": "Simulate cities with known truth; scores / 模拟城市与评分.",
    "protocol": "Editions of control plans and disease profiles / 防控方案与疾病参数.",
    "bench": "Measure this machine / 性能测量.",
    "ca": "Certificates for a closed network, so that phones can use it / 内网证书.",
    "demo": "An operations room on a simulated outbreak, or its tracing and score / 演示.",
}
"""Name of the command, of its module and of the function in it; and what it is for."""


class LazyGroup(click.Group):
    """Subcommands that are imported only when they are called, so that help comes at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the parameter is click's
        """Name the commands in the order of a newcomer's day."""
        return [name for name in COMMANDS if find_spec(f"suyuan.cli.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"suyuan.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands / 命令"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("suyuan"), message="suyuan %(version)s")
@language_option
def suyuan(lang: str) -> None:
    """Suyuan (溯源): from one positive to everyone exposed.

    Exit codes / 退出码: 0 done / 完成; 2 wrong usage / 用法有误; 3 bad input, bad rows in an error file / 输入有误;
    4 nothing found / 无结果.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; whatever goes wrong has then been told.

    Parameters
    ----------
    arguments
        Words after the program's name.
    """
    if "SUYUAN_DEBUG" in os.environ and os.environ["SUYUAN_DEBUG"] == "1":
        return _call(arguments)
    try:
        return _call(arguments)
    except BaseException as fault:  # noqa: BLE001 - the outermost door: nobody behind it could do better
        return tell(fault, arguments)


def _call(arguments: Sequence[str]) -> int:
    try:
        code = suyuan.main(list(arguments), prog_name="suyuan", standalone_mode=False)
    except (click.ClickException, click.Abort) as fault:
        return tell(fault, arguments)
    return code if isinstance(code, int) else 0
