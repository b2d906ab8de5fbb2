"""The plans that come with Suyuan can be used, and a wrong plan says what is wrong."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from suyuan.protocols import load, names
from suyuan.protocols.follow_up import end_follow_up, judge_silence, load_follow_up, plan_follow_up
from suyuan.protocols.plan import ResponsePlan, load_plan, plan_tasks
from suyuan.protocols.plan_files import FaultyPlan, plan_names
from suyuan.protocols.rights import load_rights
from suyuan.protocols.schedule import plan_quarantine
from suyuan.terms import LANGUAGES, BadInput, BadUsage

PARALLEL = ("investigation", "transfer", "screening", "laboratory", "communication", "command", "medical")
HEADER = 'name = { en = "Ours", zh = "本地" }\nissuer = "City"\nissued = 2026-01-01\nsource = "local"\n'
LOCAL = '[sources.local]\ntitle = "Local plan"\nissuer = "City"\ndate = "2026"\nstatus = "stated"\nclause = "2"\n'


@pytest.fixture(scope="module")
def plan() -> ResponsePlan:
    return load_plan()


def written(folder: Path, name: str, old: str, new: str) -> Path:
    text = (files("suyuan.protocols") / "plans" / f"{name}.toml").read_text("utf-8")
    assert old in text
    path = folder / "mine.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_the_main_groups_start_at_hour_zero(plan: ResponsePlan):
    """Investigation, transfer, screening, laboratory and communication each have a task that waits for nothing."""
    starting = {task.group for task in plan.tasks.values() if not task.after}
    assert starting >= set(PARALLEL)
    assert len(plan.groups) == 14


def test_all_seven_early_actions_are_done_by_some_task(plan: ResponsePlan):
    """The 7-1-7 date of early response can be read off the tasks, within its seven days, under every edition."""
    assert len(plan.early_actions) == 7
    assert (plan.targets.detect_days, plan.targets.notify_days, plan.targets.respond_days) == (7, 1, 7)
    for name in names():
        edition = load(name)
        tasks = [one for per in ("incident", "district", "case") for one in plan_tasks(plan, edition, per)]
        done = {one.task.early_action for one in tasks if one.task.early_action}
        assert done == set(plan.early_actions)
        assert all(one.due_hours <= 168 for one in tasks)


def test_every_group_has_work(plan: ResponsePlan):
    """A working group without a task would be a name only."""
    assert {task.group for task in plan.tasks.values()} == set(plan.groups)


def test_the_editions_clock_goes_before_the_plans_hours(plan: ResponsePlan):
    """A task with a clock takes the edition's hours and source; where the edition has none, the plan's."""
    measles, covid = load("measles"), load("covid19-9")
    assert plan.hours_of("investigate_case", measles) == (48.0, measles.sources["who-measles"])
    assert plan.hours_of("transfer_case", covid) == (2.0, covid.sources["practice-clocks"])
    assert plan.hours_of("transfer_case", measles) == (2.0, plan.sources["assumed-hours"])


def test_a_task_of_one_disease_arises_for_it_alone(plan: ResponsePlan):
    """Vaccination of contacts is a task under measles and under no edition that lacks its clock."""
    keys = {name: {one.key for one in plan_tasks(plan, load(name), "case")} for name in ("measles", "covid19-9")}
    assert "vaccinate_contacts" in keys["measles"]
    assert "vaccinate_contacts" not in keys["covid19-9"]


def test_a_deadline_after_a_prerequisite_adds_up(plan: ResponsePlan):
    """Contacts are to be in quarantine 8 h after they were determined, which is due 8 h after the case."""
    planned = {one.key: one for one in plan_tasks(plan, load("covid19-9"), "case")}
    assert planned["quarantine_contacts"].hours == 8
    assert planned["quarantine_contacts"].due_hours == 16
    assert planned["quarantine_contacts"].after == ("determine_contacts",)
    assert list(planned) == [one.key for one in sorted(planned.values(), key=lambda one: one.due_hours)]


def test_an_override_changes_what_it_names_and_brings_its_source(plan: ResponsePlan, tmp_path: Path):
    """A city renames a group and shortens a deadline; all else stays, and the new hours have the city's source."""
    path = tmp_path / "ours.toml"
    changed = '[groups.order]\nname = { en = "Police", zh = "公安组" }\n[tasks.open_command]\nhours = 0.5\n'
    path.write_text(f'changes = "first-24-hours"\n{HEADER}{changed}{LOCAL}', "utf-8")
    ours = load_plan(path)
    assert ours.id == "ours"
    assert ours.groups["order"].name.zh == "公安组"
    assert ours.groups["order"].duty == plan.groups["order"].duty
    assert ours.hours_of("open_command", load("covid19-9")) == (0.5, ours.sources["local"])
    assert list(ours.tasks) == list(plan.tasks)


def test_an_override_of_a_single_table_brings_its_source_too(tmp_path: Path):
    """A city that answers contests in twelve hours is named as the source, whatever else of the table it changes."""
    path = tmp_path / "ours.toml"
    for changed in ("answer_hours = 12\n", 'text = { en = "Ours", zh = "本地" }\n'):
        path.write_text(f'changes = "rights"\n{HEADER}[contest]\n{changed}{LOCAL}', "utf-8")
        rights = load_rights(path)
        assert rights.contest.source == "local"
        assert rights.contest.remind_hours_before == 4
        assert rights.orders.source == "orders"
        assert rights.name.en == "Ours"


WRONG = [
    ("plan.unknown_group", "first-24-hours", 'group = "command"', 'group = "comand"', "[tasks.open_command] group"),
    ("plan.unknown_group", "first-24-hours", 'coordination = "command"', 'coordination = "x"', "coordination"),
    ("plan.unknown_action", "first-24-hours", 'early_action = "coordination"', 'early_action = "x"', "early_action"),
    ("plan.action_never_done", "first-24-hours", 'early_action = "coordination"\n', "", "[early_actions.coordination]"),
    ("plan.unknown_task", "first-24-hours", 'after = ["open_command"]', 'after = ["x"]', "[tasks.first_meeting] after"),
    ("plan.waits_for_narrower", "first-24-hours", '["open_command"]', '["core_facts"]', "[tasks.first_meeting]"),
    ("plan.circle", "first-24-hours", 'after = ["open_command"]', 'after = ["situation_report"]', "after"),
    ("plan.no_clock", "first-24-hours", 'clock = "notify_who"\n', "", "[tasks.notify_who]"),
    ("plan.no_prerequisite", "first-24-hours", 'after = ["report_case"]\n', "", "[tasks.verify_report]"),
    ("plan.steps_disordered", "first-24-hours", "minutes_late = 120", "minutes_late = 0", "[escalation]"),
    ("protocol.no_source", "first-24-hours", 'source = "notice2016"', "", "[tasks.first_notice] source"),
    ("protocol.missing_key", "first-24-hours", "hours = 5.0\n", "", "[tasks.first_notice] hours"),
    ("protocol.not_one_of", "first-24-hours", 'tell = ["assignee", "group"]', 'tell = ["all"]', "higher_command"),
    ("plan.unknown_question", "follow-up", 'asked = ["symptoms"', 'asked = ["mood"', "[kinds.close_contact] asked"),
    ("plan.lost_too_early", "follow-up", "lost_after_hours = 72", "lost_after_hours = 24", "[kinds.close_contact]"),
    ("plan.days_missing", "follow-up", "days = 7\nend_rule", "end_rule", "[kinds.traveller]"),
    ("plan.choices_missing", "follow-up", 'form = "number"', 'form = "choices"', "[questions.temperature]"),
    ("plan.reminder_after_answer", "rights", "remind_hours_before = 4", "remind_hours_before = 24", "[contest]"),
    ("protocol.out_of_range", "rights", "days = 30", "days = 0", "[retention.itineraries] days"),
]
LOADERS = {"first-24-hours": load_plan, "follow-up": load_follow_up, "rights": load_rights}


@pytest.mark.parametrize(
    ("code", "name", "old", "new", "where"), WRONG, ids=[f"{r[0]}-{i}" for i, r in enumerate(WRONG)]
)
def test_each_wrong_plan_gives_its_sentence(tmp_path: Path, code: str, name: str, old: str, new: str, where: str):
    """The sentence names the file and the table, in both languages, and all faults come at once."""
    with pytest.raises(FaultyPlan) as caught:
        LOADERS[name](written(tmp_path, name, old, new))
    assert code in {fault.code for fault in caught.value.faults}
    for lang in LANGUAGES:
        assert "mine.toml" in caught.value.sentence(lang)
        assert where in caught.value.sentence(lang)


def test_files_that_are_no_plan_are_refused(tmp_path: Path):
    """An unknown name, an absent file, no TOML, no base, a circle and a headless override are told apart."""
    path = tmp_path / "a.toml"
    with pytest.raises(BadUsage, match="first-24-hours, follow-up"):
        load_plan("first-day")
    with pytest.raises(BadInput, match="does not exist"):
        load_plan(path)
    for text, said in (
        ("id = ", "not valid TOML"),
        ("changes = 'rights'", "missing here: name"),
        (f"changes = 'b.toml'\n{HEADER}", "no such plan"),
        (f"changes = 'a.toml'\n{HEADER}", "circle"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(BadInput, match=said):
            load_plan(path)
    path.write_bytes(b"\xff")
    with pytest.raises(BadInput, match="UTF-8"):
        load_plan(path)
    assert {"first-24-hours", "follow-up", "rights"} <= set(plan_names())


def test_silence_is_judged_by_the_kind_of_person():
    """Half a day without a word alarms for somebody at home, a day for a contact; three days make a contact lost."""
    kinds = load_follow_up().kinds
    now = datetime(2022, 7, 4, 12, tzinfo=UTC)
    heard = {hours: now - timedelta(hours=hours) for hours in (11, 12, 24, 72)}
    assert judge_silence(kinds["home_quarantined"], heard[11], now) == "heard"
    assert judge_silence(kinds["home_quarantined"], heard[12], now) == "missed"
    assert judge_silence(kinds["close_contact"], heard[12], now) == "heard"
    assert judge_silence(kinds["close_contact"], heard[24], now) == "missed"
    assert judge_silence(kinds["close_contact"], heard[72], now) == "lost"


def test_follow_up_of_a_contact_ends_with_the_quarantine():
    """Days and tests of a contact's follow-up are those of the edition; without a quarantine there is none."""
    rule = load_follow_up().kinds["close_contact"]
    quarantine = plan_quarantine(load("covid19-9").rings.close, date(2022, 7, 1), date(2022, 7, 2))
    days = plan_follow_up(rule, date(2022, 7, 2), quarantine)
    assert days.ends == date(2022, 7, 11)
    assert len(days.tests) == 6
    with pytest.raises(BadUsage):
        plan_follow_up(rule, date(2022, 7, 2))


def test_follow_up_goes_on_until_the_person_is_seen():
    """Not seen on or after the end it goes on, three days at most; seen, or where the rule says no, it ends."""
    kinds = load_follow_up().kinds
    ends, seen = date(2022, 7, 11), date(2022, 7, 10)
    today = ends + timedelta(days=2)
    assert end_follow_up(kinds["close_contact"], ends, seen, ends) == ends
    assert end_follow_up(kinds["close_contact"], ends, seen, today) == today
    assert end_follow_up(kinds["close_contact"], ends, None, today + timedelta(days=9)) == ends + timedelta(days=3)
    assert end_follow_up(kinds["close_contact"], ends, ends, today) == ends
    assert end_follow_up(kinds["traveller"], ends, seen, today) == ends


def test_only_answers_that_need_a_look_alarm():
    """A temperature from 37.3, any symptom and a wish for help alarm; a lower temperature or no symptom does not."""
    questions = load_follow_up().questions
    assert questions["temperature"].alarms(37.3)
    assert not questions["temperature"].alarms(37.2)
    assert questions["symptoms"].alarms(["cough"])
    assert not questions["symptoms"].alarms([])
    assert questions["need_help"].alarms(answer=True)
    assert not questions["medicine"].alarms(answer=True)


def test_itineraries_are_erased_before_contacts_and_contacts_before_the_audit():
    """The most telling records have the shortest term."""
    retention = load_rights().retention
    days = [retention[kind].days for kind in ("itineraries", "follow_up", "contacts", "audit")]
    assert days == sorted(days)
    assert load_rights().contest.answer_hours == 24
