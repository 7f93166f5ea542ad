"""One day of one brace from midnight to midnight: worn, not worn, not known; steps by the hour; pressure events."""

from datetime import datetime

import pandas as pd
import plotly.graph_objects as go

from talus_dashboards.figures.drawing import BLUE, GREY, OFF_FILL, OFF_LINE, VERMILLION, Drawing, blank, hatch
from talus_dashboards.figures.pressure import AMBER
from talus_dashboards.words import Words

HEIGHT_PX = 260
LOOKS: dict[str, dict[str, object]] = {
    "worn": {"color": GREY, "line": {"width": 0}},
    "not_worn": {"color": OFF_FILL, "line": {"width": 1, "color": OFF_LINE}},
    "unknown": {"pattern": hatch(), "line": {"width": 0}},
}


def within(spans: pd.DataFrame, start: datetime, end: datetime, now: datetime) -> pd.DataFrame:
    """Spans (start_utc, end_utc; NaT: open until now) cut to [start, end), with from_h and to_h since start."""
    low = pd.to_datetime(spans["start_utc"], utc=True).clip(lower=pd.Timestamp(start))
    high = pd.to_datetime(spans["end_utc"], utc=True).fillna(pd.Timestamp(now)).clip(upper=pd.Timestamp(end))
    cut = spans.assign(
        from_h=(low - pd.Timestamp(start)).dt.total_seconds() / 3600,
        to_h=(high - pd.Timestamp(start)).dt.total_seconds() / 3600,
    )
    return cut[cut["to_h"] > cut["from_h"]]


def of_day(
    bouts: pd.DataFrame, hours: pd.DataFrame, events: pd.DataFrame, start: datetime, end: datetime, now: datetime,
    *, words: Words,
) -> Drawing:  # fmt: skip
    """Draw one brace's bouts (state), hours (hour, steps) and pressure events (tier) of the local day [start, end)."""
    told = words.person
    worn, pressed = within(bouts, start, end, now), within(events, start, end, now)
    length = (end - start).total_seconds() / 3600
    if worn.empty or (worn["state"] == "unknown").all():
        return Drawing(text=told.DAY_NOT_KNOWN)
    figure = blank(HEIGHT_PX, margin={"l": 50, "r": 12, "t": 6, "b": 34})
    for state, marker in LOOKS.items():
        _spans(figure, state, worn[worn["state"] == state], 0.0, marker, "y2")
    for tier, colour in (("amber", AMBER), ("red", VERMILLION)):
        _spans(figure, tier, pressed[pressed["tier"] == tier], 0.0, {"color": colour, "line": {"width": 0}}, "y3")
    steps = hours.set_index("hour")["steps"].astype(float).dropna()
    figure.add_bar(
        name="steps", x=[hour + 0.5 for hour in steps.index], y=list(steps), width=0.8,
        marker={"color": BLUE, "line": {"width": 0}}, customdata=[words.hour_span(int(hour)) for hour in steps.index],
        hovertemplate="%{customdata}<br>%{y:,.0f} " + words.STEPS_UNIT + "<extra></extra>",
    )  # fmt: skip
    ticks = [tick for tick in (0, 6, 12, 18, 24) if tick <= length]
    flat = {"range": [0, 1], "fixedrange": True, "showgrid": False, "zeroline": False, "tickvals": [0.5]}
    figure.update_layout(
        barmode="overlay",
        xaxis={"range": [0, length], "tickvals": ticks, "ticktext": [f"{tick:02d}" for tick in ticks], "anchor": "y2"},
        yaxis={"domain": [0.45, 1], "nticks": 4, "rangemode": "tozero"},
        yaxis2=flat | {"domain": [0, 0.16], "ticktext": [told.ROW_WORN], "tickfont": {"size": 11}},
        yaxis3=flat | {"domain": [0.21, 0.37], "ticktext": [told.ROW_PRESSURE], "tickfont": {"size": 11}},
    )
    return Drawing(
        text=_sentence(worn, pressed, steps, words),
        figure=figure,
        height_px=HEIGHT_PX,
        key=(
            ("swatch-steps", words.KEY_STEPS), ("swatch-worn", words.KEY_WORN), ("swatch-off", words.KEY_NOT_WORN),
            ("swatch-unknown", words.KEY_UNKNOWN), ("swatch-amber", words.TIER["amber"]),
            ("swatch-red", words.TIER["red"]),
        ),
        columns=told.DAY_COLUMNS,
        rows=_rows(worn, pressed, start, words),
    )  # fmt: skip


def _spans(figure: go.Figure, name: str, part: pd.DataFrame, base: float, marker: dict[str, object], axis: str) -> None:
    figure.add_bar(
        name=name, x=list(part["from_h"]), width=list(part["to_h"] - part["from_h"]), offset=0, base=base,
        y=[1.0] * len(part), yaxis=axis, marker=marker, hoverinfo="skip",
    )  # fmt: skip


def _minutes(spans: pd.DataFrame) -> float:
    return float(60 * (spans["to_h"] - spans["from_h"]).sum())


def _sentence(worn: pd.DataFrame, pressed: pd.DataFrame, steps: pd.Series, words: Words) -> str:
    parts = {state: words.duration(_minutes(worn[worn["state"] == state])) for state in LOOKS}
    return str(
        words.person.DAY_TEXT.format(
            **parts, steps=words.plural(steps.sum(), *words.STEPS_PLURAL) if len(steps) else words.NOT_KNOWN,
            events=words.plural(len(pressed), *words.EVENT_PLURAL),
        )
    )  # fmt: skip


def _rows(worn: pd.DataFrame, pressed: pd.DataFrame, start: datetime, words: Words) -> list[list[str]]:
    told = [(row.from_h, row.to_h, words.person.STATES[row.state]) for row in worn.itertuples()]
    told += [
        (row.from_h, row.to_h, f"{words.TIER.get(row.tier, row.tier)}: {words.SITE.get(row.site, row.site)}")
        for row in pressed.itertuples()
    ]

    def clock(hours: float) -> str:
        return words.clock((pd.Timestamp(start) + pd.Timedelta(hours=hours)).tz_convert(start.tzinfo).to_pydatetime())

    return [[clock(a), clock(b), name, words.duration(60 * (b - a))] for a, b, name in sorted(told)]
