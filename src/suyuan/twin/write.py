"""Write the city's truth and what was observed of it, day by day, in separate folders."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from suyuan.twin.city import City, DayVisits, Role, zone_text
from suyuan.twin.columns import CityColumns
from suyuan.twin.interview import Encounters
from suyuan.twin.observe import INTERVIEW, Records

ROWS_PER_GROUP = 1 << 23
PAGE_BYTES = 8 << 20
DICTIONARY_BYTES = 1 << 28
"""Beyond this the writer would fall back to spelling every code out; a city's codes stay far below it."""


class DailyFile:
    """A Parquet file that grows by a table a day; it has its columns even if no day comes.

    Notes
    -----
    LZ4 with dictionaries, without statistics of the codes and with few large row groups was the fastest of what was
    measured: a row group repeats the codes of the whole city, which costs as much as a million visits. Zstandard at
    level 1 makes files a third smaller and takes half as long again.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        times = [field.name for field in schema if pa.types.is_timestamp(field.type)]
        self.n_rows = 0
        self._waiting: list[pa.Table] = []
        self._writer = pq.ParquetWriter(
            path, schema, compression="lz4", write_statistics=times,
            dictionary_pagesize_limit=DICTIONARY_BYTES, data_page_size=PAGE_BYTES,
        )  # fmt: skip

    def add(self, table: pa.Table) -> None:
        """Append a table that shares its dictionaries with the one before; it is written with its neighbours."""
        self._waiting.append(table)
        self.n_rows += table.num_rows
        if sum(part.num_rows for part in self._waiting) >= ROWS_PER_GROUP:
            self._flush()

    def add_apart(self, table: pa.Table) -> None:
        """Append a table with dictionaries of its own, if it has rows."""
        self._flush()
        self._waiting.append(table)
        self.n_rows += table.num_rows
        self._flush()

    def _flush(self) -> None:
        whole = pa.concat_tables(self._waiting) if self._waiting else None
        if whole is not None and whole.num_rows:
            self._writer.write_table(whole, row_group_size=whole.num_rows)
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if fault is None:
            self._flush()
        self._writer.close()


def record_table(
    columns: CityColumns, records: Records, sources: tuple[str, ...], *, recorded: bool = False
) -> pa.Table:
    """Visits as an officer gets them.

    Parameters
    ----------
    columns
        Dictionaries of the city.
    records
        Rows.
    sources
        Words for the numbers of the sources.
    recorded
        Whether to add ``recorded_at``, when the record arrived.
    """
    table = {
        "person_id": columns.person(records.person),
        "place_id": columns.place(records.place),
        "t_in": columns.time(records.t_in),
        "t_out": columns.time(records.t_out),
        "place_kind": columns.kind(records.place),
        "zone": columns.zone(records.place, records.zone),
        "source": columns.text(records.source, sources),
        "confidence": pa.array(records.confidence),
    }
    if recorded:
        table["recorded_at"] = columns.time(records.recorded)
    return pa.table(table)


def visit_table(columns: CityColumns, visits: DayVisits) -> pa.Table:
    """Make a table of true visits."""
    return pa.table(
        {
            "person_id": columns.person(visits.person),
            "place_id": columns.place(visits.place),
            "t_in": columns.time(visits.t_in),
            "t_out": columns.time(visits.t_out),
            "place_kind": columns.kind(visits.place),
            "zone": columns.zone(visits.place, visits.zone),
        }
    )


def encounter_table(columns: CityColumns, met: Encounters) -> pa.Table:
    """Meetings that cases named."""
    kinds = pa.DictionaryArray.from_arrays(pa.array(met.kind.view(np.int8)), columns.kinds)
    return pa.table(
        {
            "person_a": columns.person(met.person_a),
            "person_b": columns.person(met.person_b),
            "start": columns.time(met.start),
            "end": columns.time(met.end),
            "setting": kinds,
            "source": columns.text(np.zeros(len(met.start), dtype=np.int8), (INTERVIEW,)),
        }
    )


def write_structure(city: City, columns: CityColumns, out: Path) -> None:
    """Write people, households, places and goods: the truth in full, the places and goods as officers know them."""
    _write_people(city, columns, out / "truth")
    longitude, latitude = city.lon_lat()
    listed = pl.DataFrame(
        {
            "place_id": pl.Series(columns.places),
            "place_kind": pl.Series(columns.kind(np.arange(city.n_places, dtype=np.int32)).cast(pa.string())),
            "longitude": pl.Series(longitude).round(6).fill_nan(None),
            "latitude": pl.Series(latitude).round(6).fill_nan(None),
        }
    )
    listed.write_csv(out / "observed" / "places.csv")
    more = {"quarter": pl.Series(city.places.quarter), "n_zones": pl.Series(city.places.zone_count)}
    listed.with_columns(**more).write_parquet(out / "truth" / "places.parquet")
    write_goods(city, out / "observed" / "goods.csv")


def _write_people(city: City, columns: CityColumns, truth: Path) -> None:
    people = city.people
    roles = pa.array([role.name.lower() for role in Role])
    table = pa.table(
        {
            "person_id": columns.people,
            "age": pa.array(people.age),
            "role": pa.DictionaryArray.from_arrays(pa.array(people.role.view(np.int8)), roles),
            "household_id": pa.array(people.household),
            "quarter": pa.array(people.quarter),
            "home_place_id": columns.place(people.home_place),
            "day_place_id": _or_none(columns, people.day_place),
            "day_zone": columns.zone(np.maximum(people.day_place, 0), people.day_zone),
            "canteen_place_id": _or_none(columns, people.canteen_place),
        }
    )
    pq.write_table(table, truth / "people.parquet", dictionary_pagesize_limit=DICTIONARY_BYTES)
    household, first, size = np.unique(people.household, return_index=True, return_counts=True)
    homes = columns.place(people.home_place[first])
    households = pa.table({"household_id": household, "place_id": homes, "n_people": size})
    pq.write_table(households, truth / "households.parquet", dictionary_pagesize_limit=DICTIONARY_BYTES)


def write_goods(city: City, path: Path) -> None:
    """Write the cold-chain ledger: which goods lay on which stall on which days."""
    goods = city.goods
    start = city.start.date()
    kinds = city.places.kind[goods.place].tolist()
    pl.DataFrame(
        {
            "object_id": [city.object_id(number) for number in range(len(goods.place))],
            "place_id": [city.place_id(place) for place in goods.place.tolist()],
            "zone": [zone_text(kind, zone) for kind, zone in zip(kinds, goods.zone.tolist(), strict=True)],
            "on_sale_from": [start + timedelta(days=day) for day in goods.first_day.tolist()],
            "on_sale_until": [start + timedelta(days=day) for day in goods.last_day.tolist()],
        }
    ).write_csv(path)


def _or_none(columns: CityColumns, numbers: NDArray[np.int32]) -> pa.Array:
    """Place codes, null where the number is -1."""
    return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=numbers < 0), columns.places)
