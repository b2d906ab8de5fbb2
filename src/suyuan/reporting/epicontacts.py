"""The line list and contact pairs that the R package epicontacts reads."""

from __future__ import annotations

import polars as pl

from suyuan.reporting.shapes import TraceTables


def line_list(result: TraceTables) -> pl.DataFrame:
    """Build one row per person: every case, then every contact who is not a case.

    Notes
    -----
    Read with ``epicontacts::make_epicontacts(linelist, contacts, directed = TRUE)``: ``id`` is the first column here,
    ``from`` and ``to`` the first two of the pairs.

    References
    ----------
    Nagraj VP et al. epicontacts: Handling, visualisation and analysis of epidemiological contacts. F1000Research
    2018; 7:566. doi:10.12688/f1000research.14492
    """
    cases = result.cases.select(
        pl.col("person_id").alias("id"),
        _day("date_onset", result),
        _day("date_sampling", result),
        _day("isolated_at", result).alias("date_isolation"),
        pl.lit("case").alias("role"),
    )
    contacts = result.contacts.filter(~pl.col("person_id").is_in(result.cases["person_id"].implode())).select(
        pl.col("person_id").alias("id"),
        pl.lit("contact").alias("role"),
        "ring",
        "generation",
        _day("first_exposure", result).alias("date_exposure_first"),
        _day("last_exposure", result).alias("date_exposure_last"),
        "p_infection",
        "quarantine_until",
    )
    return pl.concat([cases, contacts], how="diagonal")


def contact_pairs(result: TraceTables) -> pl.DataFrame:
    """Build one row per pair that met, ``from`` the infector ``to`` the exposed person, all meetings summed."""
    return (
        result.evidence.group_by(pl.col("infector_id").alias("from"), pl.col("person_id").alias("to"))
        .agg(
            pl.len().alias("n_meetings"),
            pl.col("start").min().alias("first_exposure"),
            pl.col("end").max().alias("last_exposure"),
            pl.col("minutes_together").sum(),
            pl.col("minutes_lingering").sum(),
            pl.col("ring").sort_by("p_infection", descending=True, nulls_last=True).first(),
            pl.col("place_kind").sort_by("p_infection", descending=True, nulls_last=True).first(),
        )
        .sort("from", "to")
    )


def _day(column: str, result: TraceTables) -> pl.Expr:
    frame = result.cases if column in result.cases.columns else result.contacts
    kind = frame.schema[column]
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        return pl.col(column).dt.convert_time_zone(result.timezone).dt.date()
    return pl.col(column).cast(pl.Date)
