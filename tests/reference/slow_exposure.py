"""The matching rules as nested loops over plain tuples: slow, obvious, and the judge of the compiled routines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Stay(NamedTuple):
    person: int
    cell: int
    t_in: int
    t_out: int


class SlowCell(NamedTuple):
    place: int
    zone: int  # 0 is "not known"
    kind: int
    weak: bool


class SlowRule(NamedTuple):
    minutes: int
    lingering: int
    scope: str  # "zone", "known_zone", "place"


@dataclass(frozen=True)
class SlowRules:
    close: dict[int, SlowRule]  # by kind; a kind without an entry has no such rule
    general: dict[int, SlowRule]
    together_nano: dict[int, int]
    lingering_nano: dict[int, int]
    first_day: int
    milli: list[int]


class SlowInfector(NamedTuple):
    person: int
    start: int
    end: int
    onset: int


class SlowMeeting(NamedTuple):
    infector: int
    person: int
    own_cell: int
    cell: int
    start: int
    together: int
    lingering: int
    ring: int


def slow_meetings(stays, cells, rules, infectors, wanted_general=True, wanted_weak=True):
    """Every pair of stays of an infector and somebody else that meets a rule."""
    found = []
    for row, infector in enumerate(infectors):
        for own in stays:
            if own.person != infector.person:
                continue
            a, b = max(own.t_in, infector.start), min(own.t_out, infector.end)
            if b <= a:
                continue
            for other in stays:
                meeting = slow_meeting(own, other, (a, b), cells, rules, wanted_general)
                if meeting is None or (meeting[0] == 4 and not wanted_weak):
                    continue
                ring, together, lingering = meeting
                start = max(a, other.t_in)
                found.append(SlowMeeting(row, other.person, own.cell, other.cell, start, together, lingering, ring))
    return found


def slow_meeting(own, other, clipped, cells, rules, wanted_general=True):
    """Ring, minutes together and minutes lingering of two stays, or None."""
    here, there = cells[own.cell], cells[other.cell]
    if own.person == other.person or here.place != there.place or other.t_out <= other.t_in:
        return None
    unknown = 0 in (here.zone, there.zone)
    notes_zones = any(cell.place == here.place and cell.zone != 0 for cell in cells)
    in_scope = {
        "place": True,
        "zone": here.zone == there.zone or unknown,
        "known_zone": (not notes_zones) or (here.zone == there.zone and not unknown),
    }
    a, b = clipped
    c, d = other.t_in, other.t_out
    offers = [(1, rules.close)] + ([(3, rules.general)] if wanted_general else [])
    for ring, by_kind in offers:
        rule = by_kind.get(here.kind)
        if rule is None or not in_scope[rule.scope]:
            continue
        counted = min(b + rule.lingering, d) - max(a, c)
        if counted >= rule.minutes:
            together = max(0, min(b, d) - max(a, c))
            weak = here.weak or there.weak
            return (4 if weak else ring), together, counted - together
    return None


def slow_dose(meeting, cells, rules, infectors):
    """Dose of one meeting in units of 1e-12."""
    day = (meeting.start - infectors[meeting.infector].onset) // 1440 - rules.first_day
    if not 0 <= day < len(rules.milli):
        return 0
    kind = cells[meeting.cell].kind
    hazard = rules.together_nano[kind] * meeting.together + rules.lingering_nano[kind] * meeting.lingering
    return rules.milli[day] * hazard


def slow_sums(stays, cells, rules, infectors):
    """Close contacts of all infectors together: person -> (n, together, lingering, first, last, dose)."""
    sums: dict[int, list[int]] = {}
    for meeting in slow_meetings(stays, cells, rules, infectors, wanted_general=False, wanted_weak=False):
        entry = sums.setdefault(meeting.person, [0, 0, 0, 1 << 40, -(1 << 40), 0])
        entry[0] += 1
        entry[1] += meeting.together
        entry[2] += meeting.lingering
        entry[3] = min(entry[3], meeting.start)
        entry[4] = max(entry[4], meeting.start + meeting.together + meeting.lingering)
        entry[5] += slow_dose(meeting, cells, rules, infectors)
    return {person: tuple(entry) for person, entry in sums.items()}


def slow_hop(stays, cells, rules, infectious, reached):
    """Earliest exposure of everybody not yet reached: person -> (first, infector).

    ``infectious`` is person -> (start, end). Ties go to the stay that ends last, then to the smallest person.
    """
    best: dict[int, tuple[int, int, int]] = {}
    for own in stays:
        if own.person not in infectious:
            continue
        start, end = infectious[own.person]
        a, b = max(own.t_in, start), min(own.t_out, end)
        if b <= a:
            continue
        for other in stays:
            if other.person in reached:
                continue
            meeting = slow_meeting(own, other, (a, b), cells, rules, wanted_general=False)
            if meeting is None or meeting[0] != 1:
                continue
            claim = (max(a, other.t_in), -b, own.person)
            best[other.person] = min(best.get(other.person, claim), claim)
    return {person: (first, infector) for person, (first, _, infector) in best.items()}


def slow_generations(stays, cells, rules, windows, course, n_generations):
    """Layered generations: person -> (generation, first, infector)."""
    latent, duration = course
    infectious = dict(windows)
    reached = set(windows)
    answer = {}
    for generation in range(1, n_generations + 1):
        found = slow_hop(stays, cells, rules, infectious, reached)
        for person, (first, infector) in found.items():
            answer[person] = (generation, first, infector)
        reached |= set(found)
        infectious = {person: (first + latent, first + latent + duration) for person, (first, _) in found.items()}
    return answer


def slow_foremost(stays, cells, rules, windows, course, until):
    """Foremost arrival, one person at a time in order of time, as Dijkstra would: person -> (first, infector)."""
    latent, duration = course
    infectious, answer = dict(windows), {}
    while True:
        found = slow_hop(stays, cells, rules, infectious, set(infectious))
        found = {person: claim for person, claim in found.items() if claim[0] < until}
        if not found:
            return answer
        first = min(claim[0] for claim in found.values())
        # everybody exposed at the earliest instant is settled: later ones may still be reached earlier
        for person, claim in found.items():
            if claim[0] == first:
                answer[person] = claim
                infectious[person] = (first + latent, first + latent + duration)
