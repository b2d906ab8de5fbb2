from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.actions.desk import perform_by_clock
from suyuan.actions.make_tasks import NewTask, cancel_tasks, make_tasks
from suyuan.store import models as rows


@pytest.fixture
def new(incident, clock):
    """Make a new task's description: ``new(3)`` is about case 3."""

    def make(subject_id, **fields):
        given = {
            "incident_id": incident,
            "cause": f"test:{subject_id}",
            "kind": "interview",
            "group": "investigation",
            "area": "990101001001",
            "due_at": clock.now() + timedelta(hours=2),
            "subject": "case",
            "subject_id": subject_id,
        }
        return NewTask(**(given | fields))

    return make


def test_a_task_is_made_once_for_its_cause(office, new):
    """The same cause again, in the same call or a later one, makes nothing."""
    first = perform_by_clock(office, "test", lambda desk: make_tasks(desk, [new(1), new(1), new(2)]))
    again = perform_by_clock(office, "test", lambda desk: make_tasks(desk, [new(1), new(3)]))
    assert [task.subject_id for task in first] == [1, 2]
    assert [task.subject_id for task in again] == [3]
    assert rows.TaskRow.objects.filter(district="990101", state="open").count() == 3


def test_nothing_is_made_of_nothing(office):
    """No news and no ids ask the database nothing and change nothing."""
    assert perform_by_clock(office, "test", lambda desk: make_tasks(desk, [])) == []
    assert perform_by_clock(office, "test", lambda desk: cancel_tasks(desk, "case", [], "why")) == 0


def test_calling_off_takes_what_is_pending_only(office, new):
    """Tasks of the subject are called off with the reason; done ones and other subjects' stay."""
    made = perform_by_clock(office, "test", lambda desk: make_tasks(desk, [new(1), new(2), new(3)]))
    rows.TaskRow.objects.filter(id=made[1].id).update(state="done")
    assert perform_by_clock(office, "test", lambda desk: cancel_tasks(desk, "case", [1, 2], "ruled out")) == 1
    assert list(rows.TaskRow.objects.order_by("subject_id").values_list("state", flat=True)) == [
        "cancelled",
        "done",
        "open",
    ]
    entry = rows.HistoryRow.objects.get(subject="task")
    assert (entry.what, entry.before, entry.after, entry.reason) == ("state", "open", "cancelled", "ruled out")


def test_twenty_thousand_tasks_are_made_in_one_transaction(office, new, django_assert_max_num_queries):
    """Making very many tasks costs a few statements for each five hundred."""
    news = [new(n) for n in range(20_000)]
    with django_assert_max_num_queries(60):
        made = perform_by_clock(office, "test", lambda desk: len(make_tasks(desk, news)))
    assert made == 20_000
