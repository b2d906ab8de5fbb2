"""A fingerprint of an import: the same file read the same way, so that a second time changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from suyuan.gateways.options import ReadOptions
from suyuan.terms import BadInput


def file_digest(path: str | Path, options: ReadOptions) -> str:
    """Fingerprint a file's bytes and every option that changes what its rows mean.

    Returns
    -------
    str
        64 hexadecimal digits. The file's name, ``now`` and ``batch_rows`` do not enter.

    Raises
    ------
    BadInput
        If the file is absent.
    """
    if not Path(path).is_file():
        raise BadInput("file.absent", path=path)
    meaning = {
        "mapping": options.mapping,
        "timezone": options.zone_name,
        "max_stay_days": options.max_stay_days,
        "places": None if options.places is None else options.places.digest(),
        "places_closed": options.places_closed,
    }
    with Path(path).open("rb") as file:
        content = hashlib.file_digest(file, "sha256")
    content.update(msgspec.json.encode(meaning, order="deterministic"))
    return content.hexdigest()
