"""Every deed as a path of the API: the same command, the same function, the same answer as behind a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import Body, Header, Path, Router
from pydantic import create_model

from suyuan.actions.desk import Deed, perform
from suyuan.bootstrap import office
from suyuan.terms import BadUsage
from suyuan.web.api.problems import ANSWERS
from suyuan.web.api.schemas import DoneOut, body_of, row_number
from suyuan.web.doing import converted

PLACE = re.compile(r"{(\w+)}")
ETAG = re.compile(r'^(?:W/)?"?(\d{1,9})"?$')


def add_deeds(router: Router, deeds: dict[str, Deed[Any, Any]]) -> None:
    """Put every deed on the router at its path."""
    for name, deed in sorted(deeds.items()):
        router.add_api_operation(
            f"/{_typed(deed.path)}",
            ["POST"],
            _operation(deed),
            response={200: DoneOut, **ANSWERS},
            operation_id=name,
            summary=name.replace("_", " "),
            description=(deed.function.__doc__ or "").strip() + f"\n\nRight: `{deed.right}`.",
            tags=[deed.path.split("/", 1)[0]],
        )


def _typed(path: str) -> str:
    return PLACE.sub(
        lambda place: f"{{int:{place.group(1)}}}" if place.group(1).endswith("_id") else place.group(), path
    )


def _operation(deed: Deed[Any, Any]) -> Callable[..., Any]:
    """Make the function that ninja calls: its annotations are the deed's own command."""
    places = {name: (row_number if name.endswith("_id") else str, ...) for name in PLACE.findall(deed.path)}
    body = body_of(deed.command, deed.path)
    versioned = "version" in deed.command.__dataclass_fields__

    def do(request: HttpRequest, **sent: Any) -> Any:
        fields = {**_fields(sent.get("body")), **_fields(sent.get("where"))}
        if versioned and sent.get("if_match"):
            fields["version"] = _version(sent["if_match"])
        request.sent = fields  # type: ignore[attr-defined]
        command = converted(deed, fields)
        who = request.auth  # type: ignore[attr-defined]
        answer = perform(office(), who, deed, command, key=sent["idempotency_key"])
        return {"deed": deed.name, "answer": msgspec.to_builtins(answer)}

    arguments: dict[str, Any] = {"request": HttpRequest, "idempotency_key": str}
    defaults: dict[str, Any] = {"idempotency_key": Header(..., alias="Idempotency-Key", min_length=1, max_length=80)}
    if places:
        arguments["where"] = create_model(f"{deed.name}_path", **places)
        defaults["where"] = Path(...)
    if body is not None:
        arguments["body"] = body
        defaults["body"] = Body(...)
    if versioned:
        arguments["if_match"] = str | None
        defaults["if_match"] = Header(None, alias="If-Match", max_length=40)
    return _signed(do, deed.name, arguments, defaults)


def _signed(
    do: Callable[..., Any], name: str, arguments: dict[str, Any], defaults: dict[str, Any]
) -> Callable[..., Any]:
    """Give a function the signature that ninja reads."""
    from inspect import Parameter, Signature

    kind = Parameter.KEYWORD_ONLY
    first = Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
    rest = [Parameter(n, kind, annotation=a, default=defaults[n]) for n, a in arguments.items() if n != "request"]
    do.__signature__ = Signature([first, *rest])  # type: ignore[attr-defined]
    do.__annotations__ = arguments
    do.__name__ = do.__qualname__ = name
    return do


def _fields(model: Any) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_unset=True) if model is not None else {}


def _version(etag: str) -> int:
    found = ETAG.match(etag)
    if found is None:
        raise BadUsage("api.bad_etag")
    return int(found.group(1))
