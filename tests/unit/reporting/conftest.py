"""A made-up tracing result in the shape of the contract, small by default and large on request."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from suyuan.protocols import (
    Bilingual,
    Clock,
    ContactRule,
    Distribution,
    ExposureWindow,
    Infectiousness,
    PlaceRule,
    Protocol,
    QuarantineStep,
    RingRule,
    Rings,
    Source,
    TestDays,
    TracingWindow,
)
from suyuan.terms import PlaceKind, Quarantine

ZONE = "Asia/Shanghai"
INSTANT = pl.Datetime("us", ZONE)
KINDS = ("home", "classroom", "canteen", "vehicle", "shop", "restaurant", "leisure")
TYPES = {"s": pl.String, "d": pl.Date, "t": INSTANT, "n": pl.UInt32, "i": pl.Int32, "f": pl.Float64, "b": pl.Boolean}


def columns(words: str) -> dict[str, pl.DataType]:
    """Read ``name:letter`` words as a table's columns."""
    pairs = (word.split(":") for word in words.split())
    return {name: TYPES[letter] for name, letter in pairs}


CASES = columns("person_id:s date_onset:d date_sampling:d isolated_at:t window_from:t window_to:t n_visits:n")
CONTACTS = columns(
    "person_id:s ring:s generation:i n_meetings:n minutes_together:f minutes_lingering:f first_exposure:t "
    "last_exposure:t p_infection:f infector_id:s rule:s quarantine:s quarantine_until:d"
)
EVIDENCE = columns(
    "ring:s infector_id:s person_id:s place_id:s place_kind:s zone:s start:t end:t minutes_together:f "
    "minutes_lingering:f rule:s p_infection:f source:s"
)
ITINERARY = columns("person_id:s place_id:s place_kind:s zone:s t_in:t t_out:t n_close:n source:s")
PLACES = columns("place_id:s place_kind:s longitude:f latitude:f n_cases:n n_close:n case_minutes:f")
GENERATIONS = columns("person_id:s generation:i first_exposure:t infector_id:s")
CANDIDATES = columns("case_id:s candidate_id:s known_case:b place_id:s place_kind:s zone:s start:t end:t minutes:f p:f")
CASE_PLACES = columns("case_id:s place_id:s place_kind:s hours:f")
COMMON = columns("place_id:s hour_from:t hour_to:t n_cases:n n_visitors:n expected:f p_value:f q_value:f")


@dataclass
class Traced:
    """Stands for suyuan.exposure's result: the same tables, nothing computed."""

    protocol: Protocol
    timezone: str = ZONE
    cases: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CASES))
    contacts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CONTACTS))
    evidence: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EVIDENCE))
    itinerary: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ITINERARY))
    places: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PLACES))
    generations: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GENERATIONS))

    def summary(self) -> dict:
        return {"n_close": self.contacts.filter(pl.col("ring") == "close").height}


@dataclass
class TracedBack:
    """Stands for the backward result."""

    protocol: Protocol
    timezone: str = ZONE
    candidates: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CANDIDATES))
    places: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CASE_PLACES))
    common: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=COMMON))
    compared: str = "residents_near_cases"
    n_compared: int = 41_234


def make_edition(*, second_ring: bool = True) -> Protocol:
    """Write a small edition in the likeness of the ninth."""
    rules = {
        kind: PlaceRule(
            hazard_per_hour=0.02,
            lingering_hazard_share=0.3,
            close=ContactRule(minutes=15, lingering_minutes=30 if kind is PlaceKind.SHOP else 0, scope="zone"),
            general=ContactRule(minutes=1, lingering_minutes=0, scope="place"),
            source="plan",
        )
        for kind in PlaceKind
    }
    close = RingRule(
        determined=True,
        latent_days=2,
        until_quarantine_days=3,
        quarantine=(QuarantineStep(Quarantine.FACILITY, 7), QuarantineStep(Quarantine.HOME, 3)),
        test_days=(TestDays(Quarantine.FACILITY, (1, 2, 3, 5, 7)), TestDays(Quarantine.HOME, (3,))),
    )
    second = RingRule(second_ring, 2, 3, (QuarantineStep(Quarantine.HOME, 7),), (TestDays(Quarantine.HOME, (1, 4, 7)),))
    return Protocol(
        id="made-up-9",
        name=Bilingual("COVID-19 plan, 9th edition (test)", "新型冠状病毒肺炎防控方案（第九版，测试）"),
        pathogen="SARS-CoV-2",
        issued=date(2022, 6, 28),
        sources={
            "plan": Source(
                "Prevention and control plan",
                "State Council",
                "2022-06-28",
                "stated",
                clause="5",
                note="see https://www.gov.cn/x",
            )
        },
        tracing_window=TracingWindow(2, 2, 10),
        exposure_window=ExposureWindow(14, 1),
        places=rules,
        rings=Rings(close, second),
        infectiousness=Infectiousness(-2, (0.5, 1.0, 1.0, 0.5)),
        incubation=Distribution("lognormal", 4.0, 2.0, "plan"),
        latent=Distribution("gamma", 3.0, 1.0, "plan"),
        generation_interval=Distribution("gamma", 4.0, 2.0, "plan"),
        release=(),
        clocks={"report": Clock(2, "plan", Bilingual("report a positive result", "报告阳性结果"))},
    )


def make_traced(n_cases: int = 3, n_close: int = 40, n_second: int = 60, seed: int = 1) -> Traced:
    """Make a city district's worth of made-up days: homes, a school class, a canteen, a bus, shops."""
    rng = np.random.default_rng(seed)
    start = datetime(2022, 7, 11, tzinfo=ZoneInfo(ZONE))
    cases, visits = [], []
    for number in range(n_cases):
        first = start + timedelta(days=int(rng.integers(0, 3)))
        person = f"P{number:05d}"
        mine = _days(person, number, first, rng)
        visits += mine
        onset = None if number == 1 else (first + timedelta(days=2)).date()
        isolated = first + timedelta(days=4, hours=19) if number != 2 else None
        cases.append(
            (person, onset, (first + timedelta(days=4)).date(), isolated, first, first + timedelta(days=5), len(mine))
        )
    contacts, evidence = _meet(visits, (n_close, n_second), rng)
    met = pl.DataFrame(evidence, schema=EVIDENCE, orient="row").filter(pl.col("ring") == "close")
    met = met.group_by(pl.col("infector_id").alias("person_id"), "place_id", pl.col("start").alias("t_in")).agg(
        pl.len().alias("n_close")
    )
    itinerary = pl.DataFrame(visits, schema={k: v for k, v in ITINERARY.items() if k != "n_close"}, orient="row")
    itinerary = itinerary.join(met, on=["person_id", "place_id", "t_in"], how="left").with_columns(
        pl.col("n_close").fill_null(0).cast(pl.UInt32)
    )
    table = pl.DataFrame(contacts, schema=CONTACTS, orient="row")
    tree = [(row[0], 0, None, None) for row in cases] + [
        (row[0], row[2], row[6], row[9]) for row in contacts if row[1] in ("close", "contact_of_contact")
    ]
    return Traced(
        make_edition(),
        cases=pl.DataFrame(cases, schema=CASES, orient="row"),
        contacts=table,
        evidence=pl.DataFrame(evidence, schema=EVIDENCE, orient="row"),
        itinerary=itinerary.select(list(ITINERARY)),
        places=_places(itinerary, rng),
        generations=pl.DataFrame(tree, schema=GENERATIONS, orient="row"),
    )


def _days(person: str, number: int, first: datetime, rng: np.random.Generator) -> list[tuple]:
    rows = []
    for day in range(4):
        morning = first + timedelta(days=day)

        def at(hours: float, morning: datetime = morning) -> datetime:
            return morning + timedelta(minutes=int(hours * 60 + rng.integers(0, 20)))

        rows.append((person, f"H{number:04d}", "home", "", at(0), at(7), "interview"))
        rows.append((person, f"BUS-{number % 4}", "vehicle", "", at(7.4), at(7.9), "ticket"))
        rows.append(
            (person, f"SCHOOL-{number % 3}", "classroom", f"class {number % 5 + 1}", at(8), at(11.6), "class list")
        )
        rows.append((person, f"CANTEEN-{number % 3}", "canteen", "", at(11.8), at(12.4), "check-in"))
        if day % 2:
            rows.append((person, f"SHOP-{int(rng.integers(0, 9))}", "shop", "", at(17), at(17.6), "location"))
            rows.append((person, f"REST-{int(rng.integers(0, 5))}", "restaurant", "", at(18), at(19.5), "check-in"))
        rows.append((person, f"H{number:04d}", "home", "", at(20), at(23.5), "interview"))
    return rows


def _meet(visits: list[tuple], sizes: tuple[int, int], rng: np.random.Generator) -> tuple[list[tuple], list[tuple]]:
    contacts, evidence = [], []
    n_close, n_second = sizes
    by_person: dict[str, list[tuple]] = {}
    for visit in visits:
        by_person.setdefault(visit[0], []).append(visit)
    people = list(by_person)
    for number in range(n_close + n_second):
        ring = (
            "close"
            if number < n_close
            else ("contact_of_contact", "general", "colocated")[int(rng.choice(3, p=[0.8, 0.12, 0.08]))]
        )
        code = f"C{number:06d}"
        case = people[int(len(people) * rng.random() ** 2)]
        infector = f"C{int(n_close * rng.random() ** 2):06d}" if ring == "contact_of_contact" and n_close else case
        chosen = [
            by_person[case][int(i)]
            for i in rng.choice(len(by_person[case]), size=int(rng.integers(1, 4)), replace=False)
        ]
        rows = []
        for visit in chosen:
            minutes = max((visit[5] - visit[4]).total_seconds() // 60 * rng.random(), 1)
            encounter = rng.random() < 0.03
            place = (None, visit[2], "") if encounter else visit[1:4]
            lingering = 12.0 if visit[2] == "shop" else 0.0
            p = float(min(minutes / 400 * rng.random(), 0.9)) if ring != "colocated" else 0.0
            rule = f"{visit[2]}.{'close' if ring in ('close', 'contact_of_contact') else ring}"
            rows.append(
                (
                    ring,
                    infector,
                    code,
                    *place,
                    visit[4],
                    visit[4] + timedelta(minutes=minutes + lingering),
                    minutes,
                    lingering,
                    rule,
                    p,
                    visit[6],
                )
            )
        evidence += rows
        best = max(rows, key=lambda row: row[11])
        first, last = min(row[6] for row in rows), max(row[7] for row in rows)
        plan = {"close": ("facility 7 d + home 3 d", 10), "contact_of_contact": ("home 7 d", 7)}.get(ring, ("", 0))
        until = last.date() + timedelta(days=plan[1]) if plan[1] else None
        p = 1 - float(np.prod([1 - row[11] for row in rows]))
        contacts.append(
            (
                code,
                ring,
                2 if ring == "contact_of_contact" else 1,
                len(rows),
                sum(row[8] for row in rows),
                sum(row[9] for row in rows),
                first,
                last,
                p,
                infector,
                best[10],
                plan[0] or None,
                until,
            )
        )
    return contacts, evidence


def _places(itinerary: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    table = itinerary.group_by("place_id", "place_kind").agg(
        pl.col("person_id").n_unique().alias("n_cases").cast(pl.UInt32),
        pl.col("n_close").sum().cast(pl.UInt32),
        (pl.col("t_out") - pl.col("t_in")).dt.total_minutes().sum().cast(pl.Float64).alias("case_minutes"),
    )
    table = table.sort("place_id")
    longitude = 121.47 + rng.normal(0, 0.03, table.height)
    latitude = 31.23 + rng.normal(0, 0.02, table.height)
    known = ~table["place_id"].str.starts_with("BUS").to_numpy()
    return table.with_columns(
        pl.Series("longitude", np.where(known, longitude, np.nan), nan_to_null=True),
        pl.Series("latitude", np.where(known, latitude, np.nan), nan_to_null=True),
    ).select(list(PLACES))


def make_traced_back(traced: Traced, seed: int = 1) -> TracedBack:
    """Make candidates and common exposures out of the same days."""
    rng = np.random.default_rng(seed)
    rows, common = [], []
    for visit in traced.itinerary.iter_rows(named=True):
        for _ in range(int(rng.integers(0, 4))):
            minutes = float(rng.integers(5, 200))
            rows.append(
                (
                    visit["person_id"],
                    f"S{int(rng.integers(0, 60)):05d}",
                    bool(rng.random() < 0.1),
                    visit["place_id"],
                    visit["place_kind"],
                    visit["zone"],
                    visit["t_in"],
                    visit["t_out"],
                    minutes,
                    minutes / 2000,
                )
            )
    for number in range(8):
        hour = datetime(2022, 7, 8, 9 + number, tzinfo=UTC).astimezone(ZoneInfo(ZONE))
        common.append(
            (
                f"MARKET-{number}",
                hour,
                hour + timedelta(hours=1),
                5 - number // 2,
                80,
                0.4,
                10.0 ** (number - 6),
                min(10.0 ** (number - 5), 1.0),
            )
        )
    places = traced.itinerary.group_by(pl.col("person_id").alias("case_id"), "place_id", "place_kind").agg(
        ((pl.col("t_out") - pl.col("t_in")).dt.total_minutes().sum() / 60).alias("hours")
    )
    return TracedBack(
        traced.protocol,
        candidates=pl.DataFrame(rows, schema=CANDIDATES, orient="row"),
        places=places,
        common=pl.DataFrame(common, schema=COMMON, orient="row"),
    )


@pytest.fixture
def traced() -> Traced:
    return make_traced()


@pytest.fixture
def traced_back(traced: Traced) -> TracedBack:
    return make_traced_back(traced)


@pytest.fixture
def nothing() -> Traced:
    """One case was given, and nobody was found."""
    whole = make_traced(n_cases=1, n_close=0, n_second=0)
    return Traced(whole.protocol, cases=whole.cases)


@pytest.fixture
def made_at() -> datetime:
    return datetime(2022, 7, 16, 3, 30, tzinfo=UTC)


@pytest.fixture(name="make_traced")
def traced_maker():
    """Hand out the maker itself, for results of another size."""
    return make_traced


@pytest.fixture(name="make_edition")
def edition_maker():
    return make_edition
