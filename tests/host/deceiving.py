"""Days that try to deceive, through the real language: minute records packed, read back as tables, decided, scored."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from talus.wire import record
from talus.wire.kinds import BY_NAME
from talus_host import tables
from talus_host.metrics import wear, wear_model
from talus_twin.body.wear_days import DAY_S, WearDay
from talus_twin.body.wear_minutes import Kept

MINUTE_MS = 60_000
MINUTE = BY_NAME["minute"]


def payloads(values: np.ndarray) -> list[bytes]:
    """Minute records of rows of wire values, NaN unknown."""
    found = []
    buffer = bytearray(300)
    for row in values.tolist():
        end = record.pack(MINUTE, 0, [None if v != v else int(v) for v in row], buffer)
        found.append(bytes(buffer[record.HEADER : end]))
    return found


def table_of(kept: Kept, brace: int = 0) -> pd.DataFrame:
    found = tables.minutes(payloads(kept.values))
    found.insert(0, "utc_ms", kept.grid_ms)
    found.insert(1, "brace", brace)
    return found


def told_of(kept: Kept) -> pd.DataFrame:
    rows = [(at, at - 1000 * back, float("nan") if worn is None else float(worn)) for at, worn, back, _ in kept.wear]
    return pd.DataFrame(rows, columns=["utc_ms", "edge_ms", "worn"])


@dataclass(frozen=True)
class Score:
    """wrong_min: minutes of time called the other thing; unknown_min of those recorded; edges_min: error of each true
    edge that was found, missed edges left out; missed, false: stretches not worn of 5 min and more."""

    wrong_min: float
    unknown_min: float
    worn_min: float
    said_min: float
    sensitivity: float
    specificity: float
    edges_min: list[float]
    missed: int
    false: int
    moved_worn_min: float
    low_confidence_min: float
    adjustments: int


def overlap_min(ours: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> float:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in ours for c, d in theirs) / MINUTE_MS


def spans(tiles: pd.DataFrame, state: int) -> list[tuple[int, int]]:
    mine = tiles[tiles["state"] == state]
    return list(zip(mine["start_ms"].tolist(), mine["end_ms"].tolist(), strict=True))


def decided(day: WearDay, *, hide: tuple[str, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(tiles of the day, minutes as decided); hide: columns an older brace does not send."""
    found, edges = wear_model.decide(table_of(day.kept).drop(columns=list(hide)), told_of(day.kept))
    end = day.start_ms + 1000 * DAY_S
    return wear.segments(found, edges, start_ms=day.start_ms, end_ms=end), found


def score(day: WearDay, tiles: pd.DataFrame, minutes: pd.DataFrame) -> Score:
    end = day.start_ms + 1000 * DAY_S
    known = spans(tiles, wear.WORN) + spans(tiles, wear.NOT_WORN)
    said = spans(tiles, wear.WORN)
    true = [(int(a), int(b)) for a, b in day.worn]
    dark = overlap_min(list(day.dark), [(day.start_ms, end)])
    tp, both = overlap_min(said, true), overlap_min(known, true)
    known_min, said_min = overlap_min(known, [(day.start_ms, end)]), overlap_min(said, [(day.start_ms, end)])
    wrong = (both - tp) + (said_min - tp)
    edges = [
        (moment, into)
        for a, b in true
        for moment, into in ((a, 1), (b, 0))
        if day.start_ms < moment < end and not any(c - MINUTE_MS <= moment <= d + MINUTE_MS for c, d in day.dark)
    ]
    ours = [(a, 1) for a, _ in said if a > day.start_ms] + [(b, 0) for _, b in said if b < end]
    ours = [row for row in ours if not any(c - MINUTE_MS <= row[0] <= d + MINUTE_MS for c, d in day.dark)]
    errors, missed = [], 0
    for moment, into in edges:
        near = [abs(at - moment) / MINUTE_MS for at, what in ours if what == into]
        if near and min(near) <= 10:
            errors.append(min(near))
        else:
            missed += 1
    low = minutes["low_confidence"].sum()
    return Score(
        wrong, DAY_S / 60 - dark - known_min, both, said_min, tp / both if both else 1.0,
        1 - (said_min - tp) / (known_min - both) if known_min > both else 1.0, errors, missed,
        max(0, len(ours) - len(edges) + missed) // 2, overlap_min(said, list(day.moved)), float(low),
        len(wear.adjustments(tiles)),
    )  # fmt: skip
