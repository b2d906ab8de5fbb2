"""What is done before a room serves: database made or brought up to date, roles, groups, a first administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from suyuan.terms import BadInput


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing did: the backup made before a migration, and the first administrator's password."""

    backup: Path | None = None
    n_migrations: int = 0
    admin: str = ""
    password: str = field(default="", repr=False)


def prepare(home: Path, admin: str) -> Prepared:
    """Make the database ready for this version; call it with the settings' environment set.

    Raises
    ------
    BadInput
        ``up.no_database`` if the database does not answer.
    """
    from suyuan.bootstrap import set_up

    set_up()
    from django.db import Error, connection

    from suyuan.store.accounts import first_administrator, load_groups, load_roles
    from suyuan.store.secrets import cipher

    try:
        connection.ensure_connection()
    except Error as fault:
        raise BadInput("up.no_database", detail=str(fault).strip().splitlines()[0]) from None
    n_pending, backup = bring_up_to_date(home)
    cipher()
    load_roles()
    load_groups()
    password = first_administrator(admin) if admin else ""
    connection.close()
    return Prepared(backup, n_pending, admin if password else "", password)


def bring_up_to_date(home: Path) -> tuple[int, Path | None]:
    """Apply what is missing of the migrations, after a backup if there is anything to lose."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    n_pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not n_pending:
        return 0, None
    backup = None
    if executor.loader.applied_migrations:
        from suyuan.store.backup import back_up

        backup = back_up(home, home / "backups").folder
    call_command("migrate", verbosity=0, interactive=False)
    if backup:
        from suyuan.store.plans import refresh_statistics

        # there are rows already: a new index is worth nothing to a planner that knows nothing of it
        refresh_statistics()
    return n_pending, backup
