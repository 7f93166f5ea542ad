"""Minutes of long pressure, site by site: a site that was not measured says so and has no bar."""

from typing import Any

import pandas as pd

from talus_dashboards.figures.drawing import TITLED_PX, VERMILLION, Drawing, blank, hatch, titled
from talus_dashboards.words import Words

MMHG_PER_KPA = 1 / 0.133322387415  # pages show mmHg, everything behind them is kPa
AMBER = "#B8860B"  # 3.2:1 on white; Okabe-Ito's own orange has 2.2:1
ROW_PX = 46


def sites(pressure_days: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Add up the days by side and channel: site, minutes_amber, minutes_red, events, median_kpa, measured_min.

    Minutes are NaN where the channel was never measured in the period, or the level is below
    what its sensor can tell.
    """
    rows = []
    for (side, channel, site), part in pressure_days.groupby(["side", "channel", "site"], sort=True):
        measured = float(part["measured_min"].fillna(0).sum())
        own = events[(events["side"] == side) & (events["channel"] == channel)]
        unknown = float("nan") if measured <= 0 else 0.0
        rows.append(
            {
                "side": side, "channel": channel, "site": site, "measured_min": measured, "events": len(own),
                "minutes_amber": float(part["minutes_amber"].sum(min_count=1)) + unknown,
                "minutes_red": float(part["minutes_red"].sum(min_count=1)) + unknown,
                "median_kpa": float(part["sustained_median_kpa"].median()) + unknown,
            }
        )  # fmt: skip
    columns = ["side", "channel", "site", "measured_min", "events", "minutes_amber", "minutes_red", "median_kpa"]
    return pd.DataFrame(rows, columns=columns)


def by_site(pressure_days: pd.DataFrame, events: pd.DataFrame, *, words: Words) -> Drawing:
    """Draw amber and red minutes of each site; the colours are doubled by a pattern and by place."""
    table = sites(pressure_days, events)
    if table.empty or not (table["measured_min"] > 0).any():
        return Drawing(text=words.PRESSURE_NONE)
    height_px = 68 + ROW_PX * len(table)
    figure = blank(height_px, margin={"l": 8, "r": 12, "t": 4, "b": TITLED_PX})
    places = [_place(row, words) for row in table.itertuples()]
    level = list(range(len(table)))
    crossed = {"shape": "x", "size": 5, "solidity": 0.3, "fgcolor": "#ffffff", "fillmode": "overlay"}
    looks = (
        ("minutes_amber", {"color": AMBER}, -0.02),
        ("minutes_red", {"color": VERMILLION, "pattern": crossed}, 0.18),
    )
    for column, marker, shift in looks:
        figure.add_bar(
            name=column, orientation="h", y=[at + shift for at in level], width=0.18,
            x=[None if pd.isna(m) else m for m in table[column]], marker=marker | {"line": {"width": 0}},
            customdata=places, hovertemplate="%{customdata}<br>%{x:.0f} min<extra></extra>",
        )  # fmt: skip
    longest = max(10.0, float(table[["minutes_amber", "minutes_red"]].max().max()))
    for at, place, row in zip(level, places, table.itertuples(), strict=True):
        unmeasured = pd.isna(row.minutes_amber)
        if unmeasured:
            figure.add_bar(
                name="not measured", orientation="h", y=[at + 0.08], x=[longest], width=0.36,
                marker={"pattern": hatch(), "line": {"width": 0}, "opacity": 0.6}, hoverinfo="skip",
            )  # fmt: skip
        note = words.plural(row.events, *words.EVENT_PLURAL)
        if unmeasured:
            note = words.PRESSURE_BLIND if row.measured_min > 0 else words.NOT_MEASURED
        figure.add_annotation(
            x=0, y=at - 0.3, xref="x", yref="y", text=f"{place} · {note}", showarrow=False, xanchor="left", xshift=-2,
        )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        xaxis={
            "range": [0, longest * 1.05], "showgrid": True, "nticks": 6,
            "title": titled(words.PRESSURE_UNIT),
        },
        yaxis={"range": [len(table) - 0.55, -0.6], "visible": False},
    )  # fmt: skip
    return Drawing(
        text=" ".join(_sentence(row, place, words) for row, place in zip(table.itertuples(), places, strict=True)),
        figure=figure,
        height_px=height_px,
        key=(("swatch-amber", words.KEY_AMBER), ("swatch-red", words.KEY_RED), ("swatch-unknown", words.NOT_MEASURED)),
        columns=words.PRESSURE_COLUMNS,
        rows=[
            [
                words.SITE[row.site], words.SIDE[row.side],
                words.number(row.minutes_amber), words.number(row.minutes_red), words.number(row.events),
                words.number(row.median_kpa * MMHG_PER_KPA), words.number(row.measured_min / 60, 1),
            ]
            for row in table.itertuples()
        ],
    )  # fmt: skip


def _place(row: Any, words: Words) -> str:
    return words.PRESSURE_PLACE.format(site=words.SITE[row.site], side=words.SIDE_LEG[row.side])


def _sentence(row: Any, place: str, words: Words) -> str:
    if row.measured_min <= 0:
        return words.PRESSURE_TEXT_NONE.format(place=place)
    if pd.isna(row.minutes_amber):
        tiers = words.PRESSURE_BLIND_TIERS[pd.isna(row.minutes_red)]
        return words.PRESSURE_TEXT_BLIND.format(place=place, tiers=tiers)
    return words.PRESSURE_TEXT.format(
        place=place, amber=words.duration(row.minutes_amber), red=words.duration(row.minutes_red),
        events=words.plural(row.events, *words.EVENT_PLURAL), hours=words.number(row.measured_min / 60, 1),
    )  # fmt: skip
