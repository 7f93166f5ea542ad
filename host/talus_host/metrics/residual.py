"""EXPLORATORY: how much of the foot's weight in swing do the person's own dorsiflexors carry? For research only.

What the level foot needs less what the brace gives; its error (zero of the bridge, mass of the foot, inertia, left out
here) is as large as the figure, and nobody has validated it. It stands on no page and in no report.
"""

import numpy as np
import pandas as pd

from talus_host.metrics.assist_ratio import FOOT_NM_PER_KG, ZERO_UNCERTAINTY_NM


def residual_dorsiflexor(days: pd.DataFrame, *, mass_kg: float, foot_nm_per_kg: float = FOOT_NM_PER_KG) -> pd.DataFrame:
    """side, day, exploratory_residual_nm and its _low and _high: gravity's moment at the foot's pitch in mid-swing less
    the brace's mean moment in swing. days: side, day, moment_swing_nm, foot_pitch_mid_swing_deg."""
    needed = foot_nm_per_kg * mass_kg * np.cos(np.deg2rad(days["foot_pitch_mid_swing_deg"]))
    residual = needed - days["moment_swing_nm"]
    bounds = {"_low": residual - ZERO_UNCERTAINTY_NM, "_high": residual + ZERO_UNCERTAINTY_NM}
    named = {f"exploratory_residual_nm{end}": values for end, values in ({"": residual} | bounds).items()}
    return days[["side", "day"]].assign(**named)
