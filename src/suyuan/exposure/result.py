"""What tracing answers: tables of one shape for reports, scores, files and notebooks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from suyuan.protocols import Protocol

RESIDENTS, WHOLE_LOG = "residents_near_cases", "whole_log"
"""With whom the cases were compared in looking for common exposures."""

RING_NAMES = {1: "close", 2: "contact_of_contact", 3: "general", 4: "colocated"}


@dataclass(frozen=True, slots=True)
class TraceResult:
    """Forward tracing: who was exposed, how, how badly, since when. Times carry the log's time zone.

    ``cases``: person_id, date_onset, date_sampling, isolated_at, window_from, window_to, n_visits (0: the log knows
    nothing of this case). ``contacts``: one row a person that is not a case, sorted by ring, then probability.
    ``evidence``: every meeting with a case (cases among them), and the first meeting of each contact of contact.
    ``itinerary``: the stays of the cases in their windows. ``places``: places of the cases. ``generations``: layered
    generations, the earliest exposure at the smallest generation.
    """

    cases: pl.DataFrame
    contacts: pl.DataFrame
    evidence: pl.DataFrame
    itinerary: pl.DataFrame
    places: pl.DataFrame
    generations: pl.DataFrame
    protocol: Protocol
    timezone: str

    def summary(self) -> dict[str, object]:
        """Count cases and contacts by ring, and give the span of exposures."""
        rings = dict(self.contacts.group_by("ring").len().iter_rows())
        return {
            "protocol": self.protocol.id,
            "n_cases": self.cases.height,
            "n_cases_without_visits": self.cases.filter(pl.col("n_visits") == 0).height,
            **{f"n_{name}": int(rings.get(name, 0)) for name in RING_NAMES.values()},
            "n_meetings": self.evidence.height,
            "first_exposure": self.contacts["first_exposure"].min(),
            "last_exposure": self.contacts["last_exposure"].max(),
        }


@dataclass(frozen=True, slots=True)
class BackwardResult:
    """Backward tracing: who and where could have infected each case, and what several cases share.

    ``candidates``: case_id, candidate_id, known_case, place_id, place_kind, zone, start, end, minutes, p. ``places``:
    case_id, place_id, place_kind, hours, n_candidates. ``common``: place_id, place_kind, hour_from, hour_to, n_cases,
    n_visitors, expected, p_value, q_value, case_ids (joined by spaces).

    ``compared`` tells with whom the cases were compared for ``common``: ``residents_near_cases``, or ``whole_log``
    where too few homes have coordinates. ``n_compared``: how many people these are, estimated for residents.
    ``n_tests``: slots visited by any case, all of which ``q_value`` allows for.
    """

    candidates: pl.DataFrame
    places: pl.DataFrame
    common: pl.DataFrame
    protocol: Protocol
    timezone: str
    compared: str
    n_compared: int
    n_tests: int
