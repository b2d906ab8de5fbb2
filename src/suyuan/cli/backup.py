"""`suyuan backup`: a snapshot of the room while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from suyuan.cli.home import database_option, home_option, need_home
from suyuan.cli.options import FILE, Answer, answering
from suyuan.terms import say


@click.command()
@home_option
@database_option
@click.option("--out", type=FILE, metavar="DIR", help="Where; else backups in the home / 备份目录.")
@click.option("--with-logs", is_flag=True, help="Copy the visit logs too / 同时复制到访日志.")
@click.option("--with-keys", is_flag=True, help="Put the keys beside the data; keep it safe / 连同密钥.")
@answering
def backup(home: Path, database: str, out: Path | None, answer: Answer, **given: Any) -> None:
    """Back up the room while it runs; keys stay apart unless asked for / 备份."""
    need_home(home, database)
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.store.backup import back_up

    made = back_up(home, out or home / "backups", logs=given["with_logs"], keys=given["with_keys"])
    about = made.about
    answer.json({"backup": str(made.folder), **about})
    answer.text(say("backup.made", answer.lang, path=made.folder, megabytes=f"{about['bytes'] / 1e6:.1f}"))
    key = "backup.keys_inside" if given["with_keys"] else "backup.keys_apart"
    answer.text(say(key, answer.lang, path=home / "keys.toml", keys=", ".join(about["keys"])))
    if about["visit_logs"] and not given["with_logs"]:
        answer.text(say("backup.logs_apart", answer.lang, names=", ".join(about["visit_logs"])))
