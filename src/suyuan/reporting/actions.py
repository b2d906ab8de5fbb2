"""What to do first, ring by ring, as the edition prescribes it."""

from __future__ import annotations

import polars as pl

from suyuan.protocols import RingRule, TestDays
from suyuan.reporting.figures import Figures
from suyuan.reporting.shapes import TraceTables
from suyuan.reporting.voice import Voice

LIKELY = 0.1
FIRST_CALLS = 50


def first_actions(result: TraceTables, figures: Figures, voice: Voice) -> list[str]:
    """Say who goes where for how long and is tested when, the most urgent first.

    Notes
    -----
    These are proposals: an officer signs.
    """
    if figures.n_contacts == 0:
        return [voice.say("do_nothing_found")]
    rings = result.protocol.rings
    sentences = []
    if figures.rings["close"]:
        sentences.append(ring_action(rings.close, "close", figures.rings["close"], voice))
        sentences.extend(_most_likely(result.contacts, voice))
    if not rings.contact_of_contact.determined:
        sentences.append(voice.say("do_second_ring_dropped"))
    elif figures.rings["contact_of_contact"]:
        number = figures.rings["contact_of_contact"]
        sentences.append(ring_action(rings.contact_of_contact, "contact_of_contact", number, voice))
    if figures.rings["general"] + figures.rings["colocated"]:
        sentences.append(
            voice.say("do_outer", people=voice.count("people", figures.rings["general"] + figures.rings["colocated"]))
        )
    return sentences


def ring_action(rule: RingRule, ring: str, number: int, voice: Voice) -> str:
    """Say what the edition prescribes for one ring."""
    who = voice.count(ring, number)
    if not rule.quarantine:
        return voice.say("do_ring_free", who=who)
    steps = [voice.step(step.kind.value, step.days) for step in rule.quarantine]
    day_zero = voice.say(f"from_{rule.counted_from}")
    sentence = voice.say("do_ring", who=who, steps=voice.say("then").join(steps), day_zero=day_zero)
    tests = [_test_words(test, voice) for test in rule.test_days if test.days]
    return sentence + (voice.say("do_tests", tests=voice.say("test_joint").join(tests)) if tests else "")


def _test_words(test: TestDays, voice: Voice) -> str:
    days = voice.series([f"{day:g}" for day in test.days])
    return voice.say(
        "test_day" if len(test.days) == 1 else "test_days", days=days, where=voice.say(f"during_{test.kind.value}")
    )


def _most_likely(contacts: pl.DataFrame, voice: Voice) -> list[str]:
    likely = contacts.filter(pl.col("ring").eq("close") & pl.col("p_infection").ge(LIKELY))
    first = likely["p_infection"].top_k(FIRST_CALLS).sort()
    # with everybody at home or nobody above the line, "begin with" would say nothing
    if not 0 < first.len() < contacts.filter(pl.col("ring").eq("close")).height:
        return []
    return [voice.say("do_likely", people=voice.count("people", first.len()), p=voice.percent(float(first[0])))]


def headline(figures: Figures, voice: Voice) -> list[str]:
    """Say in sentences how many people in which ring, where, and since when."""
    cases = voice.count("cases", figures.n_cases)
    if figures.n_contacts == 0:
        return [voice.say("head_none", cases=cases)]
    close, second = (voice.count(ring, figures.rings[ring]) for ring in ("close", "contact_of_contact"))
    sentences = [voice.say("head_counts", cases=cases, close=close, second=second)]
    outer = [voice.count(ring, figures.rings[ring]) for ring in ("general", "colocated") if figures.rings[ring]]
    if outer:
        sentences.append(voice.say("head_outer", outer=voice.series(outer)))
    settings = figures.settings.filter(pl.col("close") > 0).head(3).select("setting", "close").iter_rows()
    where = voice.series([voice.say("head_setting", kind=voice.kind(kind), n=f"{n:,}") for kind, n in settings])
    if where:
        sentences.append(voice.say("head_where", where=where))
    if figures.exposed_from and figures.exposed_to:
        since, until = voice.moment(figures.exposed_from), voice.moment(figures.exposed_to)
        sentences.append(voice.say("head_since", since=since, until=until))
    return sentences
