"""What every figure function returns, and the one helper that says how a figure may behave in a browser.

Plotly 7 puts a "Share chart" upload button on every chart unless it is told not to: no figure leaves here without
`CONFIG`.
Nothing is drawn between days that were not measured, and no figure draws a trend.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import plotly.graph_objects as go

# The Okabe-Ito colours that keep 3:1 against white and against the dark page; the lighter three do not.
BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
GREY = "#767676"
# Unknown is always this hatch, on every figure, and nothing else is hatched so.
UNKNOWN_FILL = "#e9ecef"
UNKNOWN_HATCH = "#868e96"
OFF_FILL = "#f8f9fa"
OFF_LINE = "#adb5bd"

# side -> colour, marker: never told apart by colour alone
SIDES = {"left": (BLUE, "circle"), "right": (VERMILLION, "diamond"), "unknown": (GREEN, "square")}

CONFIG = {
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "responsive": True,
}


TITLED_PX = 58  # the bottom margin that an axis's numbers and its title need


@dataclass(frozen=True)
class Drawing:
    """A figure with what stands beside it: the sentence for those who cannot see it, the key, the table.

    `figure` is None where there was nothing to measure; then `text` says why. `key` holds (swatch, word) pairs, a
    swatch being the name of a CSS class. `rows` are display strings under `columns`.
    """

    text: str
    figure: go.Figure | None = None
    height_px: int = 240
    key: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: list[list[str]] = field(default_factory=list)


def config() -> dict[str, object]:
    """Return a fresh copy of the settings every chart on every page must carry."""
    return dict(CONFIG)


def hatch() -> dict[str, object]:
    """Return plotly's pattern for "not known"."""
    return {
        "shape": "/",
        "size": 6,
        "solidity": 0.35,
        "fgcolor": UNKNOWN_HATCH,
        "bgcolor": UNKNOWN_FILL,
        "fillmode": "replace",
    }


def titled(text: str) -> dict[str, object]:
    """Return an axis's title beneath its numbers; the figure's bottom margin is TITLED_PX."""
    return {"text": text, "standoff": 8, "font": {"size": 13}}


def room_for(names: Sequence[str]) -> int:
    """Return the pixels that the longest of these words takes at the left of a figure, at the figures' own size."""
    return round(14 + 7.4 * max(map(len, names), default=0))


def some_days(first: date, behind: date, most: int = 4) -> list[date]:
    """Return at most so many dates of [first, behind) to name on an axis: none so near the edge that its name is cut or
    meets the other axis's. Plotly's own names of days are English in every language.
    """
    count = (behind - first).days
    step = max(1, -(-count // most))
    return [first + timedelta(days=n) for n in range(step // 2, count, step)]


def blank(height_px: int, *, margin: dict[str, int] | None = None) -> go.Figure:
    """Return an empty figure in the project's style: transparent, without zoom; text takes the page's colours."""
    figure = go.Figure()
    axis = {
        "showline": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": False,
        "ticks": "",
        "gridcolor": "#e3e6ea",
    }
    figure.update_layout(
        template="none",
        height=height_px,
        autosize=True,
        margin=margin or {"l": 44, "r": 10, "t": 8, "b": 36},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 13, "color": "#343a40"},
        showlegend=False,
        dragmode=False,
        hovermode="closest",
        hoverlabel={"font": {"size": 13}},
        xaxis=axis | {"showgrid": False, "ticklabelstandoff": 11},  # or the two axes' first labels meet
        yaxis=axis,
    )
    return figure
