"""What all tests share: nothing depends on how long something took; the room of tests has its own keys and clock."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("house", deadline=None, print_blob=True)
hypothesis_settings.load_profile("house")

CITY, DISTRICT, OTHER_DISTRICT, COMMUNITY = "9901", "990101", "990102", "990101001001"


class StoppedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.instant = datetime(2022, 7, 8, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def move(self, **delta: float) -> None:
        self.instant += timedelta(**delta)


@pytest.fixture(scope="session", autouse=True)
def _room_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys, uploads and visit logs of tests lie in a folder of their own; passwords are hashed quickly."""
    from django.test import override_settings

    home = tmp_path_factory.mktemp("room")
    (home / "logs").mkdir()
    with override_settings(
        SUYUAN_HOME=home,
        SUYUAN_KEYS=home / "keys.toml",
        MEDIA_ROOT=home / "uploads",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SUYUAN_REQUIRE_SECOND_FACTOR=False,
        ALLOWED_HOSTS=["*"],
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def _flushing_may_erase() -> Iterator[None]:
    """Tests that empty all tables between them may empty the append-only ones too."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    with pytest.MonkeyPatch.context() as patch:
        plain = DatabaseOperations.sql_flush
        patch.setattr(DatabaseOperations, "sql_flush", lambda self, *a, **k: _erasing_first(plain(self, *a, **k)))
        yield


def _erasing_first(flush: list[str]) -> list[str]:
    """Say in the numbers that this is an erasure, and empty the numbers last."""
    numbers = [line for line in flush if "store_numberrow" in line]
    say_so = "INSERT OR REPLACE INTO store_numberrow (name, value) VALUES ('erasing', 1)"
    return [say_so, *(line for line in flush if line not in numbers), *numbers] if numbers else flush


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a private PostgreSQL server; skipped with its reason where there is none."""
    import importlib.util

    found = importlib.util.spec_from_file_location("postgres_server", Path(__file__).parent / "postgres_server.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    if module.missing():
        pytest.skip(module.missing())
    with module.server() as url:
        yield url


@pytest.fixture
def clock() -> StoppedClock:
    """The time of tests, from 2022-07-08 09:00 in the city."""
    return StoppedClock()


@pytest.fixture
def office(db: None, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> object:
    """The joined house on the test database with the test's clock; pages of the same test use it too."""
    from django.conf import settings

    from suyuan.actions.all_deeds import all_deeds
    from suyuan.actions.desk import Office
    from suyuan.gateways.visit_logs import FolderLogs
    from suyuan.store.room import open_room

    all_deeds()
    joined = Office(open_room=open_room, clock=clock, visit_logs=FolderLogs(Path(settings.SUYUAN_HOME) / "logs"))
    monkeypatch.setattr("suyuan.bootstrap._joined", lambda: joined)
    return joined


@pytest.fixture
def account(db: None) -> Callable[..., object]:
    """Make an account: ``account("commander", "990101")`` gives its ``OfficerRow``; several roles with ``also``."""
    from suyuan.store.accounts import give_duty, load_roles
    from suyuan.store.models import OfficerRow

    load_roles()
    numbers = itertools.count(1)

    def make(role: str, area: str = CITY, *, also: tuple[str, ...] = (), **fields: object) -> OfficerRow:
        user = OfficerRow.objects.create_user(f"{role}{next(numbers)}", "a long pass phrase", **fields)
        for each in (role, *also):
            give_duty(user, each, area)
        return user

    return make


@pytest.fixture
def officer(account: Callable[..., object]) -> Callable[..., object]:
    """Make an officer: ``officer("commander", "990101")`` gives the ``terms.Officer`` of a new account."""
    from suyuan.store.queries.officers import officer_of

    return lambda role, area=CITY, **rest: officer_of(account(role, area, **rest))


@pytest.fixture
def act(office: object) -> Callable[..., object]:
    """Do a deed by name: ``act("open_incident", officer, name=…)`` with a new key each time."""
    from suyuan.actions.all_deeds import all_deeds
    from suyuan.actions.desk import perform

    numbers = itertools.count(1)

    def do(name_: str, who: object, /, key: str = "", **fields: object) -> object:
        deed = all_deeds()[name_]
        return perform(office, who, deed, deed.command(**fields), key=key or f"test-{next(numbers)}")

    return do


@pytest.fixture
def page_of(office: object, account: Callable[..., object]) -> Callable[..., object]:
    """Make a browser session: ``page_of("commander", "990101")`` gives a signed-in ``django.test.Client``."""
    from django.test import Client

    def sign_in(role: str, area: str = CITY, *, lang: str = "en", **rest: object) -> Client:
        client = Client()
        user = account(role, area, **rest)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.cookies["lang"] = lang
        client.user = user
        return client

    return sign_in


@pytest.fixture
def incident(act: Callable[..., object], officer: Callable[..., object]) -> int:
    """An incident under the ninth edition in the city, opened by its commander."""
    return act("open_incident", officer("commander"), name="Test", protocol="covid19-9", area=CITY)
