from __future__ import annotations

import pytest
from django.db import connection

from suyuan.actions.desk import NotAllowed
from suyuan.store import models as rows
from suyuan.store.audit import verify_audit
from suyuan.terms import BadUsage, Incident


def test_opening_an_incident_keeps_state_fact_history_and_audit_together(act, officer):
    """One deed leaves the incident, its history, a fact in the outbox, and one line in a chain that holds."""
    commander = officer("commander", "9901")
    number = act("open_incident", commander, name="Market", protocol="covid19-9", area="9901", reason="two positives")
    assert rows.IncidentRow.objects.get(id=number).state == "watch"
    assert rows.HistoryRow.objects.get(subject="incident", subject_id=number).reason == "two positives"
    assert rows.FactRow.objects.get().kind == "incident_opened"
    assert rows.AuditRow.objects.get().deed == "open_incident"
    assert verify_audit().broken_at == 0


def test_the_same_key_gives_the_first_answer_and_does_nothing_again(act, officer):
    """A form sent twice opens one incident."""
    commander = officer("commander")
    fields = {"name": "Market", "protocol": "covid19-9", "area": "9901"}
    assert act("open_incident", commander, key="k", **fields) == act("open_incident", commander, key="k", **fields)
    assert rows.IncidentRow.objects.count() == 1
    with pytest.raises(BadUsage, match="open_incident"):
        act("open_incident", commander, key="k", **{**fields, "name": "Another"})


def test_a_stranger_may_not(act, officer):
    """Without the right in that area nothing happens and nothing is left behind."""
    with pytest.raises(NotAllowed):
        act("open_incident", officer("commander", "990102"), name="x", protocol="covid19-9", area="990101")
    assert not rows.IncidentRow.objects.exists()
    assert not rows.AuditRow.objects.exists()


def test_a_changed_line_of_the_audit_shows(act, officer):
    """Whoever changes a line of the audit breaks the chain at that line."""
    commander = officer("commander")
    for name in "abc":
        act("open_incident", commander, name=name, protocol="covid19-9", area="9901")
    with connection.cursor() as cursor:
        on = " ON store_auditrow" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER store_auditrow_no_update{on}")
    rows.AuditRow.objects.filter(id=2).update(purpose="another")
    assert verify_audit().broken_at == 2


def test_records_come_back_as_they_went_in(office, act, officer):
    """A row read back is the record that was written, enums and instants included."""
    number = act("open_incident", officer("commander"), name="Market", protocol="covid19-9", area="9901")
    with office.open_room() as room:
        incident = room.incidents.get(number)
        assert isinstance(incident, Incident)
        assert incident.opened_at == office.clock.now()
        assert room.incidents.save(incident).version == 2
