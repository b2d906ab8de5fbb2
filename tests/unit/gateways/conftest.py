"""Small files and the options they are read with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from suyuan.gateways import Mapping, Reading, ReadOptions, Rejects, load_mapping

NOW = datetime(2022, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def options() -> Callable[..., ReadOptions]:
    """Options for Shanghai on 1 July 2022, with changes."""

    def make(**changes: Any) -> ReadOptions:
        return ReadOptions(**{"now": NOW, "timezone": "Asia/Shanghai", **changes})

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file and give its path."""

    def make(text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return make


@pytest.fixture
def mapping(tmp_path: Path) -> Callable[[str], Mapping]:
    """Load a mapping from TOML text."""

    def make(text: str) -> Mapping:
        path = tmp_path / "mapping.toml"
        path.write_text(text, "utf-8")
        return load_mapping(path)

    return make


@pytest.fixture
def read_all() -> Callable[[Reading[Any]], tuple[list[dict[str, Any]], list[Rejects]]]:
    """Read everything: good rows as dictionaries, and the rejects."""

    def make(reading: Reading[Any]) -> tuple[list[dict[str, Any]], list[Rejects]]:
        rows: list[dict[str, Any]] = []
        rejects: list[Rejects] = []
        for batch, bad in reading:
            rows += batch.to_table().to_pylist()
            rejects.append(bad)
        counts = reading.counts
        assert counts.n_read == counts.n_good + counts.n_bad
        assert counts.n_bad == sum(len(bad) for bad in rejects) == sum(counts.reasons.values())
        return rows, rejects

    return make
