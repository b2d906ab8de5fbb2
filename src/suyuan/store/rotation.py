"""A new key for the personal data: everything sealed is sealed anew in small transactions, then the old keys go.

It may be stopped at any moment and called again: what has the new key is not looked at twice. The room may run
meanwhile; it reads the key ring again as soon as the file has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from suyuan.store import models as rows
from suyuan.store.key_ring import add_key, drop_key, load_key_ring
from suyuan.store.room import StoreRoom, open_room
from suyuan.store.second_factor import seal_second_factors_anew
from suyuan.store.secrets import cipher
from suyuan.store.shelf import RowShelf
from suyuan.terms import AuditEntry, BadInput

BATCH = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed values: its table, and what each value is bound to."""

    table: Any
    name: str
    context: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: values sealed anew, the key that seals now, the keys that were dropped."""

    n_sealed: int
    current: str
    dropped: tuple[str, ...]


def sealed_columns() -> list[Column]:
    """Every column that holds sealed values."""
    found = [Column(rows.DetailsRow, "sealed", lambda i: f"details:{i}".encode())]
    for shelf in vars(StoreRoom).values():
        if isinstance(shelf, RowShelf):
            found += [_column(shelf, name) for name in shelf.mapping.sealed]
    return found


def _column(shelf: RowShelf[Any], name: str) -> Column:
    table = shelf.mapping.table
    return Column(shelf.mapping.row, name, lambda i: f"{table}:{i}:{name}".encode())


def rotate(progress: Callable[[int], None], *, keep_old: bool = False, go_on: bool = False) -> Rotation:
    """Seal everything with a new key.

    Parameters
    ----------
    progress
        Hears how many values were sealed anew so far.
    keep_old
        Leave the old keys in the ring, for backups that need them.
    go_on
        Draw no new key: finish an earlier rotation.

    Raises
    ------
    BadInput
        ``keys_told.left_over`` if values with an old key remain; then no key was dropped.
    """
    path = Path(settings.SUYUAN_KEYS)
    ring = load_key_ring(path) if go_on else add_key(path)
    n = 0
    for column in sealed_columns():
        for done in _seal_anew(column):
            n += done
            progress(n)
    n += seal_second_factors_anew()
    left = sum(1 for column in sealed_columns() for _ in _with_old_key(column))
    if left:
        raise BadInput("keys_told.left_over", n=left)
    old = tuple(name for name in ring.keys if name != ring.current)
    for name in () if keep_old else old:
        drop_key(path, name)
    with open_room() as room:
        detail = {"n": n, "current": ring.current, "dropped": [] if keep_old else list(old)}
        room.write_audit([AuditEntry(at=timezone.now(), officer_id=0, deed="rotate_keys", detail=detail)])
    return Rotation(n, ring.current, () if keep_old else old)


def _seal_anew(column: Column) -> Iterator[int]:
    last = -1
    while True:
        with open_room():
            some = _values(column).filter(pk__gt=last).order_by("pk")[:BATCH]
            found = list(some.values_list("pk", column.name))
            secret, n = cipher(), 0
            for pk, blob in found:
                if blob and secret.needs_new_key(blob):
                    _write(column, pk, secret.open_sealed(blob, column.context(pk)))
                    n += 1
        if not found:
            return
        last = found[-1][0]
        yield n


def _write(column: Column, pk: int, plain: bytes) -> None:
    secret = cipher()
    fields: dict[str, Any] = {column.name: secret.seal(plain, column.context(pk))}
    if column.table is rows.DetailsRow:
        fields["key_id"] = secret.current
    column.table._default_manager.filter(pk=pk).update(**fields)


def _with_old_key(column: Column) -> Iterator[int]:
    secret = cipher()
    for pk, blob in _values(column).values_list("pk", column.name).iterator(chunk_size=2000):
        if blob and secret.needs_new_key(blob):
            yield pk


def _values(column: Column) -> Any:
    return column.table._default_manager.exclude(**{column.name: b""})
