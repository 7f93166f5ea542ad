"""Hours worn, a cell a day, a row a week: not known is hatched, not worn is an empty cell with a 0, paused is an empty
cell with its sign; never alike."""

from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from talus_dashboards.figures.drawing import OFF_FILL, OFF_LINE, Drawing, blank, hatch
from talus_dashboards.words import Words

ROW_PX = 34
CELL = 0.9
PART = 0.56  # a partly known day's cell leaves the hatch to be seen above and below
FULL_SCALE_H = 12.0  # the colour scale's far end; longer days share its colour
INK_TURNS_H = 6.0  # where white on the scale's colour becomes easier to read than dark
DARK = "#212529"
PAUSED = "paused"
PAUSE_SIGN = "‖"


def every_day(days: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Return one row for each date of [first, last] of one brace's `days`; a date without a row is "missing"."""
    table = days.assign(day=pd.to_datetime(days["day"]).dt.date).set_index("day")
    wanted = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    table = table[~table.index.duplicated()].reindex(wanted)
    table["status"] = table["status"].astype(object).where(table["status"].notna(), "missing")
    return table


def wear(days: pd.DataFrame, first: date, last: date, *, side: str, words: Words) -> Drawing:
    """Draw one brace's wear over the dates [first, last]. `days` has day, status, worn_h, not_worn_h, unknown_h."""
    table = every_day(days, first, last)
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    height_px = 40 + ROW_PX * weeks
    figure = blank(height_px, margin={"l": 62, "r": 4, "t": 30, "b": 4})
    hours = known_hours(table)
    paused = table["status"] == PAUSED
    partial = hours.notna() & (table["status"] != "valid")
    _cells(figure, PAUSED, table[paused], monday, words, marker={"color": OFF_FILL, "line": {"width": 0}})
    _cells(
        figure,
        "not known",
        table[(hours.isna() & ~paused) | partial].assign(blind=hours.isna()),
        monday,
        words,
        marker={"pattern": hatch()},
    )
    for name, chosen in (("worn", hours > 0), ("not worn", hours == 0)):
        for whole in (True, False):
            part = table[chosen & (partial != whole)]
            fill = _shade(part["worn_h"]) if name == "worn" else OFF_FILL
            line = {"width": 0} if name == "worn" else {"width": 1, "color": OFF_LINE}
            _cells(
                figure, name if whole else name + ", partly known", part, monday, words,
                marker={"color": fill, "line": line}, height=CELL if whole else PART, ink=_ink(name, part["worn_h"]),
            )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        xaxis={
            "range": [-0.5, 6.5], "tickvals": list(range(7)), "ticktext": list(words.WEEKDAYS_SHORT), "side": "top",
        },
        yaxis={
            "range": [weeks, 0], "showgrid": False, "tickvals": [week + 0.5 for week in range(weeks)],
            "ticktext": [words.day_short(monday + timedelta(weeks=week)) for week in range(weeks)],
        },
    )  # fmt: skip
    return Drawing(
        text=_sentence(table, first, last, side, words),
        figure=figure,
        height_px=height_px,
        key=(
            ("swatch-scale", words.KEY_HOURS), ("swatch-off", words.KEY_NOT_WORN),
            ("swatch-partial", words.KEY_PARTIAL), ("swatch-unknown", words.KEY_UNKNOWN),
            *([("swatch-paused", words.KEY_PAUSED)] if paused.any() else []),
        ),
        columns=words.CALENDAR_COLUMNS,
        rows=[
            [words.day_row(day), words.STATUS[row["status"]]]
            + [words.number(float(row[column]), 1) for column in ("worn_h", "not_worn_h", "unknown_h")]
            for day, row in table.iterrows()
        ],
    )  # fmt: skip


def known_hours(table: pd.DataFrame) -> pd.Series:
    """Return the hours worn of each day; NaN where not a minute of it is known."""
    worn, off = table["worn_h"].astype(float), table["not_worn_h"].astype(float)
    return worn.where(worn + off > 0)


def _cells(
    figure: go.Figure, name: str, part: pd.DataFrame, monday: date, words: Words,
    *, marker: dict[str, object], height: float = CELL, ink: str | list[str] = DARK,
) -> None:  # fmt: skip
    """Add a bar a day, floating in its week's row; a partly known day's is lower, over the hatch."""
    signs = {"not known": lambda row: "?" if row["blind"] else "", PAUSED: lambda _: PAUSE_SIGN}
    label = signs.get(name, lambda row: _hours(row, words))
    figure.add_bar(
        name=name,
        x=[day.weekday() for day in part.index],
        base=[(day - monday).days // 7 + (1 - height) / 2 for day in part.index],
        y=[height] * len(part),
        width=CELL,
        text=[label(row) for _, row in part.iterrows()],
        textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
        marker={"line": {"width": 0}} | marker,
        insidetextfont={"size": 12, "color": ink},
        customdata=[[words.day_row(day), _told(row, words), day.isoformat()] for day, row in part.iterrows()],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )  # fmt: skip


def _hours(row: pd.Series, words: Words) -> str:
    number = words.number(float(row["worn_h"]), 1) if row["worn_h"] > 0 else "0"
    return number + ("" if row["status"] == "valid" else "+")


def _shade(hours: pd.Series) -> list[str]:
    # Cividis reversed: pale for few hours, dark for many, on a white and on a dark page.
    shares = [min(float(h) / FULL_SCALE_H, 1.0) * 0.85 for h in hours]
    return sample_colorscale("Cividis_r", shares) if shares else []


def _ink(name: str, hours: pd.Series) -> str | list[str]:
    return DARK if name != "worn" else [DARK if float(h) < INK_TURNS_H else "#ffffff" for h in hours]


def _told(row: pd.Series, words: Words) -> str:
    if row["status"] == PAUSED:
        return words.STATUS[PAUSED]
    if pd.isna(row["worn_h"]):
        return words.NOT_KNOWN
    return f"{words.number(float(row['worn_h']), 1)} h ({words.STATUS[row['status']]})"


def _sentence(table: pd.DataFrame, first: date, last: date, side: str, words: Words) -> str:
    counts = {status: words.plural((table["status"] == status).sum(), *words.DAY_PLURAL) for status in words.STATUS}
    hours = table.loc[table["status"] == "valid", "worn_h"].astype(float).dropna()
    facts = {"side": words.SIDE_BRACE[side], "span": words.day_span(first, last)}
    missing = (table["status"] == "missing").sum()
    facts |= {"partial": counts["partial"], "missing": words.of_days(missing)}
    held = words.CALENDAR_PAUSED.format(paused=counts[PAUSED]) if (table["status"] == PAUSED).any() else ""
    if hours.empty:
        return words.CALENDAR_TEXT_NONE.format(**facts) + held
    low, middle, high = (words.number(q, 1) for q in (hours.min(), hours.median(), hours.max()))
    zero = words.of_days((hours == 0).sum())
    return words.CALENDAR_TEXT.format(**facts, valid=len(hours), low=low, median=middle, high=high, zero=zero) + held
