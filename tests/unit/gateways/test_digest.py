"""Fingerprints for the import ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from suyuan.gateways import file_digest, load_mapping, read_places
from suyuan.terms import BadInput


def test_same_meaning_same_digest(write, options):
    """Name of the file, present instant and batch size do not enter."""
    one, other = write("a,b\n", "one.csv"), write("a,b\n", "other.csv")
    later = replace(options(), now=options().now + timedelta(days=1), batch_rows=7)
    assert file_digest(one, options()) == file_digest(other, later)


def test_other_meaning_other_digest(write, options):
    """Content, time zone, mapping, longest stay and places each change it."""
    path = write("a,b\n")
    places, _ = read_places(write("place_id,place_kind\nS1,shop\n", "p.csv"), options())
    more, _ = read_places(write("place_id,place_kind\nS1,market\n", "q.csv"), options())
    seen = {
        file_digest(write("a,c\n", "c.csv"), options()),
        file_digest(path, options()),
        file_digest(path, options(timezone="Asia/Tokyo")),
        file_digest(path, options(max_stay_days=8)),
        file_digest(path, options(mapping=load_mapping("sociopatterns"))),
        file_digest(path, options(places=places)),
        file_digest(path, options(places=more)),
        file_digest(path, options(places=places, places_closed=True)),
    }
    assert len(seen) == 8


def test_absent_file(tmp_path, options):
    """An absent file is named."""
    with pytest.raises(BadInput, match=r"nowhere\.csv does not exist"):
        file_digest(tmp_path / "nowhere.csv", options())
