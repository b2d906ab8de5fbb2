"""Visits in DuckDB, on two sorted Parquet files or two sorted tables: the second implementation of the interface.

The order of the data is worth more than an index: one copy sorted by person and one by cell let DuckDB skip what a
question does not touch. The queries are flat on purpose. Not used, because DuckDB 2.0.0 fails or crawls there
(measured): bucketed joins over several hops (internal error), inequality joins on one composite key (no end),
and plain joins of Parquet files with many keys (wrong plan; literal lists instead).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from suyuan.exposure.kernels.gather import offered_bits, pair_cells
from suyuan.exposure.kernels.shapes import CLOSE_ELIGIBLE, Cells, Infectors, InfectorVisits, Rules
from suyuan.exposure.segment import I32, U32
from suyuan.exposure.visit_log import Exposed, Visits
from suyuan.terms import BadInput

if TYPE_CHECKING:
    import duckdb

ROW_GROUP = 122_880
LITERAL_KEYS = 20_000
"""Up to so many keys a query names them in a literal list; above it joins with a table of them."""

SORTED_COPIES = {"by_person": "person, t_in", "by_cell": "cell, t_in"}

VISITS_OF = """
SELECT person, cell, t_in, t_out FROM by_person
WHERE {keys} AND t_in < $before AND t_out > $after AND t_out > t_in
"""
VISITS_AT = """
SELECT v.person, v.cell, v.t_in, v.t_out FROM by_cell v JOIN asked USING (cell)
WHERE {keys} AND v.t_in < $before AND v.t_out > $after
  AND v.t_in < asked.until AND v.t_out > asked.since AND v.t_out > v.t_in
"""
# one 128-bit number orders claims: earliest start, then latest end of the infectious stay, then smallest infector
HOP = f"""
WITH stays AS (
  SELECT v.person AS infector, reach.cell, reach.minutes, reach.lingering,
         greatest(v.t_in, f.since) AS a, least(v.t_out, f.until) AS b
  FROM by_person v JOIN frontier f USING (person) JOIN reach ON reach.own_cell = v.cell
  WHERE v.t_in < f.until AND v.t_out > f.since AND v.t_out > v.t_in
), claims AS (
  SELECT v.person,
         min(greatest(s.a, v.t_in)::HUGEINT * {1 << 64} + (4294967295 - s.b)::HUGEINT * {1 << 32} + s.infector) AS claim
  FROM stays s JOIN by_cell v ON v.cell = s.cell
  WHERE v.t_in <= s.b + s.lingering - s.minutes AND v.t_out >= s.a + s.minutes AND v.t_out > v.t_in
    AND least(s.b + s.lingering, v.t_out) - greatest(s.a, v.t_in) >= s.minutes AND s.b > s.a
  GROUP BY v.person
)
SELECT person, (claim // {1 << 64})::INTEGER AS first, (claim % {1 << 32})::UINTEGER AS infector
FROM claims ANTI JOIN frontier USING (person) ORDER BY person
"""  # noqa: S608 - numbers only


class DuckDBLog:
    """Visits behind a DuckDB connection that has the relations ``by_person`` and ``by_cell``.

    Parameters
    ----------
    connection
        Used by one thread at a time.
    cells
        What is known of each cell.
    n_persons
        One more than the largest person number.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, cells: Cells, n_persons: int) -> None:
        self.connection = connection
        self.cells = cells
        self.n_persons = n_persons
        self._prepared: Rules | None = None

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def visits_of(self, persons: U32, window: tuple[int, int]) -> Visits:
        """Read the visits of persons that touch a window."""
        keys = _literal("person", persons)
        if keys is None:
            self.connection.register("asked_persons", pa.table({"person": persons}))
            keys = "person IN (SELECT person FROM asked_persons)"
        query = VISITS_OF.format(keys=keys)
        return self._fetch(query, {"before": int(window[1]), "after": int(window[0])})

    def visits_at(self, cells: U32, from_: I32, to: I32) -> Visits:
        """Read the visits at cells, each with its own window."""
        self.connection.register("asked", pa.table({"cell": cells, "since": from_, "until": to}))
        # the windows of all cells together: what lies outside is skipped before the join
        edges = {"before": int(to.max(initial=0)), "after": int(from_.min(initial=0))}
        return self._fetch(VISITS_AT.format(keys=_literal("v.cell", cells) or "true"), edges)

    def hop_pushdown(self, frontier: Infectors, rules: Rules) -> Exposed:
        """Find who is exposed to a frontier, inside DuckDB."""
        self.prepare(rules)
        self.connection.register(
            "frontier", pa.table({"person": frontier.person, "since": frontier.start, "until": frontier.end})
        )
        found = self.connection.execute(HOP).fetchnumpy()
        return Exposed(*(np.asarray(found[name]) for name in Exposed._fields))

    def prepare(self, rules: Rules) -> None:
        """Store from which cell into which the rules look, once per edition."""
        if self._prepared is not rules:
            self.connection.register("reach_rows", reach_table(self.cells, rules))
            self.connection.execute("CREATE OR REPLACE TEMP TABLE reach AS SELECT * FROM reach_rows")
            self.connection.unregister("reach_rows")
            self._prepared = rules

    def _fetch(self, query: str, values: dict[str, int]) -> Visits:
        found = self.connection.execute(query, values).fetchnumpy()
        return Visits(*(np.asarray(found[name]) for name in Visits._fields))


def write_duckdb_files(folder: Path, visits: Visits, cells: Cells, n_persons: int) -> None:
    """Write visits as two sorted Parquet files beside the table of cells.

    Parameters
    ----------
    folder
        Made if absent.
    visits
        In any order; no two of them equal.
    """
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    table = pa.table(cells._asdict()).replace_schema_metadata({"n_persons": str(n_persons)})
    pq.write_table(table, folder / "cells.parquet")
    with duckdb.connect() as connection:
        connection.register("visits", pa.table(visits._asdict()))
        for name, order in SORTED_COPIES.items():
            file = _quoted(folder / f"{name}.parquet")
            connection.execute(
                f"COPY (SELECT * FROM visits ORDER BY {order}) TO '{file}' "  # noqa: S608 - own words, quoted path
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
            )


def open_duckdb_log(folder: Path) -> DuckDBLog:
    """Open the files that ``write_duckdb_files`` wrote.

    Raises
    ------
    BadInput
        If one of them is missing.
    """
    import duckdb

    for name in ("cells", *SORTED_COPIES):
        if not (folder / f"{name}.parquet").exists():
            raise BadInput("duckdb.file_missing", file=f"{name}.parquet", path=folder)
    table = pq.read_table(folder / "cells.parquet")
    cells = Cells(*(table[name].to_numpy() for name in Cells._fields))
    connection = duckdb.connect()
    for name in SORTED_COPIES:
        file = _quoted(folder / f"{name}.parquet")
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608 - quoted
    return DuckDBLog(connection, cells, int(table.schema.metadata[b"n_persons"]))


def fill_tables(connection: duckdb.DuckDBPyConnection, visits: pa.Table) -> None:
    """Store visits as two sorted tables of the connected database.

    Parameters
    ----------
    visits
        Columns as in ``Visits``, of any whole-numbered type.
    """
    connection.register("visits", visits)
    columns = "person, cell, t_in::INTEGER AS t_in, t_out::INTEGER AS t_out"
    for name, order in SORTED_COPIES.items():
        query = f"SELECT {columns} FROM visits ORDER BY {order}"  # noqa: S608 - own words
        connection.execute(f"CREATE TABLE {name} AS {query}")
    connection.unregister("visits")


def reach_table(cells: Cells, rules: Rules) -> pa.Table:
    """From which cell into which a close contact can be made, with the rule that decides."""
    every = np.arange(len(cells.kind), dtype=np.uint32)
    nowhen = np.zeros(len(every), np.int32)
    visits = InfectorVisits(every, nowhen, nowhen, every)
    own, cell, _ = pair_cells(cells, offered_bits(rules, CLOSE_ELIGIBLE), visits, CLOSE_ELIGIBLE)
    kind = cells.kind[own]
    return pa.table(
        {
            "own_cell": own,
            "cell": cell,
            "minutes": rules.close_minutes[kind],
            "lingering": rules.close_lingering[kind],
            "together_nano": rules.together_nano[kind],
            "lingering_nano": rules.lingering_nano[kind],
        }
    )


def _literal(column: str, keys: U32) -> str | None:
    if len(keys) > LITERAL_KEYS:
        return None
    if len(keys) == 0:
        return "false"
    return f"{column} IN ({', '.join(map(str, keys.tolist()))})"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
