"""What reporting asks of a tracing result: tables by name, nothing of how they were found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import polars as pl

from suyuan.protocols import Protocol as Edition


class TraceTables(Protocol):
    """A forward tracing result: who was exposed, how, and since when."""

    @property
    def cases(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def contacts(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def evidence(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def itinerary(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def places(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def generations(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def protocol(self) -> Edition: ...  # noqa: D102
    @property
    def timezone(self) -> str: ...  # noqa: D102
    def summary(self) -> Mapping[str, Any]: ...  # noqa: D102


class BackwardTables(Protocol):
    """A backward tracing result: who and where could have infected each case."""

    @property
    def candidates(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def places(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def common(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def protocol(self) -> Edition: ...  # noqa: D102
    @property
    def timezone(self) -> str: ...  # noqa: D102
    @property
    def compared(self) -> str: ...  # noqa: D102
    @property
    def n_compared(self) -> int: ...  # noqa: D102
