"""The contact table of the page: one row per person, the evidence in words underneath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from suyuan.reporting.drawing import RING_MARKS
from suyuan.reporting.evidence_words import meeting_words
from suyuan.reporting.figures import order_contacts, ring_rank, with_setting
from suyuan.reporting.markup import Markup, el, together
from suyuan.reporting.shapes import TraceTables
from suyuan.reporting.voice import RINGS, Voice

SHOWN = 1000
PRINTED = 150
MEETINGS = 5
COLUMNS = (
    "person_id",
    "ring",
    "p_infection",
    "setting",
    "last_exposure",
    "minutes_together",
    "infector_id",
    "quarantine_until",
)
NUMBERS = frozenset({"p_infection", "minutes_together"})

Row = Mapping[str, Any]


def contact_section(result: TraceTables, voice: Voice) -> Markup:
    """Build the table of the first contacts by ring and probability, with a filter that appears only with scripts."""
    usual = pl.col("quarantine").mode().sort().first().over("ring")
    marked = result.contacts.with_columns(pl.col("quarantine").ne_missing(usual).alias("unusual"))
    contacts = with_setting(order_contacts(marked)).head(SHOWN)
    if not contacts.height:
        return el("p", voice.say("contacts_none"))
    meetings = top_meetings(result.evidence, contacts["person_id"])
    rows = [
        _contact(number, row, meetings.get(row["person_id"], []), (result, voice))
        for number, row in enumerate(contacts.iter_rows(named=True), start=1)
    ]
    head = el("tr", el("th", voice.say("number_sign"), scope="col"), *(_head(column, voice) for column in COLUMNS))
    table = el("table", el("thead", head), *rows, class_="contacts", id="contacts")
    total = result.contacts.height
    shown = voice.say("contacts_shown", shown=f"{contacts.height:,}", total=voice.count("people", total))
    notes = [
        el("p", shown if total > contacts.height else voice.say("contacts_all", total=voice.count("people", total)))
    ]
    if contacts.height > PRINTED:
        notes.append(el("p", voice.say("contacts_printed", n=PRINTED), class_="print-only"))
    return together(*notes, _controls(contacts, voice), el("div", table, class_="wide"))


def top_meetings(evidence: pl.DataFrame, people: pl.Series) -> dict[str, list[Row]]:
    """Collect each person's meetings of the nearest ring, the weightiest first, and how many there are in all."""
    mine = evidence.filter(pl.col("person_id").is_in(people.implode()))
    ranked = mine.sort(
        [ring_rank(), "p_infection", "minutes_together", "start"],
        descending=[False, True, True, False],
        nulls_last=True,
    )
    counted = ranked.with_columns(pl.len().over("person_id").alias("n_all"))
    found: dict[str, list[Row]] = {}
    for row in counted.group_by("person_id", maintain_order=True).head(MEETINGS).iter_rows(named=True):
        found.setdefault(row["person_id"], []).append(row)
    return found


def _head(column: str, voice: Voice) -> Markup:
    return el("th", voice.heading(column), scope="col", data_sort=column, class_="n" if column in NUMBERS else None)


def _contact(number: int, row: Row, meetings: list[Row], view: tuple[TraceTables, Voice]) -> Markup:
    result, voice = view
    rank = RINGS.index(row["ring"]) if row["ring"] in RINGS else len(RINGS)
    cells = {
        "person_id": (el("b", row["person_id"]), row["person_id"]),
        "ring": (ring_badge(row["ring"], voice), rank),
        "p_infection": (voice.percent(row["p_infection"]), row["p_infection"] or 0.0),
        "setting": (voice.kind(row["setting"]), row["setting"]),
        "last_exposure": (voice.moment(row["last_exposure"]), _second(row["last_exposure"])),
        "minutes_together": (f"{round(row['minutes_together'] or 0):,}", round(row["minutes_together"] or 0)),
        "infector_id": (row["infector_id"] or voice.say("unknown"), row["infector_id"] or ""),
        "quarantine_until": (
            voice.day(row["quarantine_until"]) if row["quarantine_until"] else "–",
            str(row["quarantine_until"] or ""),
        ),
    }
    tds = [el("td", f"{number:,}", class_="n")]
    for column, (shown, key) in cells.items():
        sort = f"{key:.9f}" if isinstance(key, float) else key
        tds.append(
            el("td", shown, data_v=sort, data_label=voice.heading(column), class_="n" if column in NUMBERS else None)
        )
    evidence = el(
        "tr",
        el("td", class_="gap"),
        el("td", _evidence(row, meetings, (result, voice)), colspan=len(COLUMNS)),
        class_="evidence",
    )
    beyond = "beyond-print" if number > PRINTED else None
    return el("tbody", el("tr", *tds), evidence, data_ring=row["ring"], data_setting=row["setting"], class_=beyond)


def _second(instant: Any) -> int:
    return int(instant.timestamp()) if instant is not None else 0


def _evidence(row: Row, meetings: list[Row], view: tuple[TraceTables, Voice]) -> Markup:
    result, voice = view
    said = [meeting_words(meeting, result.protocol, voice) for meeting in meetings]
    # what a ring gets as a rule stands at the top of the page; here only what differs from it
    quarantine = el("span", voice.quarantine(row["quarantine"]), class_="q") if row["unusual"] else None
    if not said:
        return together(voice.say("evidence_none"), " ", quarantine)
    more = meetings[0]["n_all"] - 1
    if not more:
        return together(said[0], " ", quarantine)
    items = [el("li", sentence) for sentence in said[1:]]
    hidden = more - len(items)
    if hidden:
        items.append(el("li", voice.say("evidence_more", meetings=voice.count("meetings", hidden))))
    rest = el("details", el("summary", voice.say("and_more", meetings=voice.count("meetings", more))), el("ul", *items))
    return together(said[0], " ", quarantine, rest)


def ring_badge(ring: str, voice: Voice) -> Markup:
    """Name a ring with its mark and colour."""
    known = ring if ring in RING_MARKS else "general"
    return el("span", f"{RING_MARKS[known]} {voice.ring(ring)}", class_=f"ring {known}")


def _controls(contacts: pl.DataFrame, voice: Voice) -> Markup:
    rings = [ring for ring in RINGS if ring in set(contacts["ring"])]
    settings = contacts["setting"].value_counts(sort=True)["setting"].to_list()
    everything = el("option", voice.say("filter_all"), value="")
    by_ring = el("select", everything, *(el("option", voice.ring(ring), value=ring) for ring in rings), id="by-ring")
    by_kind = el(
        "select", everything, *(el("option", voice.kind(kind), value=kind) for kind in settings), id="by-setting"
    )
    return el(
        "form",
        el("label", voice.say("filter_search"), " ", el("input", type="search", id="search", autocomplete="off")),
        el("label", voice.heading("ring"), " ", by_ring),
        el("label", voice.heading("setting"), " ", by_kind),
        el("output", "", id="found", data_word=voice.say("filter_found")),
        id="controls",
        hidden=True,
    )
