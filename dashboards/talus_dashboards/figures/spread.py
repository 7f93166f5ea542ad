"""How one stride measure is spread over a period: strides per bin, with the median and the middle half marked."""

import pandas as pd

from talus_dashboards import habits
from talus_dashboards.figures.drawing import BLUE, TITLED_PX, Drawing, blank, titled
from talus_dashboards.words import Words

HEIGHT_PX = 240
BIN_DEG = 0.5  # the host's bins of the angles; a test holds it to them


def shank_to_vertical(counts: pd.DataFrame, *, side: str, words: Words) -> Drawing:
    """Draw one leg's strides by shank-to-vertical angle: counts has bin and strides."""
    told = words.person
    q1, median, q3 = habits.quartiles(counts, BIN_DEG)
    name = words.MEASURES["shank_to_vertical_deg"][0]
    if pd.isna(median):
        return Drawing(text=words.MEASURE_NONE.format(name=name, needs=words.NEEDS["imu"]))
    table = counts.sort_values("bin")
    figure = blank(HEIGHT_PX, margin={"l": 54, "r": 10, "t": 22, "b": TITLED_PX})
    figure.add_bar(
        name="strides", x=[(n + 0.5) * BIN_DEG for n in table["bin"]], y=list(table["strides"]), width=BIN_DEG * 0.96,
        marker={"color": BLUE, "opacity": 0.75, "line": {"width": 0}},
        hovertemplate="%{x:.2f} °<br>%{y:,.0f}<extra></extra>",
    )  # fmt: skip
    figure.add_vrect(x0=q1, x1=q3, fillcolor="rgba(213,94,0,0.18)", line={"width": 0}, layer="below")
    figure.add_vline(
        x=median, line={"color": "#D55E00", "width": 3},
        annotation={"text": f"{words.number(median, 1)} °", "yanchor": "bottom", "y": 1, "font": {"size": 13}},
    )  # fmt: skip
    figure.update_layout(
        xaxis={"nticks": 8, "title": titled(told.SVA_AXIS)},
        yaxis={"nticks": 4, "rangemode": "tozero", "separatethousands": True},
    )
    strides = words.plural(float(table["strides"].sum()), *words.STRIDE_PLURAL)
    digits = {"median": words.number(median, 1), "q1": words.number(q1, 1), "q3": words.number(q3, 1)}
    return Drawing(
        text=told.SVA_TEXT.format(side=words.SIDE[side], strides=strides, **digits),
        figure=figure,
        height_px=HEIGHT_PX,
        key=(("swatch-steps", told.SVA_KEY_BIN), ("swatch-median", told.SVA_KEY_MEDIAN),
             ("swatch-half", told.SVA_KEY_HALF)),
        columns=told.SVA_COLUMNS,
        rows=[
            [words.number(n * BIN_DEG, 1), words.number(float(k))]
            for n, k in zip(table["bin"], table["strides"], strict=True)
        ],
    )  # fmt: skip
