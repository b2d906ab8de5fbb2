"""The single file that joins store and gateways to actions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suyuan.actions.desk import Office
from suyuan.terms import UploadKind

if TYPE_CHECKING:
    from suyuan.gateways.tables_in import Table


class WallClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        return datetime.now(UTC)


def set_up() -> None:
    """Make Django ready; safe to call again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suyuan.settings")
    import django

    django.setup()


def office() -> Office:
    """Return the joined house of this process."""
    return _joined()


@cache
def _joined() -> Office:
    set_up()
    from django.conf import settings

    from suyuan.actions.all_deeds import all_deeds
    from suyuan.gateways.visit_logs import FolderLogs
    from suyuan.store.room import open_room

    all_deeds()
    return Office(open_room=open_room, clock=WallClock(), visit_logs=FolderLogs(settings.SUYUAN_HOME / "logs"))


def open_table(path: Path, kind: UploadKind) -> Table:
    """Open a table that somebody brings, see ``gateways.tables_in``; the readers are loaded when first needed."""
    from suyuan.gateways import tables_in

    return tables_in.open_table(path, kind)


def columns_of(kind: UploadKind) -> tuple[str, ...]:
    """Return the columns that a table of a kind may have."""
    from suyuan.gateways import tables_in

    return tables_in.COLUMNS[kind]


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Write a table as CSV, some lines at a time, see ``gateways.tables_out``."""
    from suyuan.gateways import tables_out

    return tables_out.csv_lines(header, rows)


def write_sheet(path: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table as an Excel file and return how many rows it has, see ``gateways.tables_out``."""
    from suyuan.gateways import tables_out

    return tables_out.write_sheet(path, name, header, rows)
