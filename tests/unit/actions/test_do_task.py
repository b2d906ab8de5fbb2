from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.actions.desk import NotAllowed, Stale, perform_by_clock
from suyuan.actions.escalate_tasks import escalate_tasks
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.store import models as rows
from suyuan.terms import BadInput, NothingFound


@pytest.fixture
def give(office, incident, clock):
    """Give work: ``give(3, area, hours=2)`` makes three tasks due in two hours and returns their ids."""

    def make(n, area="990101001001", *, hours=2.0, group="investigation", **fields):
        start = rows.TaskRow.objects.count()
        news = [
            NewTask(
                incident_id=incident,
                cause=f"given:{start + i}",
                kind="core_facts",
                group=group,
                area=area,
                due_at=clock.now() + timedelta(hours=hours),
                subject="case",
                subject_id=start + i + 1,
                **fields,
            )
            for i in range(n)
        ]
        return tuple(task.id for task in perform_by_clock(office, "test", lambda desk: make_tasks(desk, news)))

    return make


def test_a_task_is_taken_and_done_by_one_officer(give, act, officer, clock):
    """Taking puts a task in my hands; finishing stamps who and when; every step is in its history."""
    (task,) = give(1)
    worker = officer("investigator", "990101")
    assert act("take_tasks", worker, task_ids=(task,)).n == 1
    clock.move(hours=1)
    act("finish_tasks", worker, task_ids=(task,), reason="spoke with the household")
    row = rows.TaskRow.objects.get(id=task)
    assert (row.state, row.assignee_id, row.done_by, row.done_at) == ("done", worker.id, worker.id, clock.now())
    assert list(rows.HistoryRow.objects.filter(subject="task").order_by("id").values_list("what", "after")) == [
        ("state", "taken"),
        ("assignee_id", str(worker.id)),
        ("state", "done"),
    ]


def test_nobody_takes_what_somebody_else_has(give, act, officer):
    """A taken task is left alone in bulk, and alone it is refused; done ones cannot be done again."""
    tasks = give(2)
    first, second = officer("investigator", "990101"), officer("investigator", "990101")
    act("take_tasks", first, task_ids=tasks[:1])
    answer = act("take_tasks", second, task_ids=tasks)
    assert (answer.n, answer.n_left) == (1, 1)
    with pytest.raises(BadInput, match="already"):
        act("take_tasks", second, task_ids=tasks[:1])
    act("finish_tasks", first, task_ids=tasks)
    with pytest.raises(BadInput, match="still to be done"):
        act("finish_tasks", first, task_ids=tasks)


def test_a_colleague_elsewhere_may_not(give, act, officer):
    """Tasks outside the officer's area cannot be changed, by id or by filter, and an unknown id is told."""
    tasks = give(1)
    elsewhere = officer("investigator", "990102")
    with pytest.raises(NotAllowed):
        act("finish_tasks", elsewhere, task_ids=tasks)
    with pytest.raises(BadInput):
        act("finish_tasks", elsewhere, all_matching=True)
    with pytest.raises(NotAllowed):
        act("take_tasks", officer("auditor"), all_matching=True)
    with pytest.raises(NothingFound):
        act("take_tasks", elsewhere, task_ids=(987654,))


def test_tasks_are_handed_over_with_a_reason(give, act, officer):
    """One's own task needs no more than doing it; other people's need the right; the receiver must be able to do it."""
    mine, free = give(2)
    worker, colleague = officer("investigator", "990101"), officer("investigator", "990101")
    act("take_tasks", worker, task_ids=(mine,))
    with pytest.raises(BadInput, match="reason"):
        act("assign_tasks", worker, task_ids=(mine,), to_officer_id=colleague.id, reason="")
    act("assign_tasks", worker, task_ids=(mine,), to_officer_id=colleague.id, reason="my shift ends")
    assert rows.TaskRow.objects.get(id=mine).assignee_id == colleague.id
    with pytest.raises(NotAllowed):
        act("assign_tasks", worker, task_ids=(free,), to_officer_id=colleague.id, reason="x")
    commander = officer("commander")
    stranger = officer("investigator", "990102")
    with pytest.raises(BadInput, match="no duty"):
        act("assign_tasks", commander, task_ids=(free,), to_officer_id=stranger.id, reason="x")
    act("assign_tasks", commander, task_ids=(mine, free), to_group="community", reason="better placed")
    assert set(rows.TaskRow.objects.values_list("group", "state", "assignee_id")) == {("community", "open", 0)}
    for target in ({"to_group": "nobody"}, {"to_officer_id": 4242}):
        with pytest.raises(NothingFound):
            act("assign_tasks", commander, task_ids=(free,), reason="x", **target)
    with pytest.raises(BadInput, match="Nobody is named"):
        act("assign_tasks", commander, task_ids=(free,), reason="x")


def test_more_time_and_calling_off_need_the_right_and_a_reason(give, act, officer, clock):
    """Only who assigns tasks extends or calls off; a deadline moves later only, and escalation begins anew."""
    tasks = give(2)
    commander = officer("commander", "990101")
    with pytest.raises(NotAllowed):
        act("extend_tasks", officer("investigator", "990101"), task_ids=tasks, hours=1, reason="x")
    rows.TaskRow.objects.update(level=2)
    act("extend_tasks", commander, task_ids=tasks, hours=3, reason="road closed")
    row = rows.TaskRow.objects.get(id=tasks[0])
    assert (row.due_at, row.level) == (clock.now() + timedelta(hours=5), 0)
    assert act("extend_tasks", commander, task_ids=tasks, due_at=clock.now() + timedelta(hours=1), reason="x").n == 0
    for wrong in ({}, {"hours": 1, "due_at": clock.now()}, {"hours": -1}, {"due_at": clock.now()}):
        with pytest.raises(BadInput):
            act("extend_tasks", commander, task_ids=tasks, reason="x", **wrong)
    assert act("call_off_tasks", commander, task_ids=tasks, reason="case ruled out").n == 2
    assert rows.HistoryRow.objects.filter(after="cancelled", reason="case ruled out").count() == 2


def test_a_lost_update_of_one_task_is_refused(give, act, officer):
    """With the version it was read at, a task changed meanwhile stays as it is."""
    tasks = give(1)
    commander = officer("commander")
    act("take_tasks", commander, task_ids=tasks, version=1)
    with pytest.raises(Stale):
        act("call_off_tasks", commander, task_ids=tasks, version=1, reason="x")


def test_all_that_match_the_filter(give, act, officer, clock):
    """A bulk deed by filter takes late, soon, own, group's or a district's tasks, inside the officer's reach only."""
    give(2, hours=-1)
    give(3, hours=0.5)
    give(4, "990102001001", hours=-1, group="community")
    commander = officer("commander", "990101")
    counts = {
        show: act("extend_tasks", commander, all_matching=True, show=show, hours=0.01, reason="x").n
        for show in ("late", "soon")
    }
    assert counts == {"late": 2, "soon": 5}
    city = officer("commander")
    assert act("take_tasks", city, all_matching=True, group="community", district="990102").n == 4
    assert act("finish_tasks", city, all_matching=True, show="mine").n == 4
    with pytest.raises(BadInput):
        act("finish_tasks", city, all_matching=True, show="group")


def test_ten_thousand_tasks_change_in_one_deed(give, act, officer, django_assert_max_num_queries, monkeypatch):
    """Ten thousand tasks are taken by filter with few statements; one more than the limit is refused."""
    give(10_000)
    commander = officer("commander")
    with django_assert_max_num_queries(12):
        assert act("take_tasks", commander, all_matching=True).n == 10_000
    monkeypatch.setattr("suyuan.actions.choose_tasks.MOST", 9_999)
    with pytest.raises(BadInput, match="9999"):
        act("finish_tasks", commander, all_matching=True)


def test_late_tasks_rise_by_the_plans_steps(give, office, clock):
    """An hour before its deadline, at it, and two hours after, a task rises once each, and who is told is a fact."""
    give(3)
    assert escalate_tasks(office) == 0
    for hours, level, step in ((1.5, 1, "soon"), (0.5, 2, "late"), (2, 3, "very_late")):
        clock.move(hours=hours)
        assert escalate_tasks(office) == 3
        assert escalate_tasks(office) == 0
        fact = rows.FactRow.objects.filter(kind="task_escalated").last()
        assert (fact.values["level"], fact.values["step"], len(fact.values["task_ids"])) == (level, step, 3)
    assert fact.values["tell"] == ["group", "command", "higher_command"]
    assert set(rows.TaskRow.objects.values_list("level", flat=True)) == {3}


def test_a_deadline_counts_from_the_end_of_what_came_first(give, act, officer, clock):
    """A task that counts from its prerequisites gets its deadline when the last of them is done."""
    first = give(1, values={"plan": "first-24-hours"})
    about = rows.TaskRow.objects.get(id=first[0]).subject_id
    values = {"plan": "first-24-hours", "from": "prerequisites", "after": ["core_facts"], "hours": 8}
    (second,) = give(1, hours=20, values=values)
    rows.TaskRow.objects.filter(id=second).update(kind="quarantine_contacts", subject_id=about)
    clock.move(hours=1)
    act("finish_tasks", officer("commander"), task_ids=first)
    assert rows.TaskRow.objects.get(id=second).due_at == clock.now() + timedelta(hours=8)
