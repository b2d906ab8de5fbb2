"""A file that is too large never reaches the disk: its bytes are let go by as they come."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class UploadLimit(FileUploadHandler):
    """First of the upload handlers; a view asks ``request.too_big``."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._n_bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's signature
        """Hand a piece on while the file is not too large."""
        self._n_bytes += len(raw_data)
        if self._n_bytes > settings.SUYUAN_UPLOAD_MAX:
            self.request.too_big = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind this one."""
