"""The page around a report: head, content policy, style and script inside the one file."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files

from suyuan.reporting.markup import Markup, el, escaped, together
from suyuan.reporting.voice import Voice


@cache
def asset(name: str) -> str:
    """Read a style or script that is written into every page."""
    return (files("suyuan.reporting") / "assets" / name).read_text("utf-8")


def content_policy() -> str:
    """Allow this page's own style and script by their hashes, and nothing else from anywhere."""
    style, script = (b64encode(sha256(asset(name).encode()).digest()).decode() for name in ("report.css", "report.js"))
    rules = [
        "default-src 'none'",
        f"style-src 'sha256-{style}'",
        f"script-src 'sha256-{script}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(rules)


def whole_page(title: str, sections: list[tuple[str, str, Markup]], top: Markup, voice: Voice) -> Markup:
    """Put sections into one self-contained page.

    Parameters
    ----------
    sections
        Anchor, heading and content of each.
    top
        What stands above the first heading.
    """
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", **{"http-equiv": "Content-Security-Policy", "content": content_policy()}),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="robots", content="noindex"),
        el("title", title),
        el("style", Markup(asset("report.css"))),
    )
    links = [together(el("a", heading, href=f"#{anchor}"), " ") for anchor, heading, _ in sections]
    parts = [el("section", el("h2", heading), content, id=anchor) for anchor, heading, content in sections]
    body = el(
        "body",
        el("header", el("p", voice.say("brand"), class_="brand"), el("h1", title), top, el("nav", together(*links))),
        el("main", together(*parts)),
        el("footer", el("p", voice.say("footer"))),
        el("script", Markup(asset("report.js"))),
    )
    lang = "zh-CN" if voice.lang == "zh" else "en"
    return together(Markup("<!doctype html>\n"), el("html", head, body, lang=lang), Markup("\n"))


def facts_line(edition_name: str, generated_at: datetime | None, voice: Voice) -> Markup:
    """Say edition, time zone and time of writing under the title."""
    parts = [edition_name, voice.say("zone_line", zone=voice.timezone)]
    if generated_at is not None:
        parts.append(voice.say("made_line", when=f"{voice.local(generated_at):%Y-%m-%d %H:%M}"))
    return el("p", " · ".join(parts), class_="facts")


def listed(sentences: list[str], tag: str = "ul", class_: str | None = None) -> Markup:
    """Make a list of sentences."""
    return el(tag, *(el("li", sentence) for sentence in sentences), class_=class_)


def drawing(svg: Markup, voice: Voice, caption: str | None = None, key: Markup | None = None) -> Markup:
    """Put a drawing into a figure that scrolls sideways on a narrow screen, and says so there."""
    swipe = el("p", voice.say("swipe"), class_="swipe")
    return el("figure", key, swipe, el("div", svg, class_="drawing"), el("figcaption", caption) if caption else None)


def plain_table(headings: list[str], rows: list[list[str]], numeric: set[int]) -> Markup:
    """Make a simple table; columns whose place is in ``numeric`` are set to the right."""
    style = ["n" if place in numeric else None for place in range(len(headings))]
    head = el("tr", *(el("th", text, scope="col", class_=style[place]) for place, text in enumerate(headings)))
    body = [el("tr", *(el("td", escaped(text), class_=style[place]) for place, text in enumerate(row))) for row in rows]
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="plain"), class_="wide")
