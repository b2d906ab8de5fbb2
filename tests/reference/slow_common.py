"""Common exposures as nested loops over plain stays: who was where in which slot."""

from __future__ import annotations

from math import exp, factorial, log


def slow_common(stays, cells, cases, slot, leave_out, home_kind):
    """(place, slot) -> (persons of cases, households, visitors, expected), where two households were; and all slots."""
    first, last = {}, {}
    for person, start, end, _ in cases:
        first[person] = min(first.get(person, start // slot), start // slot)
        last[person] = max(last.get(person, -(-end // slot)), -(-end // slot))
    rows = [(person, start // slot, -(-end // slot)) for person, start, end, _ in cases]
    unit_of = _households(stays, cells, rows, slot, home_kind)
    window = {}
    for person, unit in unit_of.items():
        old = window.get(unit, (first[person], last[person]))
        window[unit] = min(old[0], first[person]), max(old[1], last[person])
    there = _presences(stays, cells, slot, leave_out)
    mine = {(p, s, who) for p, s, who in there if any(who == r[0] and r[1] <= s < r[2] for r in rows)}
    units = {(place, s, unit_of[who]) for place, s, who in mine}
    slots = sorted({entry[:2] for entry in units})
    shared = [key for key in slots if len({u for *k, u in units if tuple(k) == key}) > 1]
    kind_of = {cell.place: cell.kind for cell in cells}
    answer = {}
    for place, s in shared:
        expected = 0.0
        for unit, (a, b) in window.items():
            if not a <= s < b:
                continue
            kind = kind_of[place]
            made = sum(1 for p, t, u in units if u == unit and kind_of[p] == kind)
            possible = sum(1 for p, t, _ in there if kind_of[p] == kind and a <= t < b)
            expected += made / possible if made else 0.0
        visitors = {who for p, t, who in there if (p, t) == (place, s)}
        persons = {who for p, t, who in mine if (p, t) == (place, s)}
        here = {u for p, t, u in units if (p, t) == (place, s)}
        answer[place, s] = (persons, len(here), len(visitors), expected * len(visitors))
    return answer, len(slots)


def _presences(stays, cells, slot, leave_out):
    return {
        (cells[stay.cell].place, s, stay.person)
        for stay in stays
        if stay.t_out > stay.t_in and not cells[stay.cell].weak and cells[stay.cell].kind not in leave_out
        for s in range(stay.t_in // slot, (stay.t_out - 1) // slot + 1)
    }


def _households(stays, cells, rows, slot, home_kind):
    """Person -> household: the home with the most minutes, of equal ones the smallest (place, zone)."""
    minutes = {}
    for person, a, b in rows:
        for stay in stays:
            spent = min(stay.t_out, b * slot) - max(stay.t_in, a * slot)
            if stay.person == person and cells[stay.cell].kind == home_kind and spent > 0:
                flat = cells[stay.cell].place, cells[stay.cell].zone
                minutes[person, flat] = minutes.get((person, flat), 0) + spent
    unit_of = {}
    for person, *_ in rows:
        homes = sorted((-spent, flat) for (who, flat), spent in minutes.items() if who == person)
        unit_of[person] = homes[0][1] if homes else ("alone", person)
    return unit_of


def slow_log_tail(count, mean):
    """Logarithm of P(X >= count given X >= 1) of a Poisson variable, by the definition."""
    terms = [exp(-mean) * mean**k / factorial(k) for k in range(count + 100)]
    return log(sum(terms[count:])) - log(1 - terms[0])
