from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from suyuan.store import models as rows
from suyuan.store import rotation
from suyuan.store.audit import verify_audit
from suyuan.store.key_ring import load_key_ring
from suyuan.store.room import open_room
from suyuan.store.second_factor import open_text, seal_text
from suyuan.terms import Details, FollowUp, FollowUpDay, Person


@pytest.fixture
def keys(tmp_path: Path):
    """A key ring of this test alone."""
    path = tmp_path / "keys.toml"
    with override_settings(SUYUAN_KEYS=path):
        yield path


@pytest.fixture
def sealed(incident, keys, clock, account):
    """Three people with sealed details, a sealed note and a second factor."""
    from allauth.mfa.models import Authenticator

    with open_room() as room:
        people = room.people.add_all([Person(code=f"P{n}", area="9901") for n in range(3)])
        room.people.seal_all({each.id: Details(name=f"name {each.code}") for each in people})
        day = date(2022, 7, 8)
        follow_up = room.follow_ups.add(
            FollowUp(
                incident_id=incident, person_id=people[0].id, area="9901", kind="traveller", starts_on=day, ends_on=day
            )
        )
        room.follow_up_days.add(
            FollowUpDay(follow_up_id=follow_up.id, day=day, reached=True, note="cough", recorded_at=clock.now())
        )
    user = account("commander")
    Authenticator.objects.create(user=user, type="totp", data={"secret": seal_text("ABC")})
    return [each.id for each in people]


def _all_open(people) -> None:
    from allauth.mfa.models import Authenticator

    with open_room() as room:
        assert [each.name for each in room.people.details(people).values()] == ["name P0", "name P1", "name P2"]
        assert room.follow_up_days.find()[0].note == "cough"
    assert open_text(Authenticator.objects.get().data["secret"]) == "ABC"


def test_everything_is_sealed_anew_and_the_old_key_goes(sealed, keys):
    """After a rotation every value opens with the new key alone, and the audit says what was done."""
    before = load_key_ring(keys).current
    done = rotation.rotate(lambda n: None)
    ring = load_key_ring(keys)
    assert done.n_sealed == 5
    assert done.dropped == (before,)
    assert set(ring.keys) == {done.current}
    _all_open(sealed)
    assert set(rows.DetailsRow.objects.values_list("key_id", flat=True)) == {done.current}
    assert rows.AuditRow.objects.get(deed="rotate_keys").detail["n"] == 5
    assert verify_audit().broken_at == 0


def test_a_rotation_that_was_stopped_goes_on(sealed, keys, monkeypatch):
    """Stopped after the first values, nothing is lost; going on seals the rest with the same new key."""
    monkeypatch.setattr(rotation, "BATCH", 1)

    def stop(n: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(stop)
    assert len(load_key_ring(keys).keys) == 2
    _all_open(sealed)
    current = load_key_ring(keys).current
    done = rotation.rotate(lambda n: None, go_on=True)
    assert (done.current, done.n_sealed) == (current, 4)
    assert set(load_key_ring(keys).keys) == {current}
    _all_open(sealed)


def test_old_keys_stay_where_backups_need_them(sealed, keys):
    """With keep_old both keys stay in the ring."""
    rotation.rotate(lambda n: None, keep_old=True)
    assert len(load_key_ring(keys).keys) == 2
    _all_open(sealed)


def test_every_sealed_column_is_among_those_that_rotate():
    """Details, notes, contests, interviews and reports: no shelf's sealed field is left out."""
    names = {(column.table.__name__, column.name) for column in rotation.sealed_columns()}
    assert {
        ("DetailsRow", "sealed"),
        ("FollowUpDayRow", "note"),
        ("ContestRow", "words"),
        ("ContestRow", "decision"),
        ("InterviewRow", "sealed"),
        ("ReportVersionRow", "sealed"),
        ("ReportVersionRow", "remark"),
    } <= names
