"""What changed between two answers of tracing: only the differences, each with its reason and its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from suyuan.exposure.changed_reasons import Reasons
from suyuan.terms import say

ADDED, REMOVED, RING_CHANGED, DATES_CHANGED = "added", "removed", "ring_changed", "dates_changed"
RINGS = ("close", "contact_of_contact", "general", "colocated")

COMPARED = ("ring", "first_exposure", "last_exposure", "quarantine", "quarantine_until", "infector_id")
MEETING = ("infector_id", "person_id", "ring", "place_id", "start", "end")
REASON_COLUMNS = ("reason", "about_id", "detail_before", "detail_after", "infector_id", "place_id", "start", "end")


@dataclass(frozen=True, slots=True)
class Answer:
    """The tables of one answer that are compared, with the columns of a tracing result.

    ``protocol_id`` names the edition applied.
    """

    cases: pl.DataFrame
    contacts: pl.DataFrame
    evidence: pl.DataFrame
    protocol_id: str


def find_changes(before: Answer, after: Answer, visits: pl.DataFrame | None = None) -> pl.DataFrame:
    """Find who became a contact, is one no longer, or has another ring or other dates, and why.

    Parameters
    ----------
    before, after
        The earlier and the later answer.
    visits
        What happened to the visit log in between: ``person_id, place_id, verb, t_in, t_out`` with the verb ``add``,
        ``correct`` or ``withdraw``; a correction may bring two rows, its old and its new times. Without it a
        difference that nothing else explains is put down to the visits of the two who met.

    Returns
    -------
    DataFrame
        One row per person who differs: ``person_id``, ``change`` (``added``, ``removed``, ``ring_changed``,
        ``dates_changed``), ring, first and last exposure and end of quarantine ``_before`` and ``_after``,
        ``reason`` (a code, said in words by ``explain``), ``about_id`` (the case or person the reason speaks of),
        ``detail_before`` and ``detail_after`` (the corrected date or the edition), and the meeting that decided:
        ``infector_id, place_id, start, end``. Nearest ring first.

    Notes
    -----
    The meeting that decides is one that only one of the two answers holds: for a person added or moved nearer, the
    likeliest of the new meetings; for one removed or moved out, the likeliest of those that went; for dates, the one
    that set the date. Its reason is looked for in this order: the person or the infector became or ceased to be a
    case; the meeting lies outside the other answer's tracing window of a case whose dates were corrected; a visit of
    one of the two was recorded, corrected or withdrawn; the infector, a contact, changed; the edition changed.
    """
    changed = _differences(before.contacts, after.contacts)
    gained, lost = _only_in(after.evidence, before.evidence), _only_in(before.evidence, after.evidence)
    reasons = Reasons(
        cases=(_by_person(before.cases), _by_person(after.cases)),
        protocols=(before.protocol_id, after.protocol_id),
        visits=_grouped(visits, "person_id"),
        changed=set(changed["person_id"].to_list()),
    )
    persons = changed["person_id"]
    by_person = _grouped(gained, "person_id", persons), _grouped(lost, "person_id", persons)
    rows = []
    for row in changed.iter_rows(named=True):
        mine = by_person[0].get(row["person_id"], []), by_person[1].get(row["person_id"], [])
        meeting, is_new = _decisive(row, *mine)
        rows.append(reasons.of(row, meeting, is_new=is_new))
    columns = [pl.Series(name, [row[name] for row in rows], dtype=_type(name, after)) for name in REASON_COLUMNS]
    return changed.drop("infector_id_before", "infector_id_after", "quarantine_before", "quarantine_after").hstack(
        columns
    )


def explain(row: Mapping[str, Any], lang: str = "en") -> str:
    """Say one row of ``find_changes`` in words: what changed, why, and the evidence.

    Parameters
    ----------
    lang
        ``en`` or ``zh``.
    """
    values = {
        "person": row["person_id"],
        "before": _ring_word(row["ring_before"], lang),
        "after": _ring_word(row["ring_after"], lang),
        "until_before": _moment(row["quarantine_until_before"], lang),
        "until_after": _moment(row["quarantine_until_after"], lang),
        "first_before": _moment(row["first_exposure_before"], lang),
        "first_after": _moment(row["first_exposure_after"], lang),
    }
    what = row["change"]
    if what == DATES_CHANGED and row["quarantine_until_before"] == row["quarantine_until_after"]:
        what = "exposure_changed"
    details = {"before": _or_unknown(row["detail_before"], lang), "after": _or_unknown(row["detail_after"], lang)}
    pieces = [
        say(f"changed.{what}", lang, **values),
        say(f"changed_reason.{row['reason']}", lang, about=row["about_id"], **details),
    ]
    if row["start"] is not None:
        place = say("changed.at_place", lang, place=row["place_id"]) if row["place_id"] else ""
        span = _moment(row["start"], lang), _moment(row["end"], lang)
        who = row["infector_id"]
        pieces.append(say("changed.evidence", lang, infector=who, place=place, start=span[0], end=span[1]))
    return ("" if lang == "zh" else " ").join(pieces)


def _differences(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    old, new = (_nearest(frame) for frame in (before, after))
    both = old.join(new, on="person_id", how="full", suffix="_after", coalesce=True)
    both = both.rename({name: f"{name}_before" for name in COMPARED})
    ring_before, ring_after = pl.col("ring_before"), pl.col("ring_after")
    dates = ("first_exposure", "last_exposure", "quarantine", "quarantine_until")
    differs = pl.any_horizontal(pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in dates)
    change = (
        pl.when(ring_before.is_null())
        .then(pl.lit(ADDED))
        .when(ring_after.is_null())
        .then(pl.lit(REMOVED))
        .when(ring_before != ring_after)
        .then(pl.lit(RING_CHANGED))
        .when(differs)
        .then(pl.lit(DATES_CHANGED))
    )
    rank = pl.min_horizontal(_rank(ring_before), _rank(ring_after))
    pairs = [f"{name}_{when}" for name in COMPARED for when in ("before", "after")]
    found = both.with_columns(change.alias("change")).filter(pl.col("change").is_not_null())
    return found.sort(rank, "change", "person_id").select("person_id", "change", *pairs)


def _nearest(contacts: pl.DataFrame) -> pl.DataFrame:
    """One row per person: the nearest ring."""
    texts = contacts.select("person_id", *COMPARED).with_columns(pl.col("ring").cast(pl.String))
    ordered = texts.sort(_rank(pl.col("ring")), "first_exposure")
    return ordered.unique("person_id", keep="first", maintain_order=True)


def _rank(ring: pl.Expr) -> pl.Expr:
    return ring.replace_strict({name: at for at, name in enumerate(RINGS)}, default=None, return_dtype=pl.Int8)


def _only_in(evidence: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    as_text = pl.col("ring").cast(pl.String)  # a closed list in memory may come back from a file as plain text
    both = evidence.with_columns(as_text), other.with_columns(as_text)
    return both[0].join(both[1], on=list(MEETING), how="anti", nulls_equal=True)


def _by_person(cases: pl.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["person_id"]: row for row in cases.iter_rows(named=True)}


def _grouped(frame: pl.DataFrame | None, by: str, wanted: pl.Series | None = None) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    if frame is None:
        return found
    if wanted is not None:
        frame = frame.filter(pl.col(by).is_in(wanted.implode()))
    for row in frame.iter_rows(named=True):
        found.setdefault(row[by], []).append(row)
    return found


def _decisive(
    row: Mapping[str, Any], gained: list[dict[str, Any]], lost: list[dict[str, Any]]
) -> tuple[dict[str, Any] | None, bool]:
    """Choose the meeting that made the difference, and say whether it is a new one."""
    if row["change"] == DATES_CHANGED:
        return _decisive_for_dates(row, gained, lost)
    nearer = row["change"] == ADDED or (
        row["change"] == RING_CHANGED and RINGS.index(row["ring_after"]) < RINGS.index(row["ring_before"])
    )
    tries = [(gained, row["ring_after"], True), (lost, row["ring_before"], False)]
    for meetings, ring, is_new in tries if nearer else tries[::-1]:
        fitting = [meeting for meeting in meetings if meeting["ring"] == ring]
        if fitting:
            return min(fitting, key=lambda meeting: (-(meeting["p_infection"] or 0), meeting["start"])), is_new
    return None, nearer


def _decisive_for_dates(
    row: Mapping[str, Any], gained: list[dict[str, Any]], lost: list[dict[str, Any]]
) -> tuple[dict[str, Any] | None, bool]:
    for name, edge, latest in (("last_exposure", "end", True), ("first_exposure", "start", False)):
        was, now = row[f"{name}_before"], row[f"{name}_after"]
        if was == now or was is None or now is None:
            continue
        is_new = (now > was) == latest
        meetings = gained if is_new else lost
        if meetings:
            return (max if latest else min)(meetings, key=lambda meeting: meeting[edge]), is_new
    return None, True


def _type(name: str, answer: Answer) -> pl.DataType | type[pl.DataType]:
    return answer.evidence.schema[name] if name in ("start", "end") else pl.String


def _ring_word(ring: str | None, lang: str) -> str:
    return say(f"changed_ring.{ring}", lang) if ring else ""


def _or_unknown(detail: str | None, lang: str) -> str:
    return detail if detail is not None else say("changed.not_set", lang)


def _moment(moment: date | datetime | None, lang: str) -> str:
    if moment is None:
        return say("changed.not_set", lang)
    return moment.strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else moment.isoformat()
