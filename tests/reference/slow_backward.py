"""Looking back as nested loops: every stay of somebody else, taken as the infector's."""

from __future__ import annotations

from slow_exposure import SlowInfector, slow_meeting


def slow_candidates(stays, cells, rules, cases, known):
    """(case, person, known row or -1, own cell, cell, start, together, lingering, ring, hazard, dose), unsorted.

    ``cases`` and ``known`` are rows (person, start, end, onset).
    """
    known = [SlowInfector(*row) for row in known]
    found = []
    for row, case in enumerate(SlowInfector(*entry) for entry in cases):
        for own in stays:
            a, b = max(own.t_in, case.start), min(own.t_out, case.end)
            if own.person != case.person or b <= a:
                continue
            clipped = own._replace(t_in=a, t_out=b)
            for other in stays:
                for k, (c, d) in _infectious(other, known):
                    meeting = slow_meeting(other, clipped, (c, d), cells, rules) if d > c else None
                    if meeting is None:
                        continue
                    ring, together, lingering = meeting
                    kind, start = cells[other.cell].kind, max(a, c)
                    hazard = rules.together_nano[kind] * together + rules.lingering_nano[kind] * lingering
                    dose = _milli(rules, start - known[k].onset) * hazard if k >= 0 else 0
                    found.append(
                        (row, other.person, k, own.cell, other.cell, start, together, lingering, ring, hazard, dose)
                    )
    return found


def _infectious(stay, known):
    rows = [(k, row) for k, row in enumerate(known) if row.person == stay.person]
    if not rows:
        return [(-1, (stay.t_in, stay.t_out))]
    return [(k, (max(stay.t_in, row.start), min(stay.t_out, row.end))) for k, row in rows]


def _milli(rules, since):
    day = since // 1440 - rules.first_day
    return rules.milli[day] if 0 <= day < len(rules.milli) else 0


def slow_places(stays, cells, rules, cases, known):
    """(case, cell, start, end, people, known people, hazard, dose) of every stay in a window, unsorted."""
    found = []
    for row, (person, start, end, _) in enumerate(cases):
        for own in stays:
            a, b = max(own.t_in, start), min(own.t_out, end)
            if own.person != person or b <= a:
                continue
            only = [own] + [stay for stay in stays if stay.person != person]
            met = slow_candidates(only, cells, rules, [cases[row]], known)
            met = [entry for entry in met if entry[8] == 1]
            people, infectors = {entry[1] for entry in met}, {entry[1] for entry in met if entry[2] >= 0}
            sums = sum(entry[9] for entry in met), sum(entry[10] for entry in met)
            found.append((row, own.cell, a, b, len(people), len(infectors), *sums))
    return found
