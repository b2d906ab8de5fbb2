from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from suyuan.actions.desk import NotAllowed, Stale
from suyuan.terms import BadInput, NothingFound
from suyuan.web.problems import Problems, status_of


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (NotAllowed("room.needs_a_person"), 403),
        (NothingFound("room.no_such", kind="Case", id=7), 404),
        (Stale("room.stale", kind="Case", id=7, version=2), 409),
        (BadInput("room.bad_cursor"), 422),
    ],
)
def test_each_kind_of_problem_has_its_status_and_its_sentence(page_of, problem, status):
    """A problem raised in any page comes back as its sentence with the status that belongs to it."""
    request = RequestFactory().get("/anything/")
    request.lang, request.user, request.officer = "en", page_of("auditor").user, None
    request.session = {}
    answer = Problems(lambda _request: None).process_exception(request, problem)
    assert (answer.status_code, status_of(problem)) == (status, status)
    assert problem.sentence("en").split(":")[0].split("“")[0] in answer.content.decode().replace("&quot;", '"')


def test_a_fault_of_the_program_is_left_to_the_page_of_faults():
    """Only what a user can mend is told as a problem."""
    assert Problems(lambda _request: None).process_exception(RequestFactory().get("/"), ValueError("x")) is None


def test_the_pages_of_400_and_500_stand_alone_in_both_languages():
    """A fault page needs no database and no session, speaks both languages and names no other host."""
    from django.views.defaults import bad_request, server_error

    for view, status in ((lambda r: bad_request(r, ValueError()), 400), (server_error, 500)):
        answer = view(RequestFactory().get("/"))
        text = answer.content.decode()
        assert answer.status_code == status
        assert "请" in text
        assert "again" in text
        assert "http" not in text


def test_a_page_that_is_not_there_says_so(page_of):
    """An unknown address is a page in the reader's language, with the headers of every page."""
    for lang, word in (("en", "There is no page"), ("zh", "没有这个页面")):
        answer = page_of("auditor", lang=lang).get("/no/such/page/")
        assert answer.status_code == 404
        assert word in answer.content.decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_form_of_another_page_is_refused_with_a_sentence(account):
    """A form without this browser's token is refused and says what to do."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["lang"] = "en"
    client.force_login(account("auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/do/open_incident/", {})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
