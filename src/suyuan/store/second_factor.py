"""Secrets of second factors lie sealed in the database, as personal data does."""

from __future__ import annotations

import base64

from suyuan.store.secrets import cipher

CONTEXT = b"second factor"
SECRETS = ("secret", "seed")
"""Where the library keeps what must stay secret: of an authenticator, of recovery codes."""


def seal_text(text: str) -> str:
    """Seal a secret."""
    return base64.b64encode(cipher().seal(text.encode(), CONTEXT)).decode()


def open_text(sealed: str) -> str:
    """Open a sealed secret."""
    return cipher().open_sealed(base64.b64decode(sealed), CONTEXT).decode()


def seal_second_factors_anew() -> int:
    """Seal every secret that an older key sealed with the current one, and return how many."""
    from allauth.mfa.models import Authenticator

    from suyuan.store.room import open_room

    n = 0
    with open_room():
        for each in Authenticator.objects.all():
            old = [name for name in SECRETS if name in each.data and _has_old_key(each.data[name])]
            if old:
                each.data = {**each.data, **{name: seal_text(open_text(each.data[name])) for name in old}}
                each.save(update_fields=["data"])
                n += len(old)
    return n


def _has_old_key(sealed: str) -> bool:
    return cipher().needs_new_key(base64.b64decode(sealed))
