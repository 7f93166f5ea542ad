"""Small pictures of a report as SVG text: facts in, SVG out, every size in mm. Each carries its sentence as its title.

Each state has a pattern of its own besides its colour, so that a grey print tells them apart. Hatches are drawn as
lines: a fill pattern would cost one object of the file for each of them.
"""

from collections.abc import Iterator, Sequence
from html import escape

import pandas as pd

from talus_dashboards.figures.drawing import BLUE, GREY, OFF_LINE, UNKNOWN_FILL, UNKNOWN_HATCH, VERMILLION
from talus_dashboards.figures.pressure import AMBER
from talus_dashboards.report.wear import Strip

WALKING = "#003a5d"
STILL = "#8fbfdf"
BAND = "#c5dcec"
INK = "#1f2933"
SOFT = "#4a5560"
GRID = "#d5dbe1"
FONT_MM = 2.3
CELL_MM = 2.4  # narrower, no count can be read: hours are then taken together
FONT = "Liberation Sans, Arimo, Arial, Helvetica, Nimbus Sans, DejaVu Sans, sans-serif"
# state -> ground, colour of its lines, distances between them: rising, falling, upright, level (0: none), mm
LOOKS: dict[str, tuple[str, str, tuple[float, float, float, float]]] = {
    "walking": (WALKING, WALKING, (0, 0, 0, 0)),
    "still": (STILL, BLUE, (0, 0, 0, 0)),
    "worn": (BLUE, BLUE, (0, 0, 0, 0)),
    "unseen": (STILL, BLUE, (0, 0, 0, 0.7)),
    "not_worn": ("#ffffff", OFF_LINE, (0, 0, 0, 0)),
    "off": ("#ffffff", GREY, (0, 0, 1.6, 0)),
    "no_data": (UNKNOWN_FILL, UNKNOWN_HATCH, (1.1, 0, 0, 0)),
    "fault": ("#ffffff", VERMILLION, (1.3, 1.3, 0, 0)),
    "paused": ("#ffffff", GREY, (0, 0, 0, 0.9)),
}


def picture(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" font-family="{FONT}"><title>{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def box(x: float, y: float, width: float, height: float, state: str) -> str:
    """A rectangle in a state's look."""
    ground, line, (rising, falling, upright, level) = LOOKS[state]
    found = f'<rect x="{x:.3f}" y="{y:.3f}" width="{width:.3f}" height="{height:.3f}" fill="{ground}" '
    found += f'stroke="{line}" stroke-width="0.12"/>'
    path = "".join(
        f"M{a:.2f} {b:.2f}L{c:.2f} {d:.2f}" for a, b, c, d in _lines(width, height, rising, falling, upright, level)
    )
    if path:
        found += f'<path transform="translate({x:.3f} {y:.3f})" d="{path}" stroke="{line}" stroke-width="0.22"/>'
    return found


def _lines(
    width: float, height: float, rising: float, falling: float, upright: float, level: float
) -> Iterator[tuple[float, float, float, float]]:
    """Lines across a rectangle at the origin: x1, y1, x2, y2."""
    for step, mirrored in ((rising, False), (falling, True)):
        at = step
        while step and at < width + height:
            x1, x2 = max(0.0, at - height), min(at, width)
            y1, y2 = at - x1, at - x2
            yield (width - x1, y1, width - x2, y2) if mirrored else (x1, y1, x2, y2)
            at += step
    at = upright / 2
    while upright and at < width:
        yield at, 0, at, height
        at += upright
    at = level / 2
    while level and at < height:
        yield 0, at, width, at
        at += level


def text(x: float, y: float, words: str, anchor: str = "start", colour: str = SOFT, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{FONT_MM}" text-anchor="{anchor}" fill="{colour}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def swatch(state: str) -> str:
    """A key's sample, for a line of text; its word stands beside it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="4.6mm" height="2.6mm" viewBox="0 0 4.6 2.6">'
        f"<title> </title>{box(0.1, 0.1, 4.4, 2.4, state)}</svg>"
    )


def bar(hours: dict[str, float], width: float, title: str) -> str:
    """One bar of all states, in their order."""
    whole = sum(hours.values())
    parts, x = [], 0.1
    for state, value in hours.items():
        if value <= 0:
            continue
        share = (width - 0.2) * value / whole
        parts.append(box(x, 0.1, share, 5.3, state))
        x += share
    return picture(width, 5.5, title, parts)


def day_hours(table: pd.DataFrame, width: float, height: float, title: str) -> str:
    """Minutes worn by hour of the day: the middle of the days as a stepped line, half of the days as a band."""
    left, bottom, top = 6.0, 3.4, 1.6
    wide, tall = width - left - 0.6, height - bottom - top

    def at(hour: float, minutes: float) -> tuple[float, float]:
        return left + wide * hour / 24, top + tall * (1 - minutes / 60)

    parts = []
    for minutes in (0, 30, 60):
        (x1, y), (x2, _) = at(0, minutes), at(24, minutes)
        parts.append(f'<path d="M{x1:.2f} {y:.2f}L{x2:.2f} {y:.2f}" stroke="{GRID}" stroke-width="0.15"/>')
        parts.append(text(left - 0.8, y + 0.8, str(minutes), "end"))
    line, dark = "", [hour for hour, row in table.iterrows() if pd.isna(row["median"])]
    for first in (hour for hour in dark if hour - 1 not in dark):
        behind = next(hour for hour in range(first, 25) if hour not in dark)
        (x, _), (x2, _) = at(first, 0), at(behind, 0)
        parts.append(box(x, top, x2 - x, tall, "no_data"))
    for hour, row in table.iterrows():
        x, _ = at(float(hour), 0)
        if pd.isna(row["median"]):
            line += " "
            continue
        (_, low), (x2, high) = at(0, row["q1"]), at(float(hour) + 1, row["q3"])
        parts.append(f'<rect x="{x:.2f}" y="{high:.2f}" width="{x2 - x:.2f}" height="{low - high:.2f}" fill="{BAND}"/>')
        _, y = at(0, row["median"])
        line += f"{'L' if line[-1:].isdigit() else 'M'}{x:.2f} {y:.2f}L{x2:.2f} {y:.2f}"
    parts.append(f'<path d="{line}" fill="none" stroke="{BLUE}" stroke-width="0.55"/>')
    for hour in (0, 6, 12, 18, 24):
        x, y = at(hour, 0)
        anchor = {0: "start", 24: "end"}.get(hour, "middle")
        parts.append(f'<path d="M{x:.2f} {y:.2f}L{x:.2f} {y + 0.7:.2f}" stroke="{SOFT}" stroke-width="0.15"/>')
        parts.append(text(x, height - 0.3, f"{hour:02d}", anchor))
    return picture(width, height, title, parts)


def day_strips(
    found: Sequence[Strip], width: float, title: str, names: Sequence[str], told: Sequence[str], row_mm: float
) -> str:
    """A strip a day, midnight to midnight: `names` before them, hours worn (`told`) behind."""
    left, right = 16.0, 13.0
    wide, parts = width - left - right, []
    for number, (strip, name, hours) in enumerate(zip(found, names, told, strict=True)):
        y = number * row_mm
        parts.append(text(left - 1, y + row_mm * 0.72, name, "end"))
        parts += [box(left + wide * a, y + 0.25, wide * (b - a), row_mm - 0.5, state) for state, a, b in strip.pieces]
        parts.append(text(width, y + row_mm * 0.72, hours, "end", INK))
    height = len(found) * row_mm + 3
    for hour in (0, 6, 12, 18, 24):
        x = left + wide * hour / 24
        parts.append(text(x, height - 0.5, f"{hour:02d}", {0: "start", 24: "end"}.get(hour, "middle")))
    return picture(width, height, title, parts)


def event_hours(amber: Sequence[int], red: Sequence[int], measured: bool, width: float, title: str) -> str:
    """Events of one site by the hour they began in: amber an outlined box, red a filled one, each with its count."""
    height = 3.2
    each = next(hours for hours in (1, 2, 3, 4, 6) if width * hours / 24 >= CELL_MM)
    cell = width * each / 24
    parts = [box(0.1, 0.1, width - 0.2, height - 0.2, "not_worn" if measured else "no_data")]
    for hour in (6, 12, 18):
        x = width * hour / 24
        parts.append(f'<path d="M{x:.2f} 0L{x:.2f} {height}" stroke="{GRID}" stroke-width="0.15"/>')
    for number, first in enumerate(range(0, 24, each)):
        strong = sum(red[first : first + each]) > 0
        count = sum(amber[first : first + each]) + sum(red[first : first + each])
        if not count:
            continue
        ground, ink, edge = (VERMILLION, "#ffffff", VERMILLION) if strong else ("#ffffff", INK, AMBER)
        parts.append(
            f'<rect x="{number * cell + 0.25:.2f}" y="0.4" width="{cell - 0.5:.2f}" height="2.4" fill="{ground}" '
            f'stroke="{edge}" stroke-width="0.4"/>'
        )
        parts.append(text(number * cell + cell / 2, 2.4, str(count), "middle", ink, "bold"))
    return picture(width, height, title, parts)
