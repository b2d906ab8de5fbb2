"""Every operation of the API is asked with what its own schema allows, and with what it does not."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from suyuan.store.models import RoleRow
from suyuan.store.queries.officers import officer_of
from suyuan.store.queries.tokens import issue_token
from suyuan.store.room import StoreRoom
from suyuan.terms import Details

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
FEW, MANY = 6, 300
GOLDEN = Path(__file__).parents[1] / "golden" / "api_operations.txt"
APP = get_wsgi_application()


def _operations() -> dict[str, list[str]]:
    """Operations by what they are about: those of one subject share one world."""
    paths = Client().get("/api/v1/openapi.json", headers={"host": "localhost"}).json()["paths"]
    found: dict[str, list[str]] = {}
    for operation in (each for path in paths.values() for each in path.values()):
        found.setdefault(operation["tags"][0], []).append(operation["operationId"])
    return found


OPERATIONS = _operations()


@cache
def _schema() -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", APP)


@pytest.fixture
def world(office, act, account, incident):
    """An officer who may do everything with a token, and ids of records that exist."""
    user = account("commander", "9901", also=tuple(RoleRow.objects.values_list("name", flat=True)))
    who = officer_of(user)
    rights = tuple(sorted({right for duty in who.duties for right in duty.rights}))
    person = act("register_person", who, area="990101", details=Details(name="张三"))
    case = act("report_case", who, incident_id=incident, person_id=person)
    ids = [incident, person, case, *(task.id for task in StoreRoom().tasks.find()[:3])]
    return issue_token(who, "schema", rights, 1), ids


@pytest.fixture
def ask(world):
    """Ask one operation ``n`` times and judge the answers by the schema."""
    token, ids = world
    numbers, existing = itertools.count(), itertools.cycle([None, *ids])

    def do(operation_id: str, n: int) -> int:
        operation = _schema().find_operation_by_id(operation_id)
        asked = 0

        @settings(
            max_examples=n,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def each(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            known = next(existing)
            for name in case.path_parameters or {}:
                if name.endswith("_id") and known is not None:
                    case.path_parameters[name] = known
            headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
            if case.headers is not None and "Idempotency-Key" in case.headers:
                case.headers["Idempotency-Key"] = f"k{next(numbers)}"
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS)

        each()
        return asked

    return do


@pytest.mark.parametrize("about", sorted(OPERATIONS))
def test_answers_are_those_of_the_schema(ask, about):
    """Whatever fits the schema gets an answer that the schema names: never a fault of the server."""
    assert all(ask(operation, FEW) > 0 for operation in OPERATIONS[about])


@pytest.mark.slow
@pytest.mark.parametrize("about", sorted(OPERATIONS))
def test_answers_are_those_of_the_schema_at_length(ask, about):
    """The same with many more examples."""
    assert all(ask(operation, MANY) > 0 for operation in OPERATIONS[about])


def test_no_operation_goes_away_unnoticed():
    """Programs rely on the names of operations: one that is missing here was removed, a new one is to be added."""
    names = sorted(operation for each in OPERATIONS.values() for operation in each)
    assert "\n".join(names) + "\n" == GOLDEN.read_text("utf-8"), "tests/golden/api_operations.txt lists them"
