"""Personal values, sealed for one row each, and found again without being opened.

A sealed value is one version byte, four bytes of key id, a nonce of twelve bytes drawn by chance, and what AES-256-GCM
makes of the value: 33 bytes more than the value. Header and ``context`` are bound in, so that a value that is copied
into another row or another field does not open there.
"""

from __future__ import annotations

import hmac
import os
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from suyuan.store.key_ring import KEY_ID_BYTES, KeyRing
from suyuan.terms import BadInput

VERSION = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = 1 + KEY_ID_BYTES
BODY_AT = HEAD_BYTES + NONCE_BYTES
LEAST_BYTES = BODY_AT + 16
BLIND_BYTES = 16

Shape = TypeVar("Shape")


class NoEnvelope(BadInput):
    """The bytes are no sealed value."""


class NoKey(BadInput):
    """The key ring lacks the key that sealed the value."""


class Broken(BadInput):
    """The value was changed, or belongs to another row."""


class Cipher:
    """Seals and opens values, and makes blind index entries, with the keys of one ring.

    Notes
    -----
    Nonces of 96 bits drawn by chance keep a key good for 2**32 values (NIST SP 800-38D, 8.3): 1 million people with ten
    values, each changed a hundred times, use a quarter of that. Threads may share a cipher.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._current = bytes.fromhex(ring.current)
        self._keys = {bytes.fromhex(name): AESGCM(key.secret) for name, key in ring.keys.items()}
        self._index = ring.index.secret

    @property
    def current(self) -> str:
        """Id of the key that seals new values."""
        return self._current.hex()

    def __repr__(self) -> str:
        return f"Cipher(current={self._current.hex()!r})"

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Seal a value for the row and field that ``context`` names, for example ``b"person/17/name"``."""
        head = VERSION + self._current
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + self._keys[self._current].encrypt(nonce, plain, head + context)

    def open_sealed(self, blob: bytes | memoryview, context: bytes) -> bytes:
        """Open a value in the place it was sealed for.

        Raises
        ------
        NoEnvelope
            The bytes are no sealed value of a known version.
        NoKey
            The ring has not the key it was sealed with.
        Broken
            It was changed, or sealed for another place.
        """
        blob = bytes(blob)  # some database drivers hand out views
        head, nonce, body = blob[:HEAD_BYTES], blob[HEAD_BYTES:BODY_AT], blob[BODY_AT:]
        if len(blob) < LEAST_BYTES or head[:1] != VERSION:
            raise NoEnvelope("sealed.no_envelope")
        key = self._keys.get(head[1:])
        if key is None:
            raise NoKey("sealed.no_key", key_id=head[1:].hex())
        try:
            return key.decrypt(nonce, body, head + context)
        except InvalidTag:
            raise Broken("sealed.broken") from None

    def seal_json(self, value: object, context: bytes) -> bytes:
        """Seal a struct, dataclass, list or dictionary."""
        return self.seal(msgspec.json.encode(value), context)

    def open_json(self, blob: bytes | memoryview, context: bytes, shape: type[Shape]) -> Shape:
        """Open what :meth:`seal_json` sealed, as ``shape``.

        Raises
        ------
        NoEnvelope, NoKey, Broken
            As :meth:`open_sealed`; Broken also where the value is of another shape.
        """
        plain = self.open_sealed(blob, context)
        try:
            return msgspec.json.decode(plain, type=shape)
        except msgspec.DecodeError:
            # the fault of the reader could quote the value
            raise Broken("sealed.no_json") from None

    def needs_new_key(self, blob: bytes | memoryview) -> bool:
        """Whether an older key sealed the value, so that it must be sealed anew before that key is dropped."""
        return bytes(blob[1:HEAD_BYTES]) != self._current

    def blind(self, kind: str, text: str) -> bytes:
        """Return 16 bytes that are equal for equal texts of a kind and say nothing without the index key.

        Notes
        -----
        Among 1 million people with ten entries each, two different texts meet with chance 1 in 10**24.
        """
        message = f"{kind}\x00{text}".encode()
        return hmac.digest(self._index, message, "sha256")[:BLIND_BYTES]
