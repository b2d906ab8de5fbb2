from __future__ import annotations

import csv
import hashlib
import io
import tracemalloc
from datetime import UTC, date, datetime

import pytest

from suyuan.actions.import_upload import import_uploads
from suyuan.gateways.tables_in import open_table
from suyuan.store import models as rows
from suyuan.store.queries.exports import Export, begin_export
from suyuan.store.room import StoreRoom
from suyuan.terms import (
    CaseRecord,
    Classification,
    Contact,
    Course,
    Details,
    IdentityKind,
    Person,
    Ring,
    UploadKind,
    Vulnerability,
)
from suyuan.terms.identity import resident_check_digit

DISTRICT = "990101"
BODY = "99010119800101001"
AT = datetime(2022, 7, 5, 3, 4, 5, 678, tzinfo=UTC)


@pytest.fixture
def town(incident):
    """Two persons of a district, one a case and one a contact, with every kind of awkward text; one person beyond."""
    room = StoreRoom()
    people = room.people.enrol(
        [
            (
                Person(
                    code="P1",
                    area=DISTRICT + "001",
                    sex="female",
                    birth_year=1980,
                    occupation="'=odd",
                    household="H1",
                    vulnerabilities=(Vulnerability.PREGNANT, Vulnerability.MINOR),
                    language="en",
                    identified=True,
                ),
                Details(
                    name="王秀英",
                    identity_kind=IdentityKind.RESIDENT,
                    identity_number=BODY + resident_check_digit(BODY),
                    telephones=("+8613912345678", "+8613912345679"),
                    birth_date=date(1980, 1, 1),
                    address="光明路1号, 2栋",
                    workplace='"quoted"',
                ),
            ),
            (Person(code="P2", area=DISTRICT, occupation="-dash", identified=True), Details(name="John, Smith")),
            (Person(code="P3", area="990102", identified=True), Details(name="李四")),
        ]
    )
    case = room.cases.add(
        CaseRecord(
            incident_id=incident, person_id=people[0].id, number=1, area=people[0].area, district=DISTRICT,
            classification=Classification.CONFIRMED, course=Course.ISOLATED, onset_at=AT, reported_at=AT,
            confirmed_at=AT, isolated_at=AT, generation=2, found_by="clinic",
        )
    )  # fmt: skip
    room.contacts.add(
        Contact(
            incident_id=incident, person_id=people[1].id, area=DISTRICT, district=DISTRICT, ring=Ring.CLOSE,
            infector_case_id=case.id, first_exposure=AT, last_exposure=AT, minutes=12.5, place="@market",
            place_kind="home", because={"rule": "imported", "reason": "=why"}, created_at=AT,
        )
    )  # fmt: skip
    return incident


def take(page, kind, form="csv", **fields):
    answer = page.post("/exports/file/", {"kind": kind, "form": form, **fields})
    assert answer.status_code == 200, answer.content.decode()
    return b"".join(answer.streaming_content)


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


PERSONAL = {"personal": "1", "purpose": "send to the city's hospital"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_can_come_in_again(town, page_of, act, officer, office, tmp_path, form):  # noqa: PLR0917
    """Line list and contacts with their persons, exported and brought into an empty room, are the same records."""
    page, incident = page_of("duty_officer", DISTRICT), town
    files = {kind: take(page, kind, form, **PERSONAL) for kind in ("cases", "contacts")}
    before = picture(incident)
    for kind in (rows.ContactRow, rows.CaseRow, rows.PersonKeyRow, rows.DetailsRow, rows.PersonRow):
        kind.objects.all().delete()
    for kind, content in files.items():
        path = tmp_path / f"{kind}.{form}"
        path.write_bytes(content)
        bring(act, officer("duty_officer", DISTRICT), path, UploadKind(kind), incident)
        while import_uploads(office):
            pass
    assert rows.UploadRow.objects.filter(n_bad=0, n_new=1).count() == 2
    assert picture(incident) == before


def bring(act, who, path, kind, incident):
    found = open_table(path, kind)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    number = act("begin_upload", who, kind=kind, area=DISTRICT, incident_id=incident, digest=digest)
    for part, some in enumerate(found.rows(), 1):
        act("add_rows", who, upload_id=number, part=part, rows=tuple(some), last=True)


def picture(incident):
    """Everything the records say but their ids and where they came from."""
    room = StoreRoom()
    cases, contacts = room.cases.find(incident_id=incident), room.contacts.find(incident_id=incident)
    people = room.people.find(id=[each.person_id for each in (*cases, *contacts)])
    left_out = {
        "id",
        "version",
        "person_id",
        "infector_case_id",
        "because",
        "by_hand",
        "created_at",
        "source",
        "from_contact_id",
    }
    said = [
        {name: getattr(each, name) for name in each.__dataclass_fields__ if name not in left_out}
        for each in (*people, *cases, *contacts)
    ]
    codes = {case.id: person.code for case in cases for person in people if person.id == case.person_id}
    infectors = [codes[contact.infector_case_id] for contact in contacts]
    reasons = [contact.because["reason"] for contact in contacts]
    details = room.people.details([person.id for person in people])
    return said, infectors, reasons, [details[person.id] for person in people]


def test_nothing_in_a_file_runs_as_a_formula(town, page_of):
    """Texts that a spreadsheet would run begin with an apostrophe."""
    [contact] = table(take(page_of("duty_officer", DISTRICT), "contacts"))
    assert (contact["place"], contact["reason"], contact["occupation"]) == ("'@market", "'=why", "'-dash")
    assert "name" not in contact


def test_a_list_ends_at_the_border_of_the_reach(town, page_of):
    """An officer of a district takes away the district's rows, one of the city all of them."""
    assert {row["person_code"] for row in table(take(page_of("duty_officer", DISTRICT), "people"))} == {"P1", "P2"}
    assert len(table(take(page_of("duty_officer", "9901"), "people"))) == 3
    assert table(take(page_of("duty_officer", "990102"), "cases")) == []


def test_names_need_a_right_and_a_purpose_and_leave_a_trace(town, page_of):
    """Details leave only with both, and every person among them stands in the audit."""
    page = page_of("duty_officer", DISTRICT)
    assert page.post("/exports/file/", {"kind": "people", "personal": "1"}).status_code == 422
    assert page_of("analyst", DISTRICT).post("/exports/file/", {"kind": "cases", **PERSONAL}).status_code == 403
    names = {row["name"] for row in table(take(page, "people", **PERSONAL))}
    assert names == {"王秀英", "John, Smith"}
    entry = rows.AuditRow.objects.get(deed="export_details")
    assert entry.people == sorted(rows.PersonRow.objects.filter(code__in=["P1", "P2"]).values_list("id", flat=True))
    assert entry.purpose == PERSONAL["purpose"]


@pytest.mark.parametrize("kind", ["people", "cases", "contacts", "orders", "follow-ups"])
def test_every_list_leaves_in_both_forms(town, page_of, kind):
    """Each kind has a header row and is a file of its form."""
    page = page_of("duty_officer", "9901")
    assert take(page, kind).startswith(b"\xef\xbb\xbfid,")
    assert take(page, kind, "xlsx").startswith(b"PK")


def test_filters_narrow_a_list_and_wrong_ones_are_told(town, page_of):
    """A list follows the form's filters; what is no kind, form or number is refused."""
    page = page_of("duty_officer", "9901")
    assert len(table(take(page, "contacts", state="proposed", incident_id=town, district=DISTRICT))) == 1
    assert table(take(page, "contacts", state="removed")) == []
    for wrong in ({"kind": "x"}, {"kind": "cases", "form": "pdf"}, {"kind": "cases", "incident_id": "x"}):
        assert page.post("/exports/file/", wrong).status_code in (404, 422)


def test_owner_and_stranger(town, page_of, client):
    """The page opens to who may export something, in both languages; others are refused."""
    for lang in ("en", "zh"):
        assert page_of("commander", DISTRICT, lang=lang).get("/exports/").status_code == 200
    assert page_of("sampler", DISTRICT).get("/exports/").status_code == 403
    assert page_of("sampler", DISTRICT).post("/exports/file/", {"kind": "people"}).status_code == 403
    assert client.get("/exports/").status_code == 302


def test_memory_stays_flat(town, officer):
    """Twenty thousand contacts cost hardly more memory than two thousand: rows are let go as they are written."""
    who = officer("duty_officer", "9901")
    room, incident = StoreRoom(), town

    def peak(n):
        first = rows.PersonRow.objects.count()
        people = room.people.add_all([Person(code=f"X{first + i}", area=DISTRICT) for i in range(n)])
        room.contacts.add_all(
            [
                Contact(incident_id=incident, person_id=each.id, area=DISTRICT, district=DISTRICT, ring=Ring.CLOSE,
                        first_exposure=AT, last_exposure=AT, created_at=AT)
                for each in people
            ]
        )  # fmt: skip
        tracemalloc.start()
        assert sum(1 for _ in begin_export(who, Export(kind="contacts")).rows) > n
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(2_000) * 1.5 > peak(18_000)
