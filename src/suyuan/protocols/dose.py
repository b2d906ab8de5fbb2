"""The dose model's arithmetic: from published attack rates to a hazard, from ventilation to what lingers."""

from __future__ import annotations

import math

from suyuan.protocols.edition import AttackRate, Infectiousness


def hazard_per_hour(observed: AttackRate, infectiousness: Infectiousness) -> float:
    """Hazard per hour together at peak infectiousness that explains an observed attack rate.

    Notes
    -----
    Exponential dose response: P = 1 - exp(-h * D), where D is the time together weighted by the infector's relative
    infectiousness, D = hours_per_day * sum of beta(day) over the days met. Solved for h, times the multiplier.

    References
    ----------
    Riley, Murphy, Riley 1978, doi:10.1093/oxfordjournals.aje.a112560 (Wells-Riley: P = 1 - exp(-dose)).
    """
    peak_hours = observed.hours_per_day * sum(
        infectiousness.on_day(day) for day in range(observed.from_day, observed.to_day + 1)
    )
    return -math.log1p(-observed.attack_rate) / peak_hours * observed.multiplier


def p_infection(hazard: float, hours: float, relative_infectiousness: float = 1.0) -> float:
    """Probability of infection after some hours together.

    Examples
    --------
    >>> round(p_infection(0.01, hours=8), 4)
    0.0769
    """
    return -math.expm1(-hazard * hours * relative_infectiousness)


def lingering_share(far_field_share: float, removal_per_hour: float, lingering_minutes: int) -> float:
    """Mean danger of a minute after the infector left, relative to a minute together.

    Parameters
    ----------
    far_field_share
        Share of the hazard together that comes through the air of the room, not at close range.
    removal_per_hour
        Air changes plus decay of the pathogen, per hour.
    lingering_minutes
        The rule's longest lingering time; 0 gives 0, because no such minute is ever counted.

    Notes
    -----
    In a well-mixed room the concentration falls as exp(-removal * t) from the moment the source leaves; the share is
    its mean over the lingering time.
    """
    if lingering_minutes == 0:
        return 0.0
    fall = removal_per_hour * lingering_minutes / 60
    return far_field_share * (-math.expm1(-fall) / fall if fall else 1.0)
