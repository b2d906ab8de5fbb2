from __future__ import annotations

import pytest
from django.db import connection

from suyuan.store import models as rows
from suyuan.store.due import due_ids
from suyuan.store.queries.reach import within

PENDING = ["taken", "open"]


def _plan(query):
    if connection.vendor != "sqlite":
        pytest.skip("the plan is SQLite's")
    return query.explain()


def test_lists_of_tasks_walk_the_index_of_their_order(officer):
    """Pending tasks of a city and of a district come in order from a partial index; nothing is sorted."""
    for area, index in (("9901", "task_due"), ("990101", "task_district_due")):
        mine = within(rows.TaskRow.objects.filter(state__in=PENDING), officer("commander", area), "see_tasks")
        plan = _plan(mine.order_by("due_at", "id")[:51])
        assert index in plan
        assert "TEMP B-TREE" not in plan


def test_done_tasks_and_levels_have_indexes_of_their_own(db):
    """The list of done tasks and the clock's escalation find their rows without a walk through the table."""
    assert "task_done" in _plan(rows.TaskRow.objects.filter(state="done").order_by("-done_at", "-id")[:51])
    pending = rows.TaskRow.objects.filter(state__in=PENDING, level=1, due_at__lte="2022-01-01T00:00Z")
    assert "task_level_due" in _plan(pending.order_by("due_at", "id")[:200])


def test_a_state_that_is_no_word_stays_a_parameter(db):
    """Whatever is not a word of a closed list is never written into a statement."""
    sql, values = rows.TaskRow.objects.filter(state="x' OR 1=1 --").query.sql_with_params()
    assert values == ("x' OR 1=1 --",)
    sql, values = rows.TaskRow.objects.filter(state__in=["open", "x'"]).query.sql_with_params()
    assert set(values) == {"open", "x'"}
    assert "OR 1=1" not in sql
    assert list(rows.TaskRow.objects.filter(state__in=[])) == []


def test_an_area_wider_than_a_district_holds_what_lies_inside(db, clock):
    """Rows of a city are those whose district begins with its code; a neighbour city's are not among them."""
    incident = rows.IncidentRow.objects.create(id=1, code="c", name="n", protocol="p", opened_at=clock.now())
    for i, area in enumerate(("990101001001", "9901", "880101001001"), 1):
        rows.TaskRow.objects.create(
            id=i, incident=incident, cause=str(i), area=area, district=area[:6], state="open",
            due_at=clock.now(), created_at=clock.now(),
        )  # fmt: skip
    from suyuan.store.queries.reach import inside

    assert set(rows.TaskRow.objects.filter(inside("9901")).values_list("id", flat=True)) == {1, 2}
    assert due_ids("task_late", clock.now(), 5) == [1, 2, 3]
