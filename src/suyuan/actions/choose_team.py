"""Whose turn it is: which investigation team gets the next case, and the figures that say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from suyuan.terms import Team


@dataclass(frozen=True, slots=True)
class Need:
    """What a case asks of a team: its language, where it is looked after, and the area of its incident."""

    language: str
    area: str
    incident_area: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The team chosen and the reasons, in numbers and codes."""

    team: Team
    because: dict[str, Any]


def choose_team(teams: Sequence[Team], loads: Mapping[int, int], need: Need) -> Turn | None:
    """Choose the team for a case.

    Parameters
    ----------
    teams
        Every team; those off duty and those of other regions are left out.
    loads
        Open investigations by team id.

    Returns
    -------
    Turn or None
        None where no team is on duty for the region.

    Notes
    -----
    In this order: a team that still has room; one that speaks the case's language; one whose area holds the case;
    the smallest share of capacity in use; the one that has waited longest. Where nobody has room, the team with the
    smallest share in use carries more than its capacity, and the reasons say so; language, area and turn break ties.
    """
    region = [team for team in teams if team.on_duty and _touches(team.area, need.incident_area)]
    if not region:
        return None
    best = min(region, key=lambda team: _rank(team, loads.get(team.id, 0), need))
    load = loads.get(best.id, 0)
    return Turn(
        best,
        {
            "rule": "turn",
            "load": load,
            "capacity": best.capacity,
            "overloaded": load >= best.capacity,
            "language": need.language,
            "speaks": need.language in best.languages,
            "area": need.area,
            "covers": need.area.startswith(best.area),
            "n_teams": len(region),
            "n_free": sum(loads.get(team.id, 0) < team.capacity for team in region),
            "turn_before": best.turn,
        },
    )


def _touches(area: str, other: str) -> bool:
    return area.startswith(other) or other.startswith(area)


def _rank(team: Team, load: int, need: Need) -> tuple[float, ...]:
    strange, elsewhere = need.language not in team.languages, not need.area.startswith(team.area)
    share = load / max(team.capacity, 1)
    if load >= team.capacity:
        return (1, share, strange, elsewhere, team.turn, team.id)
    return (0, strange, elsewhere, share, team.turn, team.id)
