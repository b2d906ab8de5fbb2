"""Two records of one person become one, and can become two again; nothing merges by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, DuplicateFinding, FindingState, Merge


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePeople:
    """Merge the two persons of a finding into ``kept_id``, one of the two."""

    finding_id: int
    kept_id: int
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDistinct:
    """The two persons of a finding are two people."""

    finding_id: int
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMerge:
    """Take a merge back."""

    merge_id: int
    reason: str
    version: int | None = None


@deed("merge_people", "duplicates/{finding_id}/merge")
def merge_people(desk: Desk, command: MergePeople) -> int:
    """Merge two records and return the id of the merge, which can be undone.

    Raises
    ------
    BadInput
        If the finding is decided already, the kept record is not one of the two, or no reason is given.
    """
    finding = _open_finding(desk, command.finding_id, command.version, command.reason)
    pair = {finding.person_id, finding.other_id}
    if command.kept_id not in pair:
        raise BadInput("people.not_of_the_pair", id=command.kept_id)
    kept = desk.room.people.get(command.kept_id)
    gone = desk.room.people.get((pair - {kept.id}).pop())
    for person in (kept, gone):
        desk.require("merge_people", person.area)
        if person.merged_into:
            raise BadInput("people.merged_away", number=person.code)
    moved = desk.room.people.move(gone.id, kept.id)
    desk.room.people.save(replace(gone, merged_into=kept.id))
    desk.room.findings.save(replace(finding, state=FindingState.MERGED))
    merge = desk.room.merges.add(Merge(kept_id=kept.id, gone_id=gone.id, area=kept.area, moved=moved))
    desk.record("person", kept, "took_in", ("", gone.code), command.reason)
    desk.record("person", gone, "merged_into", ("", kept.code), command.reason)
    return merge.id


@deed("merge_people", "duplicates/{finding_id}/distinct")
def mark_distinct(desk: Desk, command: MarkDistinct) -> int:
    """Say that two records are two people, and return the finding's version; the pair is not asked about again."""
    finding = _open_finding(desk, command.finding_id, command.version, command.reason)
    for person in desk.room.people.find(id=[finding.person_id, finding.other_id]):
        desk.require("merge_people", person.area)
        desk.record("person", person, "distinct", ("", ""), command.reason)
    return desk.room.findings.save(replace(finding, state=FindingState.DISTINCT)).version


@deed("merge_people", "merges/{merge_id}/undo")
def undo_merge(desk: Desk, command: UndoMerge) -> int:
    """Take a merge back: the rows that moved go back, the pair waits in the queue again. Returns the merge's version.

    Raises
    ------
    BadInput
        If the merge was undone already, or the record that took the other in was itself merged since.
    """
    merge = desk.room.merges.get(command.merge_id, version=command.version)
    desk.require("merge_people", merge.area)
    if not command.reason.strip():
        raise BadInput("people.no_reason")
    if merge.undone:
        raise BadInput("people.undone_already")
    kept, gone = desk.room.people.get(merge.kept_id), desk.room.people.get(merge.gone_id)
    if kept.merged_into:
        raise BadInput("people.merged_away", number=kept.code)
    desk.room.people.move_back(kept.id, gone.id, merge.moved)
    desk.room.people.save(replace(gone, merged_into=0))
    first, second = sorted((kept.id, gone.id))
    for finding in desk.room.findings.find(person_id=first, other_id=second):
        desk.room.findings.save(replace(finding, state=FindingState.OPEN))
    desk.record("person", kept, "gave_back", (gone.code, ""), command.reason)
    desk.record("person", gone, "merged_into", (kept.code, ""), command.reason)
    return desk.room.merges.save(replace(merge, undone=True)).version


def _open_finding(desk: Desk, finding_id: int, version: int | None, reason: str) -> DuplicateFinding:
    finding = desk.room.findings.get(finding_id, version=version)
    desk.require("merge_people", finding.area)
    if not reason.strip():
        raise BadInput("people.no_reason")
    if finding.state is not FindingState.OPEN:
        raise BadInput("people.decided_already")
    return finding
