"""What a city offers: shops, restaurants, markets with cold-chain goods, clinics and wards, buses and trains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PlaceKind
from suyuan.twin.city import Goods, Lines, Role
from suyuan.twin.draft import CityDraft, Posts
from suyuan.twin.ground import PlaceBook
from suyuan.twin.scenario import CityPlan

STAFF_ROLE = {
    PlaceKind.SHOP: Role.SHOP_STAFF,
    PlaceKind.RESTAURANT: Role.RESTAURANT_STAFF,
    PlaceKind.MARKET: Role.STALL_HOLDER,
    PlaceKind.WARD: Role.WARD_STAFF,
}
BUS_LINE_PEOPLE, BUSES, BUS_HEADWAY = 1500, 12, 6
METRO_LINE_PEOPLE, TRAINS, METRO_HEADWAY, CARRIAGES = 40000, 24, 5, 6
"""People per line, vehicles on it, minutes between them, carriages of a train: assumed."""


def found_amenities(book: PlaceBook, plan: CityPlan, n_people: int, rng: np.random.Generator) -> Posts:
    """Spread shops, restaurants, markets, clinics, wards and leisure over the quarters; return the posts in them."""
    posts = Posts.none()
    n_quarters = len(book.quarters.x_km)
    for kind, people in plan.people_per.items():
        n = max(1, round(n_people / people))
        quarter = ((np.arange(n) + 0.5) * n_quarters / n).astype(np.int32)
        zones = np.full(n, plan.zones_per.get(kind, 0), dtype=np.int32)
        tickets = book.enter(kind, quarter, zones, book.quarters.scatter(quarter, rng))
        staff = round(plan.staff_per.get(kind, 0.0))
        if staff:
            posts = posts.and_more(_posts(kind, quarter, tickets, staff, int(zones[0])))
    return posts


def _posts(kind: PlaceKind, quarter: NDArray[np.int32], tickets: NDArray[np.int64], staff: int, zones: int) -> Posts:
    """List the posts of one kind: a holder to a stall, nurses to rooms, waiters at the counter (zone 0)."""
    at = np.repeat(np.arange(len(tickets)), staff)
    rank = np.tile(np.arange(staff), len(tickets))
    zone = rank % max(zones, 1) if kind != PlaceKind.RESTAURANT else np.zeros_like(rank)
    if zones == 0:
        zone = np.full_like(rank, -1)
    role = np.full(len(at), STAFF_ROLE[kind], dtype=np.uint8)
    return Posts(quarter[at], tickets[at], zone.astype(np.int16), np.full(len(at), -1, dtype=np.int64), role)


def lay_lines(
    draft: CityDraft, book: PlaceBook, plan: CityPlan, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Lay bus lines and, in a large city, metro lines, and let workers choose how they travel.

    Returns
    -------
    tuple
        Ticket of the first vehicle, number of vehicles and headway of each line; the line of each person is kept in
        ``draft.work_quarter``, which nobody needs any more, -1 for none.
    """
    n_quarters = len(book.quarters.x_km)
    n_bus = max(1, len(draft.age) // BUS_LINE_PEOPLE)
    n_metro = max(1, len(draft.age) // METRO_LINE_PEOPLE) if len(draft.age) >= plan.metro_from_people else 0
    buses = _vehicles(book, n_bus, BUSES, 0)
    trains = _vehicles(book, n_metro, TRAINS, CARRIAGES)
    travels = (draft.day >= 0) & (draft.age >= 12) & (draft.role != Role.BOARDER)
    chance = rng.random(len(draft.age))
    bus_line = (draft.quarter + rng.random(len(draft.age))) * n_bus / n_quarters
    metro_line = n_bus + draft.quarter * n_metro / n_quarters
    line = np.where(chance < plan.bus_share, bus_line, metro_line).astype(np.int32)
    share = plan.bus_share + (plan.metro_share if n_metro else 0.0)
    draft.work_quarter[:] = np.where(travels & (chance < share), line, -1)
    headway = np.repeat([BUS_HEADWAY, METRO_HEADWAY], [n_bus, n_metro]).astype(np.int32)
    n_vehicles = np.repeat([BUSES, TRAINS], [n_bus, n_metro]).astype(np.int32)
    return np.concatenate([buses, trains]), n_vehicles, headway


def _vehicles(book: PlaceBook, n_lines: int, per_line: int, carriages: int) -> NDArray[np.int64]:
    """Enter the vehicles of some lines; ticket of the first vehicle of each."""
    n = n_lines * per_line
    # vehicles belong to no quarter: all are entered in quarter 0 so that those of one line stay side by side
    nowhere = np.full((2, n), np.nan, dtype=np.float32)
    tickets = book.enter(PlaceKind.VEHICLE, np.zeros(n, np.int32), np.full(n, carriages, dtype=np.int32), nowhere)
    return tickets[::per_line]


def bind_lines(book: PlaceBook, lines: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]) -> Lines:
    """Lines with place numbers instead of tickets."""
    return Lines(book.numbers(lines[0]), lines[1], lines[2])


def deliver_goods(markets: range, plan: CityPlan, rng: np.random.Generator) -> Goods:
    """Put consignments of cold-chain goods on market stalls for some days each.

    Notes
    -----
    Lengths of 3 to 10 days on sale are assumed. Consignments may have arrived before day 0.
    """
    place = np.repeat(np.asarray(markets, dtype=np.int32), plan.goods_per_market)
    first = rng.integers(-5, max(plan.days, 1), len(place)).astype(np.int16)
    zone = rng.integers(0, max(plan.zones_per.get(PlaceKind.MARKET, 1), 1), len(place)).astype(np.int16)
    last = (first + rng.integers(3, 11, len(place))).astype(np.int16)
    return Goods(place, zone, first, last)
