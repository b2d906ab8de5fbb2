"""A map of places without tiles: a local projection, a scale bar, circles by number of close contacts."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, floor, log10, radians, sqrt
from typing import Any

import polars as pl

from suyuan.reporting.drawing import INK, QUIET, RING_COLOURS, RULE, line, picture, words
from suyuan.reporting.figures import located
from suyuan.reporting.markup import Markup, el
from suyuan.reporting.voice import Voice

WIDTH = 900.0
HEIGHT = 480.0
MARGIN = 36.0
KM_PER_DEGREE = 111.195  # mean radius 6371.0088 km (IUGG)
MAX_PLACES = 1500
TOLD = 8
SMALLEST_SPAN_KM = 0.2
FAR_FACTOR = 6.0

Row = dict[str, Any]


@dataclass(frozen=True)
class Projection:
    """Kilometres east and north of a centre, then points of the drawing."""

    longitude: float
    latitude: float
    scale: float
    middle: tuple[float, float] = (0.0, 0.0)

    def plane(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return kilometres east and north of the centre; good to 1 % within a few hundred kilometres."""
        east = (longitude - self.longitude + 180) % 360 - 180
        return east * KM_PER_DEGREE * cos(radians(self.latitude)), (latitude - self.latitude) * KM_PER_DEGREE

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the point of the drawing."""
        east, north = self.plane(longitude, latitude)
        return WIDTH / 2 + (east - self.middle[0]) * self.scale, HEIGHT / 2 - (north - self.middle[1]) * self.scale


def place_map(places: pl.DataFrame, voice: Voice) -> tuple[Markup | None, str | None]:
    """Draw the located places; None where no place has coordinates.

    Returns
    -------
    tuple
        The drawing, and a sentence on what it leaves out (places far outside, or beyond the largest 1500).
    """
    known = located(places).sort("n_close", "case_minutes", "place_id", descending=[True, True, False])
    if not known.height:
        return None, None
    rows = list(known.head(MAX_PLACES).iter_rows(named=True))
    projection, inside = fit_projection(rows)
    most = max(row["n_close"] for row in inside)
    pieces = [el("rect", x=0, y=0, width=WIDTH, height=HEIGHT, fill="#f7f9fa")]
    pieces += [_circle(row, projection, most, voice) for row in inside]
    pieces += _labels(inside, projection, most, voice)
    pieces += scale_bar(projection.scale, voice)
    left_out = known.height - len(inside)
    note = voice.say("map_left_out", places=voice.count("places", left_out)) if left_out else None
    return picture(WIDTH, HEIGHT, voice.say("map_label"), *pieces), note


def fit_projection(rows: list[Row]) -> tuple[Projection, list[Row]]:
    """Choose centre and scale for the bulk of the places; a few far ones may fall outside.

    Notes
    -----
    The centre is the median place. A place farther than six times the 90th percentile of the distances would shrink
    the rest to a dot; it is left out of the drawing (and said so), never out of the tables.
    """
    middle_row = sorted(rows, key=lambda row: row["latitude"])[len(rows) // 2]
    centre = Projection(middle_row["longitude"], middle_row["latitude"], 1.0)
    # the median longitude is taken around the middle place, so that a city across the date line stays in one piece
    shifts = sorted((row["longitude"] - centre.longitude + 180) % 360 - 180 for row in rows)
    centre = Projection(centre.longitude + shifts[len(rows) // 2], centre.latitude, 1.0)
    planes = [(row, centre.plane(row["longitude"], row["latitude"])) for row in rows]
    far = sorted(sqrt(x * x + y * y) for _, (x, y) in planes)
    reach = max(far[int(0.9 * (len(far) - 1))] * FAR_FACTOR, SMALLEST_SPAN_KM)
    kept = [(row, plane) for row, plane in planes if sqrt(plane[0] ** 2 + plane[1] ** 2) <= reach]
    xs, ys = [plane[0] for _, plane in kept], [plane[1] for _, plane in kept]
    wide, high = max(max(xs) - min(xs), SMALLEST_SPAN_KM), max(max(ys) - min(ys), SMALLEST_SPAN_KM)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN - 20) / high)
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    return Projection(centre.longitude, centre.latitude, scale, middle), [row for row, _ in kept]


def _radius(n_close: int, most: int) -> float:
    return 3.0 + 17.0 * sqrt(n_close / max(most, 1))


def _circle(row: Row, projection: Projection, most: int, voice: Voice) -> Markup:
    x, y = projection.point(row["longitude"], row["latitude"])
    told = voice.say(
        "map_told",
        kind=voice.kind(row["place_kind"]),
        place=row["place_id"],
        close=voice.count("close", row["n_close"]),
        cases=voice.count("cases", row["n_cases"]),
    )
    fill = RING_COLOURS["close"] if row["n_close"] else RING_COLOURS["general"]
    return el(
        "circle",
        el("title", told),
        cx=x,
        cy=y,
        r=_radius(row["n_close"], most),
        fill=fill,
        fill_opacity="0.6",
        stroke="#ffffff",
    )


def _labels(rows: list[Row], projection: Projection, most: int, voice: Voice) -> list[Markup]:
    taken: list[tuple[float, float, float, float]] = []
    pieces: list[Markup] = []
    for row in rows[: TOLD * 2]:
        if len(pieces) == TOLD or not row["n_close"]:
            break
        x, y = projection.point(row["longitude"], row["latitude"])
        text = f"{voice.kind(row['place_kind'])} {_short(str(row['place_id']))} · {row['n_close']:,}"
        width = sum(12.0 if ord(letter) > 0x2E7F else 6.4 for letter in text)
        reach = _radius(row["n_close"], most) + 4
        left = x + reach if x + reach + width < WIDTH - 4 else x - reach - width
        box = (left, y - 9, left + width, y + 6)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        pieces.append(
            words(left, y + 4, text, paint_order="stroke", stroke="#f7f9fa", stroke_width=3, pointer_events="none")
        )
    return pieces


def _short(code: str) -> str:
    return code if len(code) <= 20 else f"{code[:9]}…{code[-9:]}"


def scale_bar(scale: float, voice: Voice) -> list[Markup]:
    """Draw a bar of a round length between a tenth and a quarter of the width.

    Parameters
    ----------
    scale
        Points of the drawing per kilometre.
    """
    longest = WIDTH / 4 / scale
    power = 10.0 ** floor(log10(longest))
    length = next(step * power for step in (5, 2, 1) if step * power <= longest)
    told = voice.say("km", n=f"{length:g}") if length >= 1 else voice.say("metres", n=f"{length * 1000:.0f}")
    y, x = HEIGHT - 16, 16.0
    end = x + length * scale
    pieces = [line((x, y), (end, y), stroke=INK, stroke_width=2)]
    pieces += [line((edge, y - 4), (edge, y + 4), stroke=INK, stroke_width=2) for edge in (x, end)]
    pieces.append(words(end + 8, y + 4, told))
    pieces += [
        words(WIDTH - 22, 22, voice.say("north"), anchor="middle", fill=QUIET),
        line((WIDTH - 22, 28), (WIDTH - 22, 48), stroke=QUIET),
    ]
    return [*pieces, line((0, HEIGHT), (WIDTH, HEIGHT), stroke=RULE)]
