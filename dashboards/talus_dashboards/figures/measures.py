"""One gait measure over the days: a dot a day, a short level a week, coverage beneath. Days not measured are gaps.

No line joins days and no arrow is drawn: what may be called a change is decided elsewhere (clinical reference 0.4.6).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from talus_dashboards.figures.calendar import every_day
from talus_dashboards.figures.drawing import GREY, SIDES, Drawing, blank, some_days
from talus_dashboards.words import Words

WEEK_DAYS_NEEDED = 3  # valid days before a week has a level (clinical reference 1.3, `valid_week`)
HEIGHT_PX = 220


@dataclass(frozen=True)
class Measure:
    """A column of the days, how it is printed, and what it cannot be had without."""

    column: str
    group: str
    digits: int
    needs: str
    from_zero: bool = False


MEASURES = (
    Measure("steps", "amount", 0, "walking", True),
    Measure("walking_min", "amount", 0, "walking", True),
    Measure("longest_walk_min", "amount", 0, "walking", True),
    Measure("cadence_spm", "timing", 0, "walking"),
    Measure("stride_time_cv_pct", "timing", 1, "imu"),
    Measure("stance_pct", "timing", 1, "imu"),
    Measure("swing_dorsiflexion_deg", "ankle", 1, "encoder"),
    Measure("ankle_at_contact_deg", "ankle", 1, "encoder"),
    Measure("heel_first_pct", "ankle", 0, "contact"),
    Measure("ankle_range_deg", "ankle", 1, "encoder"),
    Measure("shank_to_vertical_deg", "ankle", 1, "imu"),
    Measure("moment_swing_nm", "assist", 2, "bridge"),
    Measure("assist_impulse_nms", "assist", 2, "bridge"),
)

# Of the brace itself, not of its wearer: only ever compared with itself.
BRACE = (
    Measure("stiffness_nm_deg", "brace", 2, "mechanics"),
    Measure("neutral_deg", "brace", 1, "mechanics"),
)


def over_days(days: pd.DataFrame, measure: Measure, first: date, last: date, *, words: Words) -> Drawing:
    """Draw `measure` for the dates [first, last] of `days`, on a line of its own for each side."""
    name, unit = words.MEASURES[measure.column]
    sides = [side for side in SIDES if side in set(days["side"])]
    tables = {side: every_day(days[days["side"] == side], first, last) for side in sides}
    if not any(_values(table, measure).notna().any() for table in tables.values()):
        return Drawing(text=words.MEASURE_NONE.format(name=name, needs=words.NEEDS[measure.needs]))
    figure = blank(HEIGHT_PX, margin={"l": 48, "r": 8, "t": 8, "b": 34})
    for side, table in tables.items():
        _days(figure, table, measure, side, words)
        _weeks(figure, table, measure, side)
    _coverage(figure, tables)
    named = some_days(first, last + timedelta(days=1))
    figure.update_layout(
        barmode="overlay",
        xaxis={"range": [_noon(first - timedelta(days=1)), _noon(last + timedelta(days=1))], "type": "date",
               "anchor": "y2", "tickangle": 0, "tickvals": [_noon(day) for day in named],
               "ticktext": [words.day_short(day) for day in named]},
        yaxis={"domain": [0.2, 1], "nticks": 5, "separatethousands": True, "exponentformat": "none",
               "rangemode": "tozero" if measure.from_zero else "normal"},
        yaxis2={"domain": [0, 0.1], "range": [0, 1], "fixedrange": True, "showgrid": False, "zeroline": False,
                "tickvals": [0.5], "ticktext": [words.COVERAGE_AXIS], "tickfont": {"size": 11}},
    )  # fmt: skip
    return Drawing(
        text=" ".join(_sentence(table, measure, side, unit, words) for side, table in tables.items()),
        figure=figure,
        height_px=HEIGHT_PX,
        key=key(sides, words),
        columns=words.MEASURE_COLUMNS,
        rows=[
            [
                words.day_row(day), words.SIDE[side], words.number(float(row[measure.column]), measure.digits),
                words.STATUS[row["status"]], _percent(row["coverage"], words),
                words.number(float(row["strides_measured"])),
            ]
            for side, table in tables.items() for day, row in table.iterrows()
        ],
    )  # fmt: skip


def _values(table: pd.DataFrame, measure: Measure) -> pd.Series:
    return table[measure.column].astype(float)


def _noon(day: date) -> str:
    return f"{day.isoformat()} 12:00"


def _days(figure: go.Figure, table: pd.DataFrame, measure: Measure, side: str, words: Words) -> None:
    colour, marker = SIDES[side]
    values = _values(table, measure)
    whole = table["status"] == "valid"
    unit = words.MEASURES[measure.column][1]
    figure.add_scatter(
        name=side, mode="markers", x=[_noon(day) for day in table.index],
        y=[None if pd.isna(value) else value for value in values],
        marker={
            "size": 6, "color": colour, "opacity": 0.55, "line": {"width": 1.2, "color": colour},
            "symbol": [marker if w else marker + "-open" for w in whole],
        },
        customdata=[[words.day_row(day), words.number(float(n))] for day, n in table["strides_measured"].items()],
        hovertemplate=(
            f"%{{customdata[0]}}<br>%{{y:.{measure.digits}f}} {unit}<br>n = %{{customdata[1]}}<extra></extra>"
        ),
    )  # fmt: skip


def _weeks(figure: go.Figure, table: pd.DataFrame, measure: Measure, side: str) -> None:
    """Add each week's median as a level over that week only; a week of fewer than three valid days has none."""
    values = _values(table, measure).where(table["status"] == "valid").dropna()
    x: list[str | None] = []
    y: list[float | None] = []
    mondays = pd.Series([day - timedelta(days=day.weekday()) for day in values.index], index=values.index, dtype=object)
    for monday, week in values.groupby(mondays):
        if len(week) >= WEEK_DAYS_NEEDED:
            x += [f"{monday.isoformat()} 03:00", f"{(monday + timedelta(days=6)).isoformat()} 21:00", None]
            y += [float(week.median())] * 2 + [None]
    line = {"color": SIDES[side][0], "width": 3}
    figure.add_scatter(name=side + " week", mode="lines", x=x, y=y, line=line, connectgaps=False, hoverinfo="skip")


def _coverage(figure: go.Figure, tables: dict[str, pd.DataFrame]) -> None:
    """Add the part of each day that is known, the poorer side of two."""
    coverage = pd.DataFrame({side: table["coverage"].astype(float) for side, table in tables.items()}).min(axis=1)
    figure.add_bar(
        name="coverage", x=[_noon(day) for day in coverage.index], y=[None if pd.isna(c) else c for c in coverage],
        yaxis="y2", marker={"color": GREY, "line": {"width": 0}}, hoverinfo="skip",
    )  # fmt: skip


def key(sides: list[str], words: Words) -> tuple[tuple[str, str], ...]:
    """Return what the marks of these sides mean, the same for every measure."""
    dots = [(f"swatch-dot-{side}", f"{words.SIDE[side]}: {words.KEY_DAY}") for side in sides]
    if len(sides) == 1:
        dots = [(f"swatch-dot-{sides[0]}", words.KEY_DAY)]
    return (
        *dots,
        ("swatch-dot-open", words.KEY_DAY_PARTIAL),
        ("swatch-level", words.KEY_WEEK),
        ("swatch-worn", words.KEY_COVERAGE),
    )


def _sentence(table: pd.DataFrame, measure: Measure, side: str, unit: str, words: Words) -> str:
    values = _values(table, measure).dropna()
    strides = table.loc[values.index, "strides_measured"].astype(float).sum()
    facts = {
        "side": words.SIDE[side], "days": len(values), "of": words.of_days(len(table)),
        "strides": words.plural(strides, *words.STRIDE_PLURAL),
    }  # fmt: skip
    if len(values) < WEEK_DAYS_NEEDED:
        return words.MEASURE_TEXT_FEW.format(**facts)
    q1, median, q3 = (words.number(float(values.quantile(q)), measure.digits) for q in (0.25, 0.5, 0.75))
    spaced = unit if unit == "°" else " " + unit
    return words.MEASURE_TEXT.format(**facts, median=median, q1=q1, q3=q3, unit=spaced)


def _percent(share: float, words: Words) -> str:
    return words.NOT_KNOWN if pd.isna(share) else f"{words.number(100 * float(share))} %"
