"""Does a leg walk otherwise in one period than in another? A comparison, never a claim: that takes two looks running.

The rule of the clinical reference, 0.4.6, for adjustments: seven days each side, the error from the days there are, and
a difference of 2.58 of them. Numbered deviation: the periods are the reader's own choice, so what they differ by may be
why they were chosen; the page says so.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from talus_host.metrics.compare import compare
from talus_host.metrics.segments import SIDE_LEAST

WORDS = ("differs", "no_clear_difference", "too_few_days", "not_measured")
WORN = "worn_h"  # every valid day speaks of wear, not only one with enough walking


def between(
    days: pd.DataFrame,
    first: tuple[object, object],
    second: tuple[object, object],
    measures: Sequence[str],
    *,
    least: int = SIDE_LEAST,
) -> pd.DataFrame:
    """Columns of metrics.compare, and word (of WORDS; not_measured: not on one day of either period), a row per leg
    and measure in their order; periods are [start, end) days. days: side, day, status, day_class and the measures."""
    whole = days.assign(day_class=np.where(days["status"] == "valid", "gait", "not known"))
    told = []
    for measure in measures:
        table = whole if measure == WORN else days
        told.append(compare(table, (measure,), now=second, before=first, least=least))
    order = {name: at for at, name in enumerate(measures)}
    found = pd.concat(told, ignore_index=True)
    found = found.assign(at=found["measure"].map(order)).sort_values(["side", "at"]).drop(columns="at")
    counts = found[["before_days", "now_days"]]
    large = (found["difference"].abs() >= found["needed"]).to_numpy()
    kinds = [(counts.max(axis=1) == 0).to_numpy(), (counts.min(axis=1) < least).to_numpy(), large]
    word = np.select(kinds, ["not_measured", "too_few_days", "differs"], default="no_clear_difference")
    return found.assign(word=word).reset_index(drop=True)
