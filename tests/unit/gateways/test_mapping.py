"""Mapping files: other people's headers, values, clocks."""

from __future__ import annotations

import pytest

from suyuan.gateways import load_mapping, mapping_names, read_visits
from suyuan.terms import LANGUAGES, PLACE_KINDS, BadInput


def test_everything_together(write, options, read_all, mapping):
    """Columns by position, constants, translated values, a time pattern and a time zone work together."""
    stated = mapping(
        """
        about = "canteen doors"
        [file]
        header = false
        delimiter = "|"
        missing = ["-"]
        [columns]
        t_in = 1
        t_out = 2
        person_id = 4
        place_id = 3
        place_kind = 5
        zone = 6
        [constants]
        source = "door"
        confidence = "0.9"
        [values.place_kind]
        "食堂" = "canteen"
        [values.zone]
        east = "E"
        [time]
        format = "%d.%m.%Y %H:%M"
        timezone = "Europe/Berlin"
        """
    )
    text = "28.06.2022 08:00|28.06.2022 09:00|M1|P1|食堂|east\n28.06.2022 08:00|31.06.2022 09:00|M1|P2|食堂|-\n"
    text += "27.03.2022 02:30|27.03.2022 03:30|M1|P3|食堂|-\n-|27.03.2022 03:30|M1|P4|食堂|-\n"
    reading = read_visits(write(text, "x.txt"), options(timezone=None, mapping=stated))
    rows, rejects = read_all(reading)
    (row,) = rows
    assert (row["t_in"], row["t_out"]) == (1656396000, 1656399600)
    assert (row["zone"], row["source"], PLACE_KINDS[row["kind"]]) == ("E", "door", "canteen")
    assert row["confidence"] == pytest.approx(0.9)
    assert rejects[0].all_reasons() == [("unparsable_time",), ("nonexistent_time",), ("unparsable_time",)]
    assert rejects[0].rows.tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        ("epoch_seconds", "1656374400,1656378000"),
        ("epoch_milliseconds", "1656374400000,1656378000000"),
        ("iso", "2022-06-28T00:00:00Z,2022-06-28T01:00:00Z"),
    ],
)
def test_time_forms(write, options, read_all, mapping, form, cells):
    """Each form of time is read when declared and recognised when not."""
    path = write(f"person_id,place_id,t_in,t_out\nP1,S,{cells}\n")
    for chosen in (options(mapping=mapping(f'time.format = "{form}"')), options()):
        rows, _ = read_all(read_visits(path, chosen))
        assert [(row["t_in"], row["t_out"]) for row in rows] == [(1656374400, 1656378000)]


@pytest.mark.parametrize(
    "case",
    [
        ("%Y年%m月%d日 %H时%M分", "2022年6月28日 8时10分", 1656375000),
        ("%m/%d/%y %I:%M %p", "6/28/22 8:10 PM", 1656418200),
        ("%d/%m/%Y %H:%M %z", "28/06/2022 02:10 +0200", 1656375000),
    ],
)
def test_patterns(write, options, read_all, mapping, case):
    """Patterns cover Chinese dates, twelve-hour clocks and offsets."""
    pattern, cell, expected = case
    path = write(f"person_id,place_id,t_in,t_out\nP1,S,{cell},{cell}\n")
    rows, _ = read_all(read_visits(path, options(mapping=mapping(f'time.format = "{pattern}"'))))
    assert [(row["t_in"], row["t_out"]) for row in rows] == [(expected, expected)]


def test_pattern_without_time_of_day(write, options, read_all, mapping):
    """A pattern of dates alone never turns a visit into midnight."""
    path = write("person_id,place_id,t_in,t_out\nP1,S,28.06.2022,28.06.2022\n")
    _, rejects = read_all(read_visits(path, options(mapping=mapping('time.format = "%d.%m.%Y"'))))
    assert rejects[0].all_reasons() == [("date_without_time",)]


def test_unit_is_never_guessed_by_row(write, options, read_all, mapping):
    """With the unit declared, a number in the other unit is a bad row and not converted."""
    path = write(
        "person_id,place_id,t_in,t_out\nP1,S,1656374400,1656378000\nP2,S,1656374400000,1656378000000\nP3,S,x,1\n"
    )
    stated = options(mapping=mapping('time.format = "epoch_seconds"'))
    rows, rejects = read_all(read_visits(path, stated))
    assert [row["person_id"] for row in rows] == ["P1"]
    assert rejects[0].all_reasons() == [("in_the_future", "too_long"), ("unparsable_time", "too_early")]


def test_one_column_for_two(write, options, read_all, mapping):
    """One of their columns may serve as two of ours."""
    path = write("who,room,t_in,t_out\nP1,R1,2022-06-28 08:00,2022-06-28 09:00\n")
    stated = options(mapping=mapping('columns = {person_id = "who", place_id = "room", zone = "room"}'))
    assert read_all(read_visits(path, stated))[0][0]["zone"] == "R1"


WRONG = {
    "mapping.not_toml": "columns = [",
    "mapping.unknown_key": "colums.person_id = 'x'",
    "mapping.wrong_type": "file.header = 'yes'",
    "mapping.unknown_kind": "assumed_stay_minutes.castle = 5",
    "mapping.stay_out_of_range": "assumed_stay_minutes.shop = 0",
    "mapping.column_and_constant": "columns.zone = 'x'\nconstants.zone = 'A'",
    "mapping.position": "columns.zone = 3",
    "mapping.not_text": "constants.t_in = '2022-06-28 08:00'",
    "mapping.delimiter": "file.delimiter = '||'",
    "mapping.pattern": "time.format = '%Q'",
    "mapping.records": "records.duration_seconds = 0",
}


@pytest.mark.parametrize("code", sorted(WRONG))
def test_wrong_mapping(mapping, code):
    """Each mistake in a mapping file has its own sentence with the file's name."""
    with pytest.raises(BadInput) as raised:
        mapping(WRONG[code])
    assert raised.value.code == code
    for lang in LANGUAGES:
        assert "mapping.toml" in raised.value.sentence(lang)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("colums.a = 'x'", "columns"),
        ("file.delimeter = ','", "file.delimiter"),
        ("columns.personid = 'x'", "columns.person_id"),
        ("values.place_kinds = {}", "values.place_kind"),
    ],
)
def test_unknown_key_suggests(mapping, text, nearest):
    """An unknown key is answered with the nearest known one, also inside tables."""
    with pytest.raises(BadInput) as raised:
        mapping(text)
    assert raised.value.details["nearest"] == nearest


def test_absent_mapping(tmp_path):
    """An absent mapping file is answered with the names of those that come with Suyuan."""
    with pytest.raises(BadInput, match="built in: sociopatterns"):
        load_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize("name", mapping_names())
def test_shipped_mappings_load(name):
    """Every mapping that comes with Suyuan is valid."""
    assert load_mapping(name).about
