"""Visits without an end."""

from __future__ import annotations

from suyuan.gateways import read_visits

TABLE = """person_id,place_id,t_in,t_out,place_kind,source
P1,S1,2022-06-28 08:00,,shop,code
P2,S1,2022-06-28 08:00,,home,code
P3,S1,2022-06-28 08:00,2022-06-28 08:10,shop,code
P4,S2,2022-06-28 08:00,,shop,location
"""


def test_assumed_only_where_declared(write, options, read_all, mapping):
    """A missing end is assumed only for the kinds the mapping names, is counted, and the source says so."""
    reading = read_visits(write(TABLE), options(mapping=mapping("assumed_stay_minutes.shop = 30")))
    rows, rejects = read_all(reading)
    assert [(row["person_id"], row["t_out"] - row["t_in"], row["source"]) for row in rows] == [
        ("P1", 1800, "code+stay assumed"),
        ("P3", 600, "code"),
        ("P4", 1800, "location"),
    ]
    assert reading.counts.n_stay_assumed == 2
    assert rejects[0].all_reasons() == [("missing_time",)]


def test_no_end_column_at_all(write, options, read_all, mapping):
    """With an assumption the end column itself may be absent."""
    text = "person_id,place_id,t_in\nP1,S1,2022-06-28 08:00\n"
    stated = mapping('constants.place_kind = "vehicle"\nassumed_stay_minutes.vehicle = 20')
    rows, _ = read_all(read_visits(write(text), options(mapping=stated)))
    assert [(row["t_out"] - row["t_in"], row["kind"]) for row in rows] == [(1200, 8)]
