"""What an officer sees of a day: check-ins, rolls, badges and telephone locations, with their faults."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.exposure.compiled import compiled
from suyuan.terms import LOCATION, PLACE_KINDS, PlaceKind
from suyuan.twin.chance import Die, draw, fixed, share
from suyuan.twin.city import KIND, MINUTES_A_DAY, City, DayVisits
from suyuan.twin.scenario import ObservationPlan

REGISTERED, PHONE, SEEING = 101, 102, 103
"""Purposes of chance, apart from those of the day's plan."""
INTERVIEW = "interview"
FIRM, GUESSED_END, FAINT = 1.0, 0.6, 0.3
"""Confidence of a record with both times, with a guessed end, and of location data (assumed)."""
USUAL_STAY = {
    PlaceKind.CANTEEN: 25, PlaceKind.RESTAURANT: 60, PlaceKind.SHOP: 20, PlaceKind.MARKET: 25, PlaceKind.VEHICLE: 25,
    PlaceKind.CLINIC: 60, PlaceKind.LEISURE: 90, PlaceKind.OUTDOOR: 45, PlaceKind.WORKPLACE: 540,
}  # fmt: skip
"""Minutes put in for a departure that nobody recorded (assumed)."""
OTHER_STAY = 60


class Rules(NamedTuple):
    """The observation plan as arrays; the first four have one entry per kind of place."""

    share: NDArray[np.float64]
    zone_known: NDArray[np.float64]
    leaving_known: NDArray[np.float64]
    source: NDArray[np.int64]
    usual_stay: NDArray[np.int64]
    faults: NDArray[np.float64]
    """unregistered, clock error share and sd, jitter sd, late share, late mean in days."""
    phone: NDArray[np.float64]
    """Share of people, wrong place share, grain and shortest stay in minutes, source number."""


class Ground(NamedTuple):
    """What observing needs of the places."""

    kind: NDArray[np.uint8]
    quarter: NDArray[np.int32]
    first_of_kind: NDArray[np.int32]


class Records(NamedTuple):
    """Records of visits. Times are minutes since 00:00 of day 0; ``zone`` -1 is not known."""

    person: NDArray[np.int32]
    place: NDArray[np.int32]
    zone: NDArray[np.int16]
    t_in: NDArray[np.int32]
    t_out: NDArray[np.int32]
    source: NDArray[np.int8]
    confidence: NDArray[np.float32]
    recorded: NDArray[np.int32]
    """When the record reached the officers."""

    def of(self, rows: NDArray[np.bool_]) -> Records:
        """Keep some of the rows."""
        return Records(
            self.person[rows], self.place[rows], self.zone[rows], self.t_in[rows], self.t_out[rows],
            self.source[rows], self.confidence[rows], self.recorded[rows],
        )  # fmt: skip


class Observer:
    """Sees days of a city; the same seed and day give the same records.

    Parameters
    ----------
    city
        The city that is observed.
    plan
        Compliance and faults.
    seed
        0 up to 2^63 - 1.
    """

    def __init__(self, city: City, plan: ObservationPlan, seed: int) -> None:
        self.sources = tuple(sorted({seen.source for seen in plan.seen.values()} | {INTERVIEW, LOCATION}))
        self._rules = _rules(plan, self.sources)
        self._ground = Ground(city.places.kind, city.places.quarter, city.places.first_of_kind)
        self._seed = seed

    def observe(self, visits: DayVisits, day: int) -> Records:
        """Return the records that a day of true visits leaves, in the order of the visits."""
        room = 2 * len(visits.person)
        records = Records(
            np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int16), np.empty(room, np.int32),
            np.empty(room, np.int32), np.empty(room, np.int8), np.empty(room, np.float32), np.empty(room, np.int32),
        )  # fmt: skip
        n = _observe(visits, self._rules, self._ground, (self._seed, day), records)
        return Records(*(column[:n] for column in records))


def _rules(plan: ObservationPlan, sources: tuple[str, ...]) -> Rules:
    n = len(PLACE_KINDS)
    table = np.zeros((3, n))
    source = np.zeros(n, dtype=np.int64)
    stay = np.full(n, OTHER_STAY, dtype=np.int64)
    for kind, seen in plan.seen.items():
        table[:, KIND[kind]] = seen.share, seen.zone_known, seen.leaving_known
        source[KIND[kind]] = sources.index(seen.source)
    for kind, minutes in USUAL_STAY.items():
        stay[KIND[kind]] = minutes
    faults, phone = plan.faults, plan.phone
    return Rules(
        table[0], table[1], table[2], source, stay,
        np.array([faults.unregistered_people, faults.clock_error_share, faults.clock_error_sd_minutes,
                  faults.jitter_sd_minutes, faults.late_share, faults.late_mean_days]),
        np.array([phone.people_share, phone.wrong_place_share, phone.grain_minutes, phone.shortest_stay_minutes,
                  sources.index(LOCATION)]),
    )  # fmt: skip


@compiled
def _observe(visits: DayVisits, rules: Rules, ground: Ground, when: tuple[int, int], out: Records) -> int:
    """Write what is seen of each visit and return how many records there are."""
    seed, day = when
    die = np.zeros(1, dtype=np.uint64)
    last, registered, has_phone, n = -1, False, False, 0
    for row in range(len(visits.person)):
        person = int(visits.person[row])
        if person != last:
            last = person
            registered = share(fixed(seed, 0, person, REGISTERED)) >= rules.faults[0]
            has_phone = share(fixed(seed, 0, person, PHONE)) < rules.phone[0]
            die[0] = fixed(seed, day, person, SEEING)
        kind = ground.kind[visits.place[row]]
        if registered and draw(die) < rules.share[kind]:
            _check_in(visits, ground, rules, out, (row, n), die)
            n += 1
        if has_phone and visits.t_out[row] - visits.t_in[row] >= rules.phone[3]:
            _locate(visits, ground, rules, out, (row, n), die)
            n += 1
    return n


@compiled
def _check_in(visits: DayVisits, ground: Ground, rules: Rules, out: Records, at: tuple[int, int], die: Die) -> None:
    """Write the record of a scan, roll, badge or payment; ``at`` is the row of the visit and that of the record."""
    row, n = at
    kind = ground.kind[visits.place[row]]
    t_in, t_out = int(visits.t_in[row]), int(visits.t_out[row])
    leaving_known = draw(die) < rules.leaving_known[kind]
    if not leaving_known:
        t_out = t_in + rules.usual_stay[kind]
    jitter = rules.faults[3]
    if draw(die) < rules.faults[1]:
        shift = int(np.floor(_bell(die) * rules.faults[2] + 0.5))
        t_in, t_out = t_in + shift, t_out + shift
    t_in = max(t_in + int(np.floor(_bell(die) * jitter + 0.5)), 0)
    t_out = max(t_out + int(np.floor(_bell(die) * jitter + 0.5)), t_in + 1)
    out.person[n] = visits.person[row]
    out.place[n] = visits.place[row]
    out.zone[n] = visits.zone[row] if draw(die) < rules.zone_known[kind] else -1
    out.t_in[n] = t_in
    out.t_out[n] = t_out
    out.source[n] = rules.source[kind]
    out.confidence[n] = FIRM if leaving_known else GUESSED_END
    out.recorded[n] = t_in
    if draw(die) < rules.faults[4]:
        out.recorded[n] += int(-np.log(1.0 - draw(die)) * rules.faults[5] * MINUTES_A_DAY)


@compiled
def _locate(visits: DayVisits, ground: Ground, rules: Rules, out: Records, at: tuple[int, int], die: Die) -> None:
    """Write what the telephone network saw: coarse times, sometimes a place of the same kind nearby."""
    row, n = at
    place, phone = visits.place[row], rules.phone
    if draw(die) < phone[1]:
        kind = ground.kind[place]
        quarter = ground.quarter[place]
        first = ground.first_of_kind[kind, quarter]
        place = first + int(draw(die) * (ground.first_of_kind[kind, quarter + 1] - first))
    grain = int(phone[2])
    out.person[n] = visits.person[row]
    out.place[n] = place
    out.zone[n] = -1
    out.t_in[n] = visits.t_in[row] // grain * grain
    out.t_out[n] = -(-visits.t_out[row] // grain) * grain
    out.source[n] = int(phone[4])
    out.confidence[n] = FAINT
    out.recorded[n] = visits.t_in[row]


@compiled
def _bell(die: Die) -> float:
    """Draw from a bell curve of mean 0 and variance 1: the sum of four uniform numbers, without a logarithm."""
    word = int(draw(die) * 2.0**52)
    total = (word & 0x1FFF) + ((word >> 13) & 0x1FFF) + ((word >> 26) & 0x1FFF) + (word >> 39)
    return (total / 8191.0 - 2.0) * 3.0**0.5
