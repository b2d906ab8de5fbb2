"""Places files."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from suyuan.gateways import read_places
from suyuan.terms import PLACE_KINDS

HEADER = "place_id,place_kind,longitude,latitude\n"


def test_good_places(write, options):
    """Places with and without coordinates are read; kinds of known and unknown places are told."""
    places, rejects = read_places(write(f"{HEADER}S1,shop,121.5,31.2\nS2,market,,\n"), options())
    assert (places.codes.to_pylist(), [str(PLACE_KINDS[kind]) for kind in places.kind]) == (
        ["S1", "S2"],
        ["shop", "market"],
    )
    assert np.array_equal(places.longitude, [121.5, np.nan], equal_nan=True)
    assert np.array_equal(places.latitude, [31.2, np.nan], equal_nan=True)
    assert (len(places), len(rejects)) == (2, 0)
    asked = pa.array(["S2", "S9"])
    assert (places.kinds(asked).tolist(), places.holds(asked).tolist()) == ([7, 254], [True, False])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",shop,,", "missing_place"),
        ("S2 ,shop,,", "blank_around"),
        ("S2,castle,,", "unknown_kind"),
        ("S2,,,", "unknown_kind"),
        ("S2,shop,181,0", "coordinates"),
        ("S2,shop,31.2,121.5", "coordinates"),
        ("S2,shop,x,0", "coordinates"),
        ("S2,shop,121.5,", "coordinates"),
        ("S1,shop,,", "place_twice"),
    ],
)
def test_bad_places(write, options, row, reason):
    """Each faulty place comes back with its reason, the others go in."""
    places, rejects = read_places(write(f"{HEADER}S1,shop,,\n{row}\nS3,shop,-180,90\n"), options())
    assert (places.codes.to_pylist(), rejects.all_reasons()) == (["S1", "S3"], [(reason,)])


def test_constant_kind_and_no_coordinates(write, options, mapping):
    """The kind may be one for all, and coordinates may be absent."""
    stated = options(mapping=mapping('constants.place_kind = "ward"'))
    places, _ = read_places(write("place_id\nS1\n"), stated)
    assert places.kind.tolist() == [PLACE_KINDS.index("ward")]


def test_empty_places(write, options):
    """A places file without rows is no places."""
    places, rejects = read_places(write(HEADER), options())
    assert (len(places), len(rejects), rejects.original.column_names[-1]) == (0, 0, "line")
