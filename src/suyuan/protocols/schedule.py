"""A quarantine as civil dates: its steps, its test days and the day of release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from suyuan.protocols.edition import Protocol, RingRule
from suyuan.terms import BadUsage, Quarantine, say


@dataclass(frozen=True, slots=True)
class StepSpan:
    """One step of a quarantine in the calendar; the interval contains ``begins``, not ``ends``.

    Parameters
    ----------
    kind
        What the step is.
    begins
        First date on which this person is in the step.
    ends
        Date on which the person leaves it: into the next step, or free.
    """

    kind: Quarantine
    begins: date
    ends: date

    @property
    def n_days(self) -> int:
        """Days from ``begins`` to ``ends``."""
        return (self.ends - self.begins).days


@dataclass(frozen=True, slots=True)
class TestDate:
    """One sample: when, in which step, and the day number within that step that the edition names."""

    __test__ = False  # the name is the field's word, not a test for pytest

    on: date
    kind: Quarantine
    day: int


@dataclass(frozen=True, slots=True)
class QuarantinePlan:
    """A person's quarantine in the calendar.

    Parameters
    ----------
    day0
        The date from which days count.
    counted_from
        What day 0 is: ``last_exposure`` or ``quarantine_start``.
    begins
        When quarantine begins for this person.
    steps
        Steps still to be served, in order; empty if the term was over before it began.
    tests
        Samples on or after ``begins``, in order.
    missed_tests
        Samples whose date had gone by when quarantine began; what replaces them is for an officer to say.
    release
        Date of release, on which the last sample is due in many editions.
    source
        Key of the edition's source for the rule.
    """

    day0: date
    counted_from: str
    begins: date
    steps: tuple[StepSpan, ...]
    tests: tuple[TestDate, ...]
    missed_tests: tuple[TestDate, ...]
    release: date
    source: str

    @property
    def n_days(self) -> int:
        """Days of restriction from ``begins`` on; health monitoring counts too."""
        return sum(step.n_days for step in self.steps)

    def step_on(self, day: date) -> StepSpan | None:
        """Return the step that a date falls into, None before the first and from the release on."""
        return next((step for step in self.steps if step.begins <= day < step.ends), None)


def plan_quarantine(ring_rule: RingRule, last_exposure: date, begins: date) -> QuarantinePlan:
    """Write a ring's quarantine into the calendar.

    Parameters
    ----------
    ring_rule
        Rule of the ring in an edition.
    last_exposure
        Civil date of the last meeting with the case, in the place's time zone.
    begins
        Civil date on which quarantine begins or began.

    Raises
    ------
    BadUsage
        If the edition does not determine this ring.

    Notes
    -----
    Day 0 is the last exposure or the start of quarantine, as ``counted_from`` says. Day ``n`` of the whole is
    ``day0 + n``; day ``n`` of a step is ``n`` days after that step's scheduled beginning, so the last day of a step
    is the date on which it ends. A late start shortens the first steps, as plans that count from the last exposure
    say; it never moves the release. A start before the last exposure (quarantined with the case) lengthens the first.

    Examples
    --------
    >>> from suyuan.protocols import load
    >>> plan = plan_quarantine(load("covid19-9").rings.close, date(2022, 7, 1), date(2022, 7, 3))
    >>> [(step.kind.value, step.begins.day, step.ends.day) for step in plan.steps]
    [('facility', 3, 8), ('monitoring', 8, 11)]
    >>> [(test.on.day, test.day) for test in plan.tests], plan.release.day
    ([(3, 2), (4, 3), (6, 5), (8, 7), (11, 3)], 11)
    """
    if not ring_rule.determined:
        raise BadUsage("plan.ring_not_determined")
    day0 = begins if ring_rule.counted_from == "quarantine_start" else last_exposure
    tests_of = {tests.kind: tests.days for tests in ring_rule.test_days}
    steps: list[StepSpan] = []
    tests: list[TestDate] = []
    starts = day0
    for step in ring_rule.quarantine:
        ends = starts + timedelta(days=step.days)
        if ends > begins:
            steps.append(StepSpan(step.kind, steps[-1].ends if steps else begins, ends))
        tests += [TestDate(starts + timedelta(days=day), step.kind, day) for day in tests_of.get(step.kind, ())]
        starts = ends
    tests.sort(key=lambda test: test.on)
    kept, missed = (tuple(t for t in tests if (t.on >= begins) == wanted) for wanted in (True, False))
    return QuarantinePlan(
        day0, ring_rule.counted_from, begins, tuple(steps), kept, missed, release=starts, source=ring_rule.source
    )


def explain_quarantine(plan: QuarantinePlan, protocol: Protocol, lang: str = "en") -> str:
    """Say why a quarantine lasts as long as it does: day 0, steps, release, document and clause.

    Parameters
    ----------
    plan
        As made by :func:`plan_quarantine` from a ring of ``protocol``.
    protocol
        The edition.
    lang
        ``en`` or ``zh``.
    """
    source = protocol.sources[plan.source]
    steps = [
        say(f"plan.step_{step.kind.value}", lang, begins=step.begins.isoformat(), ends=step.ends.isoformat())
        for step in plan.steps
    ]
    told = say("plan.joint", lang).join(steps) if steps else say("plan.step_none", lang)
    clause = source.clause or source.doi or source.note
    return say(
        f"plan.because_{plan.counted_from}", lang, day0=plan.day0.isoformat(), steps=told,
        release=plan.release.isoformat(), edition=protocol.name.text(lang), title=source.title, clause=clause,
    )  # fmt: skip
