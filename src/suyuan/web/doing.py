"""One door for every form: a form names its deed and sends its fields; the deed decides.

A form posts to ``/do/<deed>/`` with the command's fields, ``key`` (``{% new_key %}``) and ``next`` (where to go).
Empty fields are left out, so the command's defaults hold; a field that takes several values is sent several times;
local times ``2022-07-05T08:00`` are times of the place.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from suyuan.actions.all_deeds import all_deeds
from suyuan.actions.desk import Deed, NotAllowed, Stale, perform
from suyuan.bootstrap import office
from suyuan.terms import BadInput, NothingFound, Problem, say
from suyuan.terms.wording import sentences
from suyuan.web.signed_in import officer

OPEN = "dialog[open] [data-notice]"
WHERE = f"body:has({OPEN}) {OPEN}, body:not(:has({OPEN})) #notice"
"""Where a page says why nothing was done: in the dialog that is open, else at its top."""


@require_POST
def do(request: HttpRequest, name: str) -> HttpResponse:
    """Do one deed as the signed-in officer; a problem comes back as its sentence, and what was typed stays."""
    what = all_deeds().get(name)
    if what is None:
        raise Http404(name)
    lang = request.lang  # type: ignore[attr-defined]
    try:
        command = command_of(what, request.POST)
        answer = perform(office(), officer(request), what, command, key=request.POST.get("key", ""))
    except Problem as problem:
        return _told(request, problem, lang)
    done = sentences(lang).get(f"done.{name}")
    messages.success(request, done.format(answer=answer) if done else say("done.done", lang))
    where = request.POST.get("next", "/").replace("{answer}", str(answer))
    if not url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        where = "/"
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)  # type: ignore[attr-defined]


def _told(request: HttpRequest, problem: Problem, lang: str) -> HttpResponse:
    status = {NotAllowed: 403, NothingFound: 404, Stale: 409}.get(type(problem), 422)
    values = {"sentence": problem.sentence(lang), "both": _both(request, problem), "back": _back(request)}
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "parts/problem.html", values)
        response.headers["HX-Retarget"] = WHERE
        response.headers["HX-Reswap"] = "innerHTML"
        return response  # htmx swaps answers of 200 only; the sentence itself says that nothing was done
    return render(request, "problem.html", values, status=status)


def _both(request: HttpRequest, problem: Problem) -> list[dict[str, Any]]:
    """After a lost update: what stands there beside what was sent, for each field in which they differ."""
    theirs: Any = problem.details.get("theirs")
    if theirs is None:
        return []
    names = [field.name for field in fields(theirs) if field.repr and field.name not in ("id", "version")]
    sent = {name: ", ".join(request.POST.getlist(name)) for name in names if name in request.POST}
    stands = {name: _plain(getattr(theirs, name)) for name in sent}
    return [{"what": name, "theirs": stands[name], "yours": sent[name]} for name in sent if stands[name] != sent[name]]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(settings.SUYUAN_TIMEZONE)).isoformat(timespec="minutes")[:16]
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value if value is not None else "")


def _back(request: HttpRequest) -> str:
    where = request.POST.get("next", "/")
    return where if url_has_allowed_host_and_scheme(where, allowed_hosts=None) and "{" not in where else "/"


def command_of(what: Deed[Any, Any], form: QueryDict) -> Any:
    """Make a deed's command of a form's fields.

    Raises
    ------
    BadInput
        If a field is missing or is not what the deed expects.
    """
    return converted(what, _fields_of(what.command, form))


def _fields_of(shape: type, form: QueryDict, within: str = "") -> dict[str, Any]:
    """Collect the fields of a dataclass from a form; those of a record inside it are named ``details.name``."""
    found: dict[str, Any] = {}
    for name, hint in get_type_hints(shape).items():
        record = next((kind for kind in _kinds(hint) if is_dataclass(kind)), None)
        if record is not None:
            inner = _fields_of(cast("type", record), form, f"{within}{name}.")
            if inner:
                found[name] = inner
            continue
        values = [value for value in form.getlist(within + name) if value != ""]
        if values:
            found[name] = values if _is_many(hint) else _instant(hint, values[-1])
    return found


def converted(what: Deed[Any, Any], fields: dict[str, Any]) -> Any:
    """Make a deed's command of plain fields, for instance of JSON.

    Raises
    ------
    BadInput
        If a field is missing, not known, or is not what the deed expects.
    """
    try:
        return msgspec.convert(fields, what.command, strict=False)
    except msgspec.ValidationError as fault:
        raise BadInput("room.bad_field", fault=str(fault)) from None


def _is_many(hint: Any) -> bool:
    return get_origin(hint) in (tuple, list, set, frozenset)


def _kinds(hint: Any) -> tuple[Any, ...]:
    """Return the types of a union, or the one type."""
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _instant(hint: Any, value: str) -> str:
    """Read a local time of a form as an instant of the place."""
    if datetime not in _kinds(hint):
        return value
    try:
        there = datetime.fromisoformat(value)
    except ValueError:
        return value
    return (there if there.tzinfo else there.replace(tzinfo=ZoneInfo(settings.SUYUAN_TIMEZONE))).isoformat()
