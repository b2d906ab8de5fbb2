"""An upload is called off: what waits is thrown away, what went in stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, Upload, UploadState


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelUpload:
    """Call an upload off."""

    upload_id: int


@deed("import_data", "uploads/{upload_id}/cancel")
def cancel_upload(desk: Desk, command: CancelUpload) -> int:
    """Call an upload off and return how many of its rows had been dealt with.

    Raises
    ------
    BadInput
        If it is over already.
    """
    upload = desk.room.uploads.get(command.upload_id)
    desk.require("import_data", upload.area)
    if upload.state not in (UploadState.OPEN, UploadState.WAITING, UploadState.RUNNING):
        raise BadInput("uploads.over", id=upload.id)
    empty_parts(desk, upload, keep_refused=True)
    desk.room.uploads.save(replace(upload, state=UploadState.CANCELLED, done_at=desk.now))
    return upload.n_done


def empty_parts(desk: Desk, upload: Upload, *, keep_refused: bool) -> None:
    """Throw away the rows that an upload still keeps."""
    parts = desk.room.upload_parts.find(upload_id=upload.id)
    full = [part for part in parts if part.rows or (part.refused and not keep_refused)]
    desk.room.upload_parts.save_all(
        [replace(part, done=True, rows=[], refused=part.refused if keep_refused else []) for part in full]
    )
