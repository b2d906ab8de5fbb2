"""Tables that were brought, as pages read them."""

from __future__ import annotations

from suyuan.store.mapping import Mapping
from suyuan.store.models import UploadRow
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.terms import NothingFound, Officer, Upload

UPLOADS = Mapping(Upload, UploadRow)
RIGHT = "import_data"


def list_uploads(officer: Officer, cursor: str, size: int = 25) -> Page[Upload]:
    """List the uploads within reach, the newest first."""
    mine = within(UploadRow.objects.all(), officer, RIGHT, districts=False)
    found, following = page_of(mine, ("-id",), cursor, size)
    return Page([UPLOADS.to_term(tuple(getattr(row, name) for name in UPLOADS.names)) for row in found], following)


def one_upload(officer: Officer, upload_id: int) -> Upload:
    """Return one upload.

    Raises
    ------
    NothingFound
        If there is none, or none within reach.
    """
    mine = within(UploadRow.objects.filter(id=upload_id), officer, RIGHT, districts=False)
    values = mine.values_list(*UPLOADS.names).first()
    if values is None:
        raise NothingFound("room.no_such", kind="Upload", id=upload_id)
    return UPLOADS.to_term(values)
