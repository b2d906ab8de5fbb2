"""A resident's own page: what is asked of me, why, until when, who signed it, and how I say that it is wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from suyuan import bootstrap
from suyuan.actions.order_reasons import rights
from suyuan.store.queries import own as queries
from suyuan.web.signed_in import officer


def own(request: HttpRequest) -> HttpResponse:
    """Show everything about the reader; the address ``/me/`` leads here for accounts of a person."""
    lang: str = request.lang  # type: ignore[attr-defined]
    page = queries.own_page(officer(request), lang, bootstrap.office().clock.now())
    shown = {"bound": [each for each in page.orders if each.stands == "now"],
             "coming": [each for each in page.orders if each.stands == "later"],
             "past": [each for each in page.orders if each.stands in ("over", "revoked")]}  # fmt: skip
    return render(request, "own/page.html", {"page": page, "hours": rights().contest.answer_hours, **shown})


def own_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Show one order about the reader in words, with the form that contests it."""
    lang: str = request.lang  # type: ignore[attr-defined]
    one = queries.own_order(officer(request), order_id, lang, bootstrap.office().clock.now())
    return render(request, "own/order.html", {"one": one, "order": one.order, "hours": rights().contest.answer_hours})


urlpatterns = [path("me/orders/<int:order_id>/", own_order, name="own_order")]
