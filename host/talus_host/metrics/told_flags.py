"""What somebody told of themselves, as flags: an answer raises one for a week; silence raises none and clears none.

Clinical reference, 5.6: any fall, a mark that stays or open skin, and numbness that is new, which also lowers what a
long pressure at the fibular head needs. Which answers are meant is said in `telling`, where the words of safety are.
"""

from typing import Any

import numpy as np
import pandas as pd

from talus_host.metrics.telling import BY_WHAT
from talus_host.metrics.weekly import day_number

WHATS = ("skin", "numbness", "fall")
FLAGS = tuple(f"told_{what}" for what in WHATS)
SHOWN_DAYS = 7
NONE_TOLD = pd.DataFrame({"day": pd.Series(dtype="datetime64[s]"), "what": [], "side": [], "value": []})


def raised(told: pd.DataFrame, now: int) -> list[tuple[Any, ...]]:
    """(side, flag, state, since, reason) of each flag and side somebody told of in the last SHOWN_DAYS days.

    told: day, what, side ("": no leg in particular), value, by moment; now: number of today. since: the first of
    those days; the reason has the last answer.
    """
    rows = []
    lately = told[_lately(told, now)]
    for what, flag in zip(WHATS, FLAGS, strict=True):
        mine = lately[((lately["what"] == what) & lately["value"].isin(BY_WHAT[what].careful)).to_numpy(bool)]
        for side, said in mine.groupby("side", sort=True):
            last = said.iloc[-1]
            reason = f"told on {last['day']:%Y-%m-%d}: {BY_WHAT[what].answers[int(last['value'])]}"
            rows.append((str(side), flag, "raised", said["day"].iloc[0], reason))
    return rows


def numb(told: pd.DataFrame, side: str, now: int) -> bool:
    """Whether new numbness of this leg, or of no leg in particular, was told in the last SHOWN_DAYS days."""
    meant = (told["what"] == "numbness") & told["value"].isin(BY_WHAT["numbness"].careful)
    return bool((meant.to_numpy(bool) & told["side"].isin((side, "")).to_numpy(bool) & _lately(told, now)).any())


def _lately(told: pd.DataFrame, now: int) -> np.ndarray:
    number = day_number(told["day"]) if len(told) else np.array([], np.int64)
    return np.asarray((number > now - SHOWN_DAYS) & (number <= now))
