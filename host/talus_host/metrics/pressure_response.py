"""What did the wearer do after a long pressure was told: strap let out, brace off, or nothing, and after how long?

Within 20 minutes of the prompt (clinical reference 4.1, S49). A silenced prompt is one too: then the answer says what
happens when nobody is told. A minute that is not known is no "nothing": the answer is then unknown. No rate of prompts
is aimed at (0.4.4); more than one felt in a day asks for a fitting review.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from talus_host.metrics.pressure_minutes import AMBER_DEFAULT_MMHG, AMBER_MMHG, KPA_PER_MMHG

MINUTE_MS = 60_000
WITHIN_MIN = 20
OFFSET_MMHG = 10.0
TAKEN_OFF_MIN = 5  # a pressure that falls so shortly before the brace is off fell because it came off
PROMPTS_A_DAY = 1
STILL_AXES = 2
COLUMNS = (
    "response", "response_min", "walking_share", "still_share", "liner_degc", "prompts_felt", "prompts_silenced",
)  # fmt: skip


def pressure_responses(
    events: pd.DataFrame,
    minutes: pd.DataFrame,
    prompts: pd.DataFrame,
    off_ms: np.ndarray,
    *,
    within_min: int = WITHIN_MIN,
    offset_mmhg: float = OFFSET_MMHG,
    amber_mmhg: Mapping[str, float] = AMBER_MMHG,
    amber_default_mmhg: float = AMBER_DEFAULT_MMHG,
) -> pd.DataFrame:
    """One row per event, in its order: response ("loosened", "taken_off", "none" or None: unknown), response_min (from
    the first prompt of the event), walking_share and still_share of the minutes of the event until then (0 to 1),
    liner_degc (their mean), prompts_felt, prompts_silenced (of the whole event).

    events: start_ms, end_ms (NaN open), channel, site. minutes: of that brace in order: utc_ms, worn (1, 0, NaN),
    strides, still_axes, liner_degc, pressure_1_kpa ... prompts: utc_ms, channel, silenced of its pressure prompts.
    off_ms: when it was taken off.
    """
    rows = []
    for event in events.to_dict("records"):
        end_ms = np.inf if np.isnan(event["end_ms"]) else event["end_ms"]
        told = prompts[(prompts["channel"] == event["channel"]) & prompts["utc_ms"].between(event["start_ms"], end_ms)]
        level = amber_mmhg.get(event["site"], amber_default_mmhg)
        release_kpa = (level - offset_mmhg) * KPA_PER_MMHG
        at = float(told["utc_ms"].min()) if len(told) else np.nan
        before = minutes[minutes["utc_ms"].between(event["start_ms"], end_ms if np.isnan(at) else at)]
        strides, axes = before["strides"].dropna(), before["still_axes"].dropna()
        response, after = (None, np.nan)
        if not np.isnan(at):
            response, after = _response(at, int(event["channel"]), minutes, off_ms, release_kpa, within_min)
        rows.append(
            {
                "response": response,
                "response_min": after,
                "walking_share": float((strides > 0).mean()) if len(strides) else np.nan,
                "still_share": float((axes >= STILL_AXES).mean()) if len(axes) else np.nan,
                "liner_degc": float(before["liner_degc"].mean()) if len(before) else np.nan,
                "prompts_felt": float((told["silenced"] == 0).sum()),
                "prompts_silenced": float((told["silenced"] == 1).sum()),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS), index=events.index)


def _response(
    at: float, channel: int, minutes: pd.DataFrame, off_ms: np.ndarray, release_kpa: float, within_min: int
) -> tuple[str | None, float]:
    last = at + within_min * MINUTE_MS
    offs = off_ms[(off_ms >= at) & (off_ms <= last + TAKEN_OFF_MIN * MINUTE_MS)]
    off = float(offs.min()) if len(offs) else np.inf
    # A minute's sustained pressure is that of its end.
    ends = minutes["utc_ms"].to_numpy(np.float64) + MINUTE_MS
    inside = (ends > at) & (ends <= last)
    kpa = minutes[f"pressure_{channel}_kpa"].to_numpy(np.float64)[inside]
    low = ends[inside][(kpa < release_kpa) & (ends[inside] < off)]
    fell = float(low.min()) if len(low) else np.inf
    if off <= min(last, fell + TAKEN_OFF_MIN * MINUTE_MS):
        return "taken_off", (off - at) / MINUTE_MS
    if fell < np.inf:
        return "loosened", (fell - at) / MINUTE_MS
    known = int((~np.isnan(kpa)).sum())
    return ("none", np.nan) if known >= within_min - 1 else (None, np.nan)


def prompts_by_day(prompts: pd.DataFrame, *, most_a_day: int = PROMPTS_A_DAY) -> pd.DataFrame:
    """day, felt, silenced, review (more were felt than one a day: ask for a fitting review).

    prompts: day, silenced (0, 1) of pressure prompts.
    """
    grouped = prompts.groupby("day", sort=True)["silenced"]
    found = pd.DataFrame({"felt": grouped.agg(lambda s: float((s == 0).sum()))})
    found["silenced"] = grouped.agg(lambda s: float((s == 1).sum()))
    found["review"] = found["felt"] > most_a_day
    return found.reset_index()
