"""When did the person walk, for how long in all, and how long at a stretch?

A walk is at least three valid strides of one leg with pauses of at most 3 s between one stride's end and the next
one's start; strides the brace refused neither end a walk nor count in it (the pause is measured without them).
"""

import numpy as np
import pandas as pd

from talus_host.metrics.exact import sums

# Mobilise-D's classes of a walk's length, apart from each other: "all" is every one, "over 10 s" all but the first.
CLASS_EDGES_S = (10.0, 30.0, 60.0)
CLASSES = ("to_10_s", "10_to_30_s", "30_to_60_s", "over_60_s")


def bouts(strides: pd.DataFrame, *, max_pause_s: float = 3.0, min_strides: int = 3) -> pd.DataFrame:
    """Per stride, in the table's own order: bout (number within the table, -1 in no walk), bout_s (the walk's length
    from first contact to last), bout_n (its strides), bout_end (it is the walk's first or last) and bout_class (one of
    CLASSES, unknown in no walk).

    strides: utc_ms (start), duration_s, valid, and day (walks are sought within each day's rows).
    """
    count = len(strides)
    found = pd.DataFrame({"bout": np.full(count, -1), "bout_s": np.zeros(count), "bout_n": np.zeros(count, np.int64)})
    found["bout_end"] = False
    found["bout_class"] = pd.Categorical([None] * count, categories=list(CLASSES))
    found.index = strides.index
    valid = np.flatnonzero(strides["valid"].to_numpy(bool))
    if not len(valid):
        return found
    start = strides["utc_ms"].to_numpy(np.int64)[valid]
    day = strides["day"].to_numpy()[valid]
    order = np.lexsort((start, day))
    valid, start, day = valid[order], start[order], day[order]
    end = start + strides["duration_s"].to_numpy(np.float64)[valid] * 1000
    new = np.ones(len(valid), dtype=bool)
    new[1:] = (day[1:] != day[:-1]) | (start[1:] - end[:-1] > max_pause_s * 1000)
    number = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    last = np.concatenate((first[1:] - 1, [len(valid) - 1]))
    length_s = (end[last] - start[first]) / 1000
    size = last - first + 1
    real = size >= min_strides
    real_rows = real[number]
    kept = valid[real_rows]
    number = number[real_rows]
    found.iloc[kept, 0] = number
    found.iloc[kept, 1] = length_s[number]
    found.iloc[kept, 2] = size[number]
    at_end = np.zeros(len(valid), dtype=bool)
    at_end[first] = at_end[last] = True
    found.iloc[kept, 3] = at_end[real_rows]
    codes = np.full(count, -1)
    codes[kept] = np.digitize(length_s[number], CLASS_EDGES_S)
    found["bout_class"] = pd.Categorical.from_codes(codes, categories=list(CLASSES))
    return found


def walking(strides: pd.DataFrame) -> pd.DataFrame:
    """walking_min (sum of the walks' minutes) and longest_walk_min, indexed by day: walks count whole on the day they
    began. strides: day, inside (False for strides that only give context), utc_ms, bout, bout_s.
    """
    walked = strides[strides["bout"].to_numpy() >= 0].sort_values("utc_ms", kind="stable")
    firsts = walked.drop_duplicates(["day", "bout"])
    firsts = firsts[firsts["inside"].to_numpy(bool)]
    grouped = firsts.groupby("day")["bout_s"]
    found = pd.DataFrame({"longest_walk_min": grouped.max() / 60})
    found.insert(0, "walking_min", sums(grouped, firsts["bout_s"]) / 60)
    return found
