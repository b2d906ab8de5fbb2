"""Form investigation teams, change them, let them rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, Team
from suyuan.terms.wording import sentences

RIGHT = "assign_investigation"
MOST = 50
CODE_WIDTH, NAME_WIDTH, AREA_WIDTH = 32, 80, 12
FIELDS = ("name_en", "name_zh", "area", "languages", "capacity", "on_duty", "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTeam:
    """A new team: its short code, names, where it works, what it speaks, how much it may carry, who is in it."""

    code: str
    name_zh: str
    area: str
    name_en: str = ""
    languages: tuple[str, ...] = ("zh",)
    capacity: int = 3
    members: tuple[int, ...] = ()


@deed(RIGHT, "teams")
def form_team(desk: Desk, command: FormTeam) -> int:
    """Form a team and return its id.

    Raises
    ------
    BadInput
        If the code is missing or taken, or a field cannot be right.
    """
    desk.require(RIGHT, command.area)
    code = command.code.strip()
    if not code or len(code) > CODE_WIDTH or desk.room.teams.find(code=code):
        raise BadInput("teams.bad_code", team=code, most=CODE_WIDTH)
    team = _sound(
        desk,
        Team(
            code=code,
            name_en=command.name_en or command.name_zh,
            name_zh=command.name_zh,
            area=command.area,
            languages=command.languages,
            capacity=command.capacity,
            members=command.members,
        ),
    )
    team = desk.room.teams.add(team)
    desk.record("team", team, "formed", ("", team.code))
    return team.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTeam:
    """What to change; a field that is None stays. ``on_duty`` False lets the team rest: it gets nothing new.

    ``nobody`` empties the team, because a form cannot send an empty list.
    """

    team_id: int
    name_en: str | None = None
    name_zh: str | None = None
    area: str | None = None
    languages: tuple[str, ...] | None = None
    capacity: int | None = None
    on_duty: bool | None = None
    members: tuple[int, ...] | None = None
    nobody: bool = False
    reason: str = ""
    version: int | None = None


@deed(RIGHT, "teams/{team_id}/change")
def change_team(desk: Desk, command: ChangeTeam) -> int:
    """Change a team and return its version.

    Raises
    ------
    BadInput
        If a field cannot be right.
    """
    team = desk.room.teams.get(command.team_id, version=command.version)
    desk.require(RIGHT, team.area)
    if command.area is not None:
        desk.require(RIGHT, command.area)
    changes = {name: value for name in FIELDS if (value := getattr(command, name)) is not None}
    if command.nobody and command.members is None:
        changes["members"] = ()
    after = _sound(desk, replace(team, **changes))
    for name in changes:
        if getattr(team, name) != getattr(after, name):
            desk.record("team", team, name, (_text(getattr(team, name)), _text(getattr(after, name))), command.reason)
    return desk.room.teams.save(after).version


def _sound(desk: Desk, team: Team) -> Team:
    """Refuse a team that cannot work."""
    if not team.area.isdigit() or len(team.area) > AREA_WIDTH:
        raise BadInput("room.no_area_code", area=team.area)
    for name in (team.name_en, team.name_zh):
        if not name.strip() or len(name) > NAME_WIDTH:
            raise BadInput("teams.no_name", most=NAME_WIDTH)
    unknown = [each for each in team.languages if f"spoken.{each}" not in sentences("en")]
    if unknown or not team.languages:
        raise BadInput("teams.bad_language", language=", ".join(unknown))
    if not 1 <= team.capacity <= MOST:
        raise BadInput("teams.bad_capacity", most=MOST)
    _need_officers(desk, team.members)
    return team


def _need_officers(desk: Desk, ids: Iterable[int]) -> None:
    for each in ids:
        if desk.room.officer(each) is None:
            raise BadInput("teams.no_officer", id=each)


def _text(value: object) -> object:
    return ", ".join(str(each) for each in value) if isinstance(value, tuple) else value
