"""What a reader has to know beside the file itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from suyuan.gateways.civil import CivilZone, civil_zone
from suyuan.gateways.mapping import Mapping
from suyuan.terms import BadUsage

if TYPE_CHECKING:
    from suyuan.gateways.places import Places

LONGEST_STAY_DAYS = 14  # the log's eras hold stays up to 17 days in 16-bit minutes
EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
CLOCK_SLACK = 24 * 3600


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read and judge a table.

    Parameters
    ----------
    now
        The present instant, with a time zone. Later than one day after it is "in the future".
    timezone
        IANA name for times without offset; None where the mapping states it.
    max_stay_days
        Longest stay (or encounter) that is believed, 1 to 14 days.
    places
        Known places: they fill in a missing place kind and contradict a different one.
    places_closed
        True: a place that ``places`` does not hold makes a bad row.
    mapping
        For other people's headers.
    batch_rows
        Rows read at a time; memory follows it.

    Raises
    ------
    BadUsage
        If the time zone is not known or stated twice differently, ``now`` has no time zone, or a number is out of
        range.
    """

    now: datetime
    timezone: str | None = None
    max_stay_days: int = 7
    places: Places | None = None
    places_closed: bool = False
    mapping: Mapping = field(default_factory=Mapping)
    batch_rows: int = 1 << 19

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise BadUsage("reading.now_naive")
        if not 1 <= self.max_stay_days <= LONGEST_STAY_DAYS:
            raise BadUsage("reading.max_stay", days=self.max_stay_days, longest=LONGEST_STAY_DAYS)
        if self.batch_rows < 1:
            raise BadUsage("reading.batch_rows", rows=self.batch_rows)
        stated = {self.timezone, self.mapping.time.timezone} - {None}
        if len(stated) != 1:
            key = "reading.timezone_twice" if stated else "reading.timezone_absent"
            raise BadUsage(key, zones=", ".join(sorted(str(zone) for zone in stated)))
        civil_zone(self.zone_name)

    @property
    def zone_name(self) -> str:
        """The one time zone that is stated."""
        return str(self.timezone or self.mapping.time.timezone)

    @property
    def zone(self) -> CivilZone:
        """The stated zone, ready to turn civil times into instants."""
        return civil_zone(self.zone_name)

    @property
    def latest(self) -> int:
        """The last believable instant, seconds since 1970."""
        return int(self.now.timestamp()) + CLOCK_SLACK
