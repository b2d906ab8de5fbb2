"""Tracing forward, in one function that reads like the manual: windows, meetings, rings, tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from suyuan.exposure.encounter_view import with_encounters
from suyuan.exposure.evidence import meeting_evidence
from suyuan.exposure.generations import find_generations
from suyuan.exposure.kernels.shapes import Infectors, Rules
from suyuan.exposure.log.packed import PackedLog
from suyuan.exposure.log.texts import NO_ONE
from suyuan.exposure.match import PackedVisits
from suyuan.exposure.result import TraceResult
from suyuan.exposure.rings import contacts_from_evidence, course_of, find_contacts_of_contacts
from suyuan.exposure.rules import rules_of
from suyuan.exposure.tables import (
    cases_table,
    contacts_table,
    evidence_table,
    first_meetings,
    generations_table,
    itinerary_table,
    places_table,
)
from suyuan.exposure.window import infectors_of, tracing_window
from suyuan.protocols import Protocol, load
from suyuan.terms import BadInput, Case, Ring


def trace(
    log: PackedLog, cases: Sequence[Case], protocol: Protocol | str | Path, *, n_generations: int = 2
) -> TraceResult:
    """Say who was exposed to the cases, how, how badly and since when.

    Parameters
    ----------
    log
        A snapshot of the visit log.
    cases
        Each person at most once.
    protocol
        An edition, its name, or the path of a local override.
    n_generations
        Depth of ``generations``, at least 1; the rings do not depend on it.

    Raises
    ------
    BadInput
        If there is no case, a case stands there twice or lacks its dates, or the log knows none of them.
    """
    edition = protocol if isinstance(protocol, Protocol) else load(protocol)
    rules = rules_of(edition)
    windows = [tracing_window(case, edition, log.timezone) for case in cases]
    numbers = known_numbers(log, cases)
    present = np.flatnonzero(numbers != NO_ONE)
    infectors = infectors_of(numbers[present], [windows[i] for i in present])

    evidence = meeting_evidence(log, infectors, rules)
    met = contacts_from_evidence(evidence, infectors.person)
    met = met.with_columns(infector_number=pl.Series(infectors.person[met["infector"].to_numpy()], dtype=pl.UInt32))
    view = with_encounters(log)
    contacts = _with_next_ring(view, met, infectors, edition, rules)

    meetings = evidence_table(log, evidence, infectors)
    further = contacts.filter(pl.col("ring") == Ring.CONTACT_OF_CONTACT)
    return TraceResult(
        cases=cases_table(log, cases, windows, infectors),
        contacts=contacts_table(log, contacts, edition),
        evidence=pl.concat([meetings, first_meetings(log, further)]),
        itinerary=itinerary_table(log, infectors, evidence),
        places=places_table(log, infectors, evidence),
        generations=generations_table(log, _generations(view, infectors, contacts, edition, rules, n_generations)),
        protocol=edition,
        timezone=log.timezone,
    )


def known_numbers(log: PackedLog, cases: Sequence[Case]) -> np.ndarray:
    """Look the cases up; ``NO_ONE`` for those that the log does not know.

    Raises
    ------
    BadInput
        If there is no case, a case stands there twice, or the log knows none of them.
    """
    codes = [case.person.code for case in cases]
    if not codes:
        raise BadInput("trace.no_cases")
    twice = {code for code, n in Counter(codes).items() if n > 1}
    if twice:
        raise BadInput("trace.case_twice", person=min(twice))
    numbers = log.person_numbers(codes)
    if (numbers == NO_ONE).all():
        raise BadInput("trace.all_unknown", n=len(codes), example=codes[0])
    return numbers


def _with_next_ring(
    log: PackedVisits, met: pl.DataFrame, infectors: Infectors, edition: Protocol, rules: Rules
) -> pl.DataFrame:
    """Add the contacts of contacts; who is also a general contact or co-located moves up to the nearer ring."""
    generation = pl.when(pl.col("ring") == Ring.CLOSE).then(1).otherwise(None).cast(pl.Int32)
    met = met.with_columns(generation=generation).drop("infector")
    close = met.filter(pl.col("ring") == Ring.CLOSE)
    if not edition.rings.contact_of_contact.determined or not close.height:
        return met
    known = np.concatenate([infectors.person, close["person"].to_numpy()])
    further = find_contacts_of_contacts(log, close, known, edition, rules).with_columns(
        ring=pl.lit(int(Ring.CONTACT_OF_CONTACT), pl.UInt8),
        infector_number=pl.col("contact"),
        generation=pl.lit(2, pl.Int32),
    )
    stay = met.filter(~pl.col("person").is_in(further["person"].to_list()))
    return pl.concat([stay, further.select(stay.columns)], how="vertical_relaxed")


def _generations(
    log: PackedVisits, infectors: Infectors, contacts: pl.DataFrame, edition: Protocol, rules: Rules, depth: int
) -> pl.DataFrame:
    if depth <= 2:
        rows = contacts.filter(pl.col("generation") <= depth)
        return rows.select("person", "generation", "first", "infector_number")
    reached = find_generations(log, infectors, rules, course_of(edition), depth)
    columns = {
        "person": reached.person,
        "generation": reached.generation,
        "first": reached.first,
        "infector_number": reached.infector,
    }
    return pl.DataFrame(columns)
