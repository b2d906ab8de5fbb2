from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.actions.desk import perform_by_clock
from suyuan.actions.hearing import hand_on
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.store import models as rows
from suyuan.terms import IncidentState


@pytest.fixture
def give(office, incident, clock):
    """Give work: ``give(3, area, hours=2)`` makes three tasks due in two hours and returns their ids."""

    def make(n, area="990101001001", *, hours=2.0, kind="core_facts", group="investigation"):
        start = rows.TaskRow.objects.count()
        news = [
            NewTask(
                incident_id=incident,
                cause=f"given:{start + i}",
                kind=kind,
                group=group,
                area=area,
                due_at=clock.now() + timedelta(hours=hours),
                subject="case",
                subject_id=start + i + 1,
            )
            for i in range(n)
        ]
        return [task.id for task in perform_by_clock(office, "test", lambda desk: make_tasks(desk, news))]

    return make


def test_the_list_costs_the_same_for_one_and_three(page_of, give, django_assert_num_queries):
    """The task list asks the database as often for three tasks as for one."""
    page = page_of("commander", "990101")
    for n in (1, 2):
        give(n)
        with django_assert_num_queries(12):
            answer = page.get("/tasks/")
    assert answer.content.decode().count('name="task_ids"') == 3


def test_only_the_own_area_is_listed(page_of, give):
    """A district sees its tasks; another district's list is empty and the single task is not there."""
    (task,) = give(1)
    assert f"/tasks/{task}/" in page_of("investigator", "990101").get("/tasks/").content.decode()
    elsewhere = page_of("investigator", "990102")
    assert "No task matches" in elsewhere.get("/tasks/").content.decode()
    assert elsewhere.get(f"/tasks/{task}/").status_code == 404
    assert page_of("investigator", "990101").get(f"/tasks/{task}/").status_code == 200


def test_strangers_stay_outside(client, page_of, give):
    """Without signing in one is sent to the door; without the right one is refused."""
    (task,) = give(1)
    for url in ("/tasks/", f"/tasks/{task}/"):
        assert client.get(url).headers["Location"].startswith("/accounts/login/")
        assert page_of("resident").get(url).status_code == 403


def test_filters_choose_and_pages_follow_each_other(page_of, give, clock):
    """Late, soon, mine, group, district and kind choose; the next page begins where this one ends."""
    late, soon = give(1, hours=-1), give(1, hours=0.5)
    other = give(1, "990102001001", kind="deliveries", group="community")
    page = page_of("commander")
    wanted = {"show=late": late, "show=soon": soon, "district=990102": other, "kind=deliveries": other}
    wanted |= {"group=community": other, "show=mine": [], "show=nonsense": late + soon + other}
    for query, expected in wanted.items():
        text = page.get(f"/tasks/?{query}").content.decode()
        assert [task for task in late + soon + other if f'href="/tasks/{task}/"' in text] == expected
    give(60)
    first = page.get("/tasks/")
    cursor = first.content.decode().split('rel="next" href="?')[1].split('"')[0]
    rest = page.get(f"/tasks/?{cursor}".replace("&amp;", "&")).content.decode()
    assert rest.count('name="task_ids"') == 13
    assert page.get("/tasks/?cursor=nonsense").status_code == 422


def test_ticked_tasks_and_all_that_match_change_through_the_form(page_of, give):
    """The bulk form takes the ticked tasks, or all that match the filter, and says how many."""
    tasks = give(3)
    page = page_of("commander", "990101")
    page.post("/do/take_tasks/", {"task_ids": tasks[:2], "key": "a", "next": "/tasks/"})
    assert rows.TaskRow.objects.filter(assignee_id=page.user.id).count() == 2
    form = {"all_matching": "true", "group": "investigation", "show": "", "key": "b", "next": "/tasks/"}
    page.post("/do/finish_tasks/", form)
    assert "Done: 3." in page.get("/tasks/").content.decode()
    assert page.get("/tasks/?show=done").content.decode().count("/tasks/") > 3
    answer = page.post("/do/call_off_tasks/", {"task_ids": tasks, "key": "c"})
    assert answer.status_code == 422


@pytest.mark.parametrize("said", [("en", "meeting", "Open the command"), ("zh", "", "启动指挥部")])
def test_a_task_of_the_plan_says_how_when_and_after_what(page_of, incident, act, officer, office, said):
    """The page of a plan's task shows its instruction, where its deadline comes from, and what must be done first."""
    lang, title, after = said
    act("change_incident", officer("commander"), incident_id=incident, state=IncidentState.RESPONSE, reason="x")
    hand_on(office)
    task = rows.TaskRow.objects.get(kind="first_meeting")
    rows.TaskRow.objects.filter(id=task.id).update(level=2)
    text = page_of("commander", lang=lang).get(f"/tasks/{task.id}/").content.decode()
    assert title.lower() in text.lower()
    assert after in text
    assert task.values["source"] in text
