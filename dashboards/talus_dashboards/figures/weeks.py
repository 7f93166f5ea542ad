"""One figure of a person's own, week by week, over the band of their own first weeks: dots, no line, no arrow."""

from dataclasses import dataclass

import pandas as pd

from talus_dashboards.figures.drawing import BLUE, Drawing, blank
from talus_dashboards.words import Words

BAND = "rgba(0, 114, 178, .18)"
MOST_WEEKS = 26
MOST = {"heel_first_pct": 105.0}


@dataclass(frozen=True)
class Usual:
    """The middle half of a person's own days before; NaN: not known yet."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        return not (pd.isna(self.low) or pd.isna(self.high))


def by_week(weeks: pd.DataFrame, measure: str, usual: Usual, *, words: Words) -> Drawing:
    """weeks: week (its Monday), `measure` (its middle day; NaN: too few days) and `measure`_n of one leg, in order."""
    texts = words.progress
    unit = texts.UNIT[measure]
    table = weeks.tail(MOST_WEEKS).reset_index(drop=True)
    known = table[table[measure].notna().to_numpy(bool)]
    if known.empty:
        return Drawing(text=texts.NO_WEEKS)
    figure = blank(210, margin={"l": 62, "r": 30, "t": 8, "b": 36})
    ends = [table["week"].iloc[0] - pd.Timedelta(days=4), table["week"].iloc[-1] + pd.Timedelta(days=4)]
    if usual.known:
        figure.add_scatter(
            x=[ends[0], ends[1], ends[1], ends[0]], y=[usual.low, usual.low, usual.high, usual.high], fill="toself",
            mode="lines", line={"width": 0}, fillcolor=BAND, hoverinfo="skip", name="usual",
        )  # fmt: skip
    figure.add_scatter(
        x=list(known["week"]), y=list(known[measure]), mode="markers", name="weeks",
        marker={"color": BLUE, "size": 11}, hovertemplate="%{y:.0f} " + unit + "<extra></extra>",
    )  # fmt: skip
    top = max(float(known[measure].max()), usual.high if usual.known else 0.0)
    ticks = [table["week"].iloc[at] for at in sorted({0, len(table) // 2, len(table) - 1})]
    figure.update_layout(
        xaxis={
            "range": ends,
            "tickvals": ticks,
            "ticktext": [words.day_short(day.date()) for day in ticks],
            "ticklabeloverflow": "allow",
        },
        yaxis={
            "range": [0, min(1.15 * top, MOST.get(measure, float("inf")))],
            "nticks": 4,
            "ticksuffix": texts.AXIS[measure],
        },
    )
    key = [("swatch-dot-left", texts.KEY_WEEK)]
    if usual.known:
        key.append(("swatch-band", texts.KEY_USUAL))
    return Drawing(
        text=_sentence(known, measure, usual, unit, words),
        figure=figure,
        height_px=210,
        key=tuple(key),
        columns=texts.COLUMNS,
        rows=_rows(table, measure, unit, words),
    )


def _sentence(known: pd.DataFrame, measure: str, usual: Usual, unit: str, words: Words) -> str:
    texts, last = words.progress, known.iloc[-1]
    count = words.of_days(int(last[f"{measure}_n"]))
    day = words.day_short(last["week"].date())
    text = texts.SENTENCE.format(day=day, value=words.number(float(last[measure])), unit=unit, days=count)
    if not usual.known:
        return str(f"{text} {texts.USUAL_UNKNOWN}")
    low, high = words.number(usual.low), words.number(usual.high)
    band = texts.USUAL_ONE if low == high else texts.USUAL
    return f"{text} {band.format(low=low, high=high, unit=unit)}"


def _rows(table: pd.DataFrame, measure: str, unit: str, words: Words) -> list[list[str]]:
    rows = []
    for one in table.to_dict("records"):
        value = words.progress.TOO_FEW if pd.isna(one[measure]) else f"{words.number(one[measure])} {unit}"
        rows.append([words.day_row(one["week"].date()), value, words.number(float(one[f"{measure}_n"]))])
    return rows
