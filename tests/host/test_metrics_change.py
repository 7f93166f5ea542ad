"""Baseline, looks and verdicts: against figures worked out by hand, scipy's own, and courses with a known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from talus_host.metrics.baseline import line, window
from talus_host.metrics.change import Headline, change, check_headlines, claims, critical, floor_of, looks

NAN = float("nan")
START = pd.Timestamp("2026-03-02")
STEPS = Headline("cadence_spm", "up")


def course(values: np.ndarray, *, worn_h: float | np.ndarray = 8.0, name: str = "cadence_spm") -> pd.DataFrame:
    """A left leg's days from START on; a NaN is a day that does not speak."""
    days = pd.DataFrame({"side": "left", "day": pd.date_range(START, periods=len(values), freq="D", unit="s")})
    days[name] = values
    days["worn_h"] = worn_h
    return days.assign(day_class=np.where(np.isfinite(values), "gait", "missing"))


def one_segment(days: pd.DataFrame) -> pd.DataFrame:
    row = {"side": "left", "segment": 1, "start": days["day"].min(), "end": pd.NaT, "why": ""}
    return pd.DataFrame([row])


def judged(days: pd.DataFrame, headline: Headline = STEPS, **settings: object) -> pd.Series:
    today = days["day"].max() + pd.Timedelta(days=1)
    verdicts, _ = change(one_segment(days), days, today=str(today.date()), headlines=[headline], **settings)
    return verdicts.iloc[0]


def noisy(days: int, step: float = 0.0, at: int = 35, seed: int = 3) -> np.ndarray:
    """Cadence about 80 with a day-SD of 2, and a step of so many day-SDs."""
    values = np.random.default_rng(seed).normal(80, 2, days)
    values[at:] += 2 * step
    return values


# -- a stretch of days -------------------------------------------------------------------------------------------------


def test_median_and_spread_of_ten_days_by_hand() -> None:
    """1 ... 9 and 100: median 5.5, deviations 4.5 3.5 2.5 1.5 .5 .5 1.5 2.5 3.5 94.5, their median 2.5."""
    found = window(np.array([3, 100, 1, NAN, 5, 9, 2, 8, 4, 7, NAN, 6], dtype=float))
    assert (found.n, found.median, found.spread) == (10, 5.5, pytest.approx(1.4826 * 2.5))


def test_autocorrelation_is_that_of_ranks_corrected_for_few_days() -> None:
    values = np.random.default_rng(1).normal(size=28)
    ranks = stats.rankdata(values) - 14.5
    r = (ranks[:-1] * ranks[1:]).mean() / (ranks**2).mean()
    r += (1 + 4 * r) / 28
    found = window(values)
    assert found.r == pytest.approx(np.clip(r, 0, 0.9))
    assert found.n_eff == pytest.approx(28 * (1 - found.r) / (1 + found.r))
    assert found.se == pytest.approx(1.25 * found.spread / np.sqrt(found.n_eff))


def test_the_error_of_a_median_of_28_independent_days_is_what_sampling_says() -> None:
    """SD of 20,000 medians of 28 normal values: 0.233. The correction for few days makes ours a little wider."""
    many = np.random.default_rng(2).normal(size=(20_000, 28))
    sampled = np.median(many, axis=1).std()
    told = np.median(window(many).se)
    assert sampled <= told <= 1.25 * sampled


def test_days_too_far_apart_to_hang_together_are_not_taken_as_independent() -> None:
    values = np.full(28, NAN)
    values[::2] = np.random.default_rng(3).normal(size=14)
    assert window(values).r == 0.5


def test_what_never_differs_has_no_error_and_what_hardly_does_has_one() -> None:
    assert np.isnan(window(np.full(28, 100.0)).se)
    mostly = np.full(28, 100.0)
    mostly[[3, 9, 20]] = (96, 92, 97)
    assert window(mostly).spread == pytest.approx(mostly.std(ddof=1))
    nothing = window(np.full(28, NAN))
    assert nothing.n == 0 and np.isnan(nothing.median) and np.isnan(nothing.se)
    assert window(np.array([])).n == 0


def test_the_line_for_drawing_is_theil_and_sens_with_a_wider_interval() -> None:
    values = 0.1 * np.arange(40) + np.random.default_rng(4).normal(size=40)
    values[[5, 6, 30]] = NAN
    at = np.flatnonzero(np.isfinite(values))
    theirs = stats.theilslopes(values[at], at)
    ours = line(values)
    assert ours is not None
    assert (ours.slope, ours.first) == (pytest.approx(theirs.slope), pytest.approx(theirs.intercept))
    assert ours.low <= theirs.low_slope and theirs.high_slope <= ours.high
    assert line(np.array([1.0, NAN, 2.0])) is None


# -- looks and claims --------------------------------------------------------------------------------------------------


def test_the_errors_a_claim_needs_are_shared_among_figures() -> None:
    assert [round(critical(n), 2) for n in (1, 2, 3)] == [2.58, 2.81, 2.94]


def test_looks_come_every_28_days_from_week_8_and_hold_no_day_of_the_baseline() -> None:
    values = np.arange(1.0, 141.0)
    found = looks(values, z=2.58)
    assert found.last.tolist() == [56, 84, 112, 140]
    assert found.baseline.median == np.median(np.arange(8, 36))
    assert found.look.n.tolist() == [21, 28, 28, 28]
    assert found.look.median.tolist() == [46, 70.5, 98.5, 126.5]
    assert len(looks(values[:55], z=2.58).last) == 0


def test_a_claim_is_two_looks_running_with_one_sign() -> None:
    sign = np.array([[1, 1, 0, 1, -1, -1, -1], [1, 0, 1, 0, 1, 0, 1]], dtype=float)
    assert claims(sign).tolist() == [[0, 1, 0, 0, 0, -1, -1], [0] * 7]


def test_a_difference_exactly_at_its_limit_counts_and_one_within_a_floor_does_not() -> None:
    values = noisy(84, 4)
    found = looks(values, z=1.0)
    at = float(found.difference[1] / found.se[1])
    assert looks(values, z=at * (1 - 1e-12)).sign[1] == 1
    assert looks(values, z=at * (1 + 1e-9)).sign[1] == 0
    assert looks(values, z=1.0, floor=float(found.difference[1])).sign[1] == 0


def test_the_zero_of_the_bridge_is_a_floor_for_assist_and_times_the_swing_for_its_impulse() -> None:
    days = pd.DataFrame({"stride_time_s": [1.4, 1.5, 1.6], "stance_pct": [60.0, 62, 64]})
    assert floor_of("moment_swing_nm", days) == 0.3
    assert floor_of("assist_impulse_nms", days) == pytest.approx(0.3 * 1.5 * 0.38)
    assert floor_of("assist_impulse_nms", days * NAN) == pytest.approx(0.15)
    assert floor_of("heel_first_pct", days) == 0


# -- verdicts ----------------------------------------------------------------------------------------------------------


def test_too_early_names_the_day_it_can_be_told() -> None:
    """The second look ends with day 84: it can be told on day 85."""
    for days in (5, 40, 60, 83):
        found = judged(course(noisy(days, 5)))
        assert found["verdict"] == "too_early"
        assert found["tell_on"] == START + pd.Timedelta(days=84)
    assert judged(course(noisy(84, 5)))["verdict"] == "better"


def test_the_direction_that_is_better_is_the_headlines() -> None:
    for step, better, verdict in (
        (5, "up", "better"),
        (-5, "up", "worse"),
        (5, "down", "worse"),
        (-5, "down", "better"),
    ):
        found = judged(course(noisy(140, step)), Headline("cadence_spm", better))
        assert found["verdict"] == verdict
        assert found["since"] == START + pd.Timedelta(days=83)  # the look that confirmed it ended with day 84
        assert found["days"] == 28 and found["baseline_days"] == 28


def test_one_look_alone_is_no_claim_and_says_when_the_next_one_is() -> None:
    found = judged(course(noisy(112, 5, at=84)))
    assert found["verdict"] == "no_clear_change" and "confirms" in found["why"]
    assert found["tell_on"] == START + pd.Timedelta(days=140)
    assert judged(course(noisy(140, 5, at=84)))["verdict"] == "better"


def test_a_claim_that_no_longer_holds_is_not_told_any_more() -> None:
    values = noisy(196, 5)
    values[112:] -= 10
    assert judged(course(values[:112]))["verdict"] == "better"
    assert judged(course(values))["verdict"] == "no_clear_change"


def test_thirteen_days_are_no_baseline_and_fourteen_are() -> None:
    values = noisy(140, 5)
    for kept, verdict in ((13, "not_measured"), (14, "better")):
        thin = values.copy()
        thin[7 + kept : 35] = NAN
        found = judged(course(thin))
        assert found["verdict"] == verdict and found["baseline_days"] == kept
    assert "13 of the 14" in judged(course(np.where((np.arange(140) > 19) & (np.arange(140) < 35), NAN, values)))["why"]


def test_a_look_with_too_few_days_is_not_measured() -> None:
    values = noisy(140, 5)
    values[125:] = NAN
    found = judged(course(values))
    assert (found["verdict"], found["days"]) == ("not_measured", 13)


def test_what_the_brace_lacks_is_not_measured() -> None:
    days = course(noisy(140))
    assert judged(days, Headline("moment_swing_nm", "down"))["verdict"] == "not_measured"
    assert judged(days.assign(heel_first_pct=NAN), Headline("heel_first_pct", "up"))["verdict"] == "not_measured"


def test_assist_is_not_claimed_within_its_zero() -> None:
    """A steady loss of 0.25 N.m, ten times its own error, and one of 0.35."""
    noise = np.random.default_rng(5).normal(0, 0.03, 140)
    for size, verdict in ((0.25, "no_clear_change"), (0.35, "better")):
        days = course(0.9 + noise - size * (np.arange(140) >= 35), name="moment_swing_nm")
        days = days.assign(stride_time_s=1.3, stance_pct=60.0)
        assert judged(days, Headline("moment_swing_nm", "down"))["verdict"] == verdict


def test_a_figure_chosen_late_claims_nothing_that_could_be_seen_by_then() -> None:
    days = course(noisy(140, 5))
    chosen = str((START + pd.Timedelta(days=90)).date())
    found = judged(days, Headline("cadence_spm", "up", chosen))  # looks 3 and 4 count
    assert found["verdict"] == "better" and found["since"] == START + pd.Timedelta(days=139)
    later = str((START + pd.Timedelta(days=120)).date())
    found = judged(days, Headline("cadence_spm", "up", later))
    assert found["verdict"] == "too_early" and found["tell_on"] == START + pd.Timedelta(days=168)


def test_wear_that_changed_by_a_quarter_is_a_selection_risk() -> None:
    values = noisy(140, 5)
    for hours, risk in ((8.0, False), (6.2, False), (5.8, True), (10.5, True)):
        worn = np.where(np.arange(140) < 35, 8.0, hours)
        assert judged(course(values, worn_h=worn))["selection_risk"] == risk


def test_days_left_out_because_they_are_bad_are_a_selection_risk_whether_or_not_they_make_a_claim() -> None:
    """From day 36 on the brace stays off on days under the median: those that are left look better, and are marked."""
    values = noisy(140)
    bad = (np.arange(140) >= 35) & (values < 80)
    found = judged(course(np.where(bad, NAN, values), worn_h=np.where(bad, 0.0, 8.0)))
    assert found["selection_risk"] and found["wear_change_pct"] < -25


def test_days_nobody_knows_of_add_no_wear_and_are_a_selection_risk_too() -> None:
    lost = (np.arange(140) >= 35) & (np.arange(140) % 3 == 0)
    found = judged(course(np.where(lost, NAN, noisy(140)), worn_h=np.where(lost, NAN, 8.0)))
    assert found["selection_risk"] and found["wear_change_pct"] == pytest.approx(-100 / 3, abs=3)


def test_both_legs_share_what_a_claim_needs() -> None:
    left = course(noisy(140))
    days = pd.concat([left, left.assign(side="right")], ignore_index=True)
    segments = pd.concat([one_segment(left), one_segment(left).assign(side="right")], ignore_index=True)
    verdicts, _ = change(segments, days, today="2026-07-20", headlines=[STEPS])
    assert (verdicts["needed"] / verdicts["se"]).tolist() == pytest.approx([critical(2)] * 2)


def test_values_at_the_baselines_cadence_stand_in_for_raw_ones_where_there_are_enough() -> None:
    """All days rise; at one cadence nothing does: then nothing is claimed, and the raw difference stands beside it."""
    days = course(noisy(140, 5), name="heel_first_pct")
    flat = pd.DataFrame({"day": days["day"], "value": noisy(140, seed=8), "strides": 40.0})
    same = {("left", 1, "heel_first_pct"): flat}
    found = judged(days, Headline("heel_first_pct", "up"), matched=same)
    assert found["at_cadence"] and found["verdict"] == "no_clear_change" and found["raw_difference"] > 8
    faster = {("left", 1, "heel_first_pct"): flat.iloc[:100]}  # then never again at the cadence of the baseline
    found = judged(days, Headline("heel_first_pct", "up"), matched=faster)
    assert (found["verdict"], found["days"]) == ("not_comparable", 0) and found["raw_difference"] > 8
    silent = course(np.where(np.arange(140) < 100, noisy(140), NAN), name="heel_first_pct")
    found = judged(silent, Headline("heel_first_pct", "up"), matched=faster)
    assert found["verdict"] == "not_measured"
    few = {("left", 1, "heel_first_pct"): flat.iloc[:18]}
    found = judged(days, Headline("heel_first_pct", "up"), matched=few)
    assert not found["at_cadence"] and found["verdict"] == "better"


def test_a_day_that_still_runs_does_not_count() -> None:
    days = course(noisy(84, 5))
    verdicts, _ = change(one_segment(days), days, today=str(days["day"].max().date()), headlines=[STEPS])
    assert verdicts["verdict"].tolist() == ["too_early"]


def test_each_segment_has_a_baseline_of_its_own() -> None:
    """The brace was changed on day 101 and cadence rose at once: neither segment holds a change."""
    values = noisy(240, 5, at=100)
    days = course(values)
    cut = START + pd.Timedelta(days=100)
    rows = [("left", 1, START, cut, ""), ("left", 2, cut, pd.NaT, "strut")]
    segments = pd.DataFrame(rows, columns=["side", "segment", "start", "end", "why"])
    verdicts, seen = change(segments, days, today=str((START + pd.Timedelta(days=240)).date()), headlines=[STEPS])
    assert verdicts["verdict"].tolist() == ["no_clear_change"] * 2
    assert verdicts["baseline"].tolist() == pytest.approx([80, 90], abs=1.5)
    assert seen.groupby("segment").size().to_dict() == {1: 2, 2: 4}
    assert judged(days)["verdict"] == "better"  # what pooling across it would have told


@pytest.mark.parametrize(
    "headlines",
    [
        [Headline(name, "up") for name in "abcd"],
        [Headline("a", "up"), Headline("a", "down")],
        [Headline("a", "upwards")],
    ],
)
def test_headlines_that_do_not_fit_are_refused(headlines: list[Headline]) -> None:
    with pytest.raises(ValueError, match="headline"):
        check_headlines(headlines)
