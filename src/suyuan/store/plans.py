"""What the database knows of its own tables when it chooses how to answer a query."""

from __future__ import annotations

from django.db import connection

from suyuan.store.writing import one_writer

ENTRIES_AN_INDEX = 100_000
"""Entries looked at in each index. With a thousand, every value of a big table looks equally rare to the planner."""


def refresh_statistics() -> int:
    """Count anew what the query planner of SQLite goes by, and return in how many indexes; PostgreSQL does it itself.

    Notes
    -----
    Each index is a write of its own, so that nobody waits for more than one of them. A connection reads the statistics
    together with the schema and would keep the old ones as long as it is open; a table made and dropped changes the
    schema's number, and every connection reads both again.
    """
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name")
        indexes = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"PRAGMA analysis_limit={ENTRIES_AN_INDEX}")
        for name in indexes:
            with one_writer():
                cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")
        with one_writer():
            cursor.execute("CREATE TABLE statistics_are_fresh (id INTEGER)")
            cursor.execute("DROP TABLE statistics_are_fresh")
    return len(indexes)
