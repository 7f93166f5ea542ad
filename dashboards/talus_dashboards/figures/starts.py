"""Every start of a brace over time, by its cause. One nobody knows the time of is counted and listed, never placed."""

from datetime import date
from typing import Any

import pandas as pd

from talus_dashboards.figures import utc
from talus_dashboards.figures.drawing import BLUE, VERMILLION, Drawing, blank
from talus_dashboards.words import Words

ASKED_FOR = ("power_on", "deep_sleep", "hard_reset")
ROW_PX, EDGES_PX = 46, 44  # of each cause; above and below them


def over_time(starts: pd.DataFrame, first: date, behind: date, *, words: Words) -> Drawing:
    """Draw the starts on the UTC days [first, behind); the sentence and the table add those without a time."""
    said = words.device
    placed = utc.within(starts, "utc", first, behind)
    lost = starts[starts["utc"].isna()]
    listed = pd.concat([placed.sort_values("utc", ascending=False), lost])
    if listed.empty:
        return Drawing(text=said.STARTS_NONE)
    causes = [cause for cause in (*said.CAUSE, "") if cause in {_cause(one) for one in placed["cause"]}]
    height = EDGES_PX + ROW_PX * max(1, len(causes))
    figure = blank(height, margin=utc.wide_margin([said_of(one, words) for one in causes]))
    for cause in causes:
        mine = placed[[_cause(one) == cause for one in placed["cause"]]]
        figure.add_scatter(
            mode="markers", x=[utc.drawn(at) for at in mine["utc"]], y=[said_of(cause, words)] * len(mine),
            marker={
                "size": 10, "color": BLUE if cause in ASKED_FOR else VERMILLION,
                "symbol": "circle" if cause in ASKED_FOR else "diamond",
            },
            hovertemplate="%{x|%Y-%m-%d %H:%M} UTC<extra>" + said_of(cause, words) + "</extra>",
        )  # fmt: skip
    figure.update_layout(
        xaxis=utc.axis(first, behind, words, most=2),
        yaxis={"categoryorder": "array", "categoryarray": [said_of(one, words) for one in causes[::-1]]},
    )
    return Drawing(
        text=_sentence(placed, len(lost), words),
        figure=None if placed.empty else figure,
        height_px=height,
        key=(("swatch-dot-left", said.STARTS_ASKED), ("swatch-dot-right", said.STARTS_OWN)),
        columns=said.STARTS_COLUMNS,
        rows=[row(one, words) for one in listed.to_dict("records")],
    )


def row(one: dict[Any, Any], words: Words) -> list[str]:
    volts = [words.number(float(one[name]), 2) for name in ("last_battery_v", "battery_v")]
    slot = words.device.SLOT.get(_cause(one["slot"]), words.NOT_KNOWN)
    counts = [words.number(float(one[name])) for name in ("lost", "recovered")]
    version = one["version"] or words.NOT_KNOWN
    told = [utc.moment(one["utc"], words), str(one["boot"]), said_of(_cause(one["cause"]), words)]
    return [*told, version, slot, *volts, *counts]


def said_of(cause: str, words: Words) -> str:
    return str(words.device.CAUSE.get(cause, words.NOT_KNOWN))


def _cause(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _sentence(placed: pd.DataFrame, lost: int, words: Words) -> str:
    said = words.device
    counts = placed["cause"].astype(object).fillna("").value_counts()
    causes = [
        said.STARTS_CAUSE.format(count=int(count), cause=said_of(str(one), words)) for one, count in counts.items()
    ]
    text = said.STARTS_TEXT.format(starts=words.plural(len(placed), *said.START_PLURAL), causes=", ".join(causes))
    if placed.empty:
        text = said.STARTS_NONE
    if lost:
        text += " " + said.STARTS_UNPLACED.format(starts=words.plural(lost, *said.START_PLURAL))
    return str(text)
