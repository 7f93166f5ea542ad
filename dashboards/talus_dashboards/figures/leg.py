"""Pressure on a drawn lower leg: each assigned site where it lies, its minutes in words and as the size of its dot.

Our own drawing, seen from the outer and from the inner side; it shows places, not anatomy to scale. A site that was
not measured is an empty dotted ring: never the small dot of a site with no long pressure.
"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from talus_dashboards.figures.drawing import GREY, VERMILLION, Drawing, blank
from talus_dashboards.figures.pressure import AMBER, MMHG_PER_KPA, sites
from talus_dashboards.words import Words

HEIGHT_PX = 280
WIDE = 100.0  # one view's width in the drawing's own units
HIGH = 190.0
GAP = 60.0  # between the two views: the labels of both stand there
EDGE = 38.0
# Outer side, toes to the left: calf down to the heel, along the sole, over the instep and up the shin.
OUTLINE = (
    "M 74 190 C 80 165 88 140 80 108 C 76 88 72 70 74 48 C 76 36 84 30 84 18 C 84 6 76 2 66 4 "
    "L 22 2 C 8 2 4 8 8 14 C 14 20 30 24 40 36 C 46 46 44 70 42 96 C 40 124 36 150 38 190"
)
LATERAL, MEDIAL = "lateral", "medial"
# site -> view, x and y of its dot, x and y of its label, and the side of the label that is fixed; in the outer view's
# own units, of which the inner view is the mirror.
PLACES = {
    "fibular_head": (LATERAL, 66, 172, 86, 172, "left"),
    "calf_cuff": (LATERAL, 79, 138, 94, 138, "left"),
    "lateral_malleolus": (LATERAL, 62, 46, 84, 50, "left"),
    "dorsal_strap": (LATERAL, 36, 31, 18, 52, "right"),
    "fifth_metatarsal": (LATERAL, 42, 10, 42, -8, "center"),
    "heel": (LATERAL, 76, 14, 92, 14, "left"),
    "medial_malleolus": (MEDIAL, 62, 48, 34, 58, "right"),
    "navicular": (MEDIAL, 44, 22, 26, 40, "right"),
    "none": (MEDIAL, 60, 150, 34, 150, "right"),
}
MIRRORED = {"left": "right", "right": "left", "center": "center"}
SMALL_PX, LARGE_PX = 14, 36


def on_leg(pressure_days: pd.DataFrame, events: pd.DataFrame, *, side: str, words: Words) -> Drawing:
    """Draw one leg's sites over a period: pressure_days and events as for `pressure.sites`."""
    told = words.person
    table = sites(pressure_days, events)
    if table.empty:
        return Drawing(text=words.PRESSURE_NONE)
    figure = blank(HEIGHT_PX, margin={"l": 4, "r": 4, "t": 26, "b": 4})
    for view, name in ((LATERAL, told.VIEW_LATERAL), (MEDIAL, told.VIEW_MEDIAL)):
        _outline(figure, view)
        figure.add_annotation(
            x=_x(view, 60), y=HIGH, yref="y", yanchor="bottom", text=name, showarrow=False, font={"size": 13}
        )
    longest = max(float(table["minutes_amber"].max()), 1.0) if table["minutes_amber"].notna().any() else 1.0
    for number, row in enumerate(table.itertuples(), start=1):
        _site(figure, number, row, longest, words)
    figure.update_layout(
        xaxis={"range": [-EDGE, 2 * WIDE + GAP + EDGE], "visible": False},
        yaxis={"range": [-16, HIGH + 12], "visible": False, "scaleanchor": "x", "scaleratio": 1},
    )
    said = " ".join(_said(row, words) for row in table.itertuples())
    return Drawing(
        text=told.LEG_TEXT.format(side=words.SIDE_LEG[side], sites=said),
        figure=figure,
        height_px=HEIGHT_PX,
        key=(
            ("swatch-dot-amber", told.KEY_PRESSED), ("swatch-dot-quiet", told.KEY_QUIET),
            ("swatch-dot-blind", words.NOT_MEASURED),
        ),
        columns=told.LEG_COLUMNS,
        rows=[_row(number, row, words) for number, row in enumerate(table.itertuples(), start=1)],
    )  # fmt: skip


def measured(row: Any) -> bool:
    """Whether the site's minutes of long pressure are known."""
    return bool(row.measured_min > 0 and pd.notna(row.minutes_amber))


def _x(view: str, x: float) -> float:
    return x if view == LATERAL else 2 * WIDE + GAP - x


def _outline(figure: go.Figure, view: str) -> None:
    path, is_x = [], True
    for mark in OUTLINE.split():
        if mark.isalpha():
            path.append(mark)
        else:
            path.append(f"{_x(view, float(mark)):g}" if is_x else mark)
            is_x = not is_x
    figure.add_shape(
        type="path", path=" ".join(path), line={"color": GREY, "width": 2}, fillcolor="rgba(134,142,150,0.12)",
        layer="below",
    )  # fmt: skip


def _site(figure: go.Figure, number: int, row: Any, longest: float, words: Words) -> None:
    view, x, y, label_x, label_y, anchor = PLACES.get(row.site, PLACES["none"])
    known = measured(row)
    share = (row.minutes_amber / longest) ** 0.5 if known else 0.0
    red = known and pd.notna(row.minutes_red) and row.minutes_red > 0
    colour = VERMILLION if red else AMBER if known and row.minutes_amber > 0 else GREY
    size = SMALL_PX + (LARGE_PX - SMALL_PX) * share
    marker: dict[str, object] = {"size": size, "color": colour, "line": {"width": 2, "color": "#ffffff"}}
    if not known:
        marker = {"size": 18, "symbol": "circle-open-dot", "color": GREY, "line": {"width": 2}}
    figure.add_scatter(
        name=row.site, mode="markers", x=[_x(view, x)], y=[y], marker=marker, customdata=[_said(row, words)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_annotation(
        x=_x(view, label_x), y=label_y, xanchor=anchor if view == LATERAL else MIRRORED[anchor], yanchor="middle",
        text=f"<b>{number}</b>: {_short(row, words)}", showarrow=False, font={"size": 12},
    )  # fmt: skip


def _short(row: Any, words: Words) -> str:
    """Minutes as a label has room for: "25 min", "11.3 h"; "?" where they are not known."""
    if not measured(row):
        return "?"
    if row.minutes_amber < 60:
        return f"{words.number(row.minutes_amber)} {words.MINUTES}"
    return f"{words.number(row.minutes_amber / 60, 1)} {words.HOURS}"


def _said(row: Any, words: Words) -> str:
    told = words.person
    site = words.SITE.get(row.site, row.site)
    if not measured(row):
        return str((told.SITE_BLIND if row.measured_min > 0 else told.SITE_NONE).format(site=site))
    hours = words.number(row.measured_min / 60)
    if not row.minutes_amber and not row.events and pd.notna(row.minutes_red):
        return str(told.SITE_QUIET.format(site=site, hours=hours))
    return str(
        told.SITE_TEXT.format(
            site=site, amber=words.duration(row.minutes_amber),
            red=words.NOT_KNOWN if pd.isna(row.minutes_red) else words.duration(row.minutes_red),
            events=words.plural(row.events, *words.EVENT_PLURAL), hours=hours,
        )
    )  # fmt: skip


def _row(number: int, row: Any, words: Words) -> list[str]:
    return [
        f"{number} {words.SITE.get(row.site, row.site)}", words.number(row.minutes_amber),
        words.number(row.minutes_red), words.number(row.events), words.number(row.median_kpa * MMHG_PER_KPA),
        words.number(row.measured_min / 60),
    ]  # fmt: skip
