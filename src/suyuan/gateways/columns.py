"""The columns of each kind of table, and where they stand in a given file."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from suyuan.terms import BadInput

if TYPE_CHECKING:
    from suyuan.gateways.mapping import Mapping


class Columns(NamedTuple):
    """Names of the columns that a kind of table must and may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


VISITS = Columns(("person_id", "place_id", "t_in", "t_out"), ("place_kind", "zone", "source", "confidence"))
ENCOUNTERS = Columns(("person_a", "person_b", "start", "end"), ("setting", "source"))
CASES = Columns(("person_id",), ("date_onset", "date_sampling", "isolated_at", "exposure_from", "exposure_to"))
PLACES = Columns(("place_id", "place_kind"), ("longitude", "latitude"))
CORRECTIONS = Columns(
    ("action", "person_id", "place_id", "t_in", "t_out", "reason"),
    ("zone", "source", "place_kind", "new_place_id", "new_zone", "new_t_in", "new_t_out"),
)
NOT_TEXT = frozenset(
    {"t_in", "t_out", "start", "end", "new_t_in", "new_t_out", "longitude", "latitude", *CASES.optional}
)
KNOWN_COLUMNS = {name for kind in (VISITS, ENCOUNTERS, CASES, PLACES, CORRECTIONS) for names in kind for name in names}


def find_columns(path: str, headers: Sequence[str], wanted: Columns, mapping: Mapping) -> dict[str, str]:
    """Say which header of the file stands for which of our columns; constants need none.

    Parameters
    ----------
    path
        The file's name for the sentence.
    headers
        As in the file, in order; positions ``"1"``, ``"2"`` ... where it has none.

    Returns
    -------
    dict
        Our name to theirs, in our order.

    Raises
    ------
    BadInput
        If a column is missing or two have its name.
    """
    found: dict[str, str] = {}
    for name in (*wanted.required, *wanted.optional):
        if name in mapping.constants:
            continue
        theirs = str(mapping.columns.get(name, name))
        if theirs in headers:
            if list(headers).count(theirs) > 1:
                raise BadInput("reading.column_twice", path=path, column=theirs)
            found[name] = theirs
        elif name in wanted.required or name in mapping.columns:
            raise _missing(path, theirs, name, headers)
    return found


def _missing(path: str, theirs: str, name: str, headers: Sequence[str]) -> BadInput:
    known = [header for header in headers if header]
    nearest = get_close_matches(theirs, known, 1, 0.0) or get_close_matches(name, known, 1, 0.0) or [""]
    shown = ", ".join(known[:20])
    return BadInput("reading.column_missing", path=path, column=theirs, ours=name, nearest=nearest[0], headers=shown)
