from __future__ import annotations

from suyuan.store import models as rows


def test_a_form_does_its_deed_once(page_of):
    """A form sent twice with one key opens one incident and goes where it says."""
    page = page_of("commander")
    form = {"name": "集市", "protocol": "covid19-9", "area": "9901", "key": "k1", "next": "/healthz"}
    assert page.post("/do/open_incident/", form).status_code == 302
    assert page.post("/do/open_incident/", form).headers["Location"] == "/healthz"
    assert rows.IncidentRow.objects.count() == 1


def test_nobody_gets_in_without_signing_in(client, db):
    """Every page but the doors sends a stranger to the sign-in page."""
    answer = client.post("/do/open_incident/", {})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
