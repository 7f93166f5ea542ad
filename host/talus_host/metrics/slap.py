"""How fast does the foot come down after the heel: the slap, and what the brace puts against it?

Only heel-first strides of good confidence carry a slap rate (the brace's own rule). There is no validated limit: a
person's own figures are all it may be compared with.
"""

import pandas as pd

from talus_host.metrics.by_day import MIN_STRIDES, medians

MEASURES = {"slap_rate_deg_s": "slap_rate_deg_s", "loading_impulse_nms": "loading_impulse_nms"}


def slap(strides: pd.DataFrame, *, minimum: int = MIN_STRIDES) -> pd.DataFrame:
    """slap_rate_deg_s (fastest plantarflexion within 200 ms of contact), loading_impulse_nms (dorsiflexing moment from
    contact to foot flat) and their _n by day, of steady strides."""
    found = [medians(strides[c], strides["day"], name=name, minimum=minimum) for c, name in MEASURES.items()]
    return pd.concat(found, axis=1)
