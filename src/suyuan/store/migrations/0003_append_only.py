"""Audit and history are appended to; only the erasure job, which says so in its own transaction, may take away."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("store_auditrow", "store_historyrow")
ERASING = "EXISTS (SELECT 1 FROM store_numberrow WHERE name = 'erasing' AND value = 1)"


def make(apps: Any, editor: Any) -> None:
    vendor = editor.connection.vendor
    if vendor == "postgresql":
        editor.execute(
            "CREATE OR REPLACE FUNCTION suyuan_append_only() RETURNS trigger AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' AND {ERASING} THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION 'this table is append-only'; END $$ LANGUAGE plpgsql"
        )
    for table in TABLES:
        for deed in ("UPDATE", "DELETE"):
            name = f"{table}_no_{deed.lower()}"
            if vendor == "postgresql":
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION suyuan_append_only()"
                )
            else:
                unless = f"WHEN NOT {ERASING} " if deed == "DELETE" else ""
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW {unless}"
                    "BEGIN SELECT RAISE(ABORT, 'this table is append-only'); END"
                )


def drop(apps: Any, editor: Any) -> None:
    postgresql = editor.connection.vendor == "postgresql"
    for table in TABLES:
        for deed in ("update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{deed}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        editor.execute("DROP FUNCTION IF EXISTS suyuan_append_only()")


class Migration(migrations.Migration):
    dependencies = [("store", "0002_numbers")]
    operations = [migrations.RunPython(make, drop)]
