from __future__ import annotations

import re

import pytest
from django.test import Client

from suyuan.store import models as rows

FORM = {"name": "laboratory feed", "days": "30", "scopes": ["see_cases", "see_people"]}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_token_is_shown_once_and_works_until_it_is_ended(page_of, lang):
    """The page that makes a token shows it, no later one does; ended, it opens nothing."""
    page = page_of("commander", "990101", lang=lang)
    made = page.post("/tokens/new/", FORM)
    [token] = re.findall(r"suyuan_[\w-]{20,}", made.content.decode())
    assert token not in page.get("/tokens/").content.decode()
    program = Client(headers={"Authorization": f"Bearer {token}"})
    assert program.get("/api/v1/cases").status_code == 200
    assert program.get("/api/v1/contacts").json()["items"] == []
    number = rows.ApiToken.objects.get().id
    assert page.post(f"/tokens/{number}/revoke/").status_code == 302
    assert program.get("/api/v1/cases").status_code == 401
    assert set(rows.AuditRow.objects.filter(subject="token").values_list("deed", flat=True)) == {
        "issue_token",
        "revoke_token",
    }


def test_a_token_never_gets_more_than_its_maker_holds(page_of):
    """Foreign rights, no rights, no name, odd days: a sentence each, and no token."""
    page = page_of("commander", "990101")
    for wrong in ({"scopes": ["manage_accounts"]}, {"scopes": []}, {"name": " "}, {"days": "400"}, {"days": "x" * 99}):
        assert page.post("/tokens/new/", {**FORM, **wrong}).status_code == 422
    assert not rows.ApiToken.objects.exists()


def test_a_colleague_cannot_end_a_token_and_a_stranger_signs_in(page_of, client):
    """Tokens are one's own."""
    page_of("commander", "990101").post("/tokens/new/", FORM)
    token = rows.ApiToken.objects.get()
    assert page_of("commander", "990101").post(f"/tokens/{token.id}/revoke/").status_code == 404
    assert client.get("/tokens/").status_code == 302
    assert rows.ApiToken.objects.filter(revoked=False).exists()
