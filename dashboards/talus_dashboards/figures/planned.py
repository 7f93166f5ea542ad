"""Hours worn day by day against the most of a break-in plan: not known is hatched, of days to come only the most."""

from datetime import date

import pandas as pd

from talus_dashboards.figures.drawing import BLUE, VERMILLION, Drawing, blank, hatch
from talus_dashboards.words import Words

APART = 4  # bars between two names of days


def by_day(table: pd.DataFrame, today: date, *, words: Words) -> Drawing:
    """table: day (datetime64), most_h, worn_h and unknown_h (NaN: to come, or nothing is known), in order."""
    texts = words.breakin
    days = [day.date() for day in table["day"]]
    labels = [words.day_short(day) for day in days]
    worn, most = table["worn_h"].astype(float), table["most_h"].astype(float)
    figure = blank(230, margin={"l": 36, "r": 10, "t": 8, "b": 36})
    past = [day <= today for day in days]
    dark = [worn.isna().iloc[at] and past[at] for at in range(len(days))]
    top = 1.15 * max(float(most.max()), float(worn.fillna(0).max()), 1.0)
    figure.add_bar(
        name="unknown", x=labels, y=[top if one else None for one in dark], width=0.9, hoverinfo="skip",
        marker={"pattern": hatch(), "opacity": 0.45, "line": {"width": 0}},
    )  # fmt: skip
    figure.add_bar(
        name="worn", x=labels, y=[None if pd.isna(value) else value for value in worn], width=0.62,
        marker={"color": BLUE, "line": {"width": 0}}, hovertemplate="%{y:.1f} h<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        name="most", x=labels, y=[None if pd.isna(value) else value for value in most], mode="markers",
        marker={"symbol": "line-ew-open", "size": 12, "color": VERMILLION, "line": {"width": 4, "color": VERMILLION}},
        hovertemplate="%{y:.1f} h<extra></extra>",
    )  # fmt: skip
    at = days.index(today) if today in days else 0
    shown = sorted({0 if at >= APART else at, at, len(days) - 1 if len(days) - 1 - at >= APART else at})
    figure.update_layout(
        barmode="overlay",
        xaxis={"type": "category", "tickvals": [labels[at] for at in shown], "tickangle": 0},
        yaxis={"range": [0, top], "nticks": 4, "ticksuffix": " h"},
    )
    key = (("swatch-steps", texts.KEY_WORN), ("swatch-most", texts.KEY_MOST), ("swatch-unknown", words.KEY_UNKNOWN))
    return Drawing(
        text=_sentence(table, today, words), figure=figure, height_px=230, key=key, columns=texts.COLUMNS,
        rows=_rows(table, today, words),
    )  # fmt: skip


def _sentence(table: pd.DataFrame, today: date, words: Words) -> str:
    texts = words.breakin
    before = table[(table["day"] < pd.Timestamp(today)).to_numpy(bool)]
    known = before[before["worn_h"].notna().to_numpy(bool)]
    if before.empty:
        return str(texts.FIRST_DAY)
    text = texts.SENTENCE.format(days=words.plural(len(before), *words.DAY_PLURAL), known=words.of_days(len(known)))
    coming = table[(table["day"] > pd.Timestamp(today)).to_numpy(bool)]
    if len(coming):
        text += " " + texts.TOMORROW.format(most=words.duration(60 * float(coming["most_h"].iloc[0])))
    return str(text)


def _rows(table: pd.DataFrame, today: date, words: Words) -> list[list[str]]:
    rows = []
    for one in table.to_dict("records"):
        day = one["day"].date()
        worn = words.breakin.COMING if day > today else words.NOT_KNOWN
        if pd.notna(one["worn_h"]):
            worn = words.duration(60 * one["worn_h"])
            if one["unknown_h"] >= 1 / 6:
                worn = words.breakin.AT_LEAST.format(worn=worn)
        rows.append([words.day_row(day), words.duration(60 * one["most_h"]), worn])
    return rows
