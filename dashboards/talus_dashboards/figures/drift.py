"""How much UTC gains on a brace's clock, boot by boot, with how well that is known. One exchange tells no drift."""

import pandas as pd

from talus_dashboards.figures import utc
from talus_dashboards.figures.drawing import BLUE, Drawing, blank
from talus_dashboards.words import Words

HEIGHT_PX = 210


def by_boot(drifts: pd.DataFrame, *, words: Words) -> Drawing:
    """Draw every boot whose drift is known, in order of time."""
    said = words.device
    ordered = drifts.sort_values("began_utc")
    known = ordered[ordered["ppm"].notna()]
    rows = [_row(one, words) for one in ordered.iloc[::-1].to_dict("records")]
    if known.empty:
        return Drawing(text=said.DRIFT_NONE)
    figure = blank(HEIGHT_PX, margin=utc.MARGIN)
    figure.add_scatter(
        mode="markers", x=[f"{one.boot}" for one in known.itertuples()], y=known["ppm"].tolist(),
        error_y={"type": "data", "array": known["half_ppm"].tolist(), "thickness": 1.5, "width": 4, "color": BLUE},
        marker={"size": 8, "color": BLUE}, hovertemplate="%{y:.1f} ppm<extra>%{x}</extra>",
    )  # fmt: skip
    figure.update_layout(
        xaxis={"type": "category", "nticks": 12, "title": {"text": said.DRIFT_AXIS_BOOT, "font": {"size": 12}}},
        yaxis={"title": {"text": "ppm", "font": {"size": 12}}, "nticks": 5, "zeroline": True},
        margin={**utc.MARGIN, "b": 44},
    )
    last = known.iloc[-1]
    facts = {
        "boots": words.plural(len(known), *said.BOOT_PLURAL), "ppm": words.number(float(last["ppm"]), 1),
        "half": words.number(float(last["half_ppm"]), 1), "low": words.number(float(known["ppm"].min()), 1),
        "high": words.number(float(known["ppm"].max()), 1),
    }  # fmt: skip
    return Drawing(
        text=said.DRIFT_TEXT.format(**facts), figure=figure, height_px=HEIGHT_PX,
        key=(("swatch-dot-left", said.DRIFT_KEY),), columns=said.DRIFT_COLUMNS, rows=rows,
    )  # fmt: skip


def _row(one: dict[object, object], words: Words) -> list[str]:
    ppm, half = float(str(one["ppm"])), float(str(one["half_ppm"]))
    drift = words.NOT_KNOWN if pd.isna(ppm) else f"{words.number(ppm, 1)} ± {words.number(half, 1)}"
    spans = [utc.moment(one[name], words) for name in ("began_utc", "ended_utc")]
    return [str(one["boot"]), *spans, drift, str(one["used"]), str(one["rejected"])]
