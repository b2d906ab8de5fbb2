"""Taking turns: nobody starves, and language and district are respected where that is possible."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from suyuan.actions.choose_team import Need, choose_team
from suyuan.terms import Team

CITY, DISTRICTS = "9901", ("990101", "990102", "990103")
LANGUAGES = ("zh", "en", "ko")

languages = st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True).map(tuple)
teams = st.lists(
    st.tuples(st.sampled_from((CITY, *DISTRICTS)), languages, st.integers(1, 5), st.booleans()),
    min_size=1,
    max_size=8,
).map(
    lambda rows: [
        Team(id=i, code=f"T{i}", name_en="t", name_zh="t", area=area, languages=spoken, capacity=most, on_duty=duty)
        for i, (area, spoken, most, duty) in enumerate(rows, 1)
    ]
)
needs = st.lists(st.tuples(st.sampled_from(LANGUAGES), st.sampled_from(DISTRICTS)), min_size=1, max_size=40)


def give(crew: list[Team], loads: Counter[int], need: Need, turn: int) -> int | None:
    """Give one order and note the turn, as the receiver does."""
    chosen = choose_team(crew, loads, need)
    if chosen is None:
        return None
    crew[chosen.team.id - 1] = replace(crew[chosen.team.id - 1], turn=turn)
    loads[chosen.team.id] += 1
    return chosen.team.id


@given(teams, needs)
def test_the_best_fit_with_room_is_chosen(crew, asked):
    """A team with room goes before a full one, then language, then district; a full house gives to the least loaded."""
    loads: Counter[int] = Counter()
    for turn, (language, area) in enumerate(asked, 1):
        need = Need(language, area, CITY)
        free = [team for team in crew if team.on_duty and loads[team.id] < team.capacity]
        chosen = choose_team(crew, loads, need)
        if free:
            team = chosen.team
            assert team in free
            speakers = [each for each in free if language in each.languages]
            assert not speakers or team in speakers
            local = [each for each in (speakers or free) if area.startswith(each.area)]
            assert not local or team in local
            assert not chosen.because["overloaded"]
        elif chosen:
            assert chosen.because["overloaded"]
            share = loads[chosen.team.id] / chosen.team.capacity
            assert share == min(loads[team.id] / team.capacity for team in crew if team.on_duty)
        else:
            assert not any(team.on_duty for team in crew)
        give(crew, loads, need, turn)


@given(st.integers(1, 6), st.integers(1, 60), st.integers(1, 5))
def test_equal_teams_share_equally(n_teams, n_orders, capacity):
    """Teams that are alike get the same number of orders, give or take one, however full they are."""
    crew = [
        Team(id=i, code=f"T{i}", name_en="t", name_zh="t", area=CITY, capacity=capacity) for i in range(1, n_teams + 1)
    ]
    loads: Counter[int] = Counter()
    for turn in range(1, n_orders + 1):
        give(crew, loads, Need("zh", DISTRICTS[0], CITY), turn)
    assert max(loads.values()) - min(loads[team.id] for team in crew) <= 1


@given(st.integers(2, 6), st.integers(1, 60))
def test_nobody_starves_where_orders_are_finished_at_once(n_teams, n_orders):
    """With nothing open anywhere the turn alone decides: the one who waited longest, round and round."""
    crew = [Team(id=i, code=f"T{i}", name_en="t", name_zh="t", area=CITY) for i in range(1, n_teams + 1)]
    given_to = [give(crew, Counter(), Need("zh", DISTRICTS[0], CITY), turn) for turn in range(1, n_orders + 1)]
    assert given_to == [1 + i % n_teams for i in range(n_orders)]


@given(teams, needs)
def test_nobody_on_duty_for_the_region_stays_idle_while_another_is_overloaded(crew, asked):
    """Before any team carries more than its capacity, every team on duty has as much as it may."""
    loads: Counter[int] = Counter()
    for turn, (language, area) in enumerate(asked, 1):
        chosen = choose_team(crew, loads, Need(language, area, CITY))
        if chosen and chosen.because["overloaded"]:
            assert all(loads[team.id] >= team.capacity for team in crew if team.on_duty)
        give(crew, loads, Need(language, area, CITY), turn)


def test_teams_of_another_region_and_resting_ones_are_not_asked():
    """A team of another city and a resting one get nothing; the province's team may be asked."""
    far = Team(id=1, code="F", name_en="t", name_zh="t", area="8801")
    resting = Team(id=2, code="R", name_en="t", name_zh="t", area=CITY, on_duty=False)
    province = Team(id=3, code="P", name_en="t", name_zh="t", area="99")
    need = Need("zh", DISTRICTS[0], CITY)
    assert choose_team([far, resting], {}, need) is None
    assert choose_team([far, resting, province], {}, need).team is province
