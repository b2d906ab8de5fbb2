from __future__ import annotations

import hashlib

import pytest

from suyuan.actions.import_upload import import_uploads
from suyuan.gateways.tables_in import open_table
from suyuan.store import models as rows
from suyuan.store.room import StoreRoom
from suyuan.terms import BadInput, Details, IdentityKind, UploadKind
from suyuan.terms.identity import resident_check_digit

DISTRICT = "990101"
NUMBER = "99010119800101001" + resident_check_digit("99010119800101001")


@pytest.fixture
def registrar(officer):
    """Whoever brings tables in one district."""
    return officer("duty_officer", DISTRICT)


@pytest.fixture
def bring(act, office, registrar, tmp_path):
    """Bring a table as a file and let the clock take it in: gives the upload's row and the refused rows."""

    def do(text, kind=UploadKind.PEOPLE, incident_id=0, name="t.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        table = open_table(path, kind)
        number = act(
            "begin_upload", registrar, kind=kind, area=DISTRICT, incident_id=incident_id, unused=table.unused,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )  # fmt: skip
        parts = list(table.rows(3))
        for i, part in enumerate(parts, 1):
            act("add_rows", registrar, upload_id=number, part=i, rows=tuple(part), last=i == len(parts))
        while import_uploads(office):
            pass
        found = StoreRoom().upload_parts.find(upload_id=number)
        return StoreRoom().uploads.get(number), [each for part in found for each in part.refused]

    return do


def test_good_rows_go_in_and_bad_ones_come_back_with_reasons(bring):
    """Every row is counted once: new, known or refused, with its number in the file."""
    upload, refused = bring(
        f"person_code,name,identity_number,sex,area,birth_date\n"
        f"P1,张伟,{NUMBER},男,{DISTRICT}001,\n"
        f"P2,李娜,,female,{DISTRICT},1990/3/4\n"
        f"P3,王芳,{NUMBER[:-1]}0,,{DISTRICT},\n"
        f"P2,李娜,,,{DISTRICT},\n"
        f",,,,{DISTRICT},\n"
        f"P6,=cmd(),,,{DISTRICT},\n"
        f"P7,x,,,990102,\n"
        f"P8,y,,,{DISTRICT},soon\n"
    )
    assert (upload.state, upload.n_rows, upload.n_new, upload.n_known, upload.n_bad) == ("done", 8, 2, 1, 5)
    assert [each["number"] for each in refused] == [4, 6, 7, 8, 9]
    assert rows.PersonRow.objects.get(code="P1").birth_year == 1980
    assert not any(NUMBER[:-1] in str(each["details"]) for each in refused)


def test_somebody_known_for_certain_gets_no_second_record_and_likely_ones_wait(bring, act, registrar):
    """Unattended import joins only what is certain; the rest is registered and set aside for a person."""
    first = Details(
        name="张伟", identity_kind=IdentityKind.RESIDENT, identity_number=NUMBER, telephones=("13912345678",)
    )
    act("register_person", registrar, area=DISTRICT, details=first)
    upload, _ = bring(
        f"name,identity_number,birth_date,telephones,area\n张伟,{NUMBER},,,{DISTRICT}\n"
        f"zhang wei,,1980-01-01,13912345678,{DISTRICT}\n赵敏,,1991-02-03,,{DISTRICT}\n赵敏,,1991-02-03,,{DISTRICT}\n"
    )
    assert (upload.n_known, upload.n_new, upload.n_doubtful) == (1, 3, 2)
    assert rows.DuplicateFindingRow.objects.filter(state="open").count() == 2


def test_cases_and_contacts_enter_their_incident(bring, incident):
    """A line list makes cases with numbers, a contact list finds its infectors; who stands there already is told."""
    text = f"person_code,classification,date_onset,area\nP1,confirmed,2022-07-05,{DISTRICT}\nP2,suspected,,{DISTRICT}\n"
    upload, refused = bring(text, UploadKind.CASES, incident, "cases.csv")
    assert (upload.n_new, refused) == (2, [])
    assert sorted(rows.CaseRow.objects.values_list("number", flat=True)) == [1, 2]
    contacts = (
        f"person_code,infector_code,ring,last_exposure,area\nP5,P1,密接,2022-07-06 10:00,{DISTRICT}\n"
        f"P6,P9,close,2022-07-06,{DISTRICT}\nP7,P1,close,2032-07-06,{DISTRICT}\n"
    )
    upload, refused = bring(contacts, UploadKind.CONTACTS, incident, "contacts.csv")
    assert [each["code"] for each in refused] == ["uploads.no_infector", "uploads.in_future"]
    contact = rows.ContactRow.objects.get()
    assert (contact.ring, contact.state, contact.infector_case_id > 0) == (1, "proposed", True)
    _, refused = bring(f"{text}\n", UploadKind.CASES, incident, "cases2.csv")
    assert {each["code"] for each in refused} == {"uploads.case_known"}


def test_what_is_sealed_stays_sealed(bring):
    """Rows lie sealed while they wait, and only the refused ones are kept afterwards."""
    bring(f"name,area\n欧阳修,{DISTRICT}\n司马光,990102\n")
    part = rows.UploadPartRow.objects.get()
    assert "司马光".encode() not in bytes(part.refused)
    assert [each["values"]["name"] for each in StoreRoom().upload_parts.get(part.id).refused] == ["司马光"]
    assert bytes(part.rows) == b""
    assert "欧阳修" not in str(list(rows.AuditRow.objects.values()))


def test_the_same_file_goes_in_once_and_a_file_without_our_columns_not_at_all(bring):
    """Bringing a file twice is told; a table of something else is refused as a whole."""
    text = f"name,area\n张三,{DISTRICT}\n"
    bring(text)
    with pytest.raises(BadInput, match="brought before"):
        bring(text)
    with pytest.raises(BadInput, match="None of the columns"):
        bring("colour,size\nred,3\n", name="other.csv")


def test_nothing_in_a_table_stops_the_clock(bring):
    """Odd kinds, years, lengths and signs are refused row by row; the row between them goes in."""
    upload, refused = bring(
        f"name,area,identity_kind,birth_date,occupation,language,birth_year\n"
        f"a,{DISTRICT},library card,,,,\n"
        f"b,{DISTRICT},,0001-01-01,,,\n"
        f"c,{DISTRICT},,,{'x' * 65},,\n"
        f"d,{DISTRICT},,,,languages,\n"
        f"e,{DISTRICT},,,,,1e400\n"
        f"f,{DISTRICT},,,,,\n"
    )
    assert (upload.state, upload.n_new) == ("done", 1)
    assert [each["code"].split(".")[1] for each in refused] == [
        "no_word",
        "no_date",
        "too_long",
        "too_long",
        "no_number",
    ]


def test_an_apostrophe_of_an_export_is_taken_off(bring):
    """What an export guarded comes in as it was; a text that only looks guarded stays."""
    bring(f"person_code,occupation,area\nP1,'=x,{DISTRICT}\nP2,''=x,{DISTRICT}\nP3,'s Hertogenbosch,{DISTRICT}\n")
    found = dict(rows.PersonRow.objects.values_list("code", "occupation"))
    assert found == {"P1": "=x", "P2": "'=x", "P3": "'s Hertogenbosch"}
