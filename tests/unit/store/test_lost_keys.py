from __future__ import annotations

import pytest
from django.test import override_settings

from suyuan.store.secrets import cipher
from suyuan.terms import BadInput, Details


def test_a_lost_key_ring_is_told_and_never_replaced(act, officer, tmp_path):
    """Where sealed values lie, a missing key ring is a problem to mend, not a reason to begin a new one."""
    act("register_person", officer("duty_officer"), area="9901", details=Details(name="某人"))
    lost = tmp_path / "keys.toml"
    with override_settings(SUYUAN_KEYS=lost), pytest.raises(BadInput):
        cipher()
    assert not lost.exists()
