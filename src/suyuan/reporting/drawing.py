"""Small pieces every picture is made of: colours, axes of days, texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from suyuan.reporting.markup import Markup, el
from suyuan.reporting.voice import Voice

INK = "#1c2733"
QUIET = "#5b6875"
RULE = "#d5dbe1"
VISIT = "#8fa3b5"
WINDOW = "#fff3d1"
# dark to light, so that the order survives grey print and every kind of colour blindness; hues after Okabe and Ito
RING_COLOURS = {"close": "#b8400b", "contact_of_contact": "#1f77b4", "general": "#9aa7b3", "colocated": "#dfe4e9"}
RING_MARKS = {"close": "●", "contact_of_contact": "◆", "general": "■", "colocated": "○"}
# text keeps a white edge where it crosses a line
HALO = {"paint_order": "stroke", "stroke": "#ffffff", "stroke_width": 3}
DAY_STEPS = (1, 2, 3, 7, 14, 28)


def picture(width: float, height: float, label: str, *children: str) -> Markup:
    """Open a drawing that a screen reader names by its label."""
    box = f"0 0 {width:.0f} {height:.0f}"
    return el(
        "svg", el("title", label), *children, viewBox=box, width=f"{width:.0f}", height=f"{height:.0f}", role="img"
    )


def words(x: float, y: float, text: str, **attributes: object) -> Markup:
    """Write a text; ``anchor`` is start, middle or end."""
    anchor = attributes.pop("anchor", None)
    chosen = {"font_size": 12, "fill": INK, **attributes}
    return el("text", text, x=x, y=y, text_anchor=anchor, **chosen)


def line(start: tuple[float, float], end: tuple[float, float], **attributes: object) -> Markup:
    """Draw a straight line."""
    return el("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], **{"stroke": RULE, **attributes})


@dataclass(frozen=True)
class TimeAxis:
    """Instants on a horizontal stretch of a drawing."""

    start: datetime
    end: datetime
    left: float
    right: float
    voice: Voice

    def x(self, instant: datetime) -> float:
        """Place an instant, kept inside the stretch."""
        share = (instant - self.start) / (self.end - self.start)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def midnights(self) -> list[datetime]:
        """Every local midnight inside the stretch."""
        zone = ZoneInfo(self.voice.timezone)
        day = self.voice.local(self.start).date()
        found = []
        while (midnight := datetime(day.year, day.month, day.day, tzinfo=zone)) < self.end:
            if midnight >= self.start:
                found.append(midnight)
            day += timedelta(days=1)
        return found

    def draw(self, top: float, bottom: float) -> list[Markup]:
        """Draw a line per local midnight and name as many days as fit."""
        midnights = self.midnights()
        room = (self.right - self.left) / max(len(midnights), 1)
        step = next((days for days in DAY_STEPS if days * room >= 52), DAY_STEPS[-1])
        pieces = []
        for number, midnight in enumerate(midnights):
            x = self.x(midnight)
            pieces.append(line((x, top), (x, bottom), stroke="#cfd6dd"))
            if number % step == 0 and x <= self.right - 34:
                pieces.append(words(x + 3, top - 6, self.voice.day(midnight), fill=QUIET, font_size=11))
        return pieces


def whole_days(instants: list[datetime], voice: Voice) -> tuple[datetime, datetime]:
    """Widen a stretch to the local midnights around it."""
    zone = ZoneInfo(voice.timezone)
    first, last = voice.local(min(instants)).date(), voice.local(max(instants)).date() + timedelta(days=1)
    return (
        datetime(first.year, first.month, first.day, tzinfo=zone),
        datetime(last.year, last.month, last.day, tzinfo=zone),
    )
