"""The great deeds: ten thousand contacts at once, a hundred thousand rows in, three hundred thousand contacts out."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from suyuan.cli.bench_room_client import Browser
from suyuan.cli.bench_room_load import User
from suyuan.cli.bench_room_server import Server

ROUNDS = 3
AT_ONCE, PAGE = 10_000, 500
PATIENCE_SECONDS = 1200
KNOWN = 10
"""Of the rows that come in, every tenth is somebody on record."""


def bulk_contacts(server: Server, commander: User) -> dict[str, Any]:
    """Remove ten thousand proposed contacts of one incident, bring them back, accept them; a few times.

    Returns
    -------
    dict
        Median seconds of one such change, the seconds of each, CPU seconds of the server for each, and how many
        contacts it was.
    """
    browser = commander.browser
    incident, ids = _proposed(browser)
    told: dict[str, Any] = {"bulk_n": len(ids), "bulk_runs_s": [], "bulk_cpu_s": []}
    deeds = [deed for _ in range(ROUNDS - 1) for deed in ("remove", "restore")] + ["remove", "restore", "accept"]
    for deed in deeds if ids else ():
        cpu = server.cpu_seconds()
        fields = {"contact_ids": ids, "reason": "benchmark"}
        reply = browser.api(f"/api/v1/incidents/{incident}/contacts/{deed}", fields, uuid.uuid4().hex)
        if reply.status != 200:
            return {**told, "bulk_refused": reply.text[:300], "bulk_10k_s": None}
        told["bulk_runs_s"].append(round(reply.ms / 1000, 2))
        told["bulk_cpu_s"].append(round(server.cpu_seconds() - cpu, 2))
    told["bulk_10k_s"] = round(median(told["bulk_runs_s"]), 2) if ids else None
    return told


def _proposed(browser: Browser) -> tuple[int, list[int]]:
    """Return the incident with the most proposals and up to ten thousand of them."""
    by: dict[int, list[int]] = {}
    cursor = ""
    for _ in range(2 * AT_ONCE // PAGE):
        reply = browser.get(f"/api/v1/contacts?state=proposed&limit={PAGE}&cursor={cursor}")
        page = json.loads(reply.body)
        for each in page["items"]:
            by.setdefault(each["incident_id"], []).append(each["id"])
        cursor = page["following"]
        if not cursor:
            break
    if not by:
        return 0, []
    incident, ids = max(by.items(), key=lambda each: len(each[1]))
    return incident, ids[:AT_ONCE]


def bring_rows(officer: User, n: int, samples: list[dict[str, str]], ask: Any) -> dict[str, Any]:
    """Bring a table of persons through the API and wait until its last part is in.

    Parameters
    ----------
    ask
        Returns state and rows done of an upload by its id.
    """
    browser, area = officer.browser, "990103"
    begun = time.perf_counter()
    announced = {"kind": "people", "area": area, "digest": uuid.uuid4().hex}
    reply = browser.api("/api/v1/uploads", announced, uuid.uuid4().hex)
    if reply.status != 200:
        return {"import_100k_s": None, "import_refused": reply.text[:300]}
    upload = json.loads(reply.body)["answer"]
    rows = list(_rows(n, samples, area))
    for part in range(0, n, PAGE):
        fields = {"part": part // PAGE + 1, "rows": rows[part : part + PAGE], "last": part + PAGE >= n}
        reply = browser.api(f"/api/v1/uploads/{upload}/rows", fields, uuid.uuid4().hex)
        if reply.status != 200:
            return {"import_100k_s": None, "import_refused": reply.text[:300]}
    sent = time.perf_counter() - begun
    state, done = "", 0
    while state != "done" and time.perf_counter() - begun < PATIENCE_SECONDS:
        time.sleep(0.5)
        state, done = ask(upload)
    seconds = time.perf_counter() - begun
    told = {"import_rows": done, "import_sent_s": round(sent, 1), "import_s": round(seconds, 1)}
    return {**told, "import_100k_s": round(seconds * 100_000 / done, 1) if state == "done" and done else None}


def _rows(n: int, samples: list[dict[str, str]], area: str) -> Iterator[dict[str, Any]]:
    """Yield rows of a table: new people mostly, some of those on record among them."""
    from suyuan.cli.bench_room_people import newcomers

    today, rng = datetime.now(UTC).date(), np.random.default_rng(time.time_ns())
    for i, values in enumerate(newcomers(n, area, today, rng)):
        if i % KNOWN == 0:
            known = samples[i // KNOWN % len(samples)]
            values |= {"name": known["name"], "telephones": known["telephone"], "identity_number": known["identity"]}
            values["birth_date"] = ""
        yield {"number": i + 1, "values": {key: value for key, value in values.items() if value}}


def upload_state(home: Path, url: str) -> Any:
    """Return how to look at an upload in the database itself."""
    question = "SELECT state, n_done FROM store_uploadrow WHERE id = "

    def ask(upload: int) -> tuple[str, int]:
        if url:
            import psycopg

            with psycopg.connect(url) as line:
                found = line.execute(f"{question}{int(upload)}").fetchone()
        else:
            with closing(sqlite3.connect(f"file:{home / 'room.sqlite3'}?mode=ro", uri=True, timeout=30)) as file:
                found = file.execute(f"{question}{int(upload)}").fetchone()
        return (found[0], found[1]) if found else ("", 0)

    return ask
