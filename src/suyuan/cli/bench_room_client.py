"""A browser of one officer for the benchmark: signs in with both factors, keeps its cookies, and times every answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import struct
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from suyuan.terms import BadInput

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer and how long it took, from the first byte sent to the last one read."""

    status: int
    body: bytes
    ms: float
    etag: str = ""
    location: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True)
class Browser:
    """One officer's session on a connection that stays open."""

    port: int
    name: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request; a connection the server closed in between is opened again once."""
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        if "csrftoken" in self.cookies:
            told["X-CSRFToken"] = self.cookies["csrftoken"]
        begun = time.perf_counter()
        try:
            answer = self._ask(method, path, body, told)
        except (http.client.RemoteDisconnected, ConnectionError):
            self.close()
            answer = self._ask(method, path, body, told)
        content = answer.read()
        ms = (time.perf_counter() - begun) * 1000
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: each.value for name, each in SimpleCookie(line).items()})
        return Reply(answer.status, content, ms, answer.headers.get("ETag", ""), answer.headers.get("Location", ""))

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        self._line.request(method, path, body, headers)
        return self._line.getresponse()

    def get(self, path: str, **headers: str) -> Reply:
        """Ask for a page."""
        return self.send("GET", path, None, **headers)

    def form(self, path: str, fields: dict[str, object]) -> Reply:
        """Post a form."""
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", path, urlencode(fields, doseq=True).encode(), **{"Content-Type": kind})

    def api(self, path: str, fields: object, key: str) -> Reply:
        """Post to the API under an idempotency key."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return self.send("POST", path, json.dumps(fields).encode(), **headers)

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None


def sign_in(port: int, username: str, password: str, secret: str) -> Browser:
    """Sign in with password and second factor.

    Raises
    ------
    BadInput
        If the room did not let the officer in.
    """
    browser = Browser(port, username)
    browser.cookies["lang"] = "en"
    browser.get("/accounts/login/")
    asked = browser.form("/accounts/login/", {"login": username, "password": password})
    browser.form(asked.location or "/accounts/2fa/authenticate/", {"code": totp(secret, time.time())})
    if browser.get("/accounts/me/").status in (301, 302) or "sessionid" not in browser.cookies:
        raise BadInput("bench_room.no_entry", name=username)
    return browser


def totp(secret: str, at: float) -> str:
    """Return the six digits of a second factor (RFC 6238, SHA-1, 30 seconds)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1)
    start = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**6:06d}"


class Read(HTMLParser):
    """What a page offers: links, the next page, the menu, and the filters with their values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.menu: list[str] = []
        self.following = ""
        self.filters: dict[str, list[str]] = {}
        self._in_menu, self._asks, self._select = False, False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, forms that ask, and their choices."""
        given = {name: value or "" for name, value in attrs}
        if tag == "ul":
            self._in_menu = given.get("class") == "nav"
        elif tag == "a" and given.get("href", "").startswith(("/", "?")):
            self.links.append(given["href"])
            if self._in_menu:
                self.menu.append(given["href"])
            if given.get("rel") == "next":
                self.following = given["href"]
        elif tag == "form":
            self._asks = given.get("method", "get").lower() == "get"
        elif tag == "select" and self._asks:
            self._select = given.get("name", "")
        elif tag == "option" and self._select and given.get("value"):
            self.filters.setdefault(self._select, []).append(given["value"])

    def handle_endtag(self, tag: str) -> None:
        """Leave menu, form, choice."""
        if tag == "ul":
            self._in_menu = False
        elif tag == "form":
            self._asks = False
        elif tag == "select":
            self._select = ""
