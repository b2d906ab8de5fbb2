"""The close-contact sums as one SQL query: a second opinion on the compiled routines, and what they are timed against.

One plain hash join from the stays of the infectors to the rows of their cells; no arithmetic of ours takes part.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from suyuan.exposure.duckdb_log import DuckDBLog
from suyuan.exposure.kernels.shapes import ENTRY, Infectors, Rules
from suyuan.exposure.match import Entries

SUMS = """
WITH stays AS (
  SELECT v.person AS infector, f.onset, reach.cell, reach.minutes, reach.lingering, reach.together_nano,
         reach.lingering_nano, greatest(v.t_in, f.since) AS a, least(v.t_out, f.until) AS b
  FROM by_person v JOIN infectors f USING (person) JOIN reach ON reach.own_cell = v.cell
  WHERE v.t_in < f.until AND v.t_out > f.since AND v.t_out > v.t_in
), meetings AS (
  SELECT v.person, greatest(s.a, v.t_in) AS start, together_nano, lingering_nano,
         least(s.b + s.lingering, v.t_out) - greatest(s.a, v.t_in) AS counted,
         greatest(0, least(s.b, v.t_out) - greatest(s.a, v.t_in)) AS together,
         greatest(s.a, v.t_in) - s.onset - $first_minute AS since
  FROM stays s JOIN by_cell v ON v.cell = s.cell
  WHERE v.t_in <= s.b + s.lingering - s.minutes AND v.t_out >= s.a + s.minutes AND v.t_out > v.t_in
    AND least(s.b + s.lingering, v.t_out) - greatest(s.a, v.t_in) >= s.minutes AND s.b > s.a
    AND v.person <> s.infector
)
SELECT person, count(*)::UINTEGER AS n_meetings, sum(together)::UINTEGER AS minutes_together,
       sum(counted - together)::UINTEGER AS minutes_lingering, min(start)::INTEGER AS first,
       max(start + counted)::INTEGER AS last,
       sum(CASE WHEN since >= 0 AND since < 1440 * len($milli)
           THEN $milli[1 + since // 1440] * (together_nano * together + lingering_nano * (counted - together))
           ELSE 0 END)::UBIGINT AS dose
FROM meetings GROUP BY person
"""


def sum_contacts_in_duckdb(log: DuckDBLog, infectors: Infectors, rules: Rules) -> Entries:
    """Sum the close contacts of infectors, each of them once in the table, inside DuckDB.

    Returns
    -------
    structured array
        As ``sum_close_contacts``, in no order.
    """
    log.prepare(rules)
    columns = {"person": infectors.person, "since": infectors.start, "until": infectors.end, "onset": infectors.onset}
    log.connection.register("infectors", pa.table(columns))
    values = {"first_minute": 1440 * rules.first_day, "milli": rules.milli.tolist()}
    found = log.connection.execute(SUMS, values).fetchnumpy()
    entries = np.zeros(len(found["person"]), ENTRY)
    for name in ENTRY.names or ():
        entries[name] = found[name]
    return entries
