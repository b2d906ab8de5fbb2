"""The packed visit log as its readers see it: a snapshot that no later write changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from suyuan.exposure.kernels.shapes import Cells
from suyuan.exposure.log.arrays import map_arrays
from suyuan.exposure.log.cells import EMPTY, CellTable
from suyuan.exposure.log.dictionary import Dictionary
from suyuan.exposure.log.encounters import NOBODY_MET, Encounters
from suyuan.exposure.log.history import encounter_versions, visit_versions
from suyuan.exposure.log.index import open_part
from suyuan.exposure.log.manifest import DICTIONARIES, Manifest, read_manifest
from suyuan.exposure.log.summary import describe_log
from suyuan.exposure.log.texts import NO_ONE, U8, U32, texts_of
from suyuan.exposure.segment import Segment
from suyuan.terms import BadInput, NothingFound, Problem


class PackedLog:
    """A snapshot of the log: everything acknowledged before it was opened, nothing after.

    Parameters
    ----------
    path
        Folder of the log.
    manifest
        The state to show.

    Examples
    --------
    Opening maps files and reads next to nothing::

        log = open_log("city.log")
        log.person_numbers(["P1"]), log.n_visits
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self.timezone = manifest.timezone
        self.segments: tuple[Segment, ...] = tuple(open_part(path, entry) for entry in manifest.segments)
        self._texts = {name: Dictionary.open(path, manifest.dictionaries.get(name, [])) for name in DICTIONARIES}
        self._table = CellTable.of(map_arrays(path / manifest.cells)) if manifest.cells else EMPTY
        self._coordinates = map_arrays(path / manifest.coordinates) if manifest.coordinates else {}
        self.encounters: Encounters = (
            Encounters(**map_arrays(path / manifest.encounters)) if manifest.encounters else NOBODY_MET
        )

    @property
    def version(self) -> int:
        """Number of the change that this snapshot shows; grows by one with each."""
        return self.manifest.version

    @property
    def cells(self) -> Cells:
        """What is known of each cell."""
        return self._table.cells

    @property
    def place_kinds(self) -> U8:
        """uint8, shape (places,): position in ``terms.PLACE_KINDS``."""
        return self._table.place_kind

    @property
    def n_persons(self) -> int:
        """Person numbers given out."""
        return self.manifest.count("persons")

    @property
    def n_places(self) -> int:
        """Place numbers given out."""
        return self.manifest.count("places")

    @property
    def n_visits(self) -> int:
        """Living visits."""
        return self.manifest.n_visits

    @property
    def n_encounters(self) -> int:
        """Living encounters."""
        return self.manifest.n_encounters

    def refresh(self) -> PackedLog:
        """Show the latest state: this very object where nothing changed, else a new snapshot."""
        if read_manifest(self.path).version == self.version:
            return self
        return open_log(self.path)

    def person_numbers(self, codes: Sequence[str]) -> U32:
        """Look persons up.

        Returns
        -------
        uint32, shape (codes,)
            ``NO_ONE`` where the log knows no such person.
        """
        return self._numbers("persons", codes)

    def place_numbers(self, codes: Sequence[str]) -> U32:
        """Look places up, like :meth:`person_numbers`."""
        return self._numbers("places", codes)

    def person_codes(self, numbers: U32) -> list[str]:
        """Write out persons; an erased one is empty."""
        return self.strings("persons", numbers).to_pylist()  # type: ignore[no-any-return]

    def place_codes(self, numbers: U32) -> list[str]:
        """Write out places."""
        return self.strings("places", numbers).to_pylist()  # type: ignore[no-any-return]

    def source_codes(self, numbers: npt.NDArray[Any]) -> list[str]:
        """Write out sources."""
        return self.strings("sources", numbers).to_pylist()  # type: ignore[no-any-return]

    def cell_places(self, cells: U32) -> list[str]:
        """Write out the places of cells."""
        return self.place_codes(self.cell_keys(cells)[:, 0])

    def cell_zones(self, cells: U32) -> list[str]:
        """Write out the zones of cells; empty where a zone is not known."""
        return self.strings("zones", self.cell_keys(cells)[:, 1]).to_pylist()  # type: ignore[no-any-return]

    def cell_sources(self, cells: U32) -> list[str]:
        """Write out the sources of cells."""
        return self.strings("sources", self.cell_keys(cells)[:, 2]).to_pylist()  # type: ignore[no-any-return]

    def strings(self, dictionary: str, numbers: npt.NDArray[Any]) -> pa.Array:
        """Write out numbers of ``persons``, ``places``, ``zones`` or ``sources`` as an Arrow large_string array."""
        return self._texts[dictionary].strings(np.asarray(numbers, np.uint32))

    def cell_keys(self, cells: U32) -> U32:
        """Numbers of place, zone and source of cells, shape (cells, 3)."""
        keys: U32 = self._texts["cells"].texts(np.asarray(cells, np.uint32)).data.view(np.uint32).reshape(-1, 3)
        return keys

    def place_coordinates(self, places: U32) -> npt.NDArray[np.float64]:
        """Longitude and latitude of places, shape (places, 2); nan where unknown."""
        found = np.full((len(places), 2), np.nan)
        for i, name in enumerate(("longitude", "latitude")):
            stored = self._coordinates.get(name, np.zeros(0))
            known = np.asarray(places) < len(stored)
            found[known, i] = stored[np.asarray(places)[known]]
        return found

    def history(self, person_code: str) -> pl.DataFrame:
        """Every version of a person's visits that is on record, oldest first.

        Returns
        -------
        polars.DataFrame
            row, verb, recorded_at, supersedes, reason, place_id, zone, source, t_in, t_out, confidence, living.
            Where a later write has replaced the record's files, the latest state is told.

        Raises
        ------
        NothingFound
            If the log knows no such person.
        """
        person = self._person(person_code)
        names = {"place": self.cell_places, "zone": self.cell_zones, "source": self.cell_sources}
        try:
            return visit_versions(self.path, self.manifest, person, names)
        except FileNotFoundError:
            return self._moved().history(person_code)

    def encounter_history(self, person_code: str) -> pl.DataFrame:
        """Every version of a person's encounters that is on record, oldest first; see :meth:`history`."""
        names = {"person": self.person_codes, "text": self.source_codes}
        try:
            return encounter_versions(self.path, self.manifest, self._person(person_code), names)
        except FileNotFoundError:
            return self._moved().encounter_history(person_code)

    def describe(self) -> dict[str, Any]:
        """Tell counts, span, bytes by part, versions on record, segments and imports, ready for JSON."""
        try:
            written = {name: self._texts[name].n_written for name in ("persons", "places", "zones")}
            return describe_log(self.path, self.manifest, written)
        except FileNotFoundError:
            return self._moved().describe()

    def _moved(self) -> PackedLog:
        latest = self.refresh()
        if latest is self:
            raise BadInput("log.file_missing", file="*", path=self.path)
        return latest

    def _person(self, code: str) -> int:
        number = self._texts["persons"].number(code)
        if number == NO_ONE:
            raise NothingFound("log.nobody", person=code, path=self.path)
        return number

    def _numbers(self, name: str, codes: Sequence[str]) -> U32:
        return self._texts[name].numbers(texts_of(pa.array(list(codes), pa.string())))


def open_log(path: Path | str) -> PackedLog:
    """Open a snapshot of a log.

    Raises
    ------
    BadInput
        If there is no log in this folder, or one of its files is missing or damaged.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    while True:
        try:
            return PackedLog(folder, manifest)
        except (FileNotFoundError, Problem) as fault:
            # a writer may have replaced a file between the manifest and its opening: then the manifest moved too
            latest = read_manifest(folder)
            if latest.version != manifest.version:
                manifest = latest
            elif isinstance(fault, FileNotFoundError):
                raise BadInput("log.file_missing", file=Path(fault.filename).name, path=folder) from fault
            else:
                raise
