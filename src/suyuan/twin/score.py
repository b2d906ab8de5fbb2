"""How good a tracing result is, measured against the truth of a simulated city.

Definitions and denominators: docs/guides/scoring.md. This is the only module of the package that reads ``truth/``
and a tracing result together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol as Shape

import polars as pl

from suyuan.terms import BadInput, say

CONTACT_COLUMNS = ("person_id", "ring", "quarantine")
CLOSE, CONTACT_OF_CONTACT = "close", "contact_of_contact"
STEP = re.compile(r"(facility|home)\D*?(\d+(?:\.\d+)?)\s*d")
"""A step of quarantine in the contacts table; health monitoring restricts nobody's movements and is not counted."""


class TracingTables(Shape):
    """The two tables that scoring needs of a tracing result."""

    @property
    def cases(self) -> pl.DataFrame:
        """Traced cases: ``person_id``."""
        ...

    @property
    def contacts(self) -> pl.DataFrame:
        """Contacts: ``person_id``, ``ring``, ``quarantine``."""
        ...


@dataclass(frozen=True)
class Share:
    """A count out of a count; ``share`` is None where nothing was there to find."""

    found: int
    of: int

    @property
    def share(self) -> float | None:
        """The ratio."""
        return self.found / self.of if self.of else None


@dataclass(frozen=True)
class Score:
    """A tracing result against the truth.

    Attributes
    ----------
    n_cases, n_cases_infected
        Traced cases, and those of them truly infected (the others are false positives).
    close
        Of the people whom traced cases infected, those listed as close contacts.
    contact_of_contact
        Of the people whom those infected in turn, those listed as contacts of contacts or close contacts.
    any_ring
        Of both groups together, those listed in any ring.
    precision_close, precision_listed
        Of listed close contacts (of everybody told to quarantine), those infected by a traced case (by a case or by
        somebody whom a case infected).
    quarantine_person_days
        Days of facility and home quarantine of everybody listed.
    quarantine_days_per_infectee
        The same for each truly infected person listed in a ring that is quarantined; None if there is none.
    generations
        Per generation after the traced cases: those listed in any ring, of all infected in truth.
    generations_found
        Generations from the first on in which somebody was listed, without a gap.
    """

    n_cases: int
    n_cases_infected: int
    close: Share
    contact_of_contact: Share
    any_ring: Share
    precision_close: Share
    precision_listed: Share
    quarantine_person_days: float
    quarantine_days_per_infectee: float | None
    generations: tuple[Share, ...]
    generations_found: int

    def as_dict(self) -> dict[str, object]:
        """Give plain numbers, for JSON; every share as found, of and share."""

        def plain(value: object) -> object:
            if isinstance(value, Share):
                return {**asdict(value), "share": value.share}
            return [plain(item) for item in value] if isinstance(value, tuple) else value

        return {name: plain(getattr(self, name)) for name in self.__dataclass_fields__}

    def sentences(self, lang: str = "en") -> list[str]:
        """Say it in five sentences, ``en`` or ``zh``."""

        def percent(part: Share) -> str:
            return say("score.none", lang) if part.share is None else f"{part.share:.0%}"

        each = self.quarantine_days_per_infectee
        lines = [
            say("score.close", lang, found=self.close.found, truth=self.close.of, recall=percent(self.close)),
            say(
                "score.contact_of_contact",
                lang,
                found=self.contact_of_contact.found,
                truth=self.contact_of_contact.of,
                recall=percent(self.contact_of_contact),
            ),
            say(
                "score.precision",
                lang,
                infected=self.precision_close.found,
                listed=self.precision_close.of,
                precision=percent(self.precision_close),
            ),
            say(
                "score.quarantine",
                lang,
                days=f"{self.quarantine_person_days:g}",
                per_infectee=say("score.none", lang) if each is None else f"{each:.0f}",
            ),
            say("score.generations", lang, found=self.generations_found, truth=len(self.generations)),
        ]
        return lines if self.n_cases_infected else [say("score.no_cases", lang), *lines]


def score(folder: str | Path, result: str | Path | TracingTables) -> Score:
    """Score a tracing result against the truth of a simulated city.

    Parameters
    ----------
    folder
        What ``twin make`` wrote; only ``truth/infections.parquet`` is read.
    result
        A folder with ``contacts.parquet`` and ``cases.parquet``, or anything with the tables ``contacts`` and
        ``cases``, for example a TraceResult.

    Raises
    ------
    BadInput
        If one of the files or columns is missing.
    """
    path = Path(folder) / "truth" / "infections.parquet"
    if not path.is_file():
        raise BadInput("score.no_truth", path=folder, file="truth/infections.parquet")
    cases, contacts = _read_result(result) if isinstance(result, str | Path) else (result.cases, result.contacts)
    return score_tables(pl.read_parquet(path), cases, contacts)


def _read_result(folder: str | Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    tables = []
    for name in ("cases.parquet", "contacts.parquet"):
        path = Path(folder) / name
        if not path.is_file():
            raise BadInput("score.no_contacts", path=folder, file=name)
        tables.append(pl.read_parquet(path))
    return tables[0], tables[1]


def score_tables(infections: pl.DataFrame, cases: pl.DataFrame, contacts: pl.DataFrame) -> Score:
    """Score tables; see `Score` for what is counted.

    Parameters
    ----------
    infections
        Truth: ``person_id``, ``infector_id`` and, for infections through an object, ``contaminated_by``.
    cases
        Traced cases: ``person_id``.
    contacts
        Tracing result: ``person_id``, ``ring``, ``quarantine``.

    Raises
    ------
    BadInput
        If a column is missing.
    """
    _need(infections, "truth/infections", ("person_id", "infector_id"))
    _need(cases, "cases", ("person_id",))
    _need(contacts, "contacts", CONTACT_COLUMNS)
    traced = set(cases["person_id"].to_list())
    waves = waves_after(traced, infector_of(infections))
    first = waves[0] if waves else set()
    second = waves[1] if len(waves) > 1 else set()
    rings = contacts.filter(~pl.col("person_id").is_in(list(traced)))
    close = set(rings.filter(pl.col("ring") == CLOSE)["person_id"].to_list())
    listed = close | set(rings.filter(pl.col("ring") == CONTACT_OF_CONTACT)["person_id"].to_list())
    anybody = set(rings["person_id"].to_list())
    held, days = quarantine_days(rings)
    infected_held = len((first | second) & held)
    generations = tuple(Share(len(wave & anybody), len(wave)) for wave in waves)
    return Score(
        n_cases=len(traced),
        n_cases_infected=len(traced & set(infections["person_id"].to_list())),
        close=Share(len(first & close), len(first)),
        contact_of_contact=Share(len(second & listed), len(second)),
        any_ring=Share(len((first | second) & anybody), len(first | second)),
        precision_close=Share(len(first & close), len(close)),
        precision_listed=Share(infected_held, len(held)),
        quarantine_person_days=days,
        quarantine_days_per_infectee=days / infected_held if infected_held else None,
        generations=generations,
        generations_found=_without_gap(generations),
    )


def _need(table: pl.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    for column in columns:
        if column not in table.columns:
            raise BadInput("score.no_column", file=name, column=column, needed=", ".join(columns))


def infector_of(infections: pl.DataFrame) -> dict[str, str]:
    """Who infected whom, by the infectee; through an object it is whoever contaminated it."""
    infector = pl.col("infector_id").cast(pl.String)
    if "contaminated_by" in infections.columns:
        infector = pl.coalesce(infector, pl.col("contaminated_by").cast(pl.String))
    pairs = infections.select("person_id", infector=infector).drop_nulls()
    return dict(zip(pairs["person_id"].to_list(), pairs["infector"].to_list(), strict=True))


def waves_after(traced: set[str], infector: Mapping[str, str]) -> list[set[str]]:
    """Everybody infected by the traced, by whom those infected, and so on; the traced themselves left out.

    Examples
    --------
    >>> waves_after({"a"}, {"b": "a", "c": "b", "d": "c", "z": "y"})
    [{'b'}, {'c'}, {'d'}]
    >>> waves_after({"a", "c"}, {"b": "a", "c": "b", "d": "c"}) == [{"b", "d"}]
    True
    """
    infectees: dict[str, list[str]] = {}
    for person, source in infector.items():
        infectees.setdefault(source, []).append(person)
    waves: list[set[str]] = []
    seen, frontier = set(traced), set(traced)
    while frontier:
        frontier = {person for source in frontier for person in infectees.get(source, ())} - seen
        seen |= frontier
        if frontier:
            waves.append(frontier)
    return waves


def quarantine_days(contacts: pl.DataFrame) -> tuple[set[str], float]:
    """Who is quarantined, and person-days in all; somebody listed twice is counted with the longer term."""
    longest: dict[str, float] = {}
    for person, text in contacts.select("person_id", "quarantine").iter_rows():
        days = days_in(text)
        if days > 0:
            longest[person] = max(days, longest.get(person, 0.0))
    return set(longest), sum(longest.values(), 0.0)


def days_in(text: str | None) -> float:
    """Days of quarantine in the words of the contacts table.

    Examples
    --------
    >>> days_in("facility 7 d + home 3 d"), days_in("home 5 d + monitoring 2 d"), days_in(""), days_in(None)
    (10.0, 5.0, 0.0, 0.0)
    """
    return sum((float(days) for _, days in STEP.findall(text or "")), 0.0)


def _without_gap(generations: tuple[Share, ...]) -> int:
    n = 0
    for generation in generations:
        if generation.found == 0:
            break
        n += 1
    return n
