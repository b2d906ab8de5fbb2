"""The one door: an edition by name or path, typed, or a sentence that says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from suyuan.protocols.edition import Protocol
from suyuan.protocols.faults import FaultyEdition, find_faults
from suyuan.protocols.tables import label_of, read_tables
from suyuan.terms import BadInput


def load(name_or_path: str | Path) -> Protocol:
    """Load an edition.

    Parameters
    ----------
    name_or_path
        Name of an edition that comes with Suyuan (see ``names()``), or the path of a TOML file: a whole edition, or
        a local override that names the edition it changes.

    Raises
    ------
    BadUsage
        If a bare name is not known.
    BadInput
        If the file cannot be read, or (``FaultyEdition``, with every fault) says something that cannot be used.

    Examples
    --------
    >>> edition = load("covid19-9")
    >>> [(step.kind.value, step.days) for step in edition.rings.close.quarantine]
    [('facility', 7), ('monitoring', 3)]
    """
    tables, faults = read_tables(name_or_path)
    label = label_of(name_or_path)
    faults = [*faults, *find_faults(tables, label)]
    if faults:
        raise FaultyEdition(label, faults)
    return msgspec.convert(tables, Protocol)


def check(path: str | Path) -> list[BadInput]:
    """Find all problems of an edition's file at once; an empty list if it can be used.

    Raises
    ------
    BadUsage
        If a bare name is not known.
    """
    try:
        tables, faults = read_tables(path)
    except BadInput as failure:
        return [failure]
    return [*faults, *find_faults(tables, label_of(path))]
