"""Reading scenarios, good and bad."""

from __future__ import annotations

import pytest

from suyuan.terms import LANGUAGES, BadInput, BadUsage
from suyuan.twin.scenario import load_scenario, scenario_names


def test_all_scenarios_of_the_issue_are_there():
    """The six scenarios are shipped; the ordinary city they start from is not one of them."""
    assert scenario_names() == [
        "delta-market", "ebola-ward", "false-alarms", "measles-schools", "norovirus-canteen", "omicron-boarding-school",
    ]  # fmt: skip


@pytest.mark.parametrize("name", scenario_names())
def test_a_shipped_scenario_is_whole(name):
    """Every shipped scenario loads, tells its story in both languages and gives sources."""
    scenario = load_scenario(name)
    assert scenario.id == name
    assert scenario.story.en
    assert scenario.story.zh
    assert scenario.sources
    assert sum(scenario.city.household_size_shares) == pytest.approx(1.0, abs=0.001)
    assert scenario.start_time().utcoffset() is not None


def test_ones_own_file_changes_only_what_it_names(tmp_path):
    """A file with one field gives the ordinary city with that field."""
    path = tmp_path / "mine.toml"
    path.write_text("[city]\npeople = 777\n", "utf-8")
    mine, ordinary = load_scenario(path), load_scenario("false-alarms")
    assert mine.id == "mine"
    assert mine.city.people == 777
    assert mine.habits == ordinary.habits
    assert mine.epidemic is None


def test_an_unknown_name_lists_the_known_ones():
    """The refusal names what was asked for and what there is."""
    with pytest.raises(BadUsage) as problem:
        load_scenario("plague")
    for lang in LANGUAGES:
        assert "plague" in problem.value.sentence(lang)
        assert "delta-market" in problem.value.sentence(lang)


@pytest.mark.parametrize(
    ("text", "word"),
    [("[city\n", "mine.toml"), ("[city]\npeopel = 3\n", "peopel"), ('[city]\npeople = "many"\n', "people")],
)
def test_a_wrong_file_is_named_with_its_fault(tmp_path, text, word):
    """No TOML, an unknown field and a wrong type are each refused with file and field, in both languages."""
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput) as problem:
        load_scenario(path)
    for lang in LANGUAGES:
        assert "mine.toml" in problem.value.sentence(lang)
        assert word in problem.value.sentence(lang)
