"""The battery's charge by the hour (UTC), with the hours it was charged; a line only where hour follows hour."""

from datetime import date

import pandas as pd

from talus_dashboards.figures import utc
from talus_dashboards.figures.drawing import BLUE, GREY, Drawing, blank
from talus_dashboards.words import Words

HOUR = pd.Timedelta(hours=1)
HEIGHT_PX = 210


def charge(hours: pd.DataFrame, first: date, behind: date, *, words: Words) -> Drawing:
    """Draw the charge on the UTC days [first, behind)."""
    said = words.device
    known = hours[hours["battery_pct"].notna()] if len(hours) else hours
    if known.empty:
        return Drawing(text=said.BATTERY_NONE)
    figure = blank(HEIGHT_PX, margin=utc.MARGIN)
    every = pd.date_range(known["hour_utc"].min(), known["hour_utc"].max(), freq="h")
    line = known.set_index("hour_utc")["battery_pct"].reindex(every)
    figure.add_scatter(
        mode="lines", x=[utc.drawn(at) for at in line.index], y=[None if pd.isna(v) else v for v in line],
        connectgaps=False, line={"color": BLUE, "width": 2},
        hovertemplate="%{x|%Y-%m-%d %H:%M} UTC<br>%{y:.0f} %<extra></extra>",
    )  # fmt: skip
    charging = known[known["charging_min"].fillna(0) > 0]
    figure.add_bar(
        x=[utc.drawn(at + HOUR / 2) for at in charging["hour_utc"]], y=[6] * len(charging), width=3_600_000,
        marker={"color": GREY, "line": {"width": 0}}, hoverinfo="skip",
    )  # fmt: skip
    figure.update_layout(
        xaxis=utc.axis(first, behind, words), yaxis={"range": [0, 103], "ticksuffix": " %", "nticks": 5}
    )
    facts = {
        "low": words.number(float(known["battery_pct"].min())), "high": words.number(float(known["battery_pct"].max())),
        "last": words.number(float(known.iloc[-1]["battery_pct"])),
        "when": utc.moment(known.iloc[-1]["hour_utc"] + HOUR, words),
    }  # fmt: skip
    return Drawing(
        text=said.BATTERY_TEXT.format(**facts), figure=figure, height_px=HEIGHT_PX,
        key=(("swatch-level-blue", said.BATTERY_KEY), ("swatch-worn", said.BATTERY_KEY_CHARGING)),
        columns=said.BATTERY_COLUMNS, rows=_rows(known, words),
    )  # fmt: skip


def _rows(known: pd.DataFrame, words: Words) -> list[list[str]]:
    rows = []
    for day, mine in known.groupby(known["hour_utc"].dt.date):
        minutes = mine["charging_min"].sum(min_count=1)
        charging = words.NOT_KNOWN if pd.isna(minutes) else words.duration(float(minutes))
        span = [words.number(float(mine["battery_pct"].min())), words.number(float(mine["battery_pct"].max()))]
        rows.append([words.day_row(day), *span, charging, words.plural(len(mine), *words.device.HOUR_PLURAL)])
    return rows[::-1]
