from __future__ import annotations

import io

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError
from django.test import Client, override_settings

from suyuan.actions.import_upload import import_uploads
from suyuan.store import models as rows
from suyuan.store.queries.officers import officer_of
from suyuan.store.queries.tokens import issue_token

DISTRICT = "990101"
TABLE = f"person_code,name,area\nP1,张三,{DISTRICT}\nP2,李四,990102\n".encode()
SCOPES = ("import_data", "export_data", "see_people", "see_cases", "reveal_details")


@pytest.fixture
def program(office, account):
    """A client with a token of a district's duty officer."""

    def make(area=DISTRICT, scopes=SCOPES):
        token = issue_token(officer_of(account("duty_officer", area)), "t", scopes, 1)
        return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})

    return make


def send(client, content=TABLE, name="t.csv", key="k", **fields):
    form = {"kind": "people", "area": DISTRICT, "file": SimpleUploadedFile(name, content), **fields}
    return client.post("/api/v1/uploads/file", form, headers={"Idempotency-Key": key})


def test_a_program_brings_a_file_and_follows_it(program, office):
    """The answer names the upload; its counts and refused rows are read; the same key again brings nothing twice."""
    client = program()
    number = send(client).json()["answer"]
    assert send(client).json()["answer"] == number
    while import_uploads(office):
        pass
    told = client.get(f"/api/v1/uploads/{number}").json()
    assert (told["state"], told["n_rows"], told["n_new"], told["n_bad"]) == ("done", 2, 1, 1)
    refused = b"".join(client.get(f"/api/v1/uploads/{number}/refused").streaming_content).decode("utf-8-sig")
    assert refused.splitlines()[1].startswith('3,"The area 990102')
    assert [each["id"] for each in client.get("/api/v1/uploads").json()["items"]] == [number]
    assert program("990102").get(f"/api/v1/uploads/{number}/refused").status_code == 404


def test_excel_and_parquet_come_in_too(program, office):
    """A file is known by its first bytes and its name's ending, and read as what it is."""
    client, table = program(), pl.DataFrame({"person_code": ["P5"], "area": [DISTRICT]})
    sheet, columns = io.BytesIO(), io.BytesIO()
    table.write_excel(sheet)
    table.with_columns(person_code=pl.lit("P6")).write_parquet(columns)
    assert send(client, sheet.getvalue(), "t.xlsx", "a").status_code == 200
    assert send(client, columns.getvalue(), "T.PARQUET", "b").status_code == 200
    while import_uploads(office):
        pass
    assert set(rows.PersonRow.objects.values_list("code", flat=True)) == {"P5", "P6"}


def test_a_file_that_cannot_be_taken_is_told(program):
    """Too large, of no kind, of another area, broken, nothing: a status and a sentence, and nothing is kept."""
    client = program()
    with override_settings(SUYUAN_UPLOAD_MAX=10):
        answer = send(client)
        assert answer.status_code == 422
    assert send(client, kind="x").status_code == 422
    assert send(client, area="990102").status_code == 403
    broken = send(client, b"PK\x03\x04 no workbook", "t.xlsx")
    assert broken.status_code == 422
    assert "/tmp" not in broken.json()["sentence"]
    assert send(client, b"").status_code == 422
    assert not rows.UploadPartRow.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_program_takes_a_list_away(program, office, form):
    """An export through the API is the file of the page, and needs the same rights and purpose."""
    client = program()
    send(client)
    while import_uploads(office):
        pass
    answer = client.get("/api/v1/exports/people", {"form": form})
    content = b"".join(answer.streaming_content)
    assert (b"P1" in content) if form == "csv" else content.startswith(b"PK")
    assert client.get("/api/v1/exports/people", {"personal": True}).status_code == 422
    assert client.get("/api/v1/exports/people", {"form": "pdf"}).status_code == 422
    assert client.get("/api/v1/exports/contacts").status_code == 403
    named = client.get("/api/v1/exports/people", {"personal": True, "purpose": "hospital"})
    assert "张三" in b"".join(named.streaming_content).decode()


def test_what_no_column_holds_is_told_and_an_odd_path_too(program, monkeypatch):
    """A database that refuses a text makes a sentence, not a fault; so does a path that does not exist."""
    client = program()

    def full(*_args):
        raise DataError

    monkeypatch.setattr("suyuan.web.api.files.one_upload", full)
    answer = client.get("/api/v1/uploads/1")
    assert (answer.status_code, answer.json()["code"]) == (422, "api.no_room")
    for address in ("/api/v1/nothing", "/api/v1/cases/-1", f"/api/v1/cases/{2**64}"):
        answer = client.get(address)
        assert answer.status_code in (404, 422), address
        assert answer.json()["sentence"], address
