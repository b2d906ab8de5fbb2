"""Orders: what waits for a signature, one order, the notice to its person, all restrictions in force."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode

from suyuan import bootstrap
from suyuan.actions.desk import NotAllowed
from suyuan.actions.order_reasons import rights
from suyuan.actions.tell_order import ToldHow
from suyuan.store.queries.areas import districts_of
from suyuan.store.queries.names import names_for
from suyuan.store.queries.orders import everything_waiting, group_named, notice_of, order_sheet, waiting, waiting_groups
from suyuan.store.queries.restrictions import list_in_force, restrictions
from suyuan.terms import BINDING, BadUsage, Officer, OrderKind, say
from suyuan.web.signed_in import officer


def orders(request: HttpRequest) -> HttpResponse:
    """List what waits for a signature, grouped as it is signed."""
    who = _reader(request)
    groups = waiting_groups(who, _lang(request), bootstrap.office().clock.now())
    return render(request, "orders/waiting.html", {"groups": groups, "tabs": tabs(request, "waiting")})


def orders_waiting(request: HttpRequest) -> HttpResponse:
    """List the proposals of one group, to tick and sign or refuse."""
    who, group, now = _reader(request), _group(request), bootstrap.office().clock.now()
    cursor = request.GET.get("cursor", "")
    page = waiting(who, group, _lang(request), now, cursor)
    names = names_for(who, [line.person_id for line in page.rows], f"proposed orders of incident {group[0]}")
    words: dict[str, int | str] = {"incident": group[0], "district": group[1], "kind": group[2]}
    older = f"?{urlencode({**words, 'cursor': page.following})}" if page.following else ""
    first = f"?{urlencode(words)}" if cursor else ""
    values = {
        "lines": page.rows, "names": names, "older": older, "newer": first,
        "group": group_named(group, _lang(request)), "all_url": f"{reverse('orders_sign')}?{urlencode(words)}",
    }  # fmt: skip
    return render(request, "orders/group.html", values)


def orders_sign(request: HttpRequest) -> HttpResponse:
    """Show what signing a whole group means, with the signature bound to exactly that."""
    who, group = _reader(request), _group(request)
    sheet = everything_waiting(who, group, bootstrap.office().clock.now())
    return render(request, "orders/sign.html", {"sheet": sheet, "group": group_named(group, _lang(request))})


def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Show one order: its reason, what can be done with it, its history."""
    who, now = _reader(request), bootstrap.office().clock.now()
    sheet = order_sheet(who, order_id, _lang(request), now)
    one = sheet.order
    names = names_for(who, [one.person_id], f"order {one.id}")
    values = {
        "sheet": sheet, "order": one, "name": names.get(one.person_id, ""), "hows": list(ToldHow),
        "binding": one.state in BINDING and one.ends_at > now, "hours": rights().contest.answer_hours,
    }  # fmt: skip
    return render(request, "orders/order.html", values)


def order_notice(request: HttpRequest, order_id: int) -> HttpResponse:
    """Show the notice to the person, in the person's language or the one asked for, made to be printed."""
    who = _reader(request)
    notice = notice_of(who, order_id, request.GET.get("lang", ""))
    names = names_for(who, [notice.person_id], f"notice of order {order_id}")
    values: dict[str, Any] = {
        "notice": notice, "name": names.get(notice.person_id, ""), "order_id": order_id,
        "hours": rights().contest.answer_hours, "reader_lang": _lang(request), "lang": notice.language,
        "ids": ", ".join(str(each.id) for each in notice.orders),
    }  # fmt: skip
    return render(request, "orders/notice.html", values)


def restrictions_page(request: HttpRequest) -> HttpResponse:
    """Show all restrictions in force, by kind and district, with the person-days so far."""
    who, now, lang = _reader(request), bootstrap.office().clock.now(), _lang(request)
    kind, district = request.GET.get("kind", ""), request.GET.get("district", "")
    page = list_in_force(who, lang, now, kind=kind, district=district, cursor=request.GET.get("cursor", ""))
    names = names_for(who, [line.person_id for line in page.rows], "restrictions in force")
    older = urlencode({"kind": kind, "district": district, "cursor": page.following}) if page.following else ""
    values = {
        "lines": page.rows, "names": names, "kind": kind, "district": district,
        "older": f"?{older}" if older else "", "kinds": list(OrderKind), "tabs": tabs(request, "force"),
        "districts": districts_of(who, "see_orders", lang),
    }  # fmt: skip
    return render(request, "orders/restrictions.html", values)


def restrictions_tally(request: HttpRequest) -> HttpResponse:
    """Show the counts and person-days so far: a sum over every order ever signed, so the list does not wait for it."""
    whole = restrictions(_reader(request), _lang(request), bootstrap.office().clock.now())
    return render(request, "orders/tally.html", {"whole": whole})


def tabs(request: HttpRequest, active: str) -> list[dict[str, Any]]:
    """Return the tabs that the pages about orders share."""
    parts = (("waiting", "orders"), ("force", "restrictions"), ("contests", "contests"))
    return [
        {"url": reverse(name), "word": say(f"orders_page.tab_{part}", _lang(request)), "active": part == active}
        for part, name in parts
    ]


def _reader(request: HttpRequest) -> Officer:
    who = officer(request)
    if not who.areas("see_orders"):
        raise NotAllowed("room.not_allowed", right="see_orders", area="–")
    return who


def _group(request: HttpRequest) -> tuple[int, str, str]:
    incident = request.GET.get("incident", "")
    if not incident.isdecimal():
        raise BadUsage("order.none_named")
    return int(incident), request.GET.get("district", ""), request.GET.get("kind", "")


def _lang(request: HttpRequest) -> str:
    return str(request.lang)  # type: ignore[attr-defined]


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders/waiting/", orders_waiting, name="orders_waiting"),
    path("orders/sign/", orders_sign, name="orders_sign"),
    path("orders/<int:order_id>/", order, name="order"),
    path("orders/<int:order_id>/notice/", order_notice, name="order_notice"),
    path("restrictions/", restrictions_page, name="restrictions"),
    path("restrictions/tally/", restrictions_tally, name="restrictions_tally"),
]
