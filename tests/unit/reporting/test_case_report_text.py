"""The text of a case report: nothing invented, nothing lost, the same in both languages."""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.reporting.case_report import SECTIONS, CaseReport, Classified, Illness, Person, RingCount, Stop, Trail
from suyuan.reporting.case_report_compose import compose
from suyuan.reporting.case_report_trail import find_gaps
from suyuan.reporting.documents import Paragraph, Table, as_text
from suyuan.terms import LANGUAGES

sys.path.insert(0, str(Path(__file__).parent))
from case_report_example import BARE, FULL, HEADING, at

GOLDEN = Path(__file__).parent


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_worked_example_reads_as_agreed(lang):
    """Golden text of one made-up case with every fact."""
    assert as_text(compose(FULL, lang)) == (GOLDEN / f"case_report_example.{lang}.txt").read_text("utf-8")


def test_the_sections_are_those_of_a_chinese_preliminary_report():
    """Seven sections in their order, signatures and the list of contacts behind them."""
    document = compose(FULL, "zh")
    assert [section.title for section in document.sections] == [
        "一、基本情况",
        "二、发病与就诊经过",
        "三、流行病学史与活动轨迹",
        "四、密切接触者判定与管理",
        "五、感染来源初步分析",
        "六、已采取措施",
        "七、下一步工作",
        "签名",
        "附表　接触者名单",
    ]


def _some(kind: type) -> st.SearchStrategy:
    """Every subset of the worked example's facts of one kind."""
    whole = {Person: FULL.person, Illness: FULL.illness, Trail: FULL.trail}[kind]
    bare = Person("P000017") if kind is Person else kind()
    names = [field.name for field in fields(kind) if field.name != "number"]
    return st.sets(st.sampled_from(names)).map(
        lambda kept: replace(bare, **{name: getattr(whole, name) for name in kept})
    )


def _given_or_not(name: str) -> st.SearchStrategy:
    return st.sampled_from([getattr(FULL, name), None if name != "contacts" else (), ()])


REPORTS = st.builds(
    CaseReport,
    heading=st.sampled_from([FULL.heading, BARE.heading, replace(HEADING, state="reviewed", reviewer="陈审")]),
    person=_some(Person),
    illness=_some(Illness),
    trail=_some(Trail),
    own=st.sampled_from([{}, FULL.own]),
    **{
        name: _given_or_not(name)
        for name in (
            "classification household rings contacts candidates measures next_steps questions".split()  # noqa: SIM905
        )
    },
)


@given(REPORTS, st.sampled_from(LANGUAGES))
def test_every_section_stands_whatever_is_missing(report, lang):
    """For any subset of facts all seven sections say something, and no text shows a hole of the program."""
    document = compose(report, lang)
    assert [section.key for section in document.sections][:7] == list(SECTIONS)
    assert all(section.blocks for section in document.sections)
    text = as_text(document)
    assert not any(mark in text for mark in ("None", "{", "}", "datetime"))


@given(REPORTS)
def test_both_languages_tell_the_same(report):
    """Chinese and English have the same blocks in the same order."""
    shapes = [
        [
            (section.key, [block.tone if isinstance(block, Paragraph) else len(block.rows) for block in section.blocks])
            for section in compose(report, lang).sections
        ]
        for lang in LANGUAGES
    ]
    assert shapes[0] == shapes[1]


def test_what_was_not_asked_is_said_and_what_was_denied_is_said_otherwise():
    """A missing fact and a fact that was asked and denied read differently."""
    unasked = as_text(compose(BARE, "en"))
    denied = as_text(
        compose(
            replace(
                BARE,
                person=replace(BARE.person, vulnerabilities=()),
                household=(),
                illness=Illness(symptoms=(), care=(), tests=(), vaccination=()),
                measures=(),
                questions=(),
                next_steps=(),
                candidates=(),
                rings=(),
            ),
            "en",
        )
    )
    for name in ("household members", "vaccination", "symptoms day by day"):
        assert name in unasked.partition("Not yet asked")[2]
        assert name not in denied
    for sentence in ("nobody shares", "not vaccinated", "no symptoms at all", "No sample", "No measure", "No question"):
        assert sentence in denied
        assert sentence not in unasked


def test_personal_details_stand_only_where_they_were_given():
    """Without a name the person is a number; no gap is claimed for a name, document or telephone."""
    text = as_text(compose(BARE, "zh"))
    assert "病例人员编号 P000044。" in text
    assert not any(word in text.replace("签名", "") for word in ("姓名", "电话", "身份证"))


def test_no_fact_prints_itself():
    """A report in a log line or an error shows no name, telephone or address."""
    assert "王某某" not in repr(FULL) + repr(FULL.person) + repr(FULL.household) + repr(compose(FULL, "zh"))


@pytest.mark.parametrize(("state", "mark"), [("draft", "草稿"), ("submitted", "待审核"), ("reviewed", "")])
def test_a_report_is_marked_until_it_is_reviewed(state, mark):
    """Draft and submitted reports carry a mark across the page, reviewed ones none."""
    marking = compose(replace(FULL, heading=replace(HEADING, state=state)), "zh").marking
    assert marking.watermark == mark
    assert "JW-0305-001" in marking.header
    assert "第 2 版" in marking.header
    assert "个人信息" in marking.footer


def test_the_investigators_words_stand_behind_the_systems():
    """Own paragraphs come last in their section and keep their lines."""
    blocks = compose(FULL, "zh").section("source").blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph) and block.tone == "own"] == [
        "病例自述近期仅到过水产区。",
        "建议优先采集水产区环境样本。",
    ]
    assert [isinstance(block, Paragraph) and block.tone == "own" for block in blocks[-2:]] == [True, True]


def test_paragraphs_for_a_section_that_does_not_exist_are_refused():
    """An investigator's text is never dropped in silence."""
    with pytest.raises(ValueError, match="no section appendix"):
        replace(FULL, own={"appendix": "text"})


def test_the_latest_classification_counts():
    """Steps are told in the order of time, whatever the order they come in."""
    text = as_text(compose(FULL, "en"))
    assert "Classification since 5 Mar 18:40: confirmed case" in text
    assert text.index("suspected case (5 Mar 10:20)") < text.index("confirmed case (5 Mar 18:40)")


def test_a_case_that_never_felt_ill_is_told_as_such():
    """No onset is a fact for an infection without symptoms, not a gap."""
    text = as_text(compose(replace(BARE, illness=Illness(no_symptoms=True)), "en"))
    assert "No symptoms up to this report." in text
    assert "date of onset" not in text


def test_unknown_words_and_rings_are_shown_as_they_are():
    """Free words of a city pass through; so does a ring the edition does not know."""
    report = replace(
        BARE,
        classification=(Classified("再次复阳", at(5, 9)),),
        rings=(RingCount("时空交集", 3),),
    )
    text = as_text(compose(report, "zh"))
    assert "再次复阳" in text
    assert "时空交集 3" in text


def test_braces_in_a_users_text_stay_as_they_are():
    """A place called {x} neither breaks a sentence nor is filled in."""
    report = replace(BARE, trail=Trail(stops=(Stop(at(2, 8), at(2, 9), "{page} {0}", what="{name}"),)))
    row = next(b for b in compose(report, "en").section("exposure").blocks if isinstance(b, Table)).rows[0]
    assert row[2] == "{page} {0}"
    assert row[4] == "{name}"


def test_stays_are_told_by_window():
    """A stay before onset and look-back is exposure, one in both windows is both, one outside neither."""
    stops = (Stop(at(1, 8), at(1, 9), "a"), Stop(at(2, 8), at(2, 9), "b"), Stop(at(4, 8), at(4, 9), "c"))
    late = Stop(at(6, 8), at(6, 9), "d")
    trail = Trail((at(1, 0).date(), at(2, 0).date()), (at(2, 0), at(5, 0)), None, (*stops, late))
    table = compose(replace(BARE, trail=trail), "en").section("exposure").blocks[2]
    assert isinstance(table, Table)
    assert [row[3] for row in table.rows] == ["exposure", "exposure, tracing", "tracing", "–"]


def test_many_gaps_are_counted_and_the_first_are_told():
    """Beyond a dozen gaps the rest is a number."""
    stops = tuple(Stop(at(day, 8), at(day, 9), "a") for day in range(1, 20))
    trail = Trail(None, (at(1, 0), at(20, 0)), None, stops)
    text = as_text(compose(replace(BARE, trail=trail), "en"))
    assert "; 8 more." in text


@given(st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 12)), max_size=12))
def test_gaps_and_stays_cover_the_window(stays):
    """No gap touches a stay, each is long enough, and every uncovered hour run of four is in one."""
    start, end = datetime(2022, 3, 1), datetime(2022, 3, 2, 6)  # noqa: DTZ001
    spans = [(start + timedelta(hours=a), start + timedelta(hours=a + n)) for a, n in stays if n]
    gaps = find_gaps(spans, start, end)
    hours = [start + timedelta(hours=h) for h in range(30)]
    covered = [any(a <= hour < b for a, b in spans) for hour in hours]
    told = [any(a <= hour < b for a, b in gaps) for hour in hours]
    assert not any(c and t for c, t in zip(covered, told, strict=True))
    assert all(b - a >= timedelta(hours=4) for a, b in gaps)
    for first in range(27):
        if not any(covered[first : first + 4]):
            assert all(told[first : first + 4])
