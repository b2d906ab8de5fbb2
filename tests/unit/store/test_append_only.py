from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from suyuan.store import models as rows
from suyuan.store.audit import verify_audit
from suyuan.store.retention import erasing

TABLES = (rows.AuditRow, rows.HistoryRow)


@pytest.mark.parametrize("table", TABLES)
def test_the_database_itself_refuses_to_change_what_is_only_appended(incident, table):
    """No statement changes a line of the audit or the history, and none takes one away."""
    assert table.objects.exists()
    for deed in (lambda: table.objects.update(subject_id=0), lambda: table.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed()
    assert verify_audit().broken_at == 0


@pytest.mark.parametrize("table", TABLES)
def test_only_the_erasure_takes_away_and_even_it_changes_nothing(incident, table):
    """Inside an erasure lines may go; changing one is refused there too, and afterwards everything is as before."""
    with transaction.atomic(), erasing():
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            table.objects.update(subject_id=0)
        table.objects.all().delete()
    assert not table.objects.exists()
    assert not rows.NumberRow.objects.filter(name="erasing").exists()
