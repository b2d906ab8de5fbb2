"""Tracing on logs small enough to check by eye."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_logs import at, case

from suyuan.exposure.trace import trace
from suyuan.terms import PLACE_KINDS, BadInput, PlaceKind


def rings(result):
    return dict(result.contacts.select("person_id", pl.col("ring").cast(pl.String)).iter_rows())


def contact(result, person):
    return result.contacts.row(by_predicate=pl.col("person_id") == person, named=True)


def test_somebody_at_the_same_table_is_close_and_somebody_at_another_is_general(make_log):
    """The zone rule of a restaurant separates the tables; both stay in the answer."""
    log = make_log(
        [
            ("C1", "R", "restaurant", "07-05 12:00", "07-05 13:00", "table 1"),
            ("A", "R", "restaurant", "07-05 12:10", "07-05 12:50", "table 1"),
            ("B", "R", "restaurant", "07-05 12:10", "07-05 12:50", "table 2"),
        ]
    )
    result = trace(log, [case("C1", onset="07-06")], "covid19-9")
    assert rings(result) == {"A": "close", "B": "general"}
    assert contact(result, "A")["minutes_together"] == 40
    assert contact(result, "A")["rule"] == "restaurant.close"
    assert contact(result, "A")["first_exposure"] == at("07-05 12:10")


def test_a_table_that_nobody_noted_may_have_been_the_same(make_log):
    """A zone that is not known is never a reason to leave somebody out."""
    log = make_log(
        [
            ("C1", "R", "restaurant", "07-05 12:00", "07-05 13:00", "table 1"),
            ("A", "R", "restaurant", "07-05 12:10", "07-05 12:50"),
        ]
    )
    assert rings(trace(log, [case("C1", onset="07-06")], "covid19-9")) == {"A": "close"}


def test_a_stall_that_nobody_noted_is_not_the_same_one_where_stalls_are_noted(make_log):
    """In a market an unknown stall makes a general contact; where no stall is ever noted, the market is one place."""
    rows = [
        ("C1", "M", "market", "07-05 12:00", "07-05 13:00", "stall 1"),
        ("NEAR", "M", "market", "07-05 12:10", "07-05 12:50", "stall 1"),
        ("UNKNOWN", "M", "market", "07-05 12:10", "07-05 12:50"),
        ("C1", "PLAIN", "market", "07-05 15:00", "07-05 16:00"),
        ("THERE", "PLAIN", "market", "07-05 15:10", "07-05 15:50"),
    ]
    result = trace(make_log(rows), [case("C1", onset="07-06")], "covid19-9")
    assert rings(result) == {"NEAR": "close", "UNKNOWN": "general", "THERE": "close"}


def test_the_window_begins_two_days_before_onset_and_ends_at_isolation(make_log):
    """Meetings before the look-back and after isolation are no contacts; a stay is cut at both ends."""
    log = make_log(
        [
            ("C1", "H", "home", "07-03 20:00", "07-04 08:00"),
            ("C1", "H", "home", "07-06 20:00", "07-07 08:00"),
            ("EARLY", "H", "home", "07-03 20:00", "07-03 23:00"),
            ("CUT", "H", "home", "07-03 20:00", "07-04 02:00"),
            ("LATE", "H", "home", "07-06 21:30", "07-07 08:00"),
        ]
    )
    result = trace(log, [case("C1", onset="07-06", isolated="07-06 21:00")], "covid19-9")
    assert rings(result) == {"CUT": "close"}
    assert contact(result, "CUT")["minutes_together"] == 120
    assert result.cases["window_from"].to_list() == [at("07-04 00:00")]


def test_without_onset_the_window_counts_from_sampling(make_log):
    """A case without symptoms is traced from two days before the sample."""
    log = make_log(
        [("C1", "H", "home", "07-04 20:00", "07-05 08:00"), ("A", "H", "home", "07-05 01:00", "07-05 02:00")]
    )
    assert rings(trace(log, [case("C1", sampled="07-07")], "covid19-9")) == {"A": "close"}
    assert rings(trace(log, [case("C1", sampled="07-09")], "covid19-9")) == {}


def test_location_data_alone_gives_a_co_located_person(make_log):
    """Whoever is known only from location data is never a close contact by that alone."""
    log = make_log(
        [
            ("C1", "R", "restaurant", "07-05 12:00", "07-05 13:00"),
            ("A", "R", "restaurant", "07-05 12:10", "07-05 12:50", "", "location"),
        ]
    )
    result = trace(log, [case("C1", onset="07-06")], "covid19-9")
    assert rings(result) == {"A": "colocated"}
    assert contact(result, "A")["rule"] == "restaurant.location"


def test_two_sources_of_one_stay_count_its_minutes_once(make_log):
    """A meeting told by a check-in and by an interview is one meeting, not two."""
    log = make_log(
        [
            ("C1", "H", "home", "07-05 12:00", "07-05 14:00"),
            ("A", "H", "home", "07-05 12:00", "07-05 13:00", "", "check-in"),
            ("A", "H", "home", "07-05 12:05", "07-05 13:00", "", "interview"),
        ]
    )
    found = contact(trace(log, [case("C1", onset="07-06")], "covid19-9"), "A")
    assert (found["n_meetings"], found["minutes_together"]) == (1, 60)


def test_a_device_and_a_check_in_that_saw_one_meeting_count_it_once(make_log):
    """An encounter inside a meeting known from visits adds nothing; one outside it does."""
    log = make_log(
        [
            ("C1", "H", "home", "07-05 12:00", "07-05 14:00"),
            ("A", "H", "home", "07-05 12:00", "07-05 13:00"),
        ],
        [("C1", "A", "home", "07-05 12:20", "07-05 12:50"), ("A", "C1", "home", "07-05 18:00", "07-05 18:30")],
    )
    result = trace(log, [case("C1", onset="07-06")], "covid19-9")
    found = contact(result, "A")
    assert (found["n_meetings"], found["minutes_together"]) == (2, 90)
    assert result.evidence.filter(pl.col("ring") == "close")["place_id"].to_list() == ["H", None]


def test_contacts_of_contacts_follow_the_contact_after_the_meeting(make_log):
    """The next ring counts from the contact's first meeting with the case on, and later editions drop it."""
    log = make_log(
        [
            ("C1", "R", "restaurant", "07-05 12:00", "07-05 13:00"),
            ("A", "R", "restaurant", "07-05 12:00", "07-05 13:00"),
            ("BEFORE", "HA", "home", "07-04 20:00", "07-05 08:00"),
            ("A", "HA", "home", "07-04 20:00", "07-05 08:00"),
            ("A", "HA", "home", "07-05 19:00", "07-06 08:00"),
            ("AFTER", "HA", "home", "07-05 20:00", "07-06 08:00"),
        ]
    )
    cases = [case("C1", onset="07-06")]
    ninth = trace(log, cases, "covid19-9")
    assert rings(ninth) == {"A": "close", "AFTER": "contact_of_contact"}
    after = contact(ninth, "AFTER")
    assert (after["infector_id"], after["first_exposure"]) == ("A", at("07-05 20:00"))
    assert 0 < after["p_infection"] < contact(ninth, "A")["p_infection"]
    first = ninth.evidence.row(by_predicate=pl.col("person_id") == "AFTER", named=True)
    assert (first["place_id"], first["place_kind"]) == ("HA", "home")
    assert rings(trace(log, cases, "covid19-20")) == {"A": "close"}


def test_generations_go_deeper_than_the_rings(make_log):
    """Four generations along a chain of homes, each with the one who gave it."""
    rows = [("C1", "H0", "home", "07-05 08:00", "07-05 09:00")]
    for i in range(4):
        rows += [
            (f"G{i}", f"H{i}", "home", f"07-0{5 + i} 08:00", f"07-0{5 + i} 09:00"),
            (f"G{i}", f"H{i + 1}", "home", f"07-0{6 + i} 08:00", f"07-0{6 + i} 09:00"),
        ]
    result = trace(make_log(rows), [case("C1", onset="07-06")], "covid19-9", n_generations=4)
    reached = result.generations.select("person_id", "generation", "infector_id").rows()
    assert reached == [("G0", 1, "C1"), ("G1", 2, "G0"), ("G2", 3, "G1"), ("G3", 4, "G2")]


def test_encounters_of_a_day_count_together_and_chains_run_through_them(make_log):
    """Three short encounters on one day meet a rule that none of them meets alone; the next ring follows."""
    log = make_log(
        encounters=[
            ("C1", "A", "meeting", "07-05 09:00", "07-05 09:06"),
            ("C1", "A", "meeting", "07-05 10:00", "07-05 10:06"),
            ("A", "C1", "meeting", "07-05 11:00", "07-05 11:06"),
            ("C1", "SHORT", "meeting", "07-05 09:00", "07-05 09:06"),
            ("A", "B", "meeting", "07-05 15:00", "07-05 15:40"),
        ]
    )
    result = trace(log, [case("C1", onset="07-06")], "covid19-9")
    found = rings(result)
    assert (found["A"], found["B"]) == ("close", "contact_of_contact")
    assert found.get("SHORT") != "close"
    assert contact(result, "A")["minutes_together"] == 18
    assert result.evidence.filter(pl.col("person_id") == "A")["place_id"].null_count() == 3


def test_records_of_seconds_add_up_to_minutes(tmp_path):
    """Forty records of 40 seconds are 26 minutes together, not forty times nothing."""
    from suyuan.exposure.log import Coded, EncounterBatch, LogWriter, create_log, open_log

    create_log(tmp_path / "log", "Asia/Shanghai")
    start = int(at("07-05 09:00").timestamp()) + 60 * np.arange(40)
    batch = EncounterBatch(
        person_a=Coded.constant("C1", 40),
        person_b=Coded.constant("A", 40),
        source=Coded.constant("device", 40),
        setting=np.full(40, PLACE_KINDS.index(PlaceKind.MEETING), np.uint8),
        start=start,
        end=start + 40,
    )
    with LogWriter(tmp_path / "log") as writer:
        writer.add_encounters(batch)
    found = contact(trace(open_log(tmp_path / "log"), [case("C1", onset="07-06")], "covid19-9"), "A")
    assert (found["ring"], found["n_meetings"], found["minutes_together"]) == ("close", 40, 26)
    assert found["p_infection"] > 0


def test_cases_are_not_their_own_contacts_but_their_meetings_are_evidence(make_log):
    """Two cases who met stand in the evidence, not in the list of people to quarantine."""
    log = make_log(
        [
            ("C1", "H", "home", "07-05 08:00", "07-05 09:00"),
            ("C2", "H", "home", "07-05 08:00", "07-05 09:00"),
            ("A", "H", "home", "07-05 08:00", "07-05 09:00"),
        ]
    )
    result = trace(log, [case("C1", onset="07-06"), case("C2", onset="07-06")], "covid19-9")
    assert rings(result) == {"A": "close"}
    met = result.evidence.filter(pl.col("person_id").is_in(["C1", "C2"])).select("infector_id", "person_id").rows()
    assert met == [("C1", "C2"), ("C2", "C1")]


def test_the_quarantine_is_the_editions_and_ends_so_many_days_after_the_last_exposure(make_log):
    """Kind, days and last day of the quarantine come from the edition."""
    log = make_log(
        [("C1", "H", "home", "07-05 08:00", "07-05 09:00"), ("A", "H", "home", "07-05 08:00", "07-05 09:00")]
    )
    found = contact(trace(log, [case("C1", onset="07-06")], "covid19-20"), "A")
    assert found["quarantine"] == "facility 5 d + home 3 d"
    assert found["quarantine_until"] == date(2022, 7, 13)


def test_itinerary_and_places_count_whom_the_case_met_where(make_log):
    """Each stay of the case says how many close contacts it gave."""
    log = make_log(
        [
            ("C1", "H", "home", "07-05 08:00", "07-05 09:00"),
            ("C1", "P", "outdoor", "07-05 10:00", "07-05 10:05"),
            ("A", "H", "home", "07-05 08:00", "07-05 09:00"),
            ("B", "H", "home", "07-05 08:30", "07-05 09:00"),
        ]
    )
    result = trace(log, [case("C1", onset="07-06")], "covid19-9")
    assert result.itinerary.select("place_id", "n_close").rows() == [("H", 2), ("P", 0)]
    assert result.places.select("place_id", "n_cases", "n_close", "case_minutes").rows() == [
        ("H", 1, 2, 60),
        ("P", 1, 0, 5),
    ]


def test_a_case_the_log_does_not_know_is_told_and_does_not_stop_the_others(make_log):
    """The table of cases shows zero visits for a case that the log knows nothing of."""
    log = make_log(
        [("C1", "H", "home", "07-05 08:00", "07-05 09:00"), ("A", "H", "home", "07-05 08:00", "07-05 09:00")]
    )
    result = trace(log, [case("C1", onset="07-06"), case("NOBODY", onset="07-06")], "covid19-9")
    assert result.cases.select("person_id", "n_visits").rows() == [("C1", 1), ("NOBODY", 0)]
    assert result.summary()["n_cases_without_visits"] == 1


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ([], "trace.no_cases"),
        ([case("C1", onset="07-06"), case("C1", onset="07-07")], "trace.case_twice"),
        ([case("X", onset="07-06")], "trace.all_unknown"),
        ([case("C1")], "window.no_dates"),
    ],
)
def test_cases_that_cannot_be_traced_are_refused_with_a_sentence(make_log, cases, code):
    """No cases, one twice, none known, no dates: each says what to mend."""
    log = make_log([("C1", "H", "home", "07-05 08:00", "07-05 09:00")])
    with pytest.raises(BadInput) as problem:
        trace(log, cases, "covid19-9")
    assert problem.value.code == code
    assert all(problem.value.sentence(lang) for lang in ("en", "zh"))


def test_a_case_that_fell_ill_in_quarantine_met_nobody(make_log):
    """Isolation before the look-back leaves an empty window, not an error."""
    log = make_log(
        [("C1", "H", "home", "07-05 08:00", "07-05 09:00"), ("A", "H", "home", "07-05 08:00", "07-05 09:00")]
    )
    result = trace(log, [case("C1", onset="07-06", isolated="07-01 10:00")], "covid19-9")
    assert result.contacts.height == 0
    assert result.cases["window_from"].to_list() == result.cases["window_to"].to_list()


def test_an_empty_answer_has_the_same_tables(make_log):
    """A case who met nobody gives empty tables with all their columns."""
    log = make_log(
        [("C1", "H", "home", "07-05 08:00", "07-05 09:00"), ("A", "X", "home", "07-05 08:00", "07-05 09:00")]
    )
    result = trace(log, [case("C1", onset="07-06")], "covid19-9")
    assert result.contacts.height == result.evidence.height == result.generations.height == 0
    assert "p_infection" in result.contacts.columns
    assert result.summary()["n_close"] == 0
