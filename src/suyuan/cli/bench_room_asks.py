"""What officers ask of the room in the benchmark: found by walking the pages as one of them would."""

from __future__ import annotations

import itertools
import json
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from suyuan.cli.bench_room_client import Browser, Read, Reply

DEEP = 6
"""How many pages further a deep page lies."""
MOST_RECORDS = 4
API_LISTS = {
    "cases": ({}, {"classification": "suspected"}, {"district": "990103"}),
    "contacts": ({}, {"state": "proposed"}, {"district": "990103"}),
    "orders": ({}, {"state": "proposed"}),
    "tasks": ({}, {"state": "open"}, {"group": "transfer"}),
    "follow-ups": ({}, {"state": "active"}),
    "investigations": ({}, {"state": "ordered"}),
    "people": ({},),
}
"""Lists of the API with the filters that are measured."""
OK = (200, 204, 302, 303, 304)


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of request: ``kind`` is list, search, record, board or write; ``send`` does one of them."""

    kind: str
    name: str
    send: Callable[[Browser], Reply]


def asks_of(browser: Browser, samples: list[dict[str, str]], rng: random.Random) -> list[Ask]:
    """Find everything that the officer of this browser can ask."""
    menu = Read(browser.get("/accounts/me/").text).menu or Read(browser.get("/").text).menu
    found = [ask for path in dict.fromkeys(menu) for ask in _pages(browser, path)]
    if "/people/" in menu:
        found += [_search(name, [each[name] for each in samples if each[name]]) for name in samples[0]]
    found += [ask for name, filters in API_LISTS.items() for ask in _api_lists(browser, name, filters)]
    return [*found, *_writes(browser, rng)]


def _pages(browser: Browser, path: str) -> Iterator[Ask]:
    """Yield a list page, its deep page, its filters one by one, and records that it leads to."""
    if path == "/":
        yield from _board(browser)
        return
    first = browser.get(path)
    if first.status != 200:
        return
    page = Read(first.text)
    yield _get("list", path, path)
    deep = _further(browser, path, page)
    if deep:
        yield _get("list", f"{path} deep", deep)
    for name, values in page.filters.items():
        for value in values[:1]:
            yield _get("list", f"{path} {name}={value}", f"{path}?{urlencode({name: value})}")
    inner = [
        link for link in dict.fromkeys(page.links) if link.startswith(path) and link[len(path) :].strip("/").isdigit()
    ]
    if inner:
        turn = itertools.cycle(inner[:MOST_RECORDS])
        yield Ask("record", f"{path}<id>/", lambda who: who.get(next(turn)))


def _further(browser: Browser, path: str, page: Read) -> str:
    """Turn some pages and return the address of the last one, empty if there is but one."""
    where = ""
    for _ in range(DEEP):
        if not page.following:
            break
        where = urljoin(path, page.following)
        page = Read(browser.get(where).text)
    return where


def _board(browser: Browser) -> Iterator[Ask]:
    if browser.get("/").status != 200:
        return
    yield _get("board", "/", "/")
    for path in ("/board/part", "/board/map.json", "/board/curve.json"):
        if browser.get(path).status == 200:
            yield _get("board", path, path)
    seen = {"tag": ""}

    def poll(who: Browser) -> Reply:
        headers = {"If-None-Match": seen["tag"]} if seen["tag"] else {}
        reply = who.get("/board/part", **headers)
        seen["tag"] = reply.etag or seen["tag"]
        return reply

    yield Ask("board", "/board/part polled", poll)


def _search(name: str, typed: list[str]) -> Ask:
    turn = itertools.cycle(typed)
    return Ask("search", f"people by {name}", lambda who: who.form("/people/search/", {"q": next(turn)}))


def _api_lists(browser: Browser, name: str, filters: tuple[dict[str, str], ...]) -> Iterator[Ask]:
    for asked in filters:
        path = f"/api/v1/{name}?{urlencode({**asked, 'limit': 50})}"
        reply = browser.get(path)
        if reply.status != 200 or not (following := json.loads(reply.body)).get("items"):
            return
        told = " ".join(f"{key}={value}" for key, value in asked.items())
        yield _get("list", f"api {name} {told}".strip(), path)
        if asked:
            continue
        for _ in range(DEEP):
            if not following["following"]:
                break
            path = f"/api/v1/{name}?{urlencode({'limit': 50, 'cursor': following['following']})}"
            following = json.loads(browser.get(path).body)
        yield _get("list", f"api {name} deep", path)


def _get(kind: str, name: str, path: str) -> Ask:
    return Ask(kind, name, lambda who: who.get(path))


def _writes(browser: Browser, rng: random.Random) -> Iterator[Ask]:
    """Yield single deeds, by a form and by the API, each on a record of its own, as far as the officer may."""
    tasks = _ids(browser, "tasks", state="open")
    rng.shuffle(tasks)
    if tasks and browser.api("/api/v1/tasks/take", {"task_ids": tasks[:1]}, _key()).status == 200:
        turn = itertools.cycle(tasks[1:] or tasks)
        yield Ask("write", "form take_tasks", lambda who: _do(who, "take_tasks", task_ids=next(turn)))
        yield Ask(
            "write",
            "api tasks/take",
            lambda who: who.api("/api/v1/tasks/take", {"task_ids": [next(turn)]}, _key()),
        )
    followed = _ids(browser, "follow-ups", state="active")
    rng.shuffle(followed)
    day = {"reached": True, "temperature_c": 36.6}
    if followed and browser.api(f"/api/v1/follow-ups/{followed[0]}/days", day, _key()).status == 200:
        each = itertools.cycle(followed)
        yield Ask(
            "write", "form record_follow_up", lambda who: _do(who, "record_follow_up", follow_up_id=next(each), **day)
        )
        yield Ask(
            "write", "api follow-ups/days", lambda who: who.api(f"/api/v1/follow-ups/{next(each)}/days", day, _key())
        )
    yield from _reports(browser, rng)


def _reports(browser: Browser, rng: random.Random) -> Iterator[Ask]:
    """Yield reports of new cases, of people nobody knew before."""
    incidents = _ids(browser, "incidents")
    areas = {each["area"] for each in _items(browser, "tasks", state="open")}
    if not incidents or not areas:
        return
    area = min(areas)

    def fields() -> dict[str, object]:
        return {
            "incident_id": incidents[-1],
            "person_code": f"NEW{uuid.UUID(int=rng.getrandbits(128)).hex}",
            "area": area,
        }

    if browser.api("/api/v1/cases", fields(), _key()).status == 200:
        yield Ask("write", "form report_case", lambda who: _do(who, "report_case", **fields()))
        yield Ask("write", "api cases", lambda who: who.api("/api/v1/cases", fields(), _key()))


def _do(who: Browser, deed: str, **fields: object) -> Reply:
    return who.form(f"/do/{deed}/", {**fields, "key": _key(), "next": "/healthz"})


def _key() -> str:
    return uuid.uuid4().hex


def _ids(browser: Browser, name: str, **equal: str) -> list[int]:
    return [each["id"] for each in _items(browser, name, **equal)]


def _items(browser: Browser, name: str, **equal: str) -> list[dict[str, int]]:
    reply = browser.get(f"/api/v1/{name}?{urlencode({**equal, 'limit': 500})}")
    return list(json.loads(reply.body)["items"]) if reply.status == 200 else []
