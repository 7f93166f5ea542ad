"""How much does the brace lift the foot in swing: mean dorsiflexing moment, and its impulse over the swing?

Needs the strain bridge. The bridge's zero is known to about 0.3 N.m, a third of what a foot and shoe need (0.8 to
1.1 N.m): no change within that is a change.
"""

import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians


def assist(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """moment_swing_nm (+ toward dorsiflexion), assist_impulse_nms and their _n by day, of steady strides."""
    found = [
        medians(strides[name], strides["day"], name=name, minimum=minimum)
        for name in ("moment_swing_nm", "assist_impulse_nms")
    ]
    return pd.concat(found, axis=1)
