"""Why is a measure missing on a day? Each measure names the channels it needs and how many strides; the first reason
that holds is told. It says what is known and never guesses: where nothing explains it, that is what it says.

Order: paused, no record, not worn, no walking, a channel without a sensor or with one that failed, no standing
calibration, too few strides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

ENCODER, BRIDGE, GYRO, ACCEL = "encoder", "bridge", "imu_gyro", "imu_accel"
STEPS = "steps"


@dataclass(frozen=True)
class Need:
    """channels: words of kinds.SENSORS, each of which must work; either: of which one must; strides: fewest of a day,
    of `of`; standing: it stands on a standing calibration."""

    channels: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    strides: int = 10
    of: str = "strides in walks of 10 s or more"
    standing: bool = False


NEEDS: Mapping[str, Need] = {
    "cadence_spm": Need(),
    "stride_time_s": Need(),
    "stride_time_cv_pct": Need(strides=50, of="sure strides in walks of 10 strides or more"),
    "stance_pct": Need(),
    "swing_dorsiflexion_deg": Need((ENCODER,)),
    "ankle_at_contact_deg": Need((ENCODER,)),
    "ankle_range_deg": Need((ENCODER,)),
    "heel_first_pct": Need((GYRO,), strides=20, of="strides with a known contact"),
    "moment_swing_nm": Need((BRIDGE,)),
    "moment_swing_peak_nm": Need((BRIDGE,)),
    "assist_impulse_nms": Need((BRIDGE,)),
    "loading_impulse_nms": Need((BRIDGE, GYRO)),
    "slap_rate_deg_s": Need((ENCODER,), of="heel-first strides of good confidence"),
    "shank_to_vertical_deg": Need(either=(ENCODER, ACCEL), standing=True),
    "shank_to_vertical_iqr_deg": Need(either=(ENCODER, ACCEL), standing=True),
    "work_returned_j": Need((ENCODER, BRIDGE)),
    "work_stored_j": Need((ENCODER, BRIDGE)),
    "work_push_off_j": Need((ENCODER, BRIDGE, GYRO)),
    "push_off_rate_deg_s": Need((ENCODER, GYRO)),
    "flat_after_s": Need((GYRO,)),
    "shank_range_deg": Need((GYRO,)),
    "shank_back_deg": Need((GYRO,)),
    "foot_pitch_mid_swing_deg": Need((GYRO,)),
    "stiffness_nm_deg": Need(
        (ENCODER, BRIDGE), strides=30, of="strides in an hour, with 5 degrees of ankle motion on a line"
    ),
    "stiffness_down_nm_deg": Need(
        (ENCODER, BRIDGE), strides=30, of="strides in an hour, with 5 degrees below neutral on a line"
    ),
    "stiffness_up_nm_deg": Need(
        (ENCODER, BRIDGE), strides=30, of="strides in an hour, with 5 degrees above neutral on a line"
    ),
    "neutral_deg": Need((ENCODER, BRIDGE), strides=30, of="strides in an hour, on both sides of neutral"),
    "loss_j": Need((ENCODER, BRIDGE), strides=30, of="strides in an hour"),
}


def missing(days: pd.DataFrame, parts: pd.DataFrame, *, needs: Mapping[str, Need] = NEEDS) -> pd.DataFrame:
    """One row per leg, day and measure of `needs` that is NaN: side, day, measure, why.

    days: side, day, status, worn_h, coverage, strides_valid and the measures. parts: side, day, sensor, state, reason:
    how each part was at its worst that day (no row: not known). Measures that the table lacks are left out.
    """
    worst = {(p["side"], p["day"], p["sensor"]): (p["state"], p["reason"]) for p in parts.to_dict("records")}
    rows = []
    for day in days.to_dict("records"):
        for measure, need in needs.items():
            if measure in day and np.isnan(day[measure]):
                rows.append((day["side"], day["day"], measure, _why(day, need, worst)))
    found = pd.DataFrame(rows, columns=["side", "day", "measure", "why"])
    return found.astype({"side": "str", "day": days["day"].dtype, "measure": "str", "why": "str"})


def _why(day: Mapping[str, object], need: Need, worst: Mapping[tuple[Any, Any, Any], tuple[str, str]]) -> str:
    if day.get("status") == "paused":
        return "paused"
    if not _number(day, "coverage") > 0:
        return "no record of this day"
    if _number(day, "worn_h") == 0:
        return "the brace was not worn"
    if _number(day, "strides_valid") == 0:
        return "no walking was seen"
    for channel in need.channels:
        state, reason = worst.get((day["side"], day["day"], channel), ("", ""))
        if state in ("absent", "failed"):
            return f"{channel} {state}: {reason}"
    gone = [worst.get((day["side"], day["day"], channel), ("", "")) for channel in need.either]
    if gone and all(state in ("absent", "failed") for state, _ in gone):
        return " and ".join(f"{c} {state}: {why}" for c, (state, why) in zip(need.either, gone, strict=True))
    if need.standing:
        return f"no standing calibration, or fewer than {need.strides} {need.of}"
    return f"fewer than {need.strides} {need.of}"


def _number(day: Mapping[str, object], name: str) -> float:
    value = day.get(name, np.nan)
    return float(value) if isinstance(value, int | float) else float("nan")
