"""Has this person's walking changed? Only a claim that holds at two looks running may be called a change.

The law of the clinical reference, 0.4.6: at most three headline figures, each with its direction set in advance, looked
at every 28 days; a difference of 2.58 standard errors or more at two looks running. Numbered deviations. 1. 2.58 is the
1 % point of one figure; with several it is shared among them (Bonferroni), as all together may claim falsely in at
most 2 % of years. 2. A look never holds days of the baseline, so the first one, at week 8, has 21 days.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from talus_host.metrics.baseline import BASELINE_DAYS, BASELINE_LEAST, Window, median, window
from talus_host.metrics.weekly import day_number, number_of

FIRST_LOOK = 56  # day of the segment: the end of week 8
EVERY = 28  # days from look to look, and the most days a look holds
LOOK_LEAST = 14  # days
ALPHA = 0.01  # two-sided, of one look: 2.58 standard errors
HEADLINES_MOST = 3
ASSIST_ZERO_NM = 0.3  # how well the bridge's zero is known
SWING_S = 0.5  # of a slow walker's stride of 1.25 s, where the stride itself is not measured
SELECTION = 0.25  # wear changed by more than this: who walks when is another question than how
VERDICTS = ("better", "worse", "no_clear_change", "too_early", "not_comparable", "not_measured")


class Headline(NamedTuple):
    """A figure to be judged: column of the day table, the direction that is better ("up" or "down"), and the last day
    (ISO) on which its choice could have been made looking at the data: looks up to it claim nothing. "" for none."""

    measure: str
    better: str
    chosen: str = ""


HEADLINES = (Headline("heel_first_pct", "up"), Headline("cadence_spm", "up"), Headline("walking_min", "up"))


class Looks(NamedTuple):
    """baseline: a Window per series; last: the day of the segment each look ends with; look: a Window per series and
    look; difference from baseline, its standard error, and sign (-1, 0, +1) where it is large enough for a claim."""

    baseline: Window
    last: np.ndarray
    look: Window
    difference: np.ndarray
    se: np.ndarray
    sign: np.ndarray


def critical(series: int, *, alpha: float = ALPHA) -> float:
    """Standard errors a difference must reach when `series` figures are judged together: 2.58, 2.81, 2.94, ..."""
    return float(norm.isf(alpha / 2 / max(1, series)))


def looks(
    values: np.ndarray,
    *,
    z: float,
    floor: np.ndarray | float = 0.0,
    baseline_days: tuple[int, int] = BASELINE_DAYS,
    baseline_least: int = BASELINE_LEAST,
    first_look_day: int = FIRST_LOOK,
    every_days: int = EVERY,
    look_least: int = LOOK_LEAST,
) -> Looks:
    """values: (..., days) from day 1 of a segment on, NaN where not measured; floor: (...), the difference that no
    claim may stay within, in the figure's unit. All looks that the days hold whole; none is a claim by itself."""
    values = np.asarray(values, np.float64)
    first, end = baseline_days
    usual = window(values[..., first - 1 : end])
    last = np.arange(first_look_day, values.shape[-1] + 1, every_days)
    parts = np.full((*values.shape[:-1], len(last), every_days), np.nan)
    for at, day in enumerate(last.tolist()):
        part = values[..., max(day - every_days, end) : day]
        parts[..., at, every_days - part.shape[-1] :] = part
    look = window(parts)
    difference = look.median - usual.median[..., None]
    se = np.hypot(usual.se[..., None], look.se)
    enough = (usual.n[..., None] >= baseline_least) & (look.n >= look_least)
    size = np.abs(difference)
    with np.errstate(invalid="ignore"):
        large = enough & (size >= z * se) & (size > np.asarray(floor)[..., None])
    return Looks(usual, last, look, difference, se, np.where(large, np.sign(difference), 0.0))


def claims(sign: np.ndarray) -> np.ndarray:
    """The claim that stands after each look (-1, 0, +1): the same sign at it and at the look before. (..., looks)."""
    held = np.zeros_like(sign)
    held[..., 1:] = np.where(sign[..., 1:] == sign[..., :-1], sign[..., 1:], 0.0)
    return held


def floor_of(measure: str, days: pd.DataFrame) -> float:
    """The difference that a sensor's own uncertainty can make, in the measure's unit: no claim stays within it.

    The zero of the bridge times the usual swing, of the median stride and stance of these days, for an impulse.
    """
    if measure in ("moment_swing_nm", "moment_swing_peak_nm"):
        return ASSIST_ZERO_NM
    if measure == "assist_impulse_nms":
        swing = days["stride_time_s"].median() * (1 - days["stance_pct"].median() / 100)
        return ASSIST_ZERO_NM * (float(swing) if swing == swing else SWING_S)
    return 0.0


def change(
    segments: pd.DataFrame,
    days: pd.DataFrame,
    *,
    today: str,
    headlines: Sequence[Headline] = HEADLINES,
    matched: Mapping[tuple[str, int, str], pd.DataFrame] | None = None,
    alpha: float = ALPHA,
    selection: float = SELECTION,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(verdicts, looks): a verdict per segment and headline, a row per look behind them.

    segments: of metrics.segments. days: side, day, day_class, worn_h and the measures. today (ISO): it and what is
    later does not count, a day that still runs says nothing. matched: by (side, segment, measure), day and value at
    the baseline's cadence, taken in place of the raw days where its baseline is complete. Raises ValueError for more
    than three headlines or a direction that is neither up nor down.

    Verdicts: side, segment, start, end, measure, better, verdict (of VERDICTS), since (day of the look that
    confirmed it), why, tell_on (when it can be told), at_cadence, baseline, baseline_se, baseline_days, latest, days
    (behind the latest look), difference, se, needed (the difference a claim needs), mdc95, floor, raw_difference,
    wear_change_pct, selection_risk. Looks: side, segment, measure, look, first, last, days, median, difference, se,
    beyond (-1, 0, +1), counts.
    """
    check_headlines(headlines)
    verdicts, seen = [], []
    z = critical(len(headlines) * max(1, segments["side"].nunique()), alpha=alpha)
    now = number_of(today)
    for segment in segments.to_dict("records"):
        mine = days[(days["side"] == segment["side"]).to_numpy()]
        stretch = _Stretch(segment, mine, now)
        for headline in headlines:
            key = (segment["side"], segment["segment"], headline.measure)
            one, rows = _judged(stretch, headline, (matched or {}).get(key), z, selection)
            verdicts.append(one)
            seen += rows
    return pd.DataFrame(verdicts, columns=list(VERDICT_COLUMNS)), pd.DataFrame(seen, columns=list(LOOK_COLUMNS))


VERDICT_COLUMNS = (
    *("side", "segment", "start", "end", "measure", "better", "verdict", "since", "why", "tell_on", "at_cadence"),
    *("baseline", "baseline_se", "baseline_days", "latest", "days", "difference", "se", "needed", "mdc95", "floor"),
    *("raw_difference", "wear_change_pct", "selection_risk"),
)
LOOK_COLUMNS = (
    *("side", "segment", "measure", "look", "first", "last", "days", "median", "difference", "se", "beyond", "counts"),
)


def check_headlines(headlines: Sequence[Headline]) -> None:
    """Raises ValueError for more than three, a figure named twice, or a direction that is neither up nor down."""
    if len(headlines) > HEADLINES_MOST:
        raise ValueError(f"headlines: {len(headlines)} are more than {HEADLINES_MOST}")
    names = [one.measure for one in headlines]
    for one in headlines:
        if names.count(one.measure) > 1:
            raise ValueError(f"headline {one.measure}: is named twice")
        if one.better not in ("up", "down"):
            raise ValueError(f"headline {one.measure}: better {one.better!r} is neither up nor down")


class _Stretch:
    """One segment's days, laid out from its first day on, up to yesterday or the segment's end."""

    def __init__(self, segment: Mapping[str, Any], days: pd.DataFrame, now: int) -> None:
        self.segment = segment
        self.start = number_of(segment["start"])
        end = segment["end"]
        stop = now if pd.isna(end) else min(now, number_of(end))
        self.length = max(0, stop - self.start)
        self.days = days
        self.number = day_number(days["day"]) - self.start
        self.gait = (days["day_class"] == "gait").to_numpy()
        worn = self.laid(self.number, days["worn_h"].to_numpy(np.float64))
        self.worn_h = np.nan_to_num(worn)  # an unknown day adds no wear: what is lost is not taken as seen

    def laid(self, number: np.ndarray, values: np.ndarray) -> np.ndarray:
        found = np.full(self.length, np.nan)
        inside = (number >= 0) & (number < self.length)
        found[number[inside]] = values[inside]
        return found

    def of(self, measure: str) -> np.ndarray:
        if measure not in self.days:
            return np.full(self.length, np.nan)
        values = self.days[measure].to_numpy(np.float64)
        return self.laid(self.number[self.gait], values[self.gait])

    def within(self, table: pd.DataFrame, raw: np.ndarray) -> np.ndarray:
        """Matched values of the days that have a raw one: a day too thin to speak does not speak at one cadence."""
        values = self.laid(day_number(table["day"]) - self.start, table["value"].to_numpy(np.float64))
        return np.where(np.isfinite(raw), values, np.nan)

    def date(self, day: int) -> pd.Timestamp:
        """The civil day of a day of the segment, counted from 1."""
        return pd.Timestamp(np.datetime64(self.start + day - 1, "D"))


def _judged(
    stretch: _Stretch, headline: Headline, matched: pd.DataFrame | None, z: float, selection: float
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    raw = stretch.of(headline.measure)
    values, at_cadence = raw, False
    if matched is not None:
        same = stretch.within(matched, raw)
        first, end = BASELINE_DAYS
        if np.isfinite(same[first - 1 : end]).sum() >= BASELINE_LEAST:
            values, at_cadence = same, True
    floor = floor_of(headline.measure, stretch.days)
    found = looks(values, z=z, floor=floor)
    chosen = -1
    if headline.chosen:
        chosen = number_of(headline.chosen) - stretch.start + 1
    counts = found.last > chosen
    held = claims(np.where(counts, found.sign, np.nan))
    held = np.nan_to_num(held)
    keys = {"side": stretch.segment["side"], "segment": stretch.segment["segment"], "measure": headline.measure}
    rows = [
        keys
        | {
            "look": at + 1,
            "first": stretch.date(max(int(last) - EVERY, BASELINE_DAYS[1]) + 1),
            "last": stretch.date(int(last)),
            "days": int(found.look.n[at]),
            "median": float(found.look.median[at]),
            "difference": float(found.difference[at]),
            "se": float(found.se[at]),
            "beyond": int(found.sign[at]),
            "counts": bool(counts[at]),
        }
        for at, last in enumerate(found.last.tolist())
    ]
    elsewhere = _seen(found, raw) if at_cadence else 0
    verdict = _verdict(
        stretch, headline, found, counts, held, " at the baseline's cadence" if at_cadence else "", elsewhere
    )
    figures = _figures(stretch, found, raw, z, selection)
    told = {"start": stretch.segment["start"], "end": stretch.segment["end"], "better": headline.better}
    return keys | told | {"at_cadence": at_cadence, "floor": floor} | verdict | figures, rows


def _verdict(
    stretch: _Stretch, headline: Headline, found: Looks, counts: np.ndarray, held: np.ndarray, where: str, seen: int
) -> dict[str, Any]:
    """verdict, since, why and tell_on. seen: measured days of the last look, whatever their cadence."""

    def told(verdict: str, why: str, tell_on: Any = pd.NaT, since: Any = pd.NaT) -> dict[str, Any]:
        return {"verdict": verdict, "why": why, "tell_on": tell_on, "since": since}

    days = int(found.baseline.n)
    complete = stretch.length >= BASELINE_DAYS[1]
    if headline.measure not in stretch.days:
        return told("not_measured", "this brace does not measure it")
    if complete and days < BASELINE_LEAST:
        return told("not_measured", f"{days} of the {BASELINE_LEAST} days a baseline needs could be measured")
    if complete and np.isnan(found.baseline.se):
        return told("not_measured", "the days of the baseline do not differ at all")
    usable = np.flatnonzero(counts)
    if len(usable) < 2:
        return told("too_early", "a change is told at two looks running", _second_look(stretch, found, counts))
    if found.look.n[-1] < LOOK_LEAST:
        few = f"{int(found.look.n[-1])} of the {LOOK_LEAST} days a look needs could be measured{where}"
        return told("not_comparable" if seen >= LOOK_LEAST else "not_measured", few)
    if held[-1]:
        run = len(held) - 1
        while run > 0 and held[run - 1] == held[-1]:
            run -= 1
        good = (held[-1] > 0) == (headline.better == "up")
        since = stretch.date(int(found.last[run]))
        return told("better" if good else "worse", "at two looks running", since=since)
    if found.sign[-1]:
        on = stretch.date(int(found.last[-1]) + EVERY + 1)
        return told("no_clear_change", "the last look alone differs; the next one confirms it or not", on)
    return told("no_clear_change", "the looks do not differ from the baseline by what a claim needs")


def _seen(found: Looks, raw: np.ndarray) -> int:
    """Days of the last look that were measured at any cadence."""
    if not len(found.last):
        return 0
    stop = int(found.last[-1])
    return int(np.isfinite(raw[max(stop - EVERY, BASELINE_DAYS[1]) : stop]).sum())


def _second_look(stretch: _Stretch, found: Looks, counts: np.ndarray) -> pd.Timestamp:
    """The day after the second look that counts."""
    have = int(counts.sum())
    behind = int(found.last[-1]) if len(found.last) else FIRST_LOOK - EVERY
    return stretch.date(behind + (2 - have) * EVERY + 1)


def _figures(stretch: _Stretch, found: Looks, raw: np.ndarray, z: float, selection: float) -> dict[str, Any]:
    """What stands beside a verdict: NaN where there is no look yet."""
    have = bool(len(found.last))
    se = float(found.se[-1]) if have else np.nan
    first, end = BASELINE_DAYS
    wear = raw_difference = np.nan
    if have:
        stop = int(found.last[-1])
        part = slice(max(stop - EVERY, end), stop)
        usual = stretch.worn_h[first - 1 : end].mean()
        wear = 100 * (stretch.worn_h[part].mean() / usual - 1) if usual > 0 else np.nan
        raw_difference = float(median(raw[part]) - median(raw[first - 1 : end]))
    return {
        "baseline": float(found.baseline.median),
        "baseline_se": float(found.baseline.se),
        "baseline_days": int(found.baseline.n),
        "latest": float(found.look.median[-1]) if have else np.nan,
        "days": int(found.look.n[-1]) if have else 0,
        "difference": float(found.difference[-1]) if have else np.nan,
        "se": se,
        "needed": z * se,
        "mdc95": 1.96 * se,
        "raw_difference": raw_difference,
        "wear_change_pct": wear,
        "selection_risk": bool(abs(wear) > 100 * selection) if wear == wear else None,
    }
