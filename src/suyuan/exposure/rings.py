"""From evidence to contacts: one row a person, the nearest ring, the minutes, the probability, what follows."""

from __future__ import annotations

import numpy as np
import polars as pl

from suyuan.exposure.evidence import uncounted
from suyuan.exposure.generations import Course, Reached, find_generations
from suyuan.exposure.kernels.shapes import Infectors, Rules
from suyuan.exposure.match import PackedVisits, sum_close_contacts
from suyuan.exposure.rules import probability_of
from suyuan.protocols import Protocol
from suyuan.terms import Ring

DAY_MINUTES = 1440


def contacts_from_evidence(evidence: pl.DataFrame, case_numbers: np.ndarray) -> pl.DataFrame:
    """Gather the evidence by person; cases are left out.

    Returns
    -------
    polars.DataFrame
        person, ring, n_meetings, minutes_together (no minute counted twice), minutes_lingering, first, last (minutes
        since 1970), dose, infector (row of the cases' table with the largest dose), kind (number, of the rule).
    """
    rows = evidence.filter(~pl.col("person").is_in(case_numbers.tolist())).sort("person", "start", "together")
    fresh = uncounted(pl.col("start"), pl.col("start") + pl.col("together"), "person")
    by_dose = rows.with_columns(fresh=fresh).sort(
        "person", "ring", "dose", "infector", "start", descending=[False, False, True, False, False]
    )
    doses = (
        rows.group_by("person", "infector")
        .agg(pl.col("dose").sum())
        .sort("person", "dose", "infector", descending=[False, True, False])
    )
    leading = doses.group_by("person", maintain_order=True).agg(pl.col("infector").first())
    gathered = by_dose.group_by("person", maintain_order=True).agg(
        pl.col("ring").first(),
        pl.len().cast(pl.UInt32).alias("n_meetings"),
        pl.col("fresh").sum().alias("minutes_together"),
        pl.col("lingering").sum().alias("minutes_lingering"),
        pl.col("start").min().alias("first"),
        (pl.col("start") + pl.col("together") + pl.col("lingering")).max().alias("last"),
        pl.col("dose").sum(),
        pl.col("kind").first(),
    )
    return gathered.join(leading, on="person").with_columns(p_infection=probability_of(gathered["dose"].to_numpy()))


def course_of(protocol: Protocol) -> Course:
    """Return from when to when a contact's own meetings count, in minutes after the first exposure."""
    rule = protocol.rings.close
    latent = round(rule.latent_days * DAY_MINUTES)
    return Course(latent, max(1, round(rule.until_quarantine_days * DAY_MINUTES) - latent))


def find_contacts_of_contacts(
    log: PackedVisits, close: pl.DataFrame, known: np.ndarray, protocol: Protocol, rules: Rules
) -> pl.DataFrame:
    """Find whom the close contacts met before they were quarantined.

    Parameters
    ----------
    log
        Visits, with the encounters as stays where there are any (``with_encounters``).
    close
        person, first, p_infection of the close contacts.
    known
        Numbers of persons who already have a nearer place: cases and close contacts.

    Returns
    -------
    polars.DataFrame
        person, n_meetings, minutes_together, minutes_lingering, first, last, dose, p_infection and ``contact``: the
        number of the close contact who gave the first meeting.

    Notes
    -----
    Infectiousness of a contact is laid from a day 0 at first exposure plus the mean incubation period. The
    probability is that of the close contact met first times that of the sum of meetings: enough to order a list.
    """
    course = course_of(protocol)
    first = close["first"].to_numpy()
    start = first + np.int32(course.latent_minutes)
    onset = first + np.int32(round(protocol.incubation.mean_days * DAY_MINUTES))
    contacts = Infectors(close["person"].to_numpy(), start, start + np.int32(course.infectious_minutes), onset)
    sums = sum_close_contacts(log, contacts, rules)
    reached = find_generations(log, contacts, rules, course, 1)
    met = pl.DataFrame({name: sums[name] for name in sums.dtype.names or ()})
    frame = met.join(_by_whom(reached), on="person").filter(~pl.col("person").is_in(known.tolist()))
    through = close.select(pl.col("person").alias("contact"), pl.col("p_infection").alias("p_contact"))
    joined = frame.join(through, on="contact", how="left").sort("person")
    return joined.with_columns(
        p_infection=pl.Series(probability_of(joined["dose"].to_numpy())) * pl.col("p_contact"),
        minutes_together=pl.col("minutes_together").cast(pl.Int64),
        minutes_lingering=pl.col("minutes_lingering").cast(pl.Int64),
        kind=pl.lit(None, pl.UInt8),
    )


def quarantine_of(ring: Ring, protocol: Protocol) -> tuple[str, int]:
    """Return the quarantine of a ring as text (``facility 7 d + home 3 d``) and its days; empty and 0 where none."""
    by_ring = {Ring.CLOSE: protocol.rings.close, Ring.CONTACT_OF_CONTACT: protocol.rings.contact_of_contact}
    rule = by_ring.get(ring)
    if rule is None or not rule.determined:
        return "", 0
    steps = rule.quarantine
    return " + ".join(f"{step.kind.value} {step.days} d" for step in steps), sum(step.days for step in steps)


def _by_whom(reached: Reached) -> pl.DataFrame:
    return pl.DataFrame({"person": reached.person, "contact": reached.infector})
