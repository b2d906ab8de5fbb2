"""`suyuan keys`: the keys of the personal data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from suyuan.cli.home import database_option, home_option, need_home
from suyuan.cli.options import Answer, answering, language_option
from suyuan.cli.progress import Progress
from suyuan.terms import say


@click.group()
@language_option
def keys(lang: str) -> None:
    """Keys of the personal data / 密钥."""


@keys.command("rotate")
@click.option("--keep-old", is_flag=True, help="Leave old keys in the ring, for old backups / 保留旧密钥.")
@click.option("--go-on", is_flag=True, help="Finish a rotation that was stopped / 继续未完成的轮换.")
@home_option
@database_option
@answering
def rotate(home: Path, database: str, answer: Answer, *, keep_old: bool, go_on: bool) -> None:
    """Seal everything with a new key, then drop the old one; the room may run meanwhile / 轮换密钥."""
    need_home(home, database)
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.store.rotation import rotate as rotate_keys

    with Progress(answer) as progress:
        done = rotate_keys(
            lambda n: progress.show(say("keys_told.sealing", answer.lang), n), keep_old=keep_old, go_on=go_on
        )
    answer.json(asdict(done))
    answer.text(say("keys_told.rotated", answer.lang, n=f"{done.n_sealed:,}", key_id=done.current))
    if done.dropped:
        answer.text(say("keys_told.dropped", answer.lang, keys=", ".join(done.dropped)))
