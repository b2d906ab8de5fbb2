"""Rows: Django models, migrations, shelves (rows to terms), queries (reads), outbox, audit."""
