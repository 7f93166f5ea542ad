"""Days before and after one adjustment: a dot a day, the two medians, and the band a difference must leave to count.

The day itself and the settling days belong to neither side. No side is marked as the better one.
"""

from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from talus_dashboards.figures.drawing import BLUE, GREY, Drawing, blank
from talus_dashboards.words import Words

HEIGHT_PX = 200


def strip(days: pd.DataFrame, row: pd.Series, *, name: str, unit: str, digits: int, words: Words) -> Drawing:
    """days: day, value of the days that speak for walking, one leg. row: of the adjustments, with its windows.

    Where the days are too few there are dots and no band; without a day there is no picture.
    """
    said, day = words.diary, row["day"].date()
    newest = pd.to_datetime(days["day"]).max() + pd.Timedelta(days=1)
    if newest < row["after_end"]:  # what is still to come has no line
        row = row.copy()
        row["after_end"] = max(newest, row["after_from"] + pd.Timedelta(days=1))
    before = _between(days, row["before_from"].date(), day)
    after = _between(days, row["after_from"].date(), row["after_end"].date())
    facts = {
        "name": name, "unit": unit, "before_days": words.of_days(len(before)),
        "after_days": words.of_days(len(after)),
    } | {key: words.number(float(row[key]), digits) for key in ("before", "after")}  # fmt: skip
    if before.empty and after.empty:
        return Drawing(text=said.STRIP_NONE.format(**facts))
    sentence = said.STRIP_FEW if pd.isna(row["difference"]) else said.STRIP
    told = {key: words.number(float(row[key]), digits) for key in ("difference", "needed")}
    figure = blank(HEIGHT_PX, margin={"l": 48, "r": 8, "t": 8, "b": 34})
    _band(figure, row)
    _dots(figure, before, "before", GREY, "circle-open")
    _dots(figure, after, "after", BLUE, "circle")
    _level(figure, row["before"], row["before_from"].date(), day, GREY, "dash")
    _level(figure, row["after"], row["after_from"].date(), row["after_end"].date(), BLUE, "solid")
    figure.add_vline(x=_noon(day), line={"color": GREY, "width": 2, "dash": "dot"})
    ticks = [row["before_from"].date(), day, row["after_end"].date() - timedelta(days=1)]
    figure.update_layout(
        xaxis={"range": [_noon(ticks[0] - timedelta(days=1)), _noon(row["after_end"].date())], "type": "date",
               "tickvals": [_noon(one) for one in ticks], "ticktext": [words.day_short(one) for one in ticks]},
        yaxis={"nticks": 4, "separatethousands": True, "exponentformat": "none"},
    )  # fmt: skip
    key = [("swatch-dot-before", said.KEY_BEFORE), ("swatch-dot-left", said.KEY_AFTER)]
    if not pd.isna(row["needed"]):
        key.append(("swatch-needed", said.KEY_BAND))
    return Drawing(
        text=sentence.format(**facts, **told),
        figure=figure,
        height_px=HEIGHT_PX,
        key=tuple(key),
        columns=(said.COLUMN_DAY, said.COLUMN_PART, f"{name} ({unit})"),
        rows=[
            [words.day_row(one.day), part, words.number(float(one.value), digits)]
            for table, part in ((before, said.KEY_BEFORE), (after, said.KEY_AFTER))
            for one in table.itertuples()
        ],
    )


def _between(days: pd.DataFrame, first: date, end: date) -> pd.DataFrame:
    when = pd.to_datetime(days["day"]).dt.date
    return days.assign(day=when)[((when >= first) & (when < end)).to_numpy(bool) & days["value"].notna().to_numpy()]


def _noon(day: date) -> str:
    return f"{day.isoformat()} 12:00"


def _dots(figure: go.Figure, table: pd.DataFrame, name: str, colour: str, symbol: str) -> None:
    figure.add_scatter(
        name=name, x=[_noon(day) for day in table["day"]], y=table["value"], mode="markers",
        marker={"color": colour, "size": 7, "symbol": symbol}, hovertemplate="%{y}<extra></extra>",
    )  # fmt: skip


def _level(figure: go.Figure, value: float, first: date, end: date, colour: str, dash: str) -> None:
    if pd.isna(value):
        return
    figure.add_scatter(
        x=[_noon(first), _noon(end - timedelta(days=1))], y=[value, value], mode="lines", hoverinfo="skip",
        line={"color": colour, "width": 3, "dash": dash},
    )  # fmt: skip


def _band(figure: go.Figure, row: pd.Series) -> None:
    """Around the median before, over the days after: a median inside it is day-to-day variation."""
    if pd.isna(row["needed"]):
        return
    first, last = _noon(row["after_from"].date()), _noon(row["after_end"].date() - timedelta(days=1))
    low, high = row["before"] - row["needed"], row["before"] + row["needed"]
    figure.add_scatter(
        name="band", x=[first, last, last, first], y=[low, low, high, high], fill="toself", mode="lines",
        line={"width": 0}, fillcolor="rgba(118, 118, 118, .25)", hoverinfo="skip",
    )  # fmt: skip
