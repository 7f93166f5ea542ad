"""Steps with the brace on, hour by hour of one day: an hour nothing is known of has no bar, never a bar of zero."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from talus_dashboards.figures.drawing import BLUE, GREY, OFF_FILL, OFF_LINE, Drawing, blank, hatch
from talus_dashboards.words import Words

HOURS = range(24)
WORTH_SAYING_MIN = 10  # less than this is in the strip and the table alone: data are always a little late


def known_hours(hours: pd.DataFrame, elapsed_min: Sequence[float]) -> pd.DataFrame:
    """Lay one brace's hours of one day against the minutes that have passed of each.

    `hours` has hour, worn_min, not_worn_min, steps; `elapsed_min` has 24 numbers (0 for an hour still to come or, on
    the day the clocks go forward, one that never is). Returns 24 rows of worn_min, not_worn_min, unknown_min and
    steps; steps is NaN where no minute of the hour is known.
    """
    table = hours.set_index("hour")[["worn_min", "not_worn_min", "steps"]].astype(float).reindex(HOURS)
    worn, off = table["worn_min"].fillna(0.0), table["not_worn_min"].fillna(0.0)
    unknown = (pd.Series(elapsed_min, index=HOURS, dtype=float) - worn - off).clip(lower=0.0)
    steps = table["steps"].where(worn + off > 0)
    return pd.DataFrame({"worn_min": worn, "not_worn_min": off, "unknown_min": unknown, "steps": steps})


def by_hour(hours: pd.DataFrame, elapsed_min: Sequence[float], *, words: Words) -> Drawing:
    """Draw one brace's steps by the hour over a strip that tells worn, not worn and not known apart."""
    table = known_hours(hours, elapsed_min)
    if table["steps"].isna().all():
        return Drawing(text=words.STEPS_UNKNOWN)
    figure = blank(250, margin={"l": 44, "r": 14, "t": 8, "b": 34})
    top = max(float(table["steps"].max()), 10.0) * 1.15
    blind, seen = table["unknown_min"] / 60, (table["worn_min"] + table["not_worn_min"]) / 60
    figure.add_bar(
        name="unknown", x=[hour + part for hour, part in zip(HOURS, seen, strict=True)],
        y=[top if 60 * share >= WORTH_SAYING_MIN else None for share in blind], width=list(blind), offset=0,
        marker={"pattern": hatch(), "opacity": 0.45, "line": {"width": 0}}, hoverinfo="skip",
    )  # fmt: skip
    figure.add_bar(
        name="steps", x=[hour + 0.5 for hour in HOURS], y=[None if pd.isna(n) else n for n in table["steps"]],
        width=0.8, marker={"color": BLUE, "line": {"width": 0}},
        customdata=[words.hour_span(hour) for hour in HOURS],
        hovertemplate="%{customdata}<br>%{y:,.0f} " + words.STEPS_UNIT + "<extra></extra>",
    )  # fmt: skip
    _strip(figure, table)
    figure.update_layout(
        barmode="overlay",
        xaxis={
            "range": [0, 24], "tickvals": [0, 6, 12, 18, 24], "ticktext": ["00", "06", "12", "18", "24"],
            "anchor": "y2",
        },
        yaxis={"range": [0, top], "domain": [0.14, 1], "nticks": 4, "tickformat": ",d"},
        yaxis2={"range": [0, 1], "domain": [0, 0.08], "visible": False, "fixedrange": True},
    )  # fmt: skip
    key = (("swatch-steps", words.KEY_STEPS), ("swatch-worn", words.KEY_WORN), ("swatch-off", words.KEY_NOT_WORN))
    return Drawing(
        text=_sentence(table, words),
        figure=figure,
        height_px=250,
        key=(*key, ("swatch-unknown", words.KEY_UNKNOWN)),
        columns=words.STEPS_COLUMNS,
        rows=_rows(table, elapsed_min, words),
    )


def _strip(figure: go.Figure, table: pd.DataFrame) -> None:
    """Add the worn strip: within an hour worn, then not worn, then not known, each as wide as its minutes."""
    looks = (
        ("worn_min", {"color": GREY, "line": {"width": 0}}),
        ("not_worn_min", {"color": OFF_FILL, "line": {"width": 0.5, "color": OFF_LINE}}),
        ("unknown_min", {"pattern": hatch(), "line": {"width": 0}}),
    )
    start = pd.Series([float(hour) for hour in HOURS])
    for column, marker in looks:
        width = table[column] / 60
        figure.add_bar(
            name="strip " + column, x=list(start), width=list(width), offset=0, marker=marker,
            y=[1 if w > 0 else None for w in width], yaxis="y2", hoverinfo="skip",
        )  # fmt: skip
        start = start + width


def _sentence(table: pd.DataFrame, words: Words) -> str:
    known = table["steps"].dropna()
    unknown = table["unknown_min"].sum()
    if known.empty:
        return words.STEPS_UNKNOWN
    if known.sum() == 0:
        text = words.STEPS_NONE
    else:
        steps = words.plural(known.sum(), *words.STEPS_PLURAL)
        several = (known > 0).sum() > 1
        sentence = words.STEPS_SENTENCE if several else words.STEPS_ONE_HOUR
        text = sentence.format(steps=steps, span=words.hour_span(int(known.idxmax())))
    if unknown >= WORTH_SAYING_MIN:
        text += " " + words.STEPS_UNKNOWN_PART.format(unknown=words.duration(unknown))
    return text


def _rows(table: pd.DataFrame, elapsed_min: Sequence[float], words: Words) -> list[list[str]]:
    rows = []
    for hour in HOURS:
        if elapsed_min[hour] <= 0:
            continue
        row = table.loc[hour]
        parts = [words.duration(row[column]) for column in ("worn_min", "not_worn_min", "unknown_min")]
        rows.append([words.hour_span(hour), words.number(row["steps"]), *parts])
    return rows
