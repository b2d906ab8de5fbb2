"""The single file that joins store and gateways to actions."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache

from suyuan.actions.desk import Office


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


@cache
def office() -> Office:
    """Return the joined house of this process."""
    set_up()
    from django.conf import settings

    from suyuan.actions.all_deeds import all_deeds
    from suyuan.gateways.visit_logs import FolderLogs
    from suyuan.store.room import open_room

    all_deeds()
    return Office(open_room=open_room, clock=WallClock(), visit_logs=FolderLogs(settings.SUYUAN_HOME / "logs"))
