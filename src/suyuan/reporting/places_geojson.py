"""Places as GeoJSON for any map program."""

from __future__ import annotations

import json

import polars as pl

from suyuan.reporting.figures import located

PROPERTIES = ("place_id", "place_kind", "n_cases", "n_close", "case_minutes")


def places_geojson(places: pl.DataFrame) -> bytes:
    """Write the places that have coordinates as a FeatureCollection of points, longitude first (WGS 84).

    Seven decimals would be a centimetre; six (a decimetre) are kept. A place without coordinates is left out here
    and is in the other tables.

    References
    ----------
    RFC 7946, The GeoJSON Format, 2016, sections 3.1.2, 3.2, 3.3 and 5.
    """
    known = located(places).sort("n_close", "place_id", descending=[True, False])
    features = [
        {
            "type": "Feature",
            "id": row["place_id"],
            "geometry": {"type": "Point", "coordinates": [round(row["longitude"], 6), round(row["latitude"], 6)]},
            "properties": {name: row[name] for name in PROPERTIES},
        }
        for row in known.iter_rows(named=True)
    ]
    collection: dict[str, object] = {"type": "FeatureCollection", "features": features}
    if features:
        corners = [known[axis].min() for axis in ("longitude", "latitude")]
        corners += [known[axis].max() for axis in ("longitude", "latitude")]
        collection["bbox"] = [round(float(str(corner)), 6) for corner in corners]
    return (json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n").encode()
