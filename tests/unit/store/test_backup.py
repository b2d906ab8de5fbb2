from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from suyuan.store import models as rows
from suyuan.store.backup import back_up, backups_in, read_backup
from suyuan.store.checks import examine
from suyuan.store.restoring import check_restorable
from suyuan.store.secrets import cipher
from suyuan.terms import BadInput, BadUsage, say

only_sqlite = pytest.mark.skipif(
    "postgresql" in settings.DATABASES["default"]["ENGINE"], reason="backs up the database file"
)


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_backup_is_whole_and_holds_no_keys(incident, tmp_path: Path):
    """A backup has its digest, names the keys it needs and the logs that are not in it, and no key."""
    home = Path(settings.SUYUAN_HOME)
    cipher()
    (home / "logs" / "market").mkdir(exist_ok=True)
    made = back_up(home, tmp_path)
    assert backups_in(tmp_path) == [made.folder]
    about = read_backup(made.folder).about
    assert about["keys"]
    assert "market" in about["visit_logs"]
    assert not (made.folder / "keys.toml").exists()
    assert not (made.folder / "logs").exists()
    assert made.folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [made.folder.name]


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_is_refused(incident, tmp_path: Path):
    """One changed byte shows, and a folder that is no backup is named."""
    cipher()
    made = back_up(Path(settings.SUYUAN_HOME), tmp_path, keys=True, logs=True)
    assert (made.folder / "keys.toml").stat().st_mode & 0o077 == 0
    database = made.folder / made.about["database"]
    database.write_bytes(database.read_bytes()[:-1] + b"x")
    with pytest.raises(BadInput, match="damaged"):
        read_backup(made.folder)
    with pytest.raises(BadInput, match="no backup"):
        read_backup(tmp_path)


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_restore_is_refused_where_it_would_lose_or_not_open(incident, tmp_path: Path, monkeypatch):
    """Another kind of database, a missing key or a room that is there stops a restore with its sentence."""
    cipher()
    made = back_up(Path(settings.SUYUAN_HOME), tmp_path)
    about = made.folder / "about.json"
    plain = json.loads(about.read_text())
    about.write_text(json.dumps({**plain, "engine": "postgresql"}))
    with pytest.raises(BadInput, match="postgresql"):
        check_restorable(read_backup(made.folder), force=True)
    about.write_text(json.dumps({**plain, "keys": ["00000000"]}))
    with pytest.raises(BadInput, match="00000000"):
        check_restorable(read_backup(made.folder), force=True)
    about.write_text(json.dumps(plain))
    monkeypatch.setattr("suyuan.store.restoring.holds_something", lambda: True)
    with pytest.raises(BadUsage, match="--force"):
        check_restorable(read_backup(made.folder), force=False)
    check_restorable(read_backup(made.folder), force=True)


def test_the_doctor_says_every_finding_in_both_languages(incident, account):
    """Each check has a sentence for how it is, and a room of tests has nothing bad but what tests leave out."""
    from suyuan.cli.doctor import told

    cipher()
    account("commander", must_change_password=True)
    found = {each.check: each for each in examine(Path(settings.SUYUAN_HOME))}
    assert {"disk", "keys", "database", "migrations", "durability", "audit", "outbox", "ticks"} <= set(found)
    for each in found.values():
        for lang in ("en", "zh"):
            assert told(each.check, each.state, each.values, lang)
    assert found["audit"].state == "ok"
    assert found["first_passwords"].state == "warn"


def test_every_state_of_a_check_has_its_sentence():
    """Whatever the doctor may find has words in both languages."""
    for check, states in {
        "disk": "ok warn bad", "keys": "ok", "assets": "ok bad", "backups": "ok warn bad", "clock": "ok bad",
        "database": "ok bad", "migrations": "ok bad", "durability": "ok bad", "audit": "ok bad",
        "outbox": "ok warn bad", "ticks": "ok warn bad", "second_factor": "ok warn", "first_passwords": "ok warn",
    }.items():  # fmt: skip
        values = dict.fromkeys(
            ["path", "free", "n", "key_id", "mode", "hours", "now", "minutes", "engine", "ms", "detail", "shown",
             "number", "seconds", "receiver", "of"], "1"
        )  # fmt: skip
        for state in states.split():
            for lang in ("en", "zh"):
                assert say(f"doctor.{check}_{state}", lang, **values)


def test_the_doctor_sees_a_broken_audit_and_a_stopped_clock(incident, clock):
    """A changed line of the audit is bad, and so is an order long past its end."""
    from suyuan.store.checks import BAD, _audit_tail

    with connection.cursor() as cursor:
        on = " ON store_auditrow" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER store_auditrow_no_update{on}")
    assert rows.AuditRow.objects.count() >= 1
    from suyuan.store.room import open_room
    from suyuan.terms import AuditEntry

    with open_room() as room:
        room.write_audit([AuditEntry(at=clock.now(), officer_id=1, deed=f"d{n}") for n in range(3)])
    last = rows.AuditRow.objects.order_by("-id").first().id
    rows.AuditRow.objects.filter(id=last - 1).update(purpose="another")
    assert _audit_tail().state == BAD
