"""Which pending tasks are meant: the filter of the task list, of bulk deeds and of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChoice:
    """What pending tasks must have; what is left empty is not asked for.

    ``areas`` is the reach of who chooses: ``("",)`` for everywhere, nothing for nowhere.
    """

    incident_id: int = 0
    group: str = ""
    district: str = ""
    kind: str = ""
    state: str = ""
    assignee_id: int = 0
    level: int | None = None
    due_after: datetime | None = None
    due_before: datetime | None = None
    areas: tuple[str, ...] = ("",)

    def equal(self) -> dict[str, Any]:
        """Fields of a task that must equal a value."""
        asked = {
            "incident_id": self.incident_id,
            "group": self.group,
            "district": self.district,
            "kind": self.kind,
            "state": self.state,
            "assignee_id": self.assignee_id,
        }
        equal: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return equal | ({} if self.level is None else {"level": self.level})
