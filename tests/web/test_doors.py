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


def test_the_first_page_is_one_that_the_role_may_open(page_of):
    """Who has no right to the board begins on the first page of their own menu."""
    assert page_of("commander").get("/").status_code == 200
    assert page_of("sampler").get("/").headers["Location"] == "/tasks/"
    assert page_of("resident").get("/").status_code == 403
