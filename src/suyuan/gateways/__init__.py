"""The outside world: file formats. Files come in as checked batches; what fails comes back with its reason."""

from suyuan.gateways.cases import read_cases, read_exposure_windows
from suyuan.gateways.corrections import Correction, read_corrections
from suyuan.gateways.digest import file_digest
from suyuan.gateways.encounters import encounters_from_table, read_encounters
from suyuan.gateways.mapping import Mapping, load_mapping, mapping_names
from suyuan.gateways.options import ReadOptions
from suyuan.gateways.places import Places, read_places
from suyuan.gateways.reading import Counts, Reading
from suyuan.gateways.rejects import Rejects, RejectsFile, write_rejects
from suyuan.gateways.visits import batches_from_table, read_visits

__all__ = [
    "Correction",
    "Counts",
    "Mapping",
    "Places",
    "ReadOptions",
    "Reading",
    "Rejects",
    "RejectsFile",
    "batches_from_table",
    "encounters_from_table",
    "file_digest",
    "load_mapping",
    "mapping_names",
    "read_cases",
    "read_corrections",
    "read_encounters",
    "read_exposure_windows",
    "read_places",
    "read_visits",
    "write_rejects",
]
