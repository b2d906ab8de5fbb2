"""Where a quarantine is served is data that can be used, and a wrong file says what is wrong."""

from __future__ import annotations

from importlib.resources import files

import pytest

from suyuan.protocols.placement import load_placement
from suyuan.protocols.plan_files import FaultyPlan
from suyuan.terms import Vulnerability


def test_every_vulnerability_has_a_place_with_its_reason_in_both_languages():
    """No vulnerability is left to chance."""
    placement = load_placement()
    assert set(placement.people) == set(Vulnerability)
    assert all(place.because.en and place.because.zh and place.source for place in placement.people.values())


def test_the_first_rule_that_fits_decides():
    """Dialysis goes before being a minor, and nobody without a reason is placed at all."""
    placement = load_placement()
    kind, _ = placement.place_for([Vulnerability.MINOR, Vulnerability.DIALYSIS], 2015, 2022)
    assert kind is Vulnerability.DIALYSIS
    assert placement.place_for([], 1990, 2022) is None


def test_monitoring_is_no_place(tmp_path):
    """A local file that sends somebody to health monitoring instead of a place is refused."""
    text = (files("suyuan.protocols") / "plans" / "placement.toml").read_text("utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace('instead_of_facility = "home"', 'instead_of_facility = "monitoring"', 1), "utf-8")
    with pytest.raises(FaultyPlan, match="no place"):
        load_placement(path)
