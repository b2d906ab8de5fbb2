"""The main menu: what this officer may open, in the order of a night's work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from suyuan.terms import Officer, say

ENTRIES: tuple[tuple[str, str, str], ...] = (
    ("board", "see_board", "b"),
    ("incidents", "see_incidents", "i"),
    ("tasks", "see_tasks", "t"),
    ("cases", "see_cases", "c"),
    ("contacts", "see_contacts", "k"),
    ("orders", "see_orders", "o"),
    ("follow_ups", "see_follow_ups", "f"),
    ("investigations", "see_investigations", "v"),
    ("people", "see_people", "p"),
    ("uploads", "import_data", ""),
    ("exports", "export_data", ""),
    ("audit", "see_audit", "a"),
    ("accounts", "manage_accounts", "u"),
)
"""Name of the address (and of the word in ``nav``), the right it needs somewhere, its key on the keyboard."""

BELONG = {"orders": ("/restrictions/", "/contests/"), "investigations": ("/teams/",), "people": ("/duplicates/",)}
"""Pages under other addresses that belong to an entry."""


def nav_items(request: HttpRequest, who: Officer | None, lang: str) -> list[dict[str, Any]]:
    """Return the entries of the menu for ``base.html``."""
    if who is None:
        return []
    found = []
    for name, right, key in ENTRIES:
        if not who.areas(right):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        active = request.path == url if url == "/" else request.path.startswith((url, *BELONG.get(name, ())))
        found.append({"url": url, "word": say(f"nav.{name}", lang), "active": active, "key": key})
    if who.person_id:
        # needs no right: what concerns oneself
        url = reverse("me")
        found.append({"url": url, "word": say("nav.me", lang), "active": request.path.startswith(url), "key": "m"})
    return found
