"""What ``import suyuan`` offers: the visit log and tracing for notebooks and scripts.

Results are polars tables; ``.to_arrow()`` and ``.to_pandas()`` turn them into the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from suyuan.cli.casework import cases_of
from suyuan.cli.intake import ImportPlan, Taken, import_files, import_table
from suyuan.exposure.log import PackedLog
from suyuan.exposure.log import open_log as open_packed
from suyuan.exposure.result import BackwardResult, TraceResult
from suyuan.exposure.trace import trace as trace_cases
from suyuan.protocols import Protocol
from suyuan.protocols import load as load_edition


def open_log(path: str | Path) -> PackedLog:
    """Open a snapshot of a visit log: everything acknowledged so far, nothing later.

    Raises
    ------
    BadInput
        If there is no log in this folder, or one of its files is damaged.
    """
    return open_packed(path)


def load_protocol(name_or_path: str | Path) -> Protocol:
    """Load an edition by name (``covid19-9``, ``measles`` ...) or from a TOML file.

    Raises
    ------
    BadUsage
        If a bare name is not known.
    BadInput
        If the file cannot be read or says something that cannot be used.
    """
    return load_edition(name_or_path)


def import_visits(path: str | Path, visits: Any, *, timezone: str | None = None, mapping: str | None = None) -> Taken:
    """Put visits into a log, which is made if there is none; the same visits a second time change nothing.

    Parameters
    ----------
    path
        Folder of the log.
    visits
        A CSV, Parquet or Excel file, or a polars, pandas or Arrow table with ``person_id``, ``place_id``, ``t_in``,
        ``t_out`` and optionally ``place_kind``, ``zone``, ``source``, ``confidence``.
    timezone
        Of times without offset; needed for a new log, else the log's.
    mapping
        For other people's headers: a mapping file or the name of one that comes with Suyuan.

    Returns
    -------
    Taken
        Counts; bad rows stand with their reasons in the file ``bad_rows``.

    Raises
    ------
    BadUsage
        If no time zone is stated for a new log, or another process is writing.
    BadInput
        If the table as a whole cannot be used.
    """
    plan = ImportPlan(log=Path(path), timezone=timezone, mapping=mapping)
    if isinstance(visits, str | Path):
        return import_files([Path(visits)], plan, lambda _name, _rows: None)[1][-1]
    return import_table(pa.table(visits) if hasattr(visits, "__arrow_c_stream__") else visits, plan)


def trace(
    log: str | Path | PackedLog, cases: Any, protocol: Protocol | str | Path = "covid19-9", *, n_generations: int = 2
) -> TraceResult:
    """Say who was exposed to the cases, how, how badly and since when.

    Parameters
    ----------
    log
        A log, or its folder.
    cases
        A file, a list of ``suyuan.terms.Case``, or a table with ``person_id``, ``date_onset``, ``date_sampling`` and
        optionally ``isolated_at``.
    protocol
        An edition, its name, or a TOML file.
    n_generations
        Depth of ``generations``.

    Returns
    -------
    TraceResult
        Polars tables: cases, contacts, evidence, itinerary, places, generations.

    Raises
    ------
    BadUsage
        If the edition's name is not known.
    BadInput
        If a case cannot be traced, or a file cannot be used.

    Examples
    --------
    >>> import polars as pl, suyuan, tempfile
    >>> columns = ["person_id", "place_id", "t_in", "t_out", "place_kind"]
    >>> rows = [(p, "C1", "2022-07-01 08:00", "2022-07-01 12:00", "classroom") for p in ("P1", "P2")]
    >>> folder = tempfile.mkdtemp() + "/school.log"
    >>> suyuan.import_visits(folder, pl.DataFrame(rows, columns, orient="row"), timezone="Asia/Shanghai").n_new
    2
    >>> cases = pl.DataFrame({"person_id": ["P1"], "date_onset": ["2022-07-02"]})
    >>> suyuan.trace(folder, cases, protocol="covid19-9").contacts.select("person_id", "ring", "rule").row(0)
    ('P2', 'close', 'classroom.close')
    """
    snapshot = log if isinstance(log, PackedLog) else open_log(log)
    return trace_cases(snapshot, cases_of(cases, snapshot.timezone), protocol, n_generations=n_generations)


def trace_backward(
    log: str | Path | PackedLog, cases: Any, protocol: Protocol | str | Path = "covid19-9"
) -> BackwardResult:
    """Say who and where could have infected each case, and what several cases share.

    Parameters
    ----------
    log, cases, protocol
        As in :func:`trace`.

    Returns
    -------
    BackwardResult
        Polars tables: candidates, places, common.

    Raises
    ------
    BadUsage, BadInput
        As in :func:`trace`.
    """
    from suyuan.exposure.trace_back import trace_backward as trace_cases_backward

    snapshot = log if isinstance(log, PackedLog) else open_log(log)
    edition = protocol if isinstance(protocol, Protocol) else load_edition(protocol)
    return trace_cases_backward(snapshot, cases_of(cases, snapshot.timezone), edition)
