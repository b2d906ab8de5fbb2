"""The cipher of this installation: the key ring lies outside the database, where the settings say."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from suyuan.store.cipher import Cipher
from suyuan.store.key_ring import create_key_ring, load_key_ring


def cipher() -> Cipher:
    """Return the cipher; a new installation gets a key ring, and a ring that another process changed is read again."""
    path = Path(settings.SUYUAN_KEYS)
    try:
        state = path.stat()
    except FileNotFoundError:
        _begin(path)
        state = path.stat()
    return _cipher_of(path, state.st_mtime_ns, state.st_ino)


def _begin(path: Path) -> None:
    """Make the key ring of a new installation; a lost one is never replaced: its values would stay closed for good."""
    from suyuan.store.models import DetailsRow

    if DetailsRow.objects.exists():
        load_key_ring(path)  # raises, and says what to bring back
    create_key_ring(path)


@lru_cache(maxsize=4)
def _cipher_of(path: Path, changed_at: int, number: int) -> Cipher:  # noqa: ARG001 - the state of the file is the key
    return Cipher(load_key_ring(path))
