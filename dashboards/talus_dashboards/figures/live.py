"""The newest seconds as a brace felt them: stacked panels over one time axis that ends now.

The axis goes on when samples do not, so what is old moves away and never stands there as if it were new. A dropped
sample breaks every line and is hatched; a channel that was not measured has no line and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from talus_dashboards.figures.drawing import BLUE, GREEN, GREY, TITLED_PX, VERMILLION, Drawing, blank, hatch, titled
from talus_dashboards.figures.pressure import MMHG_PER_KPA
from talus_dashboards.words import Words

TIME = "since_boot_ms"
SHOWN_S = 10.0
NEWEST_MS = 1000  # of the table and the sentence
QUIET_S = 1.0  # ten pieces late: from here on it is said that no samples come
PLOT_PX, LOW_PX, LINE_PX, APART_PX = 84, 48, 17, 14
APART = 0.18  # of a panel's height: two marks nearer than that would be printed over each other
EDGES_PX = {"l": 46, "r": 12, "t": 4, "b": TITLED_PX}
# Of the lines of a panel, in their order: never told apart by colour alone.
LOOKS = ((BLUE, "solid", "━━"), (VERMILLION, "5px 3px", "╍╍"), (GREEN, "2px 2px", "┉┉"))


@dataclass(frozen=True)
class Panel:
    """name: of its words; columns: its lines; low, high: the least it shows, in steps of `step`, in units of the page.

    px: height of its plot; per: what a column is multiplied by for the page.
    """

    name: str
    columns: tuple[str, ...]
    low: float
    high: float
    step: float
    digits: int
    px: int = PLOT_PX
    per: float = 1.0

    @property
    def head_px(self) -> int:
        return LINE_PX * (2 if len(self.columns) > 1 else 1)


PRESSURES = tuple(f"pressure_{n}_kpa" for n in (1, 2, 3, 4))
PANELS = (
    Panel("angle", ("ankle_angle_deg",), -20, 20, 10, 1),
    Panel("moment", ("moment_nm",), -4, 4, 2, 2),
    # A heel takes thirty times what skin under a strap does: each place has a scale of its own.
    *(Panel("pressure", (column,), 0, 20, 20, 0, LOW_PX, MMHG_PER_KPA) for column in PRESSURES),
    Panel("rate", ("gyro_sagittal_deg_s", "gyro_frontal_deg_s", "gyro_transverse_deg_s"), -100, 100, 100, 0),
    Panel("acceleration", ("acc_forward", "acc_up", "acc_lateral"), -1, 1, 1, 2),
)
INSIDE_PX = sum(panel.head_px + panel.px + APART_PX for panel in PANELS) - APART_PX
HEIGHT_PX = INSIDE_PX + EDGES_PX["t"] + EDGES_PX["b"]


def seconds(samples: pd.DataFrame, silent_s: float) -> np.ndarray:
    """When each sample was, in seconds before now: the newest came `silent_s` ago."""
    at_ms = samples[TIME].to_numpy()
    return (at_ms - at_ms[-1]) / 1000 - silent_s if len(at_ms) else at_ms.astype(float)


def gaps(samples: pd.DataFrame, step_ms: int) -> list[tuple[int, int]]:
    """(row behind a gap, samples missing in it), in their order."""
    missing = np.rint(np.diff(samples[TIME].to_numpy()) / step_ms).astype(int) - 1
    return [(int(at) + 1, int(missing[at])) for at in np.flatnonzero(missing > 0)]


def newest(samples: pd.DataFrame) -> pd.DataFrame:
    """The rows of the newest second."""
    at_ms = samples[TIME]
    return samples[at_ms > at_ms.max() - NEWEST_MS]


def panels(samples: pd.DataFrame, step_ms: int, silent_s: float, *, sites: Sequence[str] = (), words: Words) -> Drawing:
    """Draw the last SHOWN_S seconds of `samples`; without a figure where none of them is that new."""
    t = seconds(samples, silent_s)
    shown = samples[t >= -SHOWN_S].reset_index(drop=True)
    if shown.empty:
        return Drawing(text=words.live.NONE.format(seconds=words.number(SHOWN_S)))
    t = t[t >= -SHOWN_S]
    broken = gaps(shown, step_ms)
    unknown = [(t[row - 1], t[row]) for row, _ in broken] + ([(t[-1], 0.0)] if silent_s > QUIET_S else [])
    columns = _broken(shown, t, [row for row, _ in broken])
    figure = blank(HEIGHT_PX, margin=EDGES_PX)
    axes: dict[str, object] = {}
    heads = []
    for number, panel in enumerate(PANELS):
        called = names(panel, sites, words)
        measured = _lines(figure, number, panel, columns, unknown, called, words)
        axes["yaxis" + _axis(number)[1:]] = _place(number, measured)
        heads.append(_head(number, panel, called, measured, words))
    figure.update_layout(
        barmode="overlay",
        annotations=heads,
        **axes,
        xaxis={
            "range": [-SHOWN_S, 0], "dtick": 2, "anchor": _axis(len(PANELS) - 1), "showgrid": True,
            "ticks": "outside", "ticklen": 7, "tickcolor": "rgba(0,0,0,0)",
            "title": titled(words.live.AXIS),
        },
    )  # fmt: skip
    latest = newest(shown)
    return Drawing(
        text=_sentence(latest, broken, silent_s, words),
        figure=figure,
        height_px=HEIGHT_PX,
        key=(("swatch-unknown", words.live.KEY_GAP),),
        columns=words.live.COLUMNS,
        rows=_rows(latest, sites, words),
    )


def _rows(latest: pd.DataFrame, sites: Sequence[str], words: Words) -> list[list[str]]:
    return [
        _row(latest[column] * panel.per, name, panel, words)
        for panel in PANELS
        for column, name in zip(panel.columns, names(panel, sites, words), strict=True)
    ]


def names(panel: Panel, sites: Sequence[str], words: Words) -> list[str]:
    """What a panel's lines are called; a pressure by its site where that is known."""
    if panel.name == "pressure" and len(sites) == len(PRESSURES):
        site = sites[PRESSURES.index(panel.columns[0])]
        if site != "none":
            return [words.SITE[site]]
    return [words.live.CHANNELS[column] for column in panel.columns]


def _axis(number: int) -> str:
    return f"y{number + 1 if number else ''}"


def _broken(shown: pd.DataFrame, t: np.ndarray, breaks: list[int]) -> dict[str, np.ndarray]:
    """The time and every channel, in units of the page, with a NaN where lines break: before each of these rows.

    As arrays, for plotly looks at a list item by item: a fifth of a second for all lines, three times a second.
    """
    columns = {name: shown[name].to_numpy() * panel.per for panel in PANELS for name in panel.columns}
    return {
        name: np.insert(values, breaks, np.nan).astype(np.float32) for name, values in ({TIME: t} | columns).items()
    }


@dataclass(frozen=True)
class Measured:
    """What of a panel there is to draw: which of its lines, over which range."""

    columns: list[str]
    low: float
    high: float


def _lines(
    figure: go.Figure, number: int, panel: Panel, columns: dict[str, np.ndarray], unknown: list[tuple[float, float]],
    called: list[str], words: Words,
) -> Measured:  # fmt: skip
    axis, unit = _axis(number), words.live.PANELS[panel.name][1]
    measured = [column for column in panel.columns if not np.isnan(columns[column]).all()]
    known = [columns[column] for column in measured]
    low = panel.step * floor(min([panel.low, *(np.nanmin(one) for one in known)]) / panel.step)
    high = panel.step * ceil(max([panel.high, *(np.nanmax(one) for one in known)]) / panel.step)
    if measured:
        _hatched(figure, axis, low, high, unknown)
    for column, name, (colour, dash, _) in zip(panel.columns, called, LOOKS, strict=False):
        if column in measured:
            figure.add_scatter(
                name=column, mode="lines", x=columns[TIME], y=columns[column], yaxis=axis,
                line={"color": colour, "width": 1.6, "dash": dash}, connectgaps=False,
                hovertemplate=f"{name}<br>%{{y:.{panel.digits}f}} {unit}<extra></extra>",
            )  # fmt: skip
    return Measured(measured, low, high)


def _top_px(number: int) -> int:
    return sum(panel.head_px + panel.px + APART_PX for panel in PANELS[:number])


def _place(number: int, measured: Measured) -> dict[str, object]:
    """A panel's axis: where it stands, and what it is marked with."""
    panel, low, high = PANELS[number], measured.low, measured.high
    top = _top_px(number) + panel.head_px
    middle = [0.0 if low < 0 < high else (low + high) / 2] if panel.px == PLOT_PX else []
    ends = [end for end in (low, high) if all(abs(end - one) > APART * (high - low) for one in middle)]
    return {
        "domain": [max(0.0, 1 - (top + panel.px) / INSIDE_PX), 1 - top / INSIDE_PX], "range": [low, high],
        "tickvals": sorted([*ends, *middle]), "visible": bool(measured.columns), "anchor": "x",
        "zeroline": True, "zerolinecolor": GREY, "zerolinewidth": 1, "gridcolor": "#e3e6ea", "fixedrange": True,
        "ticks": "", "showline": False,
    }  # fmt: skip


def _head(number: int, panel: Panel, called: list[str], measured: Measured, words: Words) -> dict[str, object]:
    """What stands over a panel: its name, and of several lines the name of each."""
    title, unit, direction = words.live.PANELS[panel.name]
    title = title.format(name=called[0])
    lines = [f"<b>{title}</b> ({unit}{direction})" if measured.columns else f"<b>{title}</b> · {words.NOT_MEASURED}"]
    if len(called) > 1 and measured.columns:
        told = [
            f"<span style='color:{colour}'>{sign}</span> {name}" if column in measured.columns
            else f"{name}: {words.NOT_MEASURED}"
            for column, name, (colour, _, sign) in zip(panel.columns, called, LOOKS, strict=False)
        ]  # fmt: skip
        lines.append(" · ".join(told))
    return {
        "text": "<br>".join(lines), "x": 0, "xref": "paper", "xanchor": "left", "y": 1 - _top_px(number) / INSIDE_PX,
        "yref": "paper", "yanchor": "top", "showarrow": False, "align": "left", "font": {"size": 12}, "borderpad": 0,
    }  # fmt: skip


def _hatched(figure: go.Figure, axis: str, low: float, high: float, spans: list[tuple[float, float]]) -> None:
    """What is missing between two samples, or since the newest: as everywhere, hatched."""
    figure.add_bar(
        name=f"unknown {axis}", yaxis=axis, x=[float(begin) for begin, _ in spans], offset=0,
        width=[float(end - begin) for begin, end in spans], base=low, y=[high - low] * len(spans),
        opacity=0.45, hoverinfo="skip",
        # The line keeps a gap of a few samples visible on a phone.
        marker={"pattern": hatch(), "line": {"width": 1, "color": GREY}},
    )  # fmt: skip


def _row(own: pd.Series, name: str, panel: Panel, words: Words) -> list[str]:
    known = own.dropna()
    called = words.live.ROW[panel.name].format(name=name, unit=words.live.PANELS[panel.name][1])
    if known.empty:
        return [called, words.NOT_MEASURED, ""]
    low, high = (words.number(float(bound), panel.digits) for bound in (known.min(), known.max()))
    both = low if low == high else words.live.RANGE.format(low=low, high=high)
    return [called, words.number(float(known.mean()), panel.digits), both]


def _sentence(latest: pd.DataFrame, broken: list[tuple[int, int]], silent_s: float, words: Words) -> str:
    means = []
    for panel in PANELS[:2]:
        own = latest[panel.columns[0]].dropna()
        title, unit, _ = words.live.PANELS[panel.name]
        mean = words.NOT_MEASURED if own.empty else f"{words.number(float(own.mean()), panel.digits)} {unit}"
        means.append(f"{title}: {mean}")
    text = words.live.TEXT.format(means=", ".join(means))
    if broken:
        missing = words.plural(sum(count for _, count in broken), *words.live.SAMPLE_PLURAL)
        text += " " + words.live.TEXT_GAPS.format(
            missing=missing, gaps=words.plural(len(broken), *words.live.GAP_PLURAL), seconds=words.number(SHOWN_S)
        )
    if silent_s > QUIET_S:
        text += " " + words.live.TEXT_OLD.format(seconds=words.number(silent_s))
    return text
