"""From an edition to the whole numbers that the matching routines work with."""

from __future__ import annotations

import numpy as np

from suyuan.exposure.kernels.shapes import NEVER, SCOPE_KNOWN_ZONE, SCOPE_PLACE, SCOPE_ZONE, Rules
from suyuan.exposure.segment import I32, U8
from suyuan.protocols import ContactRule, Protocol
from suyuan.terms import PLACE_KINDS

NANO = 1e9
SCOPES = {"zone": SCOPE_ZONE, "place": SCOPE_PLACE, "known_zone": SCOPE_KNOWN_ZONE}
DOSE_UNIT = 1e-12
"""Hazard per unit of dose: thousandths of infectiousness times 1e-9 per minute."""


def rules_of(protocol: Protocol) -> Rules:
    """Tabulate an edition per kind of place, in the order of ``PLACE_KINDS``.

    Notes
    -----
    Hazards and infectiousness are rounded to whole numbers here, once, so that sums do not depend on the order in
    which meetings are found. The rounding is below 1e-9 per minute and 0.0005 of the peak.
    """
    kinds = [protocol.places[kind] for kind in PLACE_KINDS]
    close, general = [kind.close for kind in kinds], [kind.general for kind in kinds]
    together = np.array([round(kind.hazard_per_hour / 60 * NANO) for kind in kinds], np.int64)
    share = np.array([kind.lingering_hazard_share for kind in kinds])
    return Rules(
        close_minutes=_minutes(close),
        close_lingering=_lingering(close),
        close_scope=_scope(close),
        general_minutes=_minutes(general),
        general_lingering=_lingering(general),
        general_scope=_scope(general),
        together_nano=together,
        lingering_nano=np.rint(together * share).astype(np.int64),
        first_day=protocol.infectiousness.first_day,
        milli=np.array([round(1000 * share) for share in protocol.infectiousness.relative], np.int64),
    )


def probability_of(dose: np.ndarray) -> np.ndarray:
    """Probability of infection for a dose: ``1 - exp(-hazard)``, the exponential dose-response model.

    References
    ----------
    Haas CN (1983), doi:10.1093/oxfordjournals.aje.a113662.
    """
    return -np.expm1(-np.asarray(dose, np.float64) * DOSE_UNIT)


def dose_of_meetings(rules: Rules, kind: U8, since_onset: I32, together: I32, lingering: I32) -> np.ndarray:
    """Dose of each meeting in units of ``DOSE_UNIT``, as the compiled sums add it up.

    Parameters
    ----------
    since_onset
        Start of the meeting in minutes after the midnight that begins the infector's day 0.
    """
    day = (since_onset.astype(np.int64) - rules.first_day * 1440) // 1440
    inside = (day >= 0) & (day < len(rules.milli))
    infectiousness = np.where(inside, rules.milli[np.clip(day, 0, len(rules.milli) - 1)], 0)
    hazard = rules.together_nano[kind] * together + rules.lingering_nano[kind] * lingering
    dose: np.ndarray = infectiousness * hazard
    return dose


def _minutes(rules: list[ContactRule | None]) -> I32:
    return np.array([NEVER if rule is None else rule.minutes for rule in rules], np.int32)


def _lingering(rules: list[ContactRule | None]) -> I32:
    return np.array([0 if rule is None else rule.lingering_minutes for rule in rules], np.int32)


def _scope(rules: list[ContactRule | None]) -> U8:
    return np.array([SCOPE_ZONE if rule is None else SCOPES[rule.scope] for rule in rules], np.uint8)
