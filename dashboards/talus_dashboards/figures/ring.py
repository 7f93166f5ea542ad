"""How many records lay in a brace's flash at each sync, and which sequences never came, with the brace's own reason."""

from datetime import date
from typing import Any

import pandas as pd

from talus_dashboards.figures import utc
from talus_dashboards.figures.drawing import BLUE, Drawing, blank
from talus_dashboards.words import Words

HEIGHT_PX = 190


def fill(syncs: pd.DataFrame, first: date, behind: date, *, words: Words) -> Drawing:
    """Draw the fill at the syncs on the UTC days [first, behind); between them nothing is known."""
    said = words.device
    mine = utc.within(syncs, "received_utc", first, behind)
    known = mine[mine["kept"].notna()]
    if known.empty:
        return Drawing(text=said.FILL_NONE)
    figure = blank(HEIGHT_PX, margin={**utc.MARGIN, "l": 60})
    figure.add_scatter(
        mode="markers", x=[utc.drawn(at) for at in known["received_utc"]], y=known["kept"].tolist(),
        marker={"size": 7, "color": BLUE}, hovertemplate="%{x|%Y-%m-%d %H:%M} UTC<br>%{y:,.0f}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        xaxis=utc.axis(first, behind, words),
        yaxis={"rangemode": "tozero", "separatethousands": True, "exponentformat": "none", "nticks": 4},
    )
    most, last = float(known["kept"].max()), float(known.iloc[-1]["kept"])
    facts = {"last": words.plural(last, *said.RECORD_PLURAL), "most": words.number(most)}
    return Drawing(
        text=said.FILL_TEXT.format(**facts),
        figure=figure,
        height_px=HEIGHT_PX,
        key=(("swatch-dot-left", said.FILL_KEY),),
        columns=said.FILL_COLUMNS,
        rows=[
            [utc.moment(one.received_utc, words), words.number(float(one.kept))]
            for one in known.iloc[::-1].itertuples()
        ],
    )


def lost(missing: pd.DataFrame, words: Words) -> tuple[str, list[list[str]]]:
    """A sentence on the records that never came, and a row for each stretch of them, newest first."""
    said = words.device
    if missing.empty:
        return said.LOST_NONE, []
    count = missing["behind"] - missing["first"]
    causes = pd.Series([_cause(one, words) for one in missing["cause"]], index=missing.index)
    sums = count.groupby(causes).sum().sort_values(ascending=False)
    told = ", ".join(f"{words.number(float(n))} {cause}" for cause, n in sums.items())
    rows = [
        [str(one.journal)[:8], f"{one.first}\u2013{one.behind - 1}", words.number(one.behind - one.first),
         _cause(one.cause, words)]
        for one in missing.iloc[::-1].itertuples()
    ]  # fmt: skip
    return said.LOST_TEXT.format(records=words.plural(float(count.sum()), *said.RECORD_PLURAL), causes=told), rows


def _cause(cause: Any, words: Words) -> str:
    return str(words.device.LOSS.get("" if pd.isna(cause) else str(cause), words.device.LOSS_UNTOLD))
