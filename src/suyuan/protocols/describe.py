"""An edition in plain words, one fact a line, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from suyuan.protocols.distribution import Distribution
from suyuan.protocols.edition import Bilingual, ContactRule, PlaceRule, Protocol, RingRule
from suyuan.terms import LANGUAGES, PLACE_KINDS, say


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of an edition.

    Parameters
    ----------
    key
        Dotted place in the edition, for example ``rings.close.quarantine``.
    label, value
        What it is and what the edition says, in words.
    source
        Key of the source.
    """

    key: str
    label: Bilingual
    value: Bilingual
    source: str

    @property
    def section(self) -> str:
        """First part of the key."""
        return self.key.partition(".")[0]


def describe(protocol: Protocol) -> dict[str, Fact]:
    """All facts of an edition by key, in the order a reader wants them."""
    found: dict[str, Fact] = {}
    for part in (_windows, _rings, _release, _clocks, _places, _biology):
        for fact in part(protocol):
            found[fact.key] = fact
    return found


def words(key: str, **values: object) -> Bilingual:
    """Return a sentence of ``terms/texts`` in both languages; a Bilingual value is filled in per language."""
    texts = {
        lang: say(
            f"edition.{key}",
            lang,
            **{name: value.text(lang) if isinstance(value, Bilingual) else value for name, value in values.items()},
        )
        for lang in LANGUAGES
    }
    return Bilingual(**texts)


def place_name(kind: str) -> Bilingual:
    """Return the name of a kind of place."""
    return words(f"place_{kind}")


def join(parts: list[Bilingual]) -> Bilingual:
    """Join parts of a list as each language does."""
    return Bilingual(en="; ".join(part.en for part in parts), zh="；".join(part.zh for part in parts))


def number(value: float) -> str:
    """Write a number with at most three figures that matter.

    Examples
    --------
    >>> number(14), number(0.00554321), number(5.5)
    ('14', '0.00554', '5.5')
    """
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _windows(protocol: Protocol) -> Iterator[Fact]:
    window, exposure = protocol.tracing_window, protocol.exposure_window
    for name in ("days_before_onset", "days_before_sampling", "days_after_onset"):
        days = words("days", n=getattr(window, name))
        yield Fact(f"tracing_window.{name}", words(f"tracing_{name}"), days, window.source)
    value = words(
        "exposure_span",
        earliest=number(exposure.earliest_days_before_onset),
        latest=number(exposure.latest_days_before_onset),
    )
    yield Fact("exposure_window.span", words("exposure_window"), value, exposure.source)


def _rings(protocol: Protocol) -> Iterator[Fact]:
    for name in ("close", "contact_of_contact"):
        ring: RingRule = getattr(protocol.rings, name)
        who = words(f"ring_{name}")
        yes = words("determined" if ring.determined else "not_determined")
        yield Fact(f"rings.{name}.determined", words("ring_determined", who=who), yes, ring.source)
        if not ring.determined:
            continue
        steps = [words(f"step_{step.kind.value}", n=step.days) for step in ring.quarantine]
        yield Fact(f"rings.{name}.quarantine", words("ring_quarantine", who=who), join(steps), ring.source)
        tests = [words(f"tests_{test.kind.value}", days=", ".join(map(str, test.days))) for test in ring.test_days]
        told = join(tests) if tests else words("no_tests")
        yield Fact(f"rings.{name}.test_days", words("ring_tests", who=who), told, ring.source)
        counted = words(f"counted_{ring.counted_from}")
        yield Fact(f"rings.{name}.counted_from", words("ring_counted", who=who), counted, ring.source)
        span = words("ring_span", latent=number(ring.latent_days), until=number(ring.until_quarantine_days))
        yield Fact(f"rings.{name}.span", words("ring_span_label", who=who), span, ring.source)


def _release(protocol: Protocol) -> Iterator[Fact]:
    for rule in protocol.release:
        who = words(f"ring_{rule.who}")
        yield Fact(f"release.{rule.who}", words("release", who=who), rule.text, rule.source)


def _clocks(protocol: Protocol) -> Iterator[Fact]:
    for name, clock in protocol.clocks.items():
        label = clock.text or Bilingual(en=name, zh=name)
        yield Fact(f"clocks.{name}", label, words("hours", n=number(clock.hours)), clock.source)


def _places(protocol: Protocol) -> Iterator[Fact]:
    for kind in PLACE_KINDS:
        place, where = protocol.places[kind], place_name(kind.value)
        for ring in ("close", "general"):
            label = words(f"rule_{ring}", place=where)
            yield Fact(f"places.{kind.value}.{ring}", label, _rule(getattr(place, ring)), place.source)
        yield Fact(f"places.{kind.value}.dose", words("dose", place=where), _dose(place), place.dose_source)


def _rule(rule: ContactRule | None) -> Bilingual:
    if rule is None:
        return words("no_rule")
    value = words(f"rule_{rule.scope}", minutes=rule.minutes)
    return words("rule_lingering", rule=value, lingering=rule.lingering_minutes) if rule.lingering_minutes else value


def _dose(place: PlaceRule) -> Bilingual:
    return words("dose_value", hazard=number(place.hazard_per_hour), share=number(place.lingering_hazard_share))


def _biology(protocol: Protocol) -> Iterator[Fact]:
    curve = protocol.infectiousness
    peak = curve.first_day + curve.relative.index(max(curve.relative))
    last = curve.first_day + len(curve.relative) - 1
    shape = words("infectious_span", first=curve.first_day, last=last, peak=peak, curve=_curve(curve.relative))
    yield Fact("infectiousness.relative", words("infectiousness"), shape, curve.source)
    for name in ("incubation", "latent", "generation_interval"):
        delay: Distribution = getattr(protocol, name)
        value = words(
            "delay",
            shape=delay.shape,
            mean=number(delay.mean_days),
            sd=number(delay.sd_days),
            late=number(delay.quantile(0.95)),
        )
        yield Fact(name, words(name), value, delay.source)


def _curve(relative: tuple[float, ...]) -> str:
    return " ".join(number(share) for share in relative)
