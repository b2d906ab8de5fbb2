"""A small log from rows a person can read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_logs import ZONE, encounter_batch, visit_batch

from suyuan.exposure.log import LogWriter, create_log, open_log


@pytest.fixture
def make_log(tmp_path):
    def make(visits=(), encounters=()):
        folder = tmp_path / "log"
        create_log(folder, ZONE)
        with LogWriter(folder) as writer:
            if visits:
                writer.append(visit_batch(visits))
            if encounters:
                writer.add_encounters(encounter_batch(encounters))
        return open_log(folder)

    return make
