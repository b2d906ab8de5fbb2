"""Contests of orders: the list by their clock, one contest with its decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from suyuan.actions.desk import NotAllowed
from suyuan.store.queries.names import names_for
from suyuan.store.queries.orders_contests import contest_sheet, list_contests
from suyuan.terms import Officer
from suyuan.web.signed_in import officer
from suyuan.web.views.orders import tabs


def contests(request: HttpRequest) -> HttpResponse:
    """List open contests by the time of their answer, or those decided."""
    who = _reader(request)
    decided = request.GET.get("show") == "decided"
    page = list_contests(who, decided=decided, cursor=request.GET.get("cursor", ""))
    names = names_for(who, [line.person_id for line in page.rows], "contests of orders")
    show = "show=decided&" if decided else ""
    older = f"?{show}cursor={page.following}" if page.following else ""
    values = {"lines": page.rows, "names": names, "older": older, "decided": decided}
    return render(request, "contests/list.html", values | {"tabs": tabs(request, "contests")})


def contest(request: HttpRequest, contest_id: int) -> HttpResponse:
    """Show one contest; its words only to those who receive or decide contests there."""
    who = _reader(request)
    sheet = contest_sheet(who, contest_id)
    area = sheet.contest.area
    can_decide = who.may("decide_contest", area) and who.may("sign_order", area)
    names = names_for(who, [sheet.order.person_id], f"contest {contest_id}")
    values = {
        "sheet": sheet, "contest": sheet.contest, "order": sheet.order, "can_decide": can_decide,
        "signed_it": who.id in sheet.signers, "name": names.get(sheet.order.person_id, ""),
    }  # fmt: skip
    return render(request, "contests/contest.html", values)


def _reader(request: HttpRequest) -> Officer:
    who = officer(request)
    if not who.areas("see_orders"):
        raise NotAllowed("room.not_allowed", right="see_orders", area="–")
    return who


urlpatterns = [
    path("contests/", contests, name="contests"),
    path("contests/<int:contest_id>/", contest, name="contest"),
]
