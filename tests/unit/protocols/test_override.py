"""A local override: a small file that names the edition it changes."""

from pathlib import Path

import pytest

from suyuan.protocols import FaultyEdition, load
from suyuan.terms import BadInput, BadUsage, PlaceKind

HEADER = """
changes = "covid19-9"
name = { en = "Beijing, 17 May 2022", zh = "北京市 2022 年 5 月 17 日" }
issuer = "北京市疾控中心"
issued = 2022-05-17
source = "beijing"

[sources.beijing]
title = "新闻发布会"
issuer = "北京市疾控中心"
date = 2022-05-17
status = "stated"
clause = "隔离期限"
"""


def write(folder: Path, text: str, name: str = "beijing.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_only_what_is_named_changes(tmp_path: Path):
    """The named keys change and carry the override's source; all else is the edition's, with the edition's source."""
    text = HEADER + "[rings.close]\nquarantine = [{ kind = 'facility', days = 10 }]\n"
    text += "test_days = [{ kind = 'facility', days = [1, 3, 5, 7, 10] }]\n[tracing_window]\ndays_before_onset = 4\n"
    local, edition = load(write(tmp_path, text)), load("covid19-9")
    assert local.id == "beijing"
    assert local.changes == "covid19-9"
    assert [(step.kind.value, step.days) for step in local.rings.close.quarantine] == [("facility", 10)]
    assert local.rings.close.source == "beijing"
    assert local.rings.close.until_quarantine_days == edition.rings.close.until_quarantine_days
    assert (local.tracing_window.days_before_onset, local.tracing_window.days_before_sampling) == (4, 2)
    assert local.tracing_window.source == "beijing"
    assert local.rings.contact_of_contact == edition.rings.contact_of_contact
    assert local.places == edition.places
    assert local.sources["beijing"].date == "2022-05-17"


def test_a_changed_rule_keeps_the_dose_source(tmp_path: Path):
    """Changing a rule of a place re-sources the rule, not the dose; changing the hazard does the reverse."""
    text = HEADER + "[places.lift]\nclose = { minutes = 2 }\n[places.home]\nhazard_per_hour = 0.02\n"
    text += "[places.shop]\ngeneral = 'none'\nlingering_hazard_share = 0.0\n"
    local, edition = load(write(tmp_path, text)), load("covid19-9")
    lift, home, shop = (local.places[PlaceKind(kind)] for kind in ("lift", "home", "shop"))
    old = edition.places[PlaceKind.LIFT]
    assert lift.close is not None
    assert old.close is not None
    assert (lift.close.minutes, lift.close.lingering_minutes) == (2, old.close.lingering_minutes)
    assert (lift.source, lift.dose_source) == ("beijing", old.dose_source)
    assert (home.hazard_per_hour, home.dose_source, home.source) == (0.02, "beijing", "plan9-minutes")
    assert home.from_attack_rate is None
    assert shop.general is None
    assert shop.air_changes_per_hour is None


def test_lists_of_rules_are_replaced_whole(tmp_path: Path):
    """A release list in an override replaces the edition's list and is sourced to the override."""
    text = HEADER + "[[release]]\nwho = 'close'\nmin_days = 10\nnegative_tests = 1\nhours_apart = 0\n"
    text += "text = { en = 'x', zh = 'y' }\n[clocks.transfer_case]\nhours = 1\n"
    local = load(write(tmp_path, text))
    assert [(rule.who, rule.source) for rule in local.release] == [("close", "beijing")]
    assert (local.clocks["transfer_case"].hours, local.clocks["transfer_case"].source) == (1, "beijing")
    assert local.clocks["report_case"].source == "practice-clocks"


def test_an_override_of_an_override(tmp_path: Path):
    """A district may change its city's override, named by a path beside it."""
    write(tmp_path, HEADER + "[tracing_window]\ndays_before_onset = 4\n")
    district = HEADER.replace('"covid19-9"', '"beijing.toml"') + "[tracing_window]\ndays_before_sampling = 3\n"
    window = load(write(tmp_path, district, "district.toml")).tracing_window
    assert (window.days_before_onset, window.days_before_sampling) == (4, 3)


def test_a_circle_is_refused(tmp_path: Path):
    """Two overrides that change each other are refused by name."""
    write(tmp_path, HEADER.replace("covid19-9", "b.toml"), "a.toml")
    path = write(tmp_path, HEADER.replace("covid19-9", "a.toml"), "b.toml")
    with pytest.raises(BadInput, match="circle"):
        load(path)


def test_an_override_states_who_changed_what_and_when(tmp_path: Path):
    """Without its own name, issuer, date and source an override is refused, and its other faults are told too."""
    text = "changes = 'covid19-9'\nissued = 2022-05-17\n[tracing_window]\ndays_before_onset = -1\n"
    with pytest.raises(FaultyEdition) as caught:
        load(write(tmp_path, text))
    assert "missing here: name, issuer, source" in str(caught.value)
    assert "days_before_onset = -1" in str(caught.value)
    assert "缺少：name, issuer, source" in caught.value.sentence("zh")


def test_an_unknown_source_of_an_override(tmp_path: Path):
    """The override's source must be one of its tables."""
    text = HEADER.replace('source = "beijing"', 'source = "nowhere"') + "[tracing_window]\ndays_before_onset = 4\n"
    with pytest.raises(FaultyEdition, match=r"\[sources.nowhere\]"):
        load(write(tmp_path, text))


def test_unknown_names(tmp_path: Path):
    """A bare name that is not known is bad usage; an absent file and an unknown base are bad input."""
    with pytest.raises(BadUsage, match=r"covid19-7.*covid19-8"):
        load("covid19-7")
    with pytest.raises(BadInput, match="does not exist"):
        load(tmp_path / "absent.toml")
    with pytest.raises(BadInput, match="no such edition"):
        load(write(tmp_path, HEADER.replace("covid19-9", "covid19-99")))
