"""Mean stride curves of two periods laid over each other, each mean weighted by its strides."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import plotly.graph_objects as go

from talus_dashboards.figures.drawing import BLUE, GREY, TITLED_PX, Drawing, blank, titled
from talus_dashboards.words import Words

POINTS = 25
PERCENT = [100 * point / (POINTS - 1) for point in range(POINTS)]
HEIGHT_PX = 300
ZERO_NM = 0.3  # how well the moment's zero is known (clinical reference 0.4.8)
WEEKS_EACH = 4
LOOKS = (
    {"color": GREY, "width": 3, "dash": "6px 4px"},
    {"color": BLUE, "width": 3, "dash": "solid"},
)


@dataclass(frozen=True)
class Curve:
    """What is drawn of each stride point: a column, its unit, and how well its zero is known (or None)."""

    column: str
    unit: str
    digits: int
    needs: str
    zero: float | None = None


ANGLE = Curve("angle_deg", "°", 0, "encoder")
MOMENT = Curve("moment_nm", " N·m", 1, "bridge", ZERO_NM)


def two_periods(first: date, last: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """Return the first and the last stretch of [first, last]: four weeks each, or half each where that is shorter."""
    length = min(7 * WEEKS_EACH, ((last - first).days + 1) // 2)
    step = timedelta(days=max(length, 1) - 1)
    return (first, first + step), (last - step, last)


def period_mean(curves: pd.DataFrame, column: str, first: date, last: date, zone: str) -> pd.DataFrame:
    """Return `point`, `mean` for the local dates [first, last]; attrs hold strides and days. Empty: none measured.

    `curves` has hour_utc, strides, point and `column`, a row for each of 25 points of each hour.
    """
    local = pd.to_datetime(curves["hour_utc"], utc=True).dt.tz_convert(ZoneInfo(zone)).dt.date
    part = curves[(local >= first) & (local <= last) & curves[column].notna() & (curves["strides"] > 0)]
    weighed = part.assign(total=part[column] * part["strides"]).groupby("point")[["total", "strides"]].sum()
    mean = pd.DataFrame({"point": weighed.index, "mean": (weighed["total"] / weighed["strides"]).to_numpy()})
    mean.attrs["strides"] = int(weighed["strides"].max()) if len(weighed) else 0
    mean.attrs["days"] = int(local[part.index].nunique())
    return mean


Spans = tuple[tuple[date, date], tuple[date, date]]


def over_stride(
    curves: pd.DataFrame, curve: Curve, first: date, last: date, *, zone: str, words: Words,
    spans: Spans | None = None, periods: tuple[str, str] | None = None,
) -> Drawing:  # fmt: skip
    """Draw one brace's mean `curve` in the first and the last weeks of [first, last], or in `spans` of one's own.

    periods: what the spans are called, with {days} in it.
    """
    periods = periods or words.CURVE_PERIODS
    spans = spans or two_periods(first, last)
    means = [period_mean(curves, curve.column, *span, zone) for span in spans]
    if all(mean.empty for mean in means):
        return Drawing(text=words.CURVE_NONE.format(needs=words.NEEDS[curve.needs]))
    figure = blank(HEIGHT_PX, margin={"l": 48, "r": 22, "t": 8, "b": TITLED_PX})
    if curve.zero is not None and not means[-1].empty:
        _zero_band(figure, means[-1], curve.zero)
    names = [name.format(days=(b - a).days + 1) for name, (a, b) in zip(periods, spans, strict=True)]
    for name, mean, look in zip(names, means, LOOKS, strict=True):
        figure.add_scatter(
            name=name, mode="lines", x=[PERCENT[point] for point in mean["point"]], y=[float(m) for m in mean["mean"]],
            line=look, connectgaps=False,
            hovertemplate=f"{name}<br>%{{x:.0f}} %: %{{y:.{curve.digits + 1}f}}{curve.unit}<extra></extra>",
        )  # fmt: skip
    axis = words.CURVE_MOMENT_AXIS if curve is MOMENT else words.CURVE_ANGLE_AXIS
    figure.update_layout(
        xaxis={
            "range": [0, 100], "tickvals": [0, 20, 40, 60, 80, 100],
            "title": titled(words.CURVE_STRIDE_AXIS),
        },
        yaxis={"nticks": 6, "zeroline": True, "zerolinecolor": GREY, "zerolinewidth": 1},
    )  # fmt: skip
    key = [
        (swatch, words.CURVE_KEY.format(period=name, span=words.day_span(*span), **_counts(mean, words)))
        for swatch, name, span, mean in zip(("swatch-before", "swatch-after"), names, spans, means, strict=True)
    ]
    if curve.zero is not None:
        key.append(("swatch-band", words.KEY_ZERO.format(zero=words.number(curve.zero, 1))))
    told = [_sentence(name, mean, curve, words) for name, mean in zip(names, means, strict=True) if not mean.empty]
    if curve.zero is not None:
        told.append(words.CURVE_ZERO.format(zero=words.number(curve.zero, 1)))
    return Drawing(
        text=f"{axis}. " + " ".join(told),
        figure=figure,
        height_px=HEIGHT_PX,
        key=tuple(key),
        columns=(*words.CURVE_COLUMNS, *names),
        rows=_rows(means, curve, words),
    )


def _zero_band(figure: go.Figure, mean: pd.DataFrame, zero: float) -> None:
    x = [PERCENT[point] for point in mean["point"]]
    upper, lower = [m + zero for m in mean["mean"]], [m - zero for m in mean["mean"]]
    figure.add_scatter(
        name="zero", x=x + x[::-1], y=upper + lower[::-1], fill="toself", fillcolor="rgba(0,114,178,0.16)",
        line={"width": 0}, mode="lines", hoverinfo="skip",
    )  # fmt: skip


def _counts(mean: pd.DataFrame, words: Words) -> dict[str, str]:
    return {
        "strides": words.plural(mean.attrs["strides"], *words.STRIDE_PLURAL),
        "days": words.of_days(mean.attrs["days"]),
    }


def _sentence(name: str, mean: pd.DataFrame, curve: Curve, words: Words) -> str:
    low, high = mean.loc[mean["mean"].idxmin()], mean.loc[mean["mean"].idxmax()]
    return words.CURVE_TEXT.format(
        period=name, unit=curve.unit, **_counts(mean, words),
        low=words.number(low["mean"], curve.digits), low_at=words.number(PERCENT[int(low["point"])]),
        high=words.number(high["mean"], curve.digits), high_at=words.number(PERCENT[int(high["point"])]),
    )  # fmt: skip


def _rows(means: list[pd.DataFrame], curve: Curve, words: Words) -> list[list[str]]:
    by_point = [mean.set_index("point")["mean"].reindex(range(POINTS)) for mean in means]
    return [
        [words.number(PERCENT[point]), *(words.number(float(mean[point]), curve.digits + 1) for mean in by_point)]
        for point in range(POINTS)
    ]
