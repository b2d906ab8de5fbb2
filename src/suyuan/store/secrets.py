"""The cipher of this installation: the key ring lies outside the database, where the settings say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from suyuan.store.cipher import Cipher
from suyuan.store.key_ring import create_key_ring, load_key_ring


@cache
def cipher() -> Cipher:
    """Return the cipher, made once a process; a new installation gets a key ring."""
    path = Path(settings.SUYUAN_KEYS)
    if not path.exists():
        create_key_ring(path)
    return Cipher(load_key_ring(path))
