"""The visit-driven epidemic: infections happen in the day's visits, and nowhere else.

Each day: say who may go out (`Epidemic.status`), make the visits, then `Epidemic.advance`: test, isolate, trace,
seed, expose. What comes back are the visits as they happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PLACE_KINDS, BadInput
from suyuan.twin.city import City, DayVisits
from suyuan.twin.epidemic_fit import Fit, VisitsOn, empty_shelf, fit_transmission, unit_sources
from suyuan.twin.epidemic_people import (
    NEVER,
    Cause,
    Infected,
    PeopleState,
    cut_visits,
    infect,
    infectiousness_at,
    start_people,
    status_on,
)
from suyuan.twin.epidemic_response import Casebook, respond, start_casebook
from suyuan.twin.epidemic_settings import EpidemicSettings, HazardTable, hazard_table
from suyuan.twin.epidemic_spread import (
    Exposures,
    Shelf,
    Sources,
    clear_shelf,
    expose,
    join_sources,
    no_exposures,
    rows_of,
    shelve,
)
from suyuan.twin.natural_history import MINUTES_PER_DAY
from suyuan.twin.objects import Deposits, land_goods, object_sources, touch_surfaces
from suyuan.twin.testing import plan_seeking


class Overnight(NamedTuple):
    """Visits and person sources of yesterday that reach into today."""

    visits: DayVisits
    sources: Sources


@dataclass
class Epidemic:
    """An epidemic in a city; make it with `start_epidemic`.

    Attributes
    ----------
    fit
        Level and spread of infectiousness that were found for this city.
    infections
        What has happened, in order of days.
    """

    city: City
    settings: EpidemicSettings
    fit: Fit
    rng: np.random.Generator
    people: PeopleState
    casebook: Casebook
    table: HazardTable
    shelf: Shelf
    last_day_of: dict[str, int]
    deposits: Deposits = field(default_factory=Deposits)
    infections: list[Infected] = field(default_factory=list)
    overnight: Overnight | None = None

    def status(self, day: int) -> NDArray[np.uint8]:
        """Say what each person is free to do on a day (``city.Status``), shape (person,)."""
        return status_on(self.people, day, self.settings.care)

    def advance(self, day: int, visits: DayVisits) -> DayVisits:
        """Let a day happen.

        Parameters
        ----------
        day
            Days in order, from 0.
        visits
            Visits that begin on the day, of the people whom ``status`` lets go.

        Returns
        -------
        DayVisits
            The visits as they happened: those of people taken away during the day end there.

        Raises
        ------
        BadInput
            If the first cases are to be found at a kind of place that nobody visits.
        """
        # first the response, so that nobody is infected by somebody already taken away
        respond(self.casebook, self.people, day, cut_visits(self.people, visits), self.settings, self.rng)
        visits = cut_visits(self.people, visits)
        if day == self.settings.seeds.day and self.settings.seeds.n:
            first = seed_infections(self.city, self.settings, visits, self.rng)
            self._add(first)
            if self.settings.seeds.typical:
                self.people.factor[first.person] = 1.0
        self._add(draw_infections(*self._expose(day, visits), self.rng))
        return visits

    def _add(self, new: Infected) -> None:
        if len(new.person) == 0:
            return
        infect(self.people, new, self.settings, self.fit.factor_shape, self.rng)
        plan_seeking(self.people, new.person, self.casebook.seek_at, self.settings.testing, self.rng)
        self.infections.append(new)

    def _expose(self, day: int, visits: DayVisits) -> tuple[Exposures, Sources]:
        own = self._person_sources(visits)
        yesterday = self.overnight
        objects = object_sources(self.settings.objects, self.deposits, day, self.last_day_of)
        everything = join_sources([own, objects] + ([yesterday.sources] if yesterday else []))
        felt = no_exposures(self.city.n_people)
        open_to = (self.people.infected_at == NEVER) & ~self.people.immune
        if len(everything.place):
            shelve(everything, self.shelf)
            expose(visits, everything, self.shelf, open_to, felt, self.rng)
            clear_shelf(everything, self.shelf)
        n_first = len(everything.place)
        fresh = join_sources([own, objects])
        if yesterday and len(fresh.place) and len(yesterday.visits.person):
            # numbered behind the others, so that one array of sources serves both passes
            late = no_exposures(self.city.n_people)
            shelve(fresh, self.shelf)
            expose(yesterday.visits, fresh, self.shelf, open_to, late, self.rng)
            clear_shelf(fresh, self.shelf)
            merge_exposures(felt, late, n_first, self.rng)
        self.overnight = night_of(visits, own, day)
        return felt, Sources(*(np.concatenate(pair) for pair in zip(everything, fresh, strict=True)))

    def _person_sources(self, visits: DayVisits) -> Sources:
        curve = np.array(self.settings.history.infectiousness)
        infected = self.people.infected_at < NEVER
        sources = unit_sources(self.city, self.table, visits, rows_of(visits, infected))
        # a visit infects from the minute its person becomes infectious, and as much as at its middle
        begins = np.maximum(sources.t_in, self.people.infectious_from[sources.person])
        sources = Sources(*(column[begins < sources.t_out] for column in sources._replace(t_in=begins)))
        middle = (sources.t_in + (sources.t_out - sources.t_in) // 2).astype(np.int32)
        strength = infectiousness_at(self.people, sources.person, middle, curve)
        touch_surfaces(self.city, self.settings.objects, sources, strength, self.deposits)
        rows = np.flatnonzero(strength > 0)
        rates = sources.rate[rows] * strength[rows] * self.fit.hazard_per_hour
        return Sources(*(column[rows] for column in sources))._replace(rate=rates)


def start_epidemic(city: City, settings: EpidemicSettings, visits_on: VisitsOn, rng: np.random.Generator) -> Epidemic:
    """Prepare an epidemic: fit the hazard to the city, land the goods, infect nobody yet.

    Parameters
    ----------
    visits_on
        Visits that begin on a day, given everybody's status; asked for three days of the first week.

    Raises
    ------
    BadInput
        If people of this city meet too few others for the pathogen's r0.
    """
    spreads = settings.seeds.n > 0 or settings.objects.goods_load > 0
    fit = fit_transmission(city, settings, visits_on, rng) if spreads else Fit(0.0, 1.0, 0.0, 0.0)
    epidemic = Epidemic(
        city=city,
        settings=settings,
        fit=fit,
        rng=rng,
        people=start_people(city.n_people, settings.immune_share, rng),
        casebook=start_casebook(city.n_people),
        table=hazard_table(settings),
        shelf=empty_shelf(city),
        last_day_of={city.object_id(number): int(day) for number, day in enumerate(city.goods.last_day)},
    )
    land_goods(city, settings.objects, epidemic.deposits)
    return epidemic


def night_of(visits: DayVisits, sources: Sources, day: int) -> Overnight:
    """Keep what reaches beyond midnight, lingering air included."""
    midnight = (day + 1) * MINUTES_PER_DAY
    late = visits.t_out > midnight
    lasting = sources.t_out + sources.lingering_minutes > midnight
    return Overnight(DayVisits(*(column[late] for column in visits)), Sources(*(column[lasting] for column in sources)))


def merge_exposures(felt: Exposures, late: Exposures, offset: int, rng: np.random.Generator) -> None:
    """Add a second set of exposures to the first; its sources are numbered from ``offset``."""
    rows = np.flatnonzero(late.hazard)
    felt.hazard[rows] += late.hazard[rows]
    wins = rows[rng.random(len(rows)) * felt.hazard[rows] < late.hazard[rows]]
    felt.source[wins] = late.source[wins] + offset
    felt.place[wins], felt.zone[wins] = late.place[wins], late.zone[wins]
    felt.start[wins], felt.end[wins] = late.start[wins], late.end[wins]


def draw_infections(exposures: Exposures, sources: Sources, rng: np.random.Generator) -> Infected:
    """Draw who of the exposed is infected; the minute is uniform over the meeting that did it."""
    exposed = np.flatnonzero(exposures.hazard)
    who = exposed[rng.random(len(exposed)) < -np.expm1(-exposures.hazard[exposed])]
    source = exposures.source[who]
    start, end = exposures.start[who], exposures.end[who]
    deposit = sources.deposit[source]
    return Infected(
        who.astype(np.int32),
        (start + (rng.random(len(who)) * (end - start)).astype(np.int32)).astype(np.int32),
        np.where(deposit >= 0, int(Cause.OBJECT), int(Cause.PERSON)).astype(np.uint8),
        sources.person[source],
        deposit,
        exposures.place[who],
        exposures.zone[who],
    )


def seed_infections(city: City, settings: EpidemicSettings, visits: DayVisits, rng: np.random.Generator) -> Infected:
    """Infect the first people: visitors of one place of the named kind, where the goods lie if goods infect them."""
    seeds = settings.seeds
    kind = PLACE_KINDS.index(seeds.place_kind)
    rows = np.flatnonzero(city.places.kind[visits.place] == kind)
    by_goods = seeds.by == "goods" and len(city.goods.place) > 0
    if by_goods:
        rows = rows[np.isin(visits.place[rows], city.goods.place)]
    if len(rows) == 0:
        raise BadInput("epidemic.no_seed_place", kind=str(seeds.place_kind), day=seeds.day)
    # a visit drawn at random lies in a busy place more often than not
    place = visits.place[rng.choice(rows)]
    number = int(np.flatnonzero(city.goods.place == place)[0]) if by_goods else -1
    rows = rows[visits.place[rows] == place]
    if by_goods:
        near = rows[visits.zone[rows] == city.goods.zone[number]]
        rows = near if len(near) else rows
    rows = rng.permutation(rows)
    rows = rows[np.unique(visits.person[rows], return_index=True)[1]]
    rows = rng.permutation(rows)[: seeds.n]
    stay = visits.t_out[rows] - visits.t_in[rows]
    n = len(rows)
    return Infected(
        visits.person[rows],
        (visits.t_in[rows] + (rng.random(n) * stay).astype(np.int32)).astype(np.int32),
        np.full(n, int(Cause.OBJECT if by_goods else Cause.SEED), np.uint8),
        np.full(n, -1, np.int32),
        np.full(n, number, np.int32),  # goods are the first deposits, in their order
        visits.place[rows],
        visits.zone[rows],
    )
