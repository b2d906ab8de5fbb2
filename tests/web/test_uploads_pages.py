from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from suyuan.actions.close_uploads import close_uploads
from suyuan.actions.import_upload import import_uploads
from suyuan.store import models as rows
from suyuan.store.room import StoreRoom

DISTRICT = "990101"
TABLE = f"name,area,colour\n张三,{DISTRICT},red\n李四,990102,blue\n=cmd(),{DISTRICT},\n"


@pytest.fixture
def brought(page_of, office):
    """A page of the duty officer, and the id of a table brought there: one good row, two bad ones."""
    page = page_of("duty_officer", DISTRICT)
    answer = send(page)
    assert answer.status_code == 302, answer.content.decode()
    return page, rows.UploadRow.objects.get().id


def send(page, text=TABLE, **fields):
    file = SimpleUploadedFile("people.csv", text.encode())
    return page.post("/uploads/new/", {"kind": "people", "area": DISTRICT, "key": "k", "file": file, **fields})


def test_a_file_becomes_an_upload_that_goes_in(brought, office):
    """The page follows a file until it is in, and says what was not read."""
    page, number = brought
    assert "every 2s" in page.get(f"/uploads/{number}/progress/").content.decode()
    while import_uploads(office):
        pass
    shown = page.get(f"/uploads/{number}/").content.decode()
    assert "3 of 3 rows" in shown
    assert "colour" in shown
    assert "every 2s" not in shown


def test_refused_rows_come_back_to_be_mended(brought, office):
    """Each has its number, its reason and its cells, none of them a formula; the download is in the audit."""
    page, number = brought
    while import_uploads(office):
        pass
    text = b"".join(page.get(f"/uploads/{number}/refused.csv").streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "row,reason,name,area"
    assert lines[1].startswith("3,")
    assert "李四" in lines[1]
    assert "'=cmd()" in lines[2]
    assert rows.AuditRow.objects.filter(deed="read_refused", subject_id=number).count() == 1


def test_refused_rows_are_gone_after_a_week(brought, office, clock):
    """The counts stay, what was refused does not."""
    _, number = brought
    while import_uploads(office):
        pass
    clock.move(days=6)
    assert close_uploads(office) == 0
    clock.move(days=2)
    assert close_uploads(office) == 1
    assert not any(part.refused for part in StoreRoom().upload_parts.find(upload_id=number))
    assert close_uploads(office) == 0
    assert rows.UploadRow.objects.get().n_bad == 2


def test_an_upload_can_be_called_off(brought, office):
    """What waits is thrown away and does not go in later."""
    page, number = brought
    assert page.post("/do/cancel_upload/", {"key": "c", "upload_id": number, "next": "/uploads/"}).status_code == 302
    assert import_uploads(office) == 0
    assert not any(part.rows for part in StoreRoom().upload_parts.find(upload_id=number))
    assert page.post("/do/cancel_upload/", {"key": "d", "upload_id": number}).status_code == 422


def test_what_is_wrong_with_a_file_is_said_beside_the_form(page_of):
    """Too large, none, not ours, of another area: a sentence each, and nothing is kept."""
    page = page_of("duty_officer", DISTRICT)
    with override_settings(SUYUAN_UPLOAD_MAX=10):
        answer = send(page)
        assert "larger than" in answer.content.decode(), answer.content.decode()
    answer = page.post("/uploads/new/", {"kind": "people", "area": DISTRICT})
    assert "No file came" in answer.content.decode()
    assert "None of the columns" in send(page, "size,colour\n1,red\n").content.decode()
    assert send(page, area="990102").status_code == 403
    assert send(page, kind="cases", incident_id="1" * 30).status_code == 422
    assert not rows.UploadPartRow.objects.exists()


def test_owner_colleague_and_stranger(brought, page_of, client):
    """An upload belongs to its area; another district's officer finds nothing, who may not import is refused."""
    _, number = brought
    for address in (f"/uploads/{number}/", f"/uploads/{number}/progress/", f"/uploads/{number}/refused.csv"):
        assert page_of("duty_officer", DISTRICT).get(address).status_code == 200
        assert page_of("duty_officer", "990102").get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert page_of("commander", DISTRICT).get("/uploads/").status_code == 403


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_the_same_for_one_and_three(page_of, n, django_assert_num_queries):
    """The number of queries does not grow with the list."""
    page = page_of("duty_officer", DISTRICT, lang="zh")
    for i in range(n):
        send(page, TABLE + f"王五{i},{DISTRICT},\n", key=str(i))
    with django_assert_num_queries(5):
        assert page.get("/uploads/").status_code == 200


@pytest.mark.parametrize("kind", ["people", "cases", "contacts"])
def test_a_file_to_fill_in_holds_the_columns(page_of, kind):
    """A template is a header row that the import knows."""
    text = b"".join(page_of("duty_officer").get(f"/uploads/template/{kind}.csv").streaming_content)
    assert text.decode("utf-8-sig").startswith("person_code,name,")
