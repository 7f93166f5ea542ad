"""How much of the foot's weight does the brace carry in swing? 1: all of it, alone.

Needs the strain bridge and the person's mass: foot and shoe hang from the ankle with about 0.012 N.m per kg of body
(0.010 to 0.014: Winter's segment data, shoe of 0.4 kg). The bridge's zero is known to about 0.3 N.m, which is some
30 % of that: a ratio says no more than its bounds do, and no change inside them is a change.
"""

import pandas as pd

FOOT_NM_PER_KG = 0.012
ZERO_UNCERTAINTY_NM = 0.3


def assist_ratio(
    moment_swing_nm: pd.Series,
    *,
    mass_kg: float,
    foot_nm_per_kg: float = FOOT_NM_PER_KG,
    zero_uncertainty_nm: float = ZERO_UNCERTAINTY_NM,
) -> pd.DataFrame:
    """assist_ratio with assist_ratio_low and assist_ratio_high, what the zero's uncertainty leaves open. NaN where the
    moment or the mass is unknown."""
    whole = foot_nm_per_kg * mass_kg
    return pd.DataFrame(
        {
            "assist_ratio": moment_swing_nm / whole,
            "assist_ratio_low": (moment_swing_nm - zero_uncertainty_nm) / whole,
            "assist_ratio_high": (moment_swing_nm + zero_uncertainty_nm) / whole,
        }
    )
