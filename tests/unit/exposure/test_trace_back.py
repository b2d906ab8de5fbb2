"""Tracing backward on logs small enough to check by eye."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_logs import at, case

from suyuan.exposure.log import Coded, LogWriter
from suyuan.exposure.log.places import PlaceBatch
from suyuan.exposure.trace_back import trace_backward
from suyuan.terms import PLACE_KINDS, BadInput, PlaceKind

EARLIER = case("C1", onset="07-06", isolated="07-09 12:00")
LATER = case("C2", onset="07-10")


def pairs(result):
    return result.candidates.select("case_id", "candidate_id", "known_case").rows()


def test_an_earlier_case_who_shared_a_home_is_the_candidate_and_not_the_other_way_round(make_log):
    """The case infectious at the time could have infected the other; the later one was not infectious yet."""
    log = make_log(
        [
            ("C1", "H", "home", "07-04 12:00", "07-05 00:00"),
            ("C2", "H", "home", "07-04 12:00", "07-05 00:00"),
            ("B", "H", "home", "07-04 12:00", "07-05 00:00"),
        ]
    )
    result = trace_backward(log, [EARLIER, case("C2", onset="07-12")], "covid19-9")
    assert pairs(result) == [("C2", "C1", True)]
    found = result.candidates.row(0, named=True)
    assert (found["place_id"], found["minutes"], found["start"]) == ("H", 12 * 60, at("07-04 12:00"))
    assert 0 < found["p"] < 1
    assert result.places.filter(pl.col("case_id") == "C2").select("place_id", "hours", "n_candidates").rows() == [
        ("H", 12.0, 2)
    ]


def test_everybody_lists_people_who_are_no_cases_without_a_made_up_probability(make_log):
    """Without an onset there is nothing to weigh by, and no probability is invented."""
    log = make_log(
        [("C2", "H", "home", "07-05 18:00", "07-06 08:00"), ("B", "H", "home", "07-05 18:00", "07-06 08:00")]
    )
    result = trace_backward(log, [LATER], "covid19-9", everybody=True)
    assert pairs(result) == [("C2", "B", False)]
    assert result.candidates["p"].to_list() == [None]
    assert trace_backward(log, [LATER], "covid19-9").candidates.height == 0


def test_a_candidate_may_have_left_before_the_case_came(make_log):
    """Where the edition counts lingering minutes, the case may come after the candidate has gone."""
    log = make_log(
        [
            ("C1", "L", "lift", "07-06 09:00", "07-06 09:02"),
            ("C2", "L", "lift", "07-06 09:03", "07-06 09:12"),
        ]
    )
    result = trace_backward(log, [EARLIER, LATER], "covid19-9")
    assert pairs(result) == [("C2", "C1", True)]


def test_an_isolated_case_infected_nobody_afterwards(make_log):
    """Meetings after the candidate's isolation do not count."""
    log = make_log(
        [
            ("C1", "H", "home", "07-09 18:00", "07-10 08:00"),
            ("C2", "H", "home", "07-09 18:00", "07-10 08:00"),
        ]
    )
    assert trace_backward(log, [EARLIER, LATER], "covid19-9").candidates.height == 0


def test_candidates_are_found_through_encounters_too(make_log):
    """A meeting that only a device saw has no place, but a candidate."""
    log = make_log(encounters=[("C1", "C2", "meeting", "07-06 09:00", "07-06 10:00")])
    result = trace_backward(log, [EARLIER, LATER], "covid19-9")
    assert pairs(result) == [("C2", "C1", True)]
    assert result.candidates["place_id"].to_list() == [None]


def test_a_meeting_in_visits_and_in_encounters_counts_its_minutes_once(make_log):
    """The minutes of a candidate are not doubled by a second source."""
    log = make_log(
        [("C1", "H", "home", "07-06 09:00", "07-06 11:00"), ("C2", "H", "home", "07-06 09:00", "07-06 11:00")],
        [("C1", "C2", "home", "07-06 09:30", "07-06 10:00")],
    )
    assert trace_backward(log, [EARLIER, LATER], "covid19-9").candidates["minutes"].to_list() == [120]


def test_hours_at_a_place_are_hours_however_many_sources_tell_of_them(make_log):
    """A home known from a register and from an interview is one stay."""
    log = make_log(
        [
            ("C2", "H", "home", "07-06 09:00", "07-06 11:00", "", "register"),
            ("C2", "H", "home", "07-06 09:30", "07-06 12:00", "", "interview"),
        ]
    )
    assert trace_backward(log, [LATER], "covid19-9").places["hours"].to_list() == [3.0]


def test_cases_that_shared_a_table_stand_first_among_common_exposures(make_log):
    """Ten cases from ten homes at one dinner are more than chance explains; a shop of many is not."""
    rows = []
    for i in range(10):
        rows.append((f"C{i}", "DINNER", "restaurant", "07-05 18:00", "07-05 20:00"))
        rows.append((f"C{i}", "SHOP", "shop", f"07-0{4 + i % 3} 1{i % 8}:00", f"07-0{4 + i % 3} 1{i % 8}:40"))
    for i in range(300):
        rows.append((f"B{i}", "SHOP", "shop", f"07-0{4 + i % 3} 1{i % 8}:00", f"07-0{4 + i % 3} 1{i % 8}:40"))
        rows.append((f"B{i}", f"REST{i % 20}", "restaurant", "07-05 18:00", "07-05 20:00"))
    cases = [case(f"C{i}", onset="07-10") for i in range(10)]
    common = trace_backward(make_log(rows), cases, "covid19-9").common
    first = common.row(0, named=True)
    assert (first["place_id"], first["n_cases"], first["hour_from"]) == ("DINNER", 10, at("07-05 18:00"))
    assert first["q_value"] < 0.001
    assert common.filter(pl.col("place_id") == "SHOP")["q_value"].min() > 0.05


def test_cases_unknown_to_the_log_are_refused_as_in_tracing_forward(make_log):
    """The same sentence as forward."""
    log = make_log([("C1", "H", "home", "07-05 08:00", "07-05 09:00")])
    with pytest.raises(BadInput) as problem:
        trace_backward(log, [case("X", onset="07-06")], "covid19-9")
    assert problem.value.code == "trace.all_unknown"


def test_each_shared_slot_names_its_cases_and_begins_on_the_local_clock(make_log):
    """The cases of a slot stand beside it, and two hours begin at even hours of the log's own clock."""
    rows = [(f"C{i}", "DINNER", "restaurant", "07-05 18:10", "07-05 19:50") for i in range(3)]
    rows.append(("C3", "DINNER", "restaurant", "07-05 20:00", "07-05 21:00"))
    result = trace_backward(make_log(rows), [case(f"C{i}", onset="07-10") for i in range(4)], "covid19-9")
    assert result.common.select("hour_from", "n_cases", "case_ids").rows() == [(at("07-05 18:00"), 3, "C0 C1 C2")]
    assert result.n_tests == 2


def test_half_hour_time_zones_have_their_slots_on_the_local_clock(make_log):
    """Where the clock is half an hour off, slots still begin at local midnight."""
    log = make_log([(f"C{i}", "DINNER", "restaurant", "07-05 18:40", "07-05 20:20") for i in range(3)])
    log.timezone = "Asia/Kolkata"
    common = trace_backward(log, [case(f"C{i}", onset="07-10") for i in range(3)], "covid19-9").common
    assert {f"{start:%H:%M}" for start in common["hour_from"]} == {"16:00"}


def test_the_answer_says_with_whom_the_cases_were_compared(make_log):
    """Without coordinates of homes the whole log is the background, and the result says so."""
    log = make_log([(f"C{i}", f"H{i}", "home", "07-05 18:00", "07-06 08:00") for i in range(3)])
    result = trace_backward(log, [case("C0", onset="07-10"), case("C1", onset="07-10")], "covid19-9")
    assert (result.compared, result.n_compared) == ("whole_log", 3)


def test_where_homes_have_coordinates_the_neighbours_are_the_comparison(make_log):
    """Two hundred people live by the cases and two hundred in another town: the first are compared."""
    rows = [(f"P{i:03}", f"H{i:03}", "home", "07-05 18:00", "07-06 08:00") for i in range(400)]
    log = make_log(rows)
    homes = PlaceBatch(
        place=Coded.of([f"H{i:03}" for i in range(400)]),
        kind=np.full(400, PLACE_KINDS.index(PlaceKind.HOME), np.uint8),
        longitude=np.where(np.arange(400) < 200, 116.0, 117.0),
        latitude=np.full(400, 40.0),
    )
    with LogWriter(log.path) as writer:
        writer.set_places(homes)
    cases = [case(f"P{i:03}", onset="07-10") for i in range(0, 200, 5)]
    result = trace_backward(log.refresh(), cases, "covid19-9")
    assert result.compared == "residents_near_cases"
    assert 195 <= result.n_compared <= 205
