"""Hours worn, a cell a day, a row a week: not known is hatched, not worn is an empty cell with a 0, and the two never look alike."""

from datetime import date, timedelta
from types import ModuleType

import pandas as pd
from plotly.colors import sample_colorscale

from talus_dashboards.figures.drawing import OFF_FILL, OFF_LINE, UNKNOWN_HATCH, Drawing, blank, hatch

ROW_PX = 34
CELL = 0.9
FULL_SCALE_H = 12.0  # the colour scale's far end unless somebody wears it longer


def every_day(days: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Return one row for each date of [first, last] of one brace's `days`; a date without a row is "missing"."""
    table = days.assign(day=pd.to_datetime(days["day"]).dt.date).set_index("day")
    wanted = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    table = table[~table.index.duplicated()].reindex(wanted)
    table["status"] = table["status"].astype(object).where(table["status"].notna(), "missing")
    return table


def wear(days: pd.DataFrame, first: date, last: date, *, side: str, words: ModuleType) -> Drawing:
    """Draw one brace's wear over the dates [first, last]. `days` has day, status, worn_h, not_worn_h, unknown_h."""
    table = every_day(days, first, last)
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    height_px = 40 + ROW_PX * weeks
    figure = blank(height_px, margin={"l": 54, "r": 4, "t": 30, "b": 4})
    hours = table["worn_h"].astype(float)
    top = max(FULL_SCALE_H, hours.max()) if hours.notna().any() else FULL_SCALE_H
    known = table["status"] != "missing"
    groups = (
        ("worn", known & (hours > 0), lambda h, whole: words.number(h, 1) if whole else words.number(h, 1) + "+"),
        ("not worn", known & (hours == 0), lambda h, whole: "0" if whole else "0+"),
        ("not known", ~known | hours.isna(), lambda h, whole: "?"),
    )
    for name, chosen, label in groups:
        part = table[chosen]
        whole = part["status"] == "valid"
        figure.add_bar(
            name=name,
            x=[day.weekday() for day in part.index],
            base=[(day - monday).days // 7 + (1 - CELL) / 2 for day in part.index],
            y=[CELL] * len(part),
            width=CELL,
            text=[label(h, w) for h, w in zip(part["worn_h"], whole, strict=True)],
            textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none", cliponaxis=False,
            marker=_look(name, part["worn_h"], whole, top),
            insidetextfont={"size": 12, "color": _ink(name, part["worn_h"], top)},
            customdata=[[words.day_row(day), _told(part.loc[day], words)] for day in part.index],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
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
        ),
        columns=words.CALENDAR_COLUMNS,
        rows=[
            [words.day_row(day), words.STATUS[row["status"]]]
            + [words.number(float(row[column]), 1) for column in ("worn_h", "not_worn_h", "unknown_h")]
            for day, row in table.iterrows()
        ],
    )  # fmt: skip


def _shade(hours: pd.Series, top: float) -> list[str]:
    # Cividis reversed: pale for few hours, dark for many, on a white and on a dark page.
    return sample_colorscale("Cividis_r", [min(float(h) / top, 1.0) * 0.85 for h in hours]) if len(hours) else []


def _look(name: str, hours: pd.Series, whole: pd.Series, top: float) -> dict[str, object]:
    if name == "not known":
        return {"pattern": hatch(), "line": {"width": 0}}
    dotted = {
        "shape": ["" if w else "/" for w in whole], "size": 6, "solidity": 0.25, "fgcolor": UNKNOWN_HATCH, "fillmode": "overlay",
    }  # fmt: skip
    if name == "not worn":
        return {"color": OFF_FILL, "line": {"width": 1, "color": OFF_LINE}, "pattern": dotted}
    return {"color": _shade(hours, top), "line": {"width": 0}, "pattern": dotted}


def _ink(name: str, hours: pd.Series, top: float) -> str | list[str]:
    if name != "worn":
        return "#343a40"
    return ["#000000" if float(h) / top < 0.5 else "#ffffff" for h in hours]


def _told(row: pd.Series, words: ModuleType) -> str:
    if row["status"] == "missing" or pd.isna(row["worn_h"]):
        return words.NOT_KNOWN
    return f"{words.number(float(row['worn_h']), 1)} h ({words.STATUS[row['status']]})"


def _sentence(table: pd.DataFrame, first: date, last: date, side: str, words: ModuleType) -> str:
    counts = {status: words.plural((table["status"] == status).sum(), *words.DAY_PLURAL) for status in words.STATUS}
    hours = table.loc[table["status"] == "valid", "worn_h"].astype(float).dropna()
    facts = {"side": words.SIDE_BRACE[side], "span": words.day_span(first, last)}
    facts |= {"partial": counts["partial"], "missing": counts["missing"]}
    if hours.empty:
        return words.CALENDAR_TEXT_NONE.format(**facts)
    low, middle, high = (words.number(q, 1) for q in (hours.min(), hours.median(), hours.max()))
    zero = words.plural((hours == 0).sum(), *words.DAY_PLURAL)
    return words.CALENDAR_TEXT.format(**facts, valid=len(hours), low=low, median=middle, high=high, zero=zero)
