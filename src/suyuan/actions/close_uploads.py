"""Refused rows are kept a week for whoever mends them, then erased; so is a table that was begun and never sent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from suyuan.actions.cancel_upload import empty_parts
from suyuan.actions.desk import Desk, Office, perform_by_clock
from suyuan.actions.tick import ticks
from suyuan.terms import UploadState

AT_ONCE = 5


@ticks
def close_uploads(office: Office) -> int:
    """Erase what uploads of more than a week ago still keep, and return how many uploads that was."""
    with office.open_room() as room:
        over = room.due_ids("upload_over", office.clock.now(), AT_ONCE)
    for upload_id in over:
        perform_by_clock(office, "close_uploads", partial(_close, upload_id))
    return len(over)


def _close(upload_id: int, desk: Desk) -> int:
    upload = desk.room.uploads.get(upload_id)
    empty_parts(desk, upload, keep_refused=False)
    desk.room.uploads.save(replace(upload, state=UploadState.CLOSED))
    return upload.id
