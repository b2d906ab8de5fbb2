"""When something that failed is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=10)


class Pauses:
    """When a failed delivery is tried again: after 2 s, 4 s, 8 s … at most ten minutes. Forgotten by a restart."""

    def __init__(self) -> None:
        self._again: dict[tuple[str, int], tuple[datetime, timedelta]] = {}

    def failed(self, receiver: str, fact_id: int, now: datetime) -> None:
        """Put the next try off, twice as far as the last time."""
        _, last = self._again.get((receiver, fact_id), (now, SHORTEST))
        pause = min(last * 2, LONGEST)
        self._again[receiver, fact_id] = (now + pause, pause)

    def succeeded(self, receiver: str, fact_id: int) -> None:
        """Forget the failures of a delivery."""
        self._again.pop((receiver, fact_id), None)

    def skipped(self, receiver: str, now: datetime) -> list[int]:
        """Ids of facts whose next try for this receiver lies in the future."""
        return [fact_id for (name, fact_id), (again, _) in self._again.items() if name == receiver and again > now]
