"""Worn by hour of the day: the middle day as a bar, the middle half of the days as a line on it.

An hour that no day knew has no bar.
"""

import pandas as pd

from talus_dashboards import habits
from talus_dashboards.figures.drawing import BLUE, VERMILLION, Drawing, blank, hatch
from talus_dashboards.words import Words

HEIGHT_PX = 230
MARKS_MIN = [0, 15, 30, 45, 60]


def by_hour(hours: pd.DataFrame, *, side: str, words: Words) -> Drawing:
    """Draw one brace's hours (hour, worn_min, not_worn_min, of many days)."""
    told = words.person
    table = habits.by_hour(hours)
    if not (table["days"] > 0).any():
        return Drawing(text=told.PROFILE_NONE)
    figure = blank(HEIGHT_PX, margin={"l": 58, "r": 14, "t": 8, "b": 34})
    at = [hour + 0.5 for hour in habits.HOURS]
    blind = table["days"] == 0
    figure.add_bar(
        name="not known", x=[x for x, b in zip(at, blind, strict=True) if b], y=[60] * int(blind.sum()), width=0.8,
        marker={"pattern": hatch(), "opacity": 0.45, "line": {"width": 0}}, hoverinfo="skip",
    )  # fmt: skip
    spans = [words.hour_span(hour) for hour in habits.HOURS]
    figure.add_bar(
        name="median", x=at, y=[None if pd.isna(m) else m for m in table["median"]], width=0.8,
        marker={"color": BLUE, "opacity": 0.75, "line": {"width": 0}},
        customdata=list(zip(spans, table["days"], strict=True)),
        hovertemplate="%{customdata[0]}<br>%{y:.0f} min<br>n = %{customdata[1]}<extra></extra>",
    )  # fmt: skip
    for hour in habits.HOURS:
        row = table.loc[hour]
        if row["days"] and row["q3"] > row["q1"]:
            figure.add_scatter(
                name="middle half", mode="lines", x=[hour + 0.5] * 2, y=[row["q1"], row["q3"]],
                line={"color": VERMILLION, "width": 3}, hoverinfo="skip",
            )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        xaxis={"range": [0, 24], "tickvals": [0, 6, 12, 18, 24], "ticktext": ["00", "06", "12", "18", "24"]},
        yaxis={"range": [0, 61], "tickvals": MARKS_MIN, "ticktext": [f"{mark} {words.MINUTES}" for mark in MARKS_MIN]},
    )
    return Drawing(
        text=_sentence(table, side, words),
        figure=figure,
        height_px=HEIGHT_PX,
        key=(("swatch-steps", told.PROFILE_MEDIAN), ("swatch-median", told.PROFILE_HALF),
             ("swatch-unknown", words.KEY_UNKNOWN)),
        columns=told.PROFILE_COLUMNS,
        rows=[
            [words.hour_span(hour), *(words.number(float(row[name])) for name in ("q1", "median", "q3", "days"))]
            for hour, row in table.iterrows()
        ],
    )  # fmt: skip


def _sentence(table: pd.DataFrame, side: str, words: Words) -> str:
    told = words.person
    mostly = [hour for hour in habits.HOURS if table.loc[hour, "median"] >= 30]
    days = words.plural(int(table["days"].max()), *words.DAY_PLURAL)
    if not mostly:
        return str(told.PROFILE_TEXT_NONE.format(side=words.SIDE_BRACE[side], days=days))
    runs, start = [], mostly[0]
    for now, later in zip(mostly, [*mostly[1:], None], strict=True):
        if later != now + 1:
            runs.append(told.CLOCKS.format(start=f"{start:02d}:00", end=f"{now + 1:02d}:00"))
            start = later if later is not None else start
    return str(told.PROFILE_TEXT.format(side=words.SIDE_BRACE[side], spans=words.listed(runs), days=days))
