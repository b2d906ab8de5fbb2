"""`suyuan restore`: a backup put back, and its audit verified."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from suyuan.cli.home import alone, database_option, home_option, make_home, use_home
from suyuan.cli.options import FILE, Answer, answering
from suyuan.terms import BadInput, say


@click.command()
@click.argument("folder", metavar="BACKUP", type=FILE)
@home_option
@database_option
@click.option("--force", is_flag=True, help="Over a room that is there; it is moved aside / 覆盖现有指挥室.")
@answering
def restore(folder: Path, home: Path, database: str, answer: Answer, *, force: bool) -> None:
    """Put a backup back; never over a running room / 恢复备份."""
    make_home(home)
    use_home(home, database)
    with alone(home) if not database else nullcontext():
        from suyuan.bootstrap import set_up

        set_up()
        from suyuan.store import restoring
        from suyuan.store.backup import read_backup

        backup = read_backup(folder)
        restoring.check_restorable(backup, force=force)
        done = restoring.restore(home, backup)
    answer.json({"home": str(home), "moved_to": done.moved_to, "n_audit": done.audit.n_entries,
                 "audit_broken_at": done.audit.broken_at})  # fmt: skip
    if done.moved_to:
        answer.text(say("backup.moved", answer.lang, path=done.moved_to))
    answer.text(say("backup.restored", answer.lang, path=folder, made_at=backup.about["made_at"]))
    if done.audit.broken_at:
        raise BadInput("audit.broken", number=done.audit.broken_at)
    answer.text(say("audit.whole", answer.lang, n=f"{done.audit.n_entries:,}", digest=done.audit.last_digest[:16]))
