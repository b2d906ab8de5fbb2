"""What a task is called: a sentence of its kind, or the plan's title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from suyuan.actions.response_plan import NAME, response_plan
from suyuan.protocols.plan import Task
from suyuan.terms import Problem
from suyuan.terms.wording import sentences

BLANK = re.compile(r"\s*\{[^}]*\}\s*")


def task_title(kind: str, values: Mapping[str, Any], lang: str) -> str:
    """Say what is to be done, in one line."""
    sentence = sentences(lang).get(f"task.{kind}")
    if sentence is not None:
        try:
            return sentence.format(**values)
        except (KeyError, IndexError, ValueError):
            return sentence
    planned = planned_task(kind, values)
    return planned.title.text(lang) if planned else kind


def planned_task(kind: str, values: Mapping[str, Any]) -> Task | None:
    """Return the task of the plan that a kind names, if it is one."""
    try:
        plan = response_plan(str(values.get("plan") or NAME))
    except Problem:
        return None
    return plan.tasks.get(kind)


def kind_titles(lang: str) -> list[tuple[str, str]]:
    """Return the kinds of task with their titles, for a filter."""
    said = sentences(lang).items()
    titles = {key.removeprefix("task."): BLANK.sub("…", text) for key, text in said if key.startswith("task.")}
    titles |= {key: task.title.text(lang) for key, task in response_plan().tasks.items() if key not in titles}
    return sorted(titles.items(), key=lambda item: item[1])
