"""Accounts: one's own, and those that an administrator manages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from suyuan.actions.desk import NotAllowed
from suyuan.store import accounts as store
from suyuan.store.queries import officers as queries
from suyuan.terms import BadInput, Officer
from suyuan.web.signed_in import officer
from suyuan.web.views.own import own

RIGHT = queries.RIGHT
FIELDS = ("display_name", "group", "language")


def _administrator(request: HttpRequest) -> Officer:
    who = officer(request)
    if not who.areas(RIGHT):
        raise NotAllowed("room.not_allowed", right=RIGHT, area="–")
    return who


def me(request: HttpRequest) -> HttpResponse:
    """Show what concerns the reader as a person; whoever only works here sees the account."""
    return own(request) if officer(request).person_id else own_account(request)


def own_account(request: HttpRequest) -> HttpResponse:
    """Show one's own account: duties, password, second factor."""
    return render(request, "accounts/me.html", {"who": officer(request), "roles": _role_names(request)})


def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts that the reader manages."""
    who = _administrator(request)
    search = request.GET.get("q", "").strip()
    page = queries.accounts_of(who, search=search, cursor=request.GET.get("cursor", ""))
    asked = {"q": search, "cursor": page.following}
    older = f"?{urlencode({name: value for name, value in asked.items() if value})}" if page.following else ""
    values = {"accounts": page.rows, "search": search, "older": older, "roles": _role_names(request)}
    return render(request, "accounts/list.html", {**values, **_choices(who)})


def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one account with what may be done to it."""
    who = _administrator(request)
    return _shown(request, who, account_id)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make an account and show its first password, once."""
    who = _administrator(request)
    duties = ((request.POST.get("role", ""), request.POST.get("area", "").strip()),)
    given = {name: request.POST.get(name, "").strip() for name in FIELDS}
    fields = {name: value for name, value in given.items() if value}
    if fields.get("language", "zh") not in ("zh", "en"):
        raise BadInput("room.bad_field", fault="language")
    person = request.POST.get("person", "")
    account_id, password = store.make_account(who, request.POST.get("username", ""), duties, person=person, **fields)
    return _shown(request, who, account_id, password)


@require_POST
def duty(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give or take one role in one area."""
    who = _administrator(request)
    held = request.POST.get("action") != "take"
    store.set_duty(who, account_id, request.POST.get("role", ""), request.POST.get("area", "").strip(), held=held)
    return redirect("account", account_id)


@require_POST
def active(request: HttpRequest, account_id: int) -> HttpResponse:
    """Close an account or open it again."""
    store.set_active(_administrator(request), account_id, active=request.POST.get("action") == "open")
    return redirect("account", account_id)


@require_POST
def password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Draw a new first password and show it, once."""
    who = _administrator(request)
    drawn = store.reset_password(who, account_id, second_factor=request.POST.get("second_factor") == "1")
    return _shown(request, who, account_id, drawn)


def _shown(request: HttpRequest, who: Officer, account_id: int, password: str = "") -> HttpResponse:
    one = queries.account_of(who, account_id)
    values = {"account": one, "password": password, "roles": _role_names(request)}
    return render(request, "accounts/account.html", {**values, **_choices(who)})


def _choices(who: Officer) -> dict[str, object]:
    areas = who.areas(RIGHT)
    return {"all_roles": queries.roles(), "groups": queries.groups(), "areas": [area for area in areas if area]}


def _role_names(request: HttpRequest) -> dict[str, str]:
    lang = getattr(request, "lang", "zh")
    return {role.name: role.name_en if lang == "en" else role.name_zh for role in queries.roles()}


urlpatterns = [
    path("me/", me, name="me"),
    path("me/account/", own_account, name="me_account"),
    path("officers/", accounts, name="accounts"),
    path("officers/new/", make, name="account_make"),
    path("officers/<int:account_id>/", account, name="account"),
    path("officers/<int:account_id>/duty/", duty, name="account_duty"),
    path("officers/<int:account_id>/active/", active, name="account_active"),
    path("officers/<int:account_id>/password/", password, name="account_password"),
]
