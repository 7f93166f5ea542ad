"""What a person can tell of themselves, as rows: what may be answered, in which unit, of which leg, by whom.

The pages' buttons, the report, the export and what the store takes all come from this table. What is told is what the
person said, never a measure: nothing here is averaged with what a brace measured.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

MINUTE_MS = 60_000
LEGS = ("left", "right")
TELLERS = ("self", "helper", "clinician")
LOOK_AGAIN_MIN = 30  # a mark that stays longer after the brace came off is not fine (clinical reference 0.4.5, 5.6)
ASKED_H = 12  # [E] so long is a look at the skin asked for that nobody answered
SLACK_MIN = 5  # a removal is known to a few minutes: what was told so shortly before belongs to it


class Tellable(NamedTuple):
    """what: its key. answers: value -> short name. unit: UCUM. sides: which it may be told of ("": no leg). of_day: it
    is told of a civil day, once, also of one to come. careful: answers that the words of safety go with."""

    what: str
    meaning: str
    answers: Mapping[int, str]
    unit: str
    sides: tuple[str, ...]
    of_day: bool
    careful: tuple[int, ...]


NO_MARK, MARK, MARK_GONE, MARK_STAYS, OPEN_SKIN = range(5)
SKIN = {
    NO_MARK: "no mark", MARK: "a mark", MARK_GONE: "the mark is gone", MARK_STAYS: "the mark is still there",
    OPEN_SKIN: "sore, blister or open skin",
}  # fmt: skip
NUMB = {0: "none", 1: "as usual", 2: "new or more than usual"}
FALL = {0: "nearly fell", 1: "fell, not hurt", 2: "fell and hurt"}
FEELING = {1: "bad", 2: "not so good", 3: "so-so", 4: "good", 5: "very good"}
PAIN = {score: f"{score} of 10" for score in range(11)}
ANY, NONE = ("", *LEGS), ("",)
TELLABLE = (
    Tellable("pain", "pain, 0 none to 10 the worst", PAIN, "{score}", ANY, False, (7, 8, 9, 10)),
    Tellable("numbness", "numbness of leg or foot", NUMB, "{answer}", ANY, False, (2,)),
    Tellable("skin", "skin under the brace", SKIN, "{answer}", ANY, False, (MARK_STAYS, OPEN_SKIN)),
    Tellable("fall", "a fall, or nearly one", FALL, "{answer}", NONE, False, (1, 2)),
    Tellable("day_off", "a day planned without the brace", {1: "planned"}, "{answer}", NONE, True, ()),
    Tellable("new_shoes", "other shoes since this day", {1: "new"}, "{answer}", NONE, True, ()),
    Tellable("feeling", "how the day feels", FEELING, "{answer}", NONE, False, ()),
)
BY_WHAT: Mapping[str, Tellable] = {one.what: one for one in TELLABLE}


def is_careful(what: str, value: float) -> bool:
    """Whether the words of safety go with an answer."""
    return value in BY_WHAT[what].careful


class SkinCheck(NamedTuple):
    """step: "none" (nothing to look at, or not known), "worn", "look" (the brace is off: look now), "wait" (a mark was
    seen, look again when due), "again" (half an hour has passed: is there a mark?), "done". off_ms: when the brace came
    off, due_ms: half an hour later; NaN where not known. answer: the last one told since, NaN none."""

    step: str
    off_ms: float = np.nan
    due_ms: float = np.nan
    answer: float = np.nan


def skin_check(bouts: pd.DataFrame, told: pd.DataFrame, now_ms: int) -> SkinCheck:
    """Where one leg's look at the skin stands, from when the brace came off last and what was told since.

    bouts: start_ms, end_ms, state of one leg, in order. told: at_ms, value of that leg's skin, in order. Where no
    removal is known, half an hour counts from when a mark was told first. A removal nobody answered is asked of for
    ASKED_H; a mark, until it is answered.
    """
    last = bouts.iloc[-1] if len(bouts) else None
    worn = bouts[(bouts["state"] == "worn").to_numpy(bool)]
    off = np.nan
    if last is not None and last["state"] != "worn" and len(worn):
        worn_until = float(worn["end_ms"].iloc[-1])
        behind = bouts[(bouts["start_ms"] >= worn_until).to_numpy(bool)]
        off = worn_until if behind["state"].iloc[0] == "not_worn" else np.nan
    heard = float(worn["end_ms"].iloc[-1]) if len(worn) else -np.inf
    since = told[(told["at_ms"] >= heard - SLACK_MIN * MINUTE_MS).to_numpy(bool)]
    if not len(since):
        if np.isnan(off) or now_ms > off + ASKED_H * 60 * MINUTE_MS:
            return SkinCheck("worn" if last is not None and last["state"] == "worn" else "none")
        due = off + LOOK_AGAIN_MIN * MINUTE_MS
        return SkinCheck("again" if now_ms >= due else "look", off, due)
    answer = float(since["value"].iloc[-1])
    marks = since[(since["value"] == MARK).to_numpy(bool)]
    if answer == MARK:
        others = since[(since["value"] != MARK).to_numpy(bool)]
        begun = marks if others.empty else marks[(marks["at_ms"] > others["at_ms"].iloc[-1]).to_numpy(bool)]
        due = (float(begun["at_ms"].iloc[0]) if np.isnan(off) else off) + LOOK_AGAIN_MIN * MINUTE_MS
        return SkinCheck("again" if now_ms >= due else "wait", off, due, answer)
    return SkinCheck("done", off, np.nan if np.isnan(off) else off + LOOK_AGAIN_MIN * MINUTE_MS, answer)
