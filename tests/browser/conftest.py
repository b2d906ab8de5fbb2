"""A room of its own for the browser tests: the real server in a process, Debian's Chromium, no other host reachable.

Screenshots go to the folder named by SUYUAN_SCREENSHOTS, by default ``screenshots`` beside pyproject.toml.
"""

from __future__ import annotations

import base64
import hmac
import importlib.util
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE_MS = 45_000
"""For what a locator waits: a busy machine is no fault of a page."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HERE = Path(__file__).parent


@dataclass
class Room:
    """Where the room answers, and what ``made_room`` told about it."""

    address: str
    home: Path
    told: dict[str, Any]

    def url(self, path: str) -> str:
        return self.address + path


@dataclass
class Watched:
    """What went wrong in a browser while a test looked at pages."""

    foreign: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def nothing(self) -> None:
        """Fail if a page asked another host, broke the policy, or a script failed."""
        assert self.foreign == []
        assert self.faults == []


def code_now(secret: str) -> str:
    """Compute the six digits that an authenticator would show (RFC 6238)."""
    counter = int(time.time() // 30)
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture(scope="session")
def authenticator() -> Callable[[str], str]:
    """Compute an authenticator's code from its secret; like an officer, wait for the next one where it soon ends."""

    def read(secret: str) -> str:
        left = 30 - time.time() % 30
        time.sleep(left if left < 10 else 0)
        return code_now(secret)

    return read


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Make a room with its people and serve it on a free port until the tests end."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed")
    home = tmp_path_factory.mktemp("browser") / "room"
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("SUYUAN_", "DJANGO_"))}
    subprocess.run([sys.executable, HERE / "made_room.py", home], check=True, env=plain, timeout=600)
    told = json.loads((home / "tests.json").read_text("utf-8"))
    with served(home, plain) as address:
        yield Room(address, home, told)


@contextmanager
def served(home: Path, environment: dict[str, str]) -> Iterator[str]:
    """Run ``suyuan up`` and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("suyuan"), "up", "--home", str(home), "--port", str(port), "--admin", ""]
    with (home / "up.txt").open("wb") as told:
        process = subprocess.Popen(command, env=environment, stdout=told, stderr=told)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            if process.poll() is not None:
                pytest.fail(f"the room ended: {(home / 'up.txt').read_text('utf-8')[-2000:]}")
            if _answers(address):
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(60)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def chromium(room: Room) -> Iterator[Any]:
    """Debian's Chromium, started once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watched() -> Watched:
    """What pages of this test did wrong so far."""
    return Watched()


@pytest.fixture
def browse(room: Room, chromium: Any, watched: Watched) -> Iterator[Callable[..., Any]]:
    """Open a page: ``browse("commander", lang="en")`` is signed in already; with no name, nobody is."""
    opened = []

    def open_page(account: str = "", lang: str = "zh", **options: Any) -> Any:
        size = options.pop("size", (1280, 800))
        context = chromium.new_context(
            base_url=room.address,
            locale="zh-CN" if lang == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            viewport={"width": size[0], "height": size[1]},
            **options,
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.route(lambda url: urlsplit(url).netloc != urlsplit(room.address).netloc, _foreign(watched))
        if account:
            value = room.told["accounts"][account]["session"]
            context.add_cookies([{"name": "sessionid", "value": value, "url": room.address}])
        context.add_cookies([{"name": "lang", "value": lang, "url": room.address}])
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and watched.faults.append(f"{page.url}: {said.text}"))
        page.on("pageerror", lambda fault: watched.faults.append(f"{page.url}: {fault}"))
        return page

    yield open_page
    for context in opened:
        context.close()


def _foreign(watched: Watched) -> Callable[[Any], None]:
    def refuse(route: Any) -> None:
        watched.foreign.append(route.request.url)
        route.abort()

    return refuse


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures of pages are kept for whoever changes them."""
    folder = Path(os.environ.get("SUYUAN_SCREENSHOTS", HERE.parents[1] / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_configure() -> None:
    """Expect patiently everywhere."""
    if importlib.util.find_spec("playwright") is not None:
        from playwright.sync_api import expect

        expect.set_options(timeout=PATIENCE_MS)
