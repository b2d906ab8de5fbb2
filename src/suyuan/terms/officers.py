"""Who acts: officers, their duties, and what a duty lets them do where."""

from __future__ import annotations

from dataclasses import dataclass, field

DISTRICT_WIDTH = 6
"""Digits of a district in a statistical division code (2 province, 4 city, 6 district, 9 street, 12 community)."""


def district_of(area: str) -> str:
    """Return the district part of an area code, or what there is of it.

    Examples
    --------
    >>> district_of("990103004005"), district_of("9901")
    ('990103', '9901')
    """
    return area[:DISTRICT_WIDTH]


@dataclass(frozen=True, slots=True)
class Duty:
    """One role in one area: the rights it gives hold in the area and everything inside it.

    ``area`` is a division code, empty for everywhere.
    """

    role: str
    area: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who signs in, with today's duties.

    ``person_id``: the person whose own account this is; 0 for whoever only works here.
    """

    id: int
    username: str
    display_name: str = ""
    group: str = ""
    duties: tuple[Duty, ...] = field(default=(), repr=False)
    person_id: int = field(default=0, repr=False)

    def may(self, right: str, area: str) -> bool:
        """Tell whether a duty gives the right in the area.

        Examples
        --------
        >>> head = Officer(1, "li", duties=(Duty("commander", "990103", frozenset({"sign_order"})),))
        >>> head.may("sign_order", "990103004"), head.may("sign_order", "990104"), head.may("sign_order", "9901")
        (True, False, False)
        """
        return any(right in duty.rights and area.startswith(duty.area) for duty in self.duties)

    def areas(self, right: str) -> tuple[str, ...]:
        """Areas where the right holds, none inside another; empty if nowhere, ``("",)`` if everywhere."""
        held = sorted({duty.area for duty in self.duties if right in duty.rights})
        widest: list[str] = []
        for area in held:
            if not (widest and area.startswith(widest[-1])):
                widest.append(area)
        return tuple(widest)

    def roles(self) -> tuple[str, ...]:
        """Names of the roles held, each once."""
        return tuple(dict.fromkeys(duty.role for duty in self.duties))
