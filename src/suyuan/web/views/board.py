"""The commander's one screen: figures as text that a poll keeps fresh, map and curve as JSON with an ETag."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.http import quote_etag, urlencode

from suyuan import bootstrap
from suyuan.actions.desk import NotAllowed
from suyuan.store.queries.board import Board, Tile, active_incidents, board_of
from suyuan.store.queries.board_curve import curve_of
from suyuan.store.queries.board_map import map_of
from suyuan.store.queries.board_scope import Scope, scope_of
from suyuan.terms import Officer, say
from suyuan.web.nav import nav_items
from suyuan.web.signed_in import officer

EVERY = 8
"""Seconds between two polls of one board."""

LINKS: dict[str, tuple[str, str, dict[str, str]]] = {
    "confirmed": ("cases", "see_cases", {"classification": "confirmed"}),
    "suspected": ("cases", "see_cases", {"classification": "suspected"}),
    "at_large": ("cases", "see_cases", {"course": "at_large"}),
    "died": ("cases", "see_cases", {"course": "died"}),
    "contacts": ("contacts", "see_contacts", {"state": "accepted"}),
    "became_case": ("contacts", "see_contacts", {"state": "became_case"}),
    "contacts_proposed": ("contacts", "see_contacts", {"state": "proposed"}),
    "orders": ("restrictions", "see_orders", {}),
    "orders_proposed": ("orders", "see_orders", {"state": "proposed"}),
    "missed": ("follow_ups", "see_follow_ups", {"show": "missed"}),
    "late": ("tasks", "see_tasks", {"show": "late"}),
    "soon": ("tasks", "see_tasks", {"show": "soon"}),
    "contests": ("contests", "see_orders", {}),
    "contests_late": ("contests", "see_orders", {}),
    "reports": ("investigations", "see_investigations", {"state": "submitted"}),
}
"""Where a figure leads: name of the address, the right it needs, what it asks for."""

TONES = {
    "confirmed": "red",
    "died": "red",
    "suspected": "amber",
    "at_large": "red",
    "missed": "red",
    "late": "red",
    "contests_late": "red",
    "soon": "amber",
    "orders": "blue",
    "contacts": "blue",
}


def board(request: HttpRequest) -> HttpResponse:
    """Show the whole board; who has no right to it begins on the first page of their menu."""
    own = nav_items(request, officer(request), "en")
    if own and not officer(request).areas("see_board"):
        return redirect(own[0]["url"])
    who, scope, lang = _asked(request)
    figures = board_of(who, scope, lang)
    incidents = active_incidents(who)
    values = _values(request, who, scope, figures) | {
        "incidents": incidents,
        "incident": next((each for each in incidents if each.id == scope.incident_id), None),
        "chain": _address("chain", who, "see_cases", _query(scope)),
        "map_src": reverse("board_map") + _query(scope),
        "curve_src": reverse("board_curve") + _query(scope),
    }
    return render(request, "board/board.html", values)


def part(request: HttpRequest) -> HttpResponse:
    """Return the figures again if they have changed since the reader saw them; else only the time."""
    who, scope, lang = _asked(request)
    figures = board_of(who, scope, lang)
    tag = _tag(figures, lang)
    if request.headers.get("If-None-Match") == quote_etag(tag):
        return _fresh(HttpResponse(status=304), tag)
    if request.GET.get("seen") == tag:
        response = render(request, "board/at.html", {"now": scope.now, "again": True})
        response.headers["HX-Reswap"] = "none"
        return _fresh(response, tag)
    return _fresh(render(request, "board/figures.html", _values(request, who, scope, figures) | {"again": True}), tag)


def map_json(request: HttpRequest) -> HttpResponse:
    """Return the map: areas with counts, recent cases near the middle of their communities."""
    who, scope, lang = _asked(request)
    return _json(request, map_of(who, scope, lang))


def curve_json(request: HttpRequest) -> HttpResponse:
    """Return the epidemic curve."""
    _, scope, _ = _asked(request)
    return _json(request, curve_of(scope))


def _asked(request: HttpRequest) -> tuple[Officer, Scope, str]:
    who = officer(request)
    if not who.areas("see_board"):
        raise NotAllowed("room.not_allowed", right="see_board", area="–")
    asked = request.GET.get("incident", "")
    number = int(asked) if asked.isascii() and asked.isdigit() else 0
    return who, scope_of(who, number, bootstrap.office().clock.now()), request.lang  # type: ignore[attr-defined]


def _values(request: HttpRequest, who: Officer, scope: Scope, figures: Board) -> dict[str, Any]:
    lang: str = request.lang  # type: ignore[attr-defined]
    tag = _tag(figures, lang)
    seen = urlencode({"seen": tag} | ({"incident": scope.incident_id} if scope.incident_id else {}))
    return {
        "board": figures,
        "tiles": [_tile(tile, who, scope, lang) for tile in figures.tiles],
        "waiting": [_tile(tile, who, scope, lang) for tile in figures.waiting],
        "part_src": f"{reverse('board_part')}?{seen}",
        "every": EVERY,
        "scope": scope,
        "now": scope.now,
        "yesterday": scope.yesterday,
    }


def _tile(tile: Tile, who: Officer, scope: Scope, lang: str) -> dict[str, str]:
    name, right, asked = LINKS[tile.key]
    changes = [
        say(f"board_change.{kind}_{tile.key}", lang, n=f"{n:,}")
        for kind, n in (("more", tile.more), ("less", tile.less))
        if n is not None
    ]
    return {
        "number": f"{tile.n:,}",
        "word": say(f"board_tile.{tile.key}", lang),
        "change": " · ".join(changes),
        "tone": TONES.get(tile.key, "") if tile.n else "",
        "url": _address(name, who, right, _query(scope, asked)),
    }


def _query(scope: Scope, asked: dict[str, str] | None = None) -> str:
    values = (asked or {}) | ({"incident": str(scope.incident_id)} if scope.incident_id else {})
    return f"?{urlencode(values)}" if values else ""


def _address(name: str, who: Officer, right: str, query: str) -> str:
    """Address of a list, or nothing where the reader may not open it."""
    try:
        return reverse(name) + query if who.areas(right) else ""
    except NoReverseMatch:
        return ""


def _tag(content: Any, lang: str = "") -> str:
    return hashlib.blake2b(msgspec.json.encode(content) + lang.encode(), digest_size=12).hexdigest()


def _json(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    body = msgspec.json.encode(content)
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    if request.headers.get("If-None-Match") == quote_etag(tag):
        return _fresh(HttpResponse(status=304), tag)
    return _fresh(HttpResponse(body, content_type="application/json"), tag)


def _fresh(response: HttpResponse, tag: str) -> HttpResponse:
    """Let the browser keep the answer only to ask whether it still holds; it names nobody."""
    response.headers["ETag"] = quote_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


urlpatterns = [
    path("", board, name="board"),
    path("board/part", part, name="board_part"),
    path("board/map.json", map_json, name="board_map"),
    path("board/curve.json", curve_json, name="board_curve"),
]
