"""What should be shown to the clinician now, with its reason and the figures behind it? Prompts, never a diagnosis.

Flags of the clinical reference, 5.6 as changed by 0.4.3; swelling and a warmer leg are none, because sensors and
paretic legs do the same alone. A flag that cannot be judged says so and why: it is never clear by silence. What
somebody told is in `told_flags`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from talus_host.metrics import flag_rules as rules
from talus_host.metrics import told_flags
from talus_host.metrics.baseline import BASELINE_DAYS, BASELINE_LEAST, window
from talus_host.metrics.change import floor_of
from talus_host.metrics.weekly import day_number, number_of

MEASURED = (
    *("no_data", "sudden_loss", "heel_first_fall", "stumbles", "drags", "fibular_head", "adherence_collapse"),
    *("brace_stiffness", "brace_neutral"),
)
FLAGS = (*MEASURED, *told_flags.FLAGS)
STATES = ("raised", "clear", "not_assessable")
# Measure -> (+1: more is better, parts of the brace that must be well)
SUDDEN: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "swing_dorsiflexion_deg": (1, ("encoder",)),
    "moment_swing_nm": (-1, ("bridge",)),
    "cadence_spm": (1, ("imu_gyro",)),
}
STALE_DAYS = 3
AMBER_MOST = 2  # in seven days, at the fibular head; a red one counts at once
STIFFNESS_SHARE = 0.15
NEUTRAL_DEG = 3.0
SHOWN_DAYS = told_flags.SHOWN_DAYS  # a flag stays up this long after its rule last held
COLUMNS = ("side", "flag", "state", "since", "reason")


def flags(
    segments: pd.DataFrame,
    days: pd.DataFrame,
    events: pd.DataFrame,
    doubts: pd.DataFrame,
    *,
    today: str,
    stale_days: int = STALE_DAYS,
    told: pd.DataFrame = told_flags.NONE_TOLD,
) -> pd.DataFrame:
    """One row per side and flag of MEASURED, and one for each that was told: side ("": no leg in particular), flag,
    state (of STATES), since (first day of it), reason. Raised ones first.

    segments: of metrics.segments. days: side, day (to today, days without a record too), day_class, status, coverage,
    worn_h, fibular_measured_min (NaN or 0: no pressure was measured there) and the measures. events: pressure events
    with side, day, site, tier. doubts: side, sensor, first, last (days a part of the brace was not well; NaT: still).
    told: see told_flags.raised. Of today itself nothing counts but pressure, what was told and whether data came.
    """
    now = number_of(today)
    rows = told_flags.raised(told, now)
    for side, leg in days.groupby("side", sort=True):
        mine = segments[(segments["side"] == side).to_numpy()]
        last = mine[(mine["start"] <= pd.Timestamp(today)).to_numpy()].iloc[-1]
        own = doubts[(doubts["side"] == side).to_numpy(bool)]
        legs = _Leg(str(side), leg, number_of(last["start"]), now, own)
        pressed = events[(events["side"] == side).to_numpy(bool)]
        rows += [_no_data(legs, stale_days=stale_days), _sudden(legs), _heel(legs), *_rates(legs)]
        numb = told_flags.numb(told, str(side), now)
        rows += [_fibular(legs, pressed, numb), _collapse(legs), _stiffness(legs), _neutral(legs)]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    found["since"] = pd.to_datetime(found["since"]).astype("datetime64[s]")
    order = found["state"].map({name: at for at, name in enumerate(STATES)})
    return found.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


class _Leg:
    """One leg's days of its segment, from the segment's first day to yesterday."""

    def __init__(self, side: str, days: pd.DataFrame, start: int, now: int, doubts: pd.DataFrame) -> None:
        self.side, self.days, self.start, self.now, self.doubts = side, days, start, now, doubts
        self.number = day_number(days["day"])
        self.length = max(0, now - start)
        self.gait = (days["day_class"] == "gait").to_numpy()
        first, end = BASELINE_DAYS
        self.baseline = slice(first - 1, end)

    def of(self, name: str, only: np.ndarray | None = None) -> np.ndarray:
        found = np.full(self.length, np.nan)
        if name in self.days:
            inside = (self.number >= self.start) & (self.number < self.now)
            inside &= self.gait if only is None else only
            found[self.number[inside] - self.start] = self.days[name].to_numpy(np.float64)[inside]
        return found

    def date(self, at: int) -> pd.Timestamp:
        return pd.Timestamp(np.datetime64(self.start + at, "D"))

    def row(self, flag: str, state: str, reason: str, at: int | None = None) -> tuple[Any, ...]:
        return self.side, flag, state, pd.NaT if at is None else self.date(at), reason

    def unbased(self, flag: str, values: np.ndarray) -> tuple[Any, ...] | None:
        """A row where the segment's baseline cannot be used, None where it can."""
        usual = values[self.baseline]
        if not np.isfinite(values).any():
            return self.row(flag, "not_assessable", "nothing that shows it was measured")
        if self.length < self.baseline.stop:
            ready = f"{self.date(self.baseline.stop):%Y-%m-%d}"
            return self.row(flag, "not_assessable", f"no baseline before {ready}: 35 days from the start or a change")
        if np.isfinite(usual).sum() < BASELINE_LEAST:
            return self.row(flag, "not_assessable", f"the baseline has {np.isfinite(usual).sum()} measured days of 14")
        return None

    def unwell(self, sensors: tuple[str, ...], at: int) -> str:
        """A part the brace doubted on the day or the three before it; "" for none."""
        day = self.date(at)
        for one in self.doubts.to_dict("records"):
            still = pd.isna(one["last"]) or one["last"] >= day - pd.Timedelta(days=rules.APART_DAYS)
            if one["sensor"] in sensors and one["first"] <= day and still:
                return str(one["sensor"])
        return ""


def _no_data(leg: _Leg, *, stale_days: int = STALE_DAYS) -> tuple[Any, ...]:
    paused = (leg.days["status"] == "paused").to_numpy()
    if paused[leg.number == leg.now].any():
        return leg.row("no_data", "not_assessable", "paused: what comes is not looked at")
    seen = leg.number[((leg.days["coverage"].to_numpy(np.float64) > 0) | paused) & (leg.number <= leg.now)]
    if not len(seen):
        return leg.row("no_data", "raised", "no record has come yet")
    since = leg.now - int(seen.max())
    last = "a pause" if paused[leg.number == seen.max()].any() else "last data"
    if since >= stale_days:
        at = int(seen.max()) + 1 - leg.start
        what = f"no data for {since} days" + (" after a pause" if last == "a pause" else "")
        return leg.row("no_data", "raised", f"{what}: what is worn or pressed is not known", at)
    return leg.row("no_data", "clear", f"{last} {since} days ago")


def _sudden(leg: _Leg) -> tuple[Any, ...]:
    flag, answers = "sudden_loss", []
    values = np.array([leg.of(measure) for measure in SUDDEN])
    usual = window(values[:, leg.baseline])
    based = usual.n >= BASELINE_LEAST
    better = np.array([direction for direction, _ in SUDDEN.values()])
    floor = np.array([floor_of(measure, leg.days) for measure in SUDDEN])
    spread = np.where(based, usual.spread, np.nan)
    held = rules.sudden(values, usual.median, spread, better=better, floor=floor)
    for row, (measure, (_, sensors)) in enumerate(SUDDEN.items()):
        unbased = leg.unbased(flag, values[row])
        if unbased:
            answers.append(unbased)
            continue
        at = _lately(leg, held[row])
        if at is None:
            answers.append(leg.row(flag, "clear", f"{measure} as usual"))
            continue
        doubtful = leg.unwell(sensors, at)
        data = f"{measure} {values[row, at]:.3g} on {leg.date(at):%Y-%m-%d}, usually {usual.median[row]:.3g}"
        data += f" with a day-SD of {usual.spread[row]:.2g}; {rules.SUDDEN_DAYS} days running"
        if doubtful:
            answers.append(leg.row(flag, "not_assessable", f"{data}; but the brace doubts its {doubtful}"))
        else:
            answers.append(leg.row(flag, "raised", data, at))
    return _worst(answers)


def _worst(answers: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The raised one; else a doubt that hides one; else clear where any was judged; else why none was."""
    order = ("raised", "clear", "not_assessable")
    hidden = [one for one in answers if one[2] == "not_assessable" and "doubts" in one[4]]
    if hidden and not any(one[2] == "raised" for one in answers):
        return hidden[0]
    best = min(answers, key=lambda one: order.index(one[2]))
    if best[2] != "clear":
        return best
    return (*best[:4], "; ".join(one[4] for one in answers if one[2] == "clear"))


def _lately(leg: _Leg, held: np.ndarray) -> int | None:
    """The last day of the last SHOWN_DAYS on which a rule held."""
    at = np.flatnonzero(held[-SHOWN_DAYS:])
    return int(at[-1]) + max(0, len(held) - SHOWN_DAYS) if len(at) else None


def _heel(leg: _Leg) -> tuple[Any, ...]:
    flag, values = "heel_first_fall", leg.of("heel_first_pct")
    now = rules.recent(values)
    if leg.length < 2 * rules.RECENT_DAYS or np.isnan(now[-1 - rules.RECENT_DAYS]) or np.isnan(now[-1]):
        return leg.row(flag, "not_assessable", "fewer than 3 measured days in the last 7 or in the 7 before")
    data = (
        f"heel-first {now[-1]:.0f} % of steps in the last 7 days, {now[-1 - rules.RECENT_DAYS]:.0f} % in the 7 before"
    )
    usual = window(values[leg.baseline])
    at = _lately(leg, rules.fallen(values, usual.spread if usual.n >= BASELINE_LEAST else np.nan))
    return leg.row(flag, "clear", data) if at is None else leg.row(flag, "raised", data, at)


def _rates(leg: _Leg) -> list[tuple[Any, ...]]:
    """Possible stumbles and trips together; drags that doubled."""
    worn = leg.of("worn_h", np.isin(leg.days["status"], ("valid",)))
    parts = [leg.of(name, np.isin(leg.days["status"], ("valid",))) for name in ("possible_stumbles", "trips")]
    drags = leg.of("drags", np.isin(leg.days["status"], ("valid",)))
    return [
        _rate(leg, "stumbles", parts[0] + np.nan_to_num(parts[1]), worn, "possible stumbles", 1.0),
        _rate(leg, "drags", drags, worn, "drags", 2.0),
    ]


def _rate(leg: _Leg, flag: str, counts: np.ndarray, worn: np.ndarray, name: str, ratio_least: float) -> tuple[Any, ...]:
    unbased = leg.unbased(flag, counts)
    if unbased:
        return unbased
    held, ratio, low = rules.raised_rate(counts, worn, leg.baseline, ratio_least=ratio_least)
    if not len(held):
        return leg.row(flag, "not_assessable", "no whole week since the baseline yet")
    if np.isnan(ratio[-1]) and np.isnan(low[-1]):
        return leg.row(flag, "not_assessable", "nobody looked in the last whole week")
    data = f"{name} per hour worn {ratio[-1]:.1f} times the baseline's in the last whole week (at least {low[-1]:.1f})"
    if not held[-1]:
        return leg.row(flag, "clear", data)
    return leg.row(flag, "raised", f"{data}, and raised in the week before", leg.baseline.stop + 7 * (len(held) - 2))


def _fibular(leg: _Leg, events: pd.DataFrame, numb: bool, *, amber_most: int = AMBER_MOST) -> tuple[Any, ...]:
    """numb: new numbness was told: then one long pressure is enough."""
    flag = "fibular_head"
    number = day_number(events["day"]) if len(events) else np.array([], np.int64)
    lately = events[(number > leg.now - SHOWN_DAYS) & (events["site"] == "fibular_head").to_numpy(bool)]
    red = int((lately["tier"] == "red").sum())
    amber = int((lately["tier"] == "amber").sum())
    if red or amber > (0 if numb else amber_most):
        first = number_of(lately["day"].min()) - leg.start
        also = ", and numbness was told" if numb else ""
        data = f"pressures at the fibular head in 7 days: {red} strong, {amber} long{also}"
        return leg.row(flag, "raised", data, first)
    if not (leg.days["fibular_measured_min"].to_numpy(np.float64)[leg.number > leg.now - SHOWN_DAYS] > 0).any():
        paused = (leg.days["status"] == "paused").to_numpy()[leg.number > leg.now - SHOWN_DAYS].any()
        also = ", or it was paused" if paused else ""
        return leg.row(flag, "not_assessable", f"no pressure was measured at the fibular head in 7 days{also}")
    return leg.row(flag, "clear", f"pressures at the fibular head in 7 days: 0 strong, {amber} long")


def _collapse(leg: _Leg) -> tuple[Any, ...]:
    flag = "adherence_collapse"
    valid = (leg.days["status"] == "valid").to_numpy() & (leg.number < leg.now)
    worn = leg.days["worn_h"].to_numpy(np.float64)[valid]
    fell, usual = rules.collapsed(worn)
    if np.isnan(usual):
        return leg.row(flag, "not_assessable", f"{len(worn)} valid days; 21 are needed")
    data = f"worn {np.median(worn[-7:]):.1f} h on the last 7 valid days, usually {usual:.1f} h"
    at = int(leg.number[valid][-7]) - leg.start
    return leg.row(flag, "raised", data, at) if fell else leg.row(flag, "clear", data)


def _stiffness(leg: _Leg, *, share: float = STIFFNESS_SHARE) -> tuple[Any, ...]:
    return _mechanics(leg, "brace_stiffness", "stiffness_nm_deg", "stiffness", "N.m/deg", lambda u: share * abs(u))


def _neutral(leg: _Leg, *, limit_deg: float = NEUTRAL_DEG) -> tuple[Any, ...]:
    return _mechanics(leg, "brace_neutral", "neutral_deg", "neutral angle", "deg", lambda _: limit_deg)


def _mechanics(leg: _Leg, flag: str, measure: str, name: str, unit: str, limit: Any) -> tuple[Any, ...]:
    values = leg.of(measure)
    unbased = leg.unbased(flag, values)
    if unbased:
        return unbased
    usual = float(window(values[leg.baseline]).median)
    now = float(rules.recent(values)[-1])
    if np.isnan(now):
        return leg.row(flag, "not_assessable", "fewer than 3 measured days in the last 7")
    data = f"{name} of the brace {now:.3g} {unit} in the last 7 days, {usual:.3g} at baseline"
    doubtful = leg.unwell(("encoder", "bridge"), leg.length - 1)
    if abs(now - usual) <= limit(usual):
        return leg.row(flag, "clear", data)
    if doubtful:
        return leg.row(flag, "not_assessable", f"{data}; but the brace doubts its {doubtful}")
    return leg.row(flag, "raised", data, leg.length - 1)
