"""The keys of the personal fields: one file outside the database, readable by its owner only.

A stolen database without this file shows no name; a lost file means that nobody ever reads them again. It is therefore
written whole or not at all, carries a check value for each key, and is never overwritten by a new one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from filelock import FileLock

from suyuan.terms import BadInput, BadUsage

KEY_BYTES = 32
KEY_ID_BYTES = 4
PRIVATE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO
HEAD = """\
# The keys of Suyuan's personal data / 个人信息的密钥
# Keep a copy apart from the backups of the database: together they are as good as plain text.
# 请与数据库备份分开保管：两者放在一起等于明文。

"""


@dataclass(frozen=True, slots=True)
class Key:
    """One secret of 32 bytes.

    Parameters
    ----------
    id
        Eight hexadecimal digits, drawn by chance, so that two rings never give one name to two secrets.
    secret
        The bytes; never shown.
    made_at
        When it was drawn.
    """

    id: str
    secret: bytes = field(repr=False)
    made_at: datetime


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of a database.

    Parameters
    ----------
    current
        Id of the key that seals; the others only open what they sealed earlier.
    keys
        Encryption keys by id.
    index
        Key of the blind index; its id is the generation of the index.
    """

    current: str
    keys: Mapping[str, Key]
    index: Key


def create_key_ring(path: Path) -> KeyRing:
    """Draw the keys of a new database and write them.

    Raises
    ------
    BadUsage
        ``keys.taken`` if the file exists.
    """
    with _alone(path):
        if path.exists():
            raise BadUsage("keys.taken", path=path)
        key = _draw()
        ring = KeyRing(key.id, MappingProxyType({key.id: key}), _draw())
        _write(path, ring)
    return ring


def load_key_ring(path: Path) -> KeyRing:
    """Read the keys of a database.

    Raises
    ------
    BadInput
        ``keys.absent``, ``keys.open`` (others can read it), ``keys.unreadable`` or ``keys.damaged``.
    """
    try:
        table = tomllib.loads(_read_private(path))
        index = _key(path, "index", table["index"])
        keys = {name: _key(path, name, fields) for name, fields in table["encryption"].items()}
        current = table["current"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as fault:
        # only the kind of fault is told: its text could quote a line of the file
        raise BadInput("keys.unreadable", path=path, detail=type(fault).__name__) from None
    if current not in keys:
        raise BadInput("keys.unknown", path=path, key_id=current, known=", ".join(sorted(keys)))
    return KeyRing(current, MappingProxyType(keys), index)


def add_key(path: Path) -> KeyRing:
    """Draw a new key and make it the one that seals; the older ones stay for what they sealed.

    Raises
    ------
    BadInput
        As :func:`load_key_ring`.
    """
    with _alone(path):
        ring, key = load_key_ring(path), _draw()
        added = replace(ring, current=key.id, keys=MappingProxyType({**ring.keys, key.id: key}))
        _write(path, added)
    return added


def drop_key(path: Path, key_id: str) -> KeyRing:
    """Forget a key after everything has been sealed anew; what it sealed and nobody sealed anew is lost for ever.

    Raises
    ------
    BadUsage
        ``keys.unknown`` or, for the key in use, ``keys.current``.
    """
    with _alone(path):
        ring = load_key_ring(path)
        if key_id not in ring.keys:
            raise BadUsage("keys.unknown", path=path, key_id=key_id, known=", ".join(sorted(ring.keys)))
        if key_id == ring.current:
            raise BadUsage("keys.current", path=path, key_id=key_id)
        left = replace(ring, keys=MappingProxyType({name: key for name, key in ring.keys.items() if name != key_id}))
        _write(path, left)
    return left


def _draw() -> Key:
    made_at = datetime.now(UTC).replace(microsecond=0)
    return Key(secrets.token_hex(KEY_ID_BYTES), secrets.token_bytes(KEY_BYTES), made_at)


def _alone(path: Path) -> FileLock:
    """Two commands that change one file come after one another, so that neither loses the other's key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path.with_name(f".{path.name}.lock"), mode=PRIVATE)


def _read_private(path: Path) -> str:
    """Read a file of ours, after a look at who else can."""
    try:
        with path.open("rb") as file:
            # the file that was opened is asked, not its name: another file cannot be put in between
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & OTHERS:
                raise BadInput("keys.open", path=path)
            return file.read().decode()
    except FileNotFoundError:
        raise BadInput("keys.absent", path=path) from None


def _key(path: Path, name: str, fields: Mapping[str, Any]) -> Key:
    key_id = str(fields.get("generation", name))
    try:
        secret = base64.b64decode(fields["secret"], validate=True)
    except binascii.Error:
        secret = b""
    whole = len(secret) == KEY_BYTES and hmac.compare_digest(_check_value(key_id, secret), str(fields["check"]))
    if not whole or len(key_id) != 2 * KEY_ID_BYTES:
        raise BadInput("keys.damaged", path=path, key_id=key_id)
    return Key(key_id, secret, fields["made_at"])


def _check_value(key_id: str, secret: bytes) -> str:
    """Eight digits that a damaged or swapped key no longer fits; they say nothing of the key."""
    return hmac.new(secret, b"suyuan key check " + key_id.encode(), hashlib.sha256).hexdigest()[:8]


def _write(path: Path, ring: KeyRing) -> None:
    from suyuan.reporting.whole_files import write_whole  # only here: the room of reports is slow to open

    lines = [f'current = "{ring.current}"']
    for key in ring.keys.values():
        lines += ["", f'[encryption."{key.id}"]', *_fields(key)]
    lines += ["", "[index]", f'generation = "{ring.index.id}"', *_fields(ring.index), ""]
    write_whole(path, (HEAD + "\n".join(lines)).encode(), PRIVATE)


def _fields(key: Key) -> list[str]:
    return [
        f'secret = "{base64.b64encode(key.secret).decode()}"',
        f'check = "{_check_value(key.id, key.secret)}"',
        f"made_at = {key.made_at.isoformat()}",
    ]
