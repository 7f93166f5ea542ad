"""Assist over the days, with how well its zero is known around each week's level: inside it nothing is a change."""

from datetime import date

import pandas as pd

from talus_dashboards.figures import measures
from talus_dashboards.figures.curves import ZERO_NM
from talus_dashboards.figures.drawing import Drawing
from talus_dashboards.words import Words

COLUMN = "moment_swing_nm"
FILL = "rgba(0,114,178,0.16)"


def over_days(days: pd.DataFrame, first: date, last: date, *, words: Words) -> Drawing:
    """Draw the assist moment in swing for the dates [first, last]."""
    measure = next(one for one in measures.MEASURES if one.column == COLUMN)
    drawn = measures.over_days(days, measure, first, last, words=words)
    if drawn.figure is None:
        return drawn
    zero = words.number(ZERO_NM, 1)
    for trace in [one for one in drawn.figure.data if one.name.endswith(" week")]:
        pairs = [(a, b, y) for a, b, y in zip(trace.x[::3], trace.x[1::3], trace.y[::3], strict=True)]
        x = [at for a, b, _ in pairs for at in (a, b, b, a, a, None)]
        y = [
            None if sign is None else level + sign * ZERO_NM for *_, level in pairs for sign in (1, 1, -1, -1, 1, None)
        ]
        drawn.figure.add_scatter(
            name="zero", x=x, y=y, mode="lines", fill="toself", fillcolor=FILL, line={"width": 0}, hoverinfo="skip"
        )
    return Drawing(
        text=f"{drawn.text} {words.CURVE_ZERO.format(zero=zero)}",
        figure=drawn.figure,
        height_px=drawn.height_px,
        key=(*drawn.key, ("swatch-band", words.KEY_ZERO.format(zero=zero))),
        columns=drawn.columns,
        rows=drawn.rows,
    )
