"""What changed between two answers, and the reason that is named for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from suyuan.exposure.changed import Answer, explain, find_changes
from suyuan.terms.wording import sentences

TIME = pl.Datetime("us", "UTC")
CASES = {"person_id": pl.String, "date_onset": pl.Date, "date_sampling": pl.Date, "isolated_at": TIME}
CASES |= {"window_from": TIME, "window_to": TIME}
EVIDENCE = {"ring": pl.String, "infector_id": pl.String, "person_id": pl.String, "place_id": pl.String}
EVIDENCE |= {"start": TIME, "end": TIME, "p_infection": pl.Float64}
CONTACTS = {"person_id": pl.String, "ring": pl.String, "first_exposure": TIME, "last_exposure": TIME}
CONTACTS |= {"quarantine": pl.String, "quarantine_until": pl.Date, "infector_id": pl.String}
VISITS = {"person_id": pl.String, "place_id": pl.String, "verb": pl.String, "t_in": TIME, "t_out": TIME}


def at(day, hour=0):
    return datetime(2022, 11, day, hour, tzinfo=UTC)


def case(person="C1", onset=10, isolated=12, sampling=11):
    return {
        "person_id": person,
        "date_onset": date(2022, 11, onset),
        "date_sampling": date(2022, 11, sampling),
        "isolated_at": at(isolated),
        "window_from": at(onset - 2),
        "window_to": at(isolated),
    }


def met(person="A", day=9, ring="close", infector="C1", place="shop"):
    start = at(day, 9)
    end = start + timedelta(hours=1)
    names = ("ring", "infector_id", "person_id", "place_id", "start", "end", "p_infection")
    return dict(zip(names, (ring, infector, person, place, start, end, 0.1), strict=True))


def answer(cases, meetings, protocol="covid19-9", days=7):
    """Make an answer whose contacts follow from its meetings."""
    rings = ("close", "contact_of_contact", "general", "colocated")
    contacts = []
    for person in sorted({meeting["person_id"] for meeting in meetings}):
        mine = [meeting for meeting in meetings if meeting["person_id"] == person]
        last = max(meeting["end"] for meeting in mine)
        contacts.append(
            {
                "person_id": person,
                "ring": min((meeting["ring"] for meeting in mine), key=rings.index),
                "first_exposure": min(meeting["start"] for meeting in mine),
                "last_exposure": last,
                "quarantine": f"facility {days} d",
                "quarantine_until": (last + timedelta(days=days)).date(),
                "infector_id": max(mine, key=lambda meeting: meeting["p_infection"])["infector_id"],
            }
        )
    frames = ((cases, CASES), (contacts, CONTACTS), (meetings, EVIDENCE))
    return Answer(*(pl.DataFrame(rows, schema=schema) for rows, schema in frames), protocol)


def visit(person, verb, place="shop", day=9, hour=8, hours=3):
    t_in = at(day, hour)
    row = dict(zip(VISITS, (person, place, verb, t_in, t_in + timedelta(hours=hours)), strict=True))
    return pl.DataFrame([row], schema=VISITS)


def only(before, after, visits=None):
    changes = find_changes(before, after, visits)
    assert changes.height == 1
    return changes.row(0, named=True)


def test_equal_answers_have_no_differences():
    """The same answer twice leaves an empty table with all columns."""
    same = answer([case()], [met(), met("B", day=10)])
    changes = find_changes(same, same)
    assert changes.is_empty()
    assert {"person_id", "change", "reason", "start"} <= set(changes.columns)


def test_a_ring_read_from_a_file_may_have_another_type():
    """An answer in memory with a closed list of rings compares with one read back as text."""
    rings = pl.Enum(["close", "contact_of_contact", "general", "colocated"])
    text = answer([case()], [met(), met("B", ring="general")])
    listed = Answer(
        text.cases, *(table.with_columns(pl.col("ring").cast(rings)) for table in (text.contacts, text.evidence)), "x"
    )
    assert find_changes(text, listed).is_empty()
    assert find_changes(listed, text).is_empty()


def test_a_new_case_explains_those_it_met():
    """Only the people met by the new case are named, with the meeting."""
    before = answer([case()], [met()])
    after = answer([case(), case("C2")], [met(), met("B", infector="C2", place="canteen")])
    row = only(before, after)
    assert (row["person_id"], row["change"], row["reason"], row["about_id"]) == ("B", "added", "new_case", "C2")
    assert (row["infector_id"], row["place_id"], row["start"]) == ("C2", "canteen", at(9, 9))


def test_a_case_taken_back_frees_its_contacts():
    """A person whose only infector is no longer a case is removed, for that reason."""
    row = only(answer([case(), case("C2")], [met(), met("B", infector="C2")]), answer([case()], [met()]))
    assert (row["person_id"], row["change"], row["reason"], row["about_id"]) == ("B", "removed", "case_removed", "C2")


def test_a_contact_who_becomes_a_case_leaves_the_contacts():
    """A contact found positive is removed because they are now a case."""
    row = only(answer([case()], [met()]), answer([case(), case("A")], []))
    assert (row["change"], row["reason"], row["about_id"]) == ("removed", "became_case", "A")


def test_a_case_taken_back_may_be_a_contact_again():
    """Somebody who is no longer a case counts as a contact again."""
    row = only(answer([case(), case("A")], []), answer([case()], [met()]))
    assert (row["change"], row["reason"], row["about_id"]) == ("added", "no_longer_case", "A")


@pytest.mark.parametrize(("was", "now", "change"), [(12, 10, "added"), (10, 12, "removed")])
def test_a_corrected_onset_moves_the_beginning(was, now, change):
    """A meeting before the other answer's window is put down to the onset, with both dates."""
    meetings = {10: [met()], 12: []}
    row = only(
        answer([case(onset=was, isolated=14)], meetings[was]), answer([case(onset=now, isolated=14)], meetings[now])
    )
    assert (row["change"], row["reason"], row["about_id"]) == (change, "onset_corrected", "C1")
    assert (row["detail_before"], row["detail_after"]) == (f"2022-11-{was}", f"2022-11-{now}")


def test_a_corrected_sampling_date_moves_the_beginning():
    """Without onset, the sampling date is the one that is named."""
    cases = [{**case(), "date_onset": None, "date_sampling": date(2022, 11, day)} for day in (13, 11)]
    cases[0] |= {"window_from": at(11), "window_to": at(14)}
    row = only(answer([cases[0]], []), answer([cases[1]], [met()]))
    assert (row["change"], row["reason"], row["detail_after"]) == ("added", "sampling_corrected", "2022-11-11")


def test_a_corrected_isolation_moves_the_end():
    """A meeting after the other answer's window is put down to the isolation."""
    row = only(answer([case(isolated=11)], []), answer([case(isolated=13)], [met(day=12)]))
    assert (row["change"], row["reason"]) == ("added", "isolation_corrected")
    assert (row["detail_before"], row["detail_after"]) == ("2022-11-11 00:00", "2022-11-13 00:00")


@pytest.mark.parametrize(
    ("verb", "reason"), [("add", "visit_late"), ("correct", "visit_corrected"), ("withdraw", "visit_withdrawn")]
)
@pytest.mark.parametrize("who", ["A", "C1"])
def test_changes_of_the_log_are_named_with_whose_they_are(verb, reason, who):
    """A visit of either of the two at that place and time explains the meeting that came or went."""
    with_, without = answer([case()], [met()]), answer([case()], [])
    pair = (with_, without) if verb == "withdraw" else (without, with_)
    row = only(*pair, visit(who, verb))
    assert (row["reason"], row["about_id"]) == (reason, who)


def test_a_visit_elsewhere_explains_nothing():
    """A late visit at another place or day is not taken for the reason."""
    for other in (visit("A", "add", place="bus"), visit("A", "add", day=3)):
        assert only(answer([case()], []), answer([case()], [met()]), other)["reason"] == "meeting_came"


def test_without_a_list_of_visits_the_record_of_the_meeting_is_named():
    """A meeting that came or went for no other reason is put down to the log."""
    with_, without = answer([case()], [met()]), answer([case()], [])
    assert only(without, with_)["reason"] == "meeting_came"
    assert only(with_, without)["reason"] == "meeting_went"


def test_another_edition_is_named_when_nothing_else_touches():
    """A ring that moves with the edition is put down to the edition, both named."""
    before = answer([case()], [met(ring="close")], "covid19-8")
    row = only(before, answer([case()], [met(ring="general")], "covid19-20"))
    assert (row["change"], row["ring_before"], row["ring_after"]) == ("ring_changed", "close", "general")
    assert (row["reason"], row["detail_before"], row["detail_after"]) == ("protocol_changed", "covid19-8", "covid19-20")


def test_another_edition_may_change_the_dates_alone():
    """The same meetings with a shorter quarantine differ in the dates only."""
    row = only(answer([case()], [met()], "covid19-8", days=14), answer([case()], [met()], "covid19-9", days=7))
    assert (row["change"], row["reason"]) == ("dates_changed", "protocol_changed")
    assert (row["quarantine_until_before"], row["quarantine_until_after"]) == (date(2022, 11, 23), date(2022, 11, 16))
    assert row["start"] is None


def test_a_nearer_ring_is_explained_by_the_meeting_that_gives_it():
    """A general contact who met a new case closely is moved nearer because of that case."""
    before = answer([case()], [met(ring="general")])
    after = answer([case(), case("C2")], [met(ring="general"), met(infector="C2", day=10)])
    row = only(before, after)
    assert (row["change"], row["ring_after"], row["reason"], row["start"]) == (
        "ring_changed",
        "close",
        "new_case",
        at(10, 9),
    )


def test_a_farther_ring_is_explained_by_the_meeting_that_went():
    """A close contact whose close meeting was withdrawn moves out because of that."""
    before = answer([case()], [met(), met(ring="general", day=10)])
    row = only(before, answer([case()], [met(ring="general", day=10)]), visit("A", "withdraw"))
    assert (row["change"], row["ring_after"], row["reason"]) == ("ring_changed", "general", "visit_withdrawn")


@pytest.mark.parametrize(("day", "until"), [(11, 18), (9, 16)])
def test_later_and_earlier_last_meetings_move_the_end_of_quarantine(day, until):
    """The end of quarantine follows the last meeting, which is given as the evidence."""
    short, long = answer([case()], [met(day=9)]), answer([case()], [met(day=9), met(day=11)])
    row = only(short, long) if day == 11 else only(long, short)
    assert (row["change"], row["quarantine_until_after"]) == ("dates_changed", date(2022, 11, until))
    assert row["start"] == at(11, 9)


def test_an_earlier_first_meeting_alone_is_a_difference():
    """A new first exposure is reported even if quarantine ends on the same day."""
    row = only(answer([case()], [met(day=9)]), answer([case()], [met(day=8), met(day=9)]))
    assert (row["change"], row["reason"], row["start"]) == ("dates_changed", "meeting_came", at(8, 9))
    assert "2022-11-08 09:00" in explain(row)


def test_contacts_of_contacts_point_to_the_contact_that_changed():
    """A contact of a contact who is gone with the contact names that contact."""
    second = met("B", ring="contact_of_contact", infector="A", day=11)
    changes = find_changes(answer([case(), case("C2")], [met(infector="C2"), second]), answer([case()], []))
    rows = {row["person_id"]: row for row in changes.iter_rows(named=True)}
    assert rows["A"]["reason"] == "case_removed"
    assert (rows["B"]["reason"], rows["B"]["about_id"]) == ("infector_changed", "A")
    assert changes["person_id"].to_list() == ["A", "B"]  # the nearest ring first


def test_a_difference_nobody_can_explain_says_so():
    """When no input that is compared differs, the answer admits it."""
    row = only(answer([case()], [met()], days=7), answer([case()], [met()], days=5))
    assert (row["change"], row["reason"]) == ("dates_changed", "not_explained")


def test_every_reason_has_words_in_both_languages():
    """Each code that can be returned is said in English and Chinese, with its evidence."""
    changes = find_changes(answer([case()], []), answer([case(), case("C2")], [met(infector="C2")]))
    row = changes.row(0, named=True)
    assert explain(row) == (
        "A is now a close contact. Reason: C2 is a new case. "
        "Evidence: met C2 at shop, 2022-11-09 09:00 to 2022-11-09 10:00."
    )
    assert explain(row, "zh") == (
        "A 新判定为密切接触者。原因：C2 为新增病例。依据：2022-11-09 09:00 至 2022-11-09 10:00在 shop 与 C2 接触。"
    )
    for key in sentences("en"):
        if key.startswith("changed_reason."):
            for lang in ("en", "zh"):
                assert explain({**row, "reason": key.removeprefix("changed_reason.")}, lang)


def test_each_change_has_words():
    """Ring and date changes are said with what stood before."""
    row = only(answer([case()], [met(day=9)]), answer([case()], [met(day=9), met(day=11)]))
    assert explain(row).startswith("A: quarantine now ends 2022-11-18 instead of 2022-11-16.")
    row = only(answer([case()], [met(ring="close")]), answer([case()], [met(ring="general")]))
    assert explain(row).startswith("A was a close contact and is now a general contact.")
    row = only(answer([case()], [met()]), answer([case()], []))
    assert "不再是密切接触者" in explain(row, "zh")
