"""What the editions say, as literal expectations from the plans and papers."""

import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from suyuan.protocols import Protocol, load, names
from suyuan.protocols.dose import hazard_per_hour, lingering_share, p_infection
from suyuan.terms import PLACE_KINDS, PlaceKind

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "protocols.md"


def steps(edition: Protocol, ring: str) -> list[tuple[str, int]]:
    return [(step.kind.value, step.days) for step in getattr(edition.rings, ring).quarantine]


def sampled(edition: Protocol, ring: str) -> dict[str, tuple[int, ...]]:
    return {test.kind.value: test.days for test in getattr(edition.rings, ring).test_days}


def test_the_promised_editions_are_there():
    """Three COVID-19 editions and six profiles come with Suyuan."""
    assert names() == [
        "covid19-20",
        "covid19-8",
        "covid19-9",
        "ebola",
        "influenza-novel",
        "measles",
        "mpox",
        "norovirus",
        "respiratory-unknown",
    ]


def test_eighth_edition():
    """May 2021: close contacts 14 d facility + 7 d home, tests 1, 4, 7, 14; contacts of contacts 7 d facility."""
    edition = load("covid19-8")
    assert (edition.issued.year, edition.issued.month) == (2021, 5)
    assert steps(edition, "close") == [("facility", 14), ("monitoring", 7)]
    assert sampled(edition, "close") == {"facility": (1, 4, 7, 14)}
    assert edition.rings.contact_of_contact.determined
    assert steps(edition, "contact_of_contact") == [("facility", 7)]


def test_ninth_edition():
    """28 June 2022: 7 + 3, tests 1, 2, 3, 5, 7 and home 3; contacts of contacts 7 d home, tests 1, 4, 7."""
    edition = load("covid19-9")
    assert edition.issued == date(2022, 6, 28)
    assert steps(edition, "close") == [("facility", 7), ("monitoring", 3)]
    assert sampled(edition, "close") == {"facility": (1, 2, 3, 5, 7), "monitoring": (3,)}
    assert steps(edition, "contact_of_contact") == [("home", 7)]
    assert sampled(edition, "contact_of_contact") == {"home": (1, 4, 7)}


def test_twenty_measures():
    """11 November 2022: 5 d facility + 3 d home, tests 1, 2, 3, 5 and 1, 3; no contacts of contacts."""
    edition = load("covid19-20")
    assert edition.issued == date(2022, 11, 11)
    assert edition.changes == "covid19-9"
    assert steps(edition, "close") == [("facility", 5), ("home", 3)]
    assert sampled(edition, "close") == {"facility": (1, 2, 3, 5), "home": (1, 3)}
    assert not edition.rings.contact_of_contact.determined
    assert not edition.rings.contact_of_contact.quarantine
    assert {rule.who for rule in edition.release} == {"close", "case"}


@pytest.mark.parametrize("name", ["covid19-8", "covid19-9", "covid19-20"])
def test_covid_tracing_window(name: str):
    """Close contacts are counted from 2 days before onset, or before sampling."""
    window = load(name).tracing_window
    assert (window.days_before_onset, window.days_before_sampling) == (2, 2)


@pytest.mark.parametrize(
    ("name", "window", "follow_up"),
    [("measles", (4, 4), 21), ("ebola", (0, 21), 21), ("mpox", (2, 28), 21), ("influenza-novel", (1, 10), 10)],
)
def test_profiles(name: str, window: tuple[int, int], follow_up: int):
    """Infectious window around onset and days of follow-up as WHO and CDC state them."""
    edition = load(name)
    asked = edition.tracing_window
    assert (asked.days_before_onset, asked.days_after_onset) == window
    assert sum(days for _, days in steps(edition, "close")) == follow_up
    assert not edition.rings.contact_of_contact.determined


def test_measles_lingers_two_hours():
    """Measles: shared airspace, up to 2 hours after the infectious person left, no least time."""
    rule = load("measles").places[PlaceKind.CLINIC].close
    assert rule is not None
    assert (rule.minutes, rule.lingering_minutes, rule.scope) == (1, 120, "place")


@pytest.mark.parametrize("name", names())
def test_every_edition_is_whole(name: str):
    """Every edition loads, has every kind of place, a largest infectiousness of 1 and a source for every table."""
    edition = load(name)
    assert edition.id == name
    assert set(edition.places) == set(PLACE_KINDS)
    assert max(edition.infectiousness.relative) == 1.0
    used = {place.source for place in edition.places.values()} | {
        place.dose_source for place in edition.places.values()
    }
    used |= {clock.source for clock in edition.clocks.values()} | {rule.source for rule in edition.release}
    used |= {
        edition.rings.close.source,
        edition.tracing_window.source,
        edition.incubation.source,
        edition.latent.source,
    }
    assert used <= set(edition.sources)
    for source in edition.sources.values():
        assert source.status == "assumed" or source.doi or source.clause


@pytest.mark.parametrize("name", names())
def test_every_source_is_used(name: str):
    """An edition carries no source that no number needs."""
    text = repr({field: getattr(load(name), field) for field in load(name).__struct_fields__ if field != "sources"})
    unused = [key for key in load(name).sources if f"'{key}'" not in text]
    inherited = load(name).changes is not None
    assert not unused or inherited


@pytest.mark.parametrize("name", names())
def test_hazards_follow_from_their_derivation(name: str):
    """Each hazard is the attack rate solved for the hazard, or a ratio to another kind, to three figures."""
    edition = load(name)
    for kind, place in edition.places.items():
        if place.from_attack_rate is not None:
            expected = hazard_per_hour(place.from_attack_rate, edition.infectiousness)
        else:
            assert place.from_kind is not None, kind
            expected = edition.places[place.from_kind.kind].hazard_per_hour * place.from_kind.ratio
        assert place.hazard_per_hour == pytest.approx(expected, rel=0.006), kind


@pytest.mark.parametrize("name", names())
def test_lingering_shares_follow_from_the_air(name: str):
    """Each lingering share is the mean of the well-mixed fall over the rule's longest lingering time."""
    edition = load(name)
    assert edition.dose is not None
    for kind, place in edition.places.items():
        longest = max(rule.lingering_minutes for rule in (place.close, place.general) if rule is not None)
        removal = (place.air_changes_per_hour or 0.0) + edition.dose.decay_per_hour
        expected = lingering_share(edition.dose.far_field_share, removal, longest)
        assert place.lingering_hazard_share == pytest.approx(expected, rel=0.006, abs=1e-9), kind


@pytest.mark.parametrize("name", ["covid19-8", "covid19-9"])
def test_covid_infectiousness_is_the_published_curve(name: str):
    """Ashcroft et al. 2020: gamma, shape 97.1875, rate 3.7185, 25.625 days earlier, by whole day, peak 1."""

    def density(day: float) -> float:
        x = day + 25.625
        return math.exp(97.1875 * math.log(3.7185) + 96.1875 * math.log(x) - 3.7185 * x - math.lgamma(97.1875))

    mass = {day: sum(density(day - 0.5 + (i + 0.5) / 100) for i in range(100)) for day in range(-6, 10)}
    curve = load(name).infectiousness
    assert curve.first_day == -6
    assert curve.relative == pytest.approx([value / max(mass.values()) for value in mass.values()], abs=0.001)
    assert curve.on_day(-20) == 0.0


@pytest.mark.parametrize(
    ("name", "kind", "hours"), [("covid19-9", "home", 8), ("covid19-9", "restaurant", 2), ("measles", "classroom", 6)]
)
def test_worked_numbers_of_the_guide(name: str, kind: str, hours: int):
    """The worked numbers in the guide are what the edition and the model give."""
    hazard = load(name).places[PlaceKind(kind)].hazard_per_hour
    row = f"| {name} | {kind} | {hazard:.3g} | {hours} | {100 * p_infection(hazard, hours):.1f} % |"
    assert row in GUIDE.read_text("utf-8")


def test_the_guide_derives_the_household_hazard():
    """The long derivation in the guide uses the edition's own numbers."""
    edition = load("covid19-9")
    observed = edition.places[PlaceKind.HOME].from_attack_rate
    assert observed is not None
    peak_days = sum(edition.infectiousness.on_day(day) for day in range(observed.from_day, observed.to_day + 1))
    text = GUIDE.read_text("utf-8")
    assert f"{peak_days:.2f} peak days" in text
    assert f"{-math.log1p(-observed.attack_rate):.3f} / {12 * peak_days:.1f} h" in text
    assert f"{hazard_per_hour(observed, edition.infectiousness):.5f}" in text


def test_loading_stays_light():
    """Importing the room brings in neither numpy nor numba nor polars, so the command line starts at once."""
    code = "import sys, suyuan.protocols as room; room.load('covid19-9'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "numba", "polars"} & set(done.stdout.split())


def test_the_guide_works_out_a_lingering_share():
    """The lingering share worked out in the guide is the restaurant's of the 9th edition."""
    share = lingering_share(0.5, 4 + 0.63, 30)
    assert f"{share:.3f}" == "0.195"
    assert load("covid19-9").places[PlaceKind.RESTAURANT].lingering_hazard_share == 0.195
    assert "s = 0.5 × 0.389 = 0.195" in GUIDE.read_text("utf-8")


def test_the_override_of_the_guide_is_usable(tmp_path: Path):
    """The override printed in the guide loads and changes what it says."""
    text = GUIDE.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    path = tmp_path / "city.toml"
    path.write_text(text, "utf-8")
    assert steps(load(path), "close") == [("facility", 10)]
