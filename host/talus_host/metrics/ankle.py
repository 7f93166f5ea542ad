"""How does the ankle move in the brace: dorsiflexion in swing, angle at contact, range over the stride?

Needs the encoder; without one every figure here is NaN. Swing dorsiflexion is set mostly by the brace: never show it
alone as recovery.
"""

import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians

MEASURES = {
    "ankle_swing_peak_deg": "swing_dorsiflexion_deg",
    "ankle_at_contact_deg": "ankle_at_contact_deg",
    "ankle_range_deg": "ankle_range_deg",
}


def ankle(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """swing_dorsiflexion_deg, ankle_at_contact_deg, ankle_range_deg (+ dorsiflexion) and their _n by day, of steady
    strides."""
    found = [medians(strides[c], strides["day"], name=name, minimum=minimum) for c, name in MEASURES.items()]
    return pd.concat(found, axis=1)
