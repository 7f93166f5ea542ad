"""What does each minute say for worn and against it? Features of minute records, weighed in natural log-odds.

Method: clinical reference, section 1.2 (table of evidence [E], thresholds [S6]). Deviations:
1. Warmth is judged where it is heading, level + time constant x slope of liner and reference: a liner that cools toward
   the air speaks for no leg in the half hour its level still says "warmer" (section 1.1, why thresholds fail). A liner
   that is not yet warmer is heading there only while it warms faster than the reference does.
2. The slope is a straight line through five minutes around; minute means take the place of the 0.005 Hz low-pass.
3. A site's empty level is learnt from minutes already taken for not worn, still for ten minutes (see wear_model).
4. A site that does not press while the person walks tells nothing and is left out: open, or no leg beneath it.
5. Contact without warmth says less, where the thermometer has told warm from cold in the same stretch: a full bag or a
   strap closed over nothing presses too. A thermometer whose level never moves is no modality.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

CHANNELS = tuple(f"pressure_{i}_kpa" for i in range(1, 5))
FEATURES = (*CHANNELS, "liner_degc", "reference_degc", "still_axes", "angle_sd_deg", "moment_sd_nm")
MINUTE_S = 60.0


@dataclass(frozen=True)
class Evidence:
    """Settings, with the reference's defaults. Log-odds in nats; E: to be re-estimated from a labelled week."""

    gait: float = 6.0  # E
    contact: float = 3.0  # E
    contact_cool: float = 1.0  # E, deviation 5
    warm: float = 1.5  # E
    hot: float = 1.0  # E
    active: float = 1.0  # E
    still_no_contact: float = -4.0  # E
    no_contact: float = -2.0  # E
    cold: float = -2.5  # E
    cooling: float = -2.0  # E
    carried: float = -1.5  # E
    brace_word: float = 12.5  # twice the odds of a change: a record without features stands as it was said
    strides_min: float = 4.0  # E, 3-6 a minute
    contact_kpa_min: float = 0.7  # E, 5 mmHg
    contact_sites_min: int = 2  # E, 1-3
    warmer_degc: float = 2.0  # E, 1-4
    cool_degc: float = 0.5  # E
    cold_degc: float = 26.0  # S6, wrist, 24-28; re-fit at the liner
    hot_degc: float = 30.0  # S6, wrist, 29-32; re-fit at the liner
    hot_reference_degc: float = 28.0  # E
    hot_ambient_degc: float = 30.0  # 1.2 step 3
    cooling_degc_min: float = 0.2  # S6, 0.05-0.3
    warming_degc_min: float = 0.1  # S6, 0.05-0.3
    heading_min: float = 18.0  # S6: 10 degC at 0.40 +-0.17 degC/min in the first minutes: 18-43 min; the fastest
    reference_heading_min: float = 6.0  # E: a board in its box, 4-10 min
    still_axes_min: float = 2.0  # S6
    still_run_min: int = 10  # E
    strain_nm: float = 0.15  # E, 0.1-0.5
    angle_deg: float = 0.5  # E, 0.3-1
    silent_share: float = 0.1  # E: of minutes of walking in which a site presses; below it the site is left out
    proof_min: int = 10  # E: minutes of proof that a site or the thermometer is what it seems
    stuck_degc: float = 0.05  # E: a liner that keeps within it while the outside moves by stuck_reference_degc
    stuck_reference_degc: float = 1.0  # E


@dataclass(frozen=True)
class Weighed:
    """Per minute: odds in nats, NaN where too little is known; contact: 1 enough sites press, 0 none, 0.5 too few, NaN
    not measured; pressed_kpa: sum of the sites, NaN unknown; still_long: for ten minutes; hot: so hot around it that
    warmth tells nothing, the confidence is low."""

    odds: np.ndarray
    contact: np.ndarray
    pressed_kpa: np.ndarray
    still_long: np.ndarray
    hot: np.ndarray


def weigh(minutes: pd.DataFrame, empty_kpa: np.ndarray | None = None, *, by: Evidence | None = None) -> Weighed:
    """The minutes of one brace in order of time: utc_ms and columns of tables.minutes; what is not there is unknown.

    empty_kpa: level that each of the four sites must exceed to press, or None where nothing was learnt.
    """
    by = by or Evidence()
    given = {name: column(minutes, name) for name in (*FEATURES, "strides", "worn")}
    follows = follow(minutes["utc_ms"].to_numpy(np.int64))
    walking = np.nan_to_num(given["strides"]) >= by.strides_min
    still = given["still_axes"] >= by.still_axes_min
    still_long = _run(still, follows) >= by.still_run_min
    bends, strains = given["angle_sd_deg"] > by.angle_deg, given["moment_sd_nm"] > by.strain_nm
    slope = _slope(given["liner_degc"], minutes["utc_ms"].to_numpy(np.int64))
    outside = _slope(given["reference_degc"], minutes["utc_ms"].to_numpy(np.int64))
    warm = _warmth(given, slope, outside, still, by)
    certain = walking | (bends & strains & warm.warmer)
    contact, pressed, measured = _contact(given, certain, empty_kpa, by)
    carried = (given["still_axes"] < by.still_axes_min) & ~bends & ~strains
    carried &= ~np.isnan(given["angle_sd_deg"]) | ~np.isnan(given["moment_sd_nm"])
    cool = warm.cool & (carried | warm.cold) & warm.proven
    odds = np.where(walking, by.gait, 0.0) + warm.odds
    odds += np.where(contact == 1, np.where(cool, by.contact_cool, by.contact), 0.0)
    odds += np.where(contact == 0, by.no_contact + np.where(still_long, by.still_no_contact, 0.0), 0.0)
    odds += np.where(bends & strains, by.active, np.where(carried, by.carried, 0.0))
    moved = ~np.isnan(given["still_axes"]) | ~np.isnan(given["angle_sd_deg"])
    healthy = (measured > 0).astype(int) + warm.healthy + moved
    odds = np.where((healthy >= 2) | walking, odds, np.nan)
    odds = _as_told(odds, given, walking, moved, by)
    return Weighed(odds, contact, pressed, still_long, warm.mute)


def follow(utc_ms: np.ndarray) -> np.ndarray:
    """Whether each minute begins where the one before it ended, give or take half a minute."""
    found = np.zeros(len(utc_ms), dtype=bool)
    found[1:] = np.abs(np.diff(utc_ms) - 60_000) <= 30_000
    return found


def column(minutes: pd.DataFrame, name: str) -> np.ndarray:
    """One column as float64, NaN where it is not there."""
    return minutes[name].to_numpy(np.float64) if name in minutes else np.full(len(minutes), np.nan)


def _run(what: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """How many minutes in a row it has been so."""
    at = np.arange(len(what))
    broken = ~what | ~follows
    last = np.maximum.accumulate(np.where(broken, at, 0)) if len(what) else at
    return np.where(what, at - last + what[last], 0) if len(what) else at


def _slope(values: np.ndarray, utc_ms: np.ndarray) -> np.ndarray:
    """Slope per minute of the line through the known minutes within two of each; NaN where there are fewer than 3."""
    n = len(values)
    x = np.full((5, n), np.nan)
    y = np.full((5, n), np.nan)
    for row, k in enumerate(range(-2, 3)):
        lo, hi = max(0, -k), min(n, n - k)
        if lo >= hi:
            continue
        away = (utc_ms[lo + k : hi + k] - utc_ms[lo:hi]) / 60_000
        known = (np.abs(away - k) < 0.5) & ~np.isnan(values[lo + k : hi + k])
        x[row, lo:hi] = np.where(known, away, np.nan)
        y[row, lo:hi] = np.where(known, values[lo + k : hi + k], np.nan)
    count = (~np.isnan(x)).sum(axis=0)
    x = x - np.nansum(x, axis=0) / np.maximum(count, 1)
    slope = np.nansum(x * y, axis=0) / np.maximum(np.nansum(x * x, axis=0), 1e-9)
    return np.where((count >= 3) & ~np.isnan(values), slope, np.nan)


@dataclass(frozen=True)
class _Warmth:
    odds: np.ndarray
    healthy: np.ndarray
    mute: np.ndarray
    warmer: np.ndarray
    cool: np.ndarray
    cold: np.ndarray
    proven: bool


def _warmth(
    given: dict[str, np.ndarray], slope: np.ndarray, outside: np.ndarray, still: np.ndarray, by: Evidence
) -> _Warmth:
    liner, reference = given["liner_degc"], given["reference_degc"]
    healthy = ~np.isnan(liner) & ~np.isnan(reference)
    if healthy.sum() >= 4 * 60 and np.ptp(liner[healthy]) < by.stuck_degc:
        healthy &= np.ptp(reference[healthy]) < by.stuck_reference_degc
    mute = healthy & (reference >= by.hot_ambient_degc)
    told = healthy & ~mute
    heading = liner + by.heading_min * np.nan_to_num(slope)
    above = heading - reference - by.reference_heading_min * np.nan_to_num(outside)
    warmer = told & (above > by.warmer_degc)
    warming = slope - np.nan_to_num(outside) > by.warming_degc_min
    warmer &= (liner - reference > by.warmer_degc) | warming
    cool = told & ~warming & (np.minimum(above, liner - reference) < by.cool_degc)
    cold = cool & (heading < by.cold_degc)
    odds = np.where(warmer, by.warm, np.where(cold, by.cold, 0.0))
    hot = told & (np.minimum(liner, heading) >= by.hot_degc) & (reference < by.hot_reference_degc)
    odds += np.where(hot, by.hot, 0.0)
    odds += np.where(told & still & (slope < -by.cooling_degc_min), by.cooling, 0.0)
    proven = int((told & (liner - reference > by.warmer_degc)).sum()) >= by.proof_min
    return _Warmth(odds, healthy, mute, warmer, cool, cold, proven)


def _contact(
    given: dict[str, np.ndarray], certain: np.ndarray, empty_kpa: np.ndarray | None, by: Evidence
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(1 enough sites press, 0 none, 0.5 too few, NaN not measured; their sum in kPa; sites that tell something)."""
    pressure = np.array([given[name] for name in CHANNELS])
    level = np.full(len(CHANNELS), by.contact_kpa_min)
    if empty_kpa is not None:
        level = np.maximum(level, empty_kpa)
    presses = pressure >= level[:, None]
    known = ~np.isnan(pressure)
    sure = known & certain
    enough = sure.sum(axis=1) >= by.proof_min
    silent = enough & ((presses & sure).sum(axis=1) < by.silent_share * sure.sum(axis=1))
    known[silent] = False
    measured = known.sum(axis=0)
    sites = (presses & known).sum(axis=0)
    contact = np.where(sites >= np.minimum(by.contact_sites_min, np.maximum(measured, 1)), 1.0, 0.5)
    contact = np.where(sites == 0, 0.0, contact)
    pressed = np.where(known, pressure, 0.0).sum(axis=0)
    return np.where(measured > 0, contact, np.nan), np.where(measured > 0, pressed, np.nan), measured


def _as_told(
    odds: np.ndarray, given: dict[str, np.ndarray], walking: np.ndarray, moved: np.ndarray, by: Evidence
) -> np.ndarray:
    """A record that does not carry two modalities is what the brace said of it: it knew no less."""
    pressed = ~np.isnan(np.array([given[name] for name in CHANNELS])).all(axis=0)
    warmed = ~np.isnan(given["liner_degc"]) & ~np.isnan(given["reference_degc"])
    bare = (pressed.astype(int) + warmed + moved < 2) & ~walking
    return np.where(bare, by.brace_word * np.sign(given["worn"] - 0.5), odds)
