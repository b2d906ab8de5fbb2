from __future__ import annotations

from datetime import date

import pytest

from suyuan.actions.desk import NotAllowed
from suyuan.actions.reveal_details import reveal_details
from suyuan.store import models as rows
from suyuan.store.queries.people import find_people
from suyuan.terms import BadInput, Details, IdentityKind, NothingFound
from suyuan.terms.identity import resident_check_digit

DISTRICT = "990101"


def resident(body: str = "99010119800101001") -> str:
    return body + resident_check_digit(body)


def details(name="张伟", number=None, **rest) -> Details:
    kind = IdentityKind.RESIDENT if number else IdentityKind.NONE
    return Details(name=name, identity_kind=kind, identity_number=number or "", **rest)


@pytest.fixture
def registrar(officer):
    """Whoever registers and merges in one district."""
    return officer("duty_officer", DISTRICT)


def test_a_person_is_registered_sealed_and_found_by_what_people_type(act, registrar):
    """Nothing in the tables shows the name; name, pinyin, telephone and number find the person."""
    who = details("欧阳小明", resident(), telephones=("13912345678",))
    number = act("register_person", registrar, area=DISTRICT, details=who)
    assert "欧阳".encode() not in bytes(rows.DetailsRow.objects.get().sealed)
    for typed in ("欧阳小明", "ouyang xiaoming", "139 1234 5678", resident(), "5678"):
        assert [found.id for found in find_people(registrar, typed)] == [number], typed
    assert rows.PersonRow.objects.get().birth_year == 1980
    assert "欧阳" not in str(list(rows.AuditRow.objects.values()))


def test_somebody_known_for_certain_is_not_registered_twice(act, registrar):
    """The same identity number and name are refused, unless somebody insists: then the pair waits for a decision."""
    act("register_person", registrar, area=DISTRICT, details=details(number=resident()))
    with pytest.raises(BadInput, match="on record already"):
        act("register_person", registrar, area=DISTRICT, details=details(number=resident()))
    act("register_person", registrar, area=DISTRICT, details=details(number=resident()), anyway=True)
    assert rows.DuplicateFindingRow.objects.get().band == "certain"


def test_a_number_that_somebody_brought_is_not_given_again(act, registrar):
    """The room's own numbers step over those of an older register that look alike."""
    act("register_person", registrar, area=DISTRICT, details=details("甲乙"), code="R00000001")
    number = act("register_person", registrar, area=DISTRICT, details=details("丙丁"))
    assert rows.PersonRow.objects.get(id=number).code == "R00000002"


def test_likely_doubles_wait_and_nothing_merges_by_itself(act, registrar):
    """The same name and birth date make a finding, not a merge."""
    for _ in range(2):
        act("register_person", registrar, area=DISTRICT, details=details("李明华", birth_date=date(1975, 3, 9)))
    assert rows.DuplicateFindingRow.objects.get().state == "open"
    assert not rows.PersonRow.objects.exclude(merged_into=0).exists()


def test_a_merge_moves_the_records_and_can_be_undone(act, registrar, officer, office):
    """After a merge the number of the one leads to the other; undone, each has its own again."""
    a = act("register_person", registrar, area=DISTRICT, details=details(number=resident()))
    b = act("register_person", registrar, area=DISTRICT, details=details(number=resident()), anyway=True, code="P77")
    commander = officer("commander", DISTRICT)
    incident = act("open_incident", commander, name="x", protocol="covid19-9", area=DISTRICT)
    case = rows.CaseRow.objects.create(
        id=900, incident_id=incident, person_id=b, number=1, area=DISTRICT, reported_at=office.clock.now()
    )
    finding = rows.DuplicateFindingRow.objects.get()
    merge = act("merge_people", registrar, finding_id=finding.id, kept_id=a, reason="same card")
    case.refresh_from_db()
    assert case.person_id == a
    with office.open_room() as room:
        assert room.people.by_codes(["P77"])["P77"].id == a
    act("undo_merge", registrar, merge_id=merge, reason="two cousins")
    case.refresh_from_db()
    assert case.person_id == b
    with office.open_room() as room:
        assert room.people.by_codes(["P77"])["P77"].id == b
    assert rows.DuplicateFindingRow.objects.get().state == "open"


def test_details_are_shown_only_with_right_and_purpose_and_recorded(act, registrar, officer, office):
    """A reveal is in the audit with its purpose; without right, reach or purpose nothing is shown."""
    number = act("register_person", registrar, area=DISTRICT, details=details(telephones=("13912345678",)))
    assert reveal_details(office, registrar, number, "tell the result").telephones == ("+8613912345678",)
    entry = rows.AuditRow.objects.get(deed="read_details")
    assert (entry.people, entry.purpose, entry.officer_id) == ([number], "tell the result", registrar.id)
    with pytest.raises(BadInput):
        reveal_details(office, registrar, number, " ")
    with pytest.raises(NothingFound):
        reveal_details(office, officer("duty_officer", "990102"), number, "curiosity")
    assert rows.AuditRow.objects.filter(deed="read_details").count() == 1


def test_a_change_needs_a_reason_and_a_right_in_both_areas(act, registrar):
    """A person cannot be moved into a district where the officer has no right."""
    number = act("register_person", registrar, area=DISTRICT, details=details())
    with pytest.raises(BadInput):
        act("change_person", registrar, person_id=number, reason=" ", occupation="cook")
    with pytest.raises(NotAllowed):
        act("change_person", registrar, person_id=number, reason="moved", area="990102")
    assert act("change_person", registrar, person_id=number, reason="asked", occupation="cook") == 2


def test_numbers_that_cannot_be_right_are_refused(act, registrar):
    """A wrong check digit, a number without its kind and a foreign birth date are told, without repeating them."""
    wrong = resident()[:-1] + ("0" if resident()[-1] != "0" else "1")
    with pytest.raises(BadInput) as caught:
        act("register_person", registrar, area=DISTRICT, details=details(number=wrong))
    assert wrong not in str(caught.value)
    with pytest.raises(BadInput):
        act("register_person", registrar, area=DISTRICT, details=Details(name="x", identity_number="G12345678"))
    born = details(number=resident(), birth_date=date(1999, 9, 9))
    with pytest.raises(BadInput):
        act("register_person", registrar, area=DISTRICT, details=born)
