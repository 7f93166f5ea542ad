"""Red flags, one by one: what raises each, what does not, and what cannot be judged and says so."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from talus_host import words_change
from talus_host.metrics import flag_rules as rules
from talus_host.metrics import told_flags
from talus_host.metrics.flags import FLAGS, MEASURED, flags

NAN = float("nan")
START = pd.Timestamp("2026-03-02")
SEGMENT = pd.DataFrame([{"side": "left", "segment": 1, "start": START, "end": pd.NaT, "why": ""}])
NO_EVENTS = pd.DataFrame({"side": [], "day": pd.Series([], dtype="datetime64[s]"), "site": [], "tier": []})
NO_DOUBTS = pd.DataFrame(columns=["side", "sensor", "first", "last"])


def well(days: int = 90) -> pd.DataFrame:
    """A left leg's days on which all is as always, today the last."""
    rng = np.random.default_rng(6)
    table = pd.DataFrame({"side": "left", "day": pd.date_range(START, periods=days, freq="D", unit="s")})
    table = table.assign(status="valid", coverage=1.0, worn_h=9.0, day_class="gait", fibular_measured_min=500.0)
    table["swing_dorsiflexion_deg"] = rng.normal(6, 1, days)
    table["moment_swing_nm"] = rng.normal(0.9, 0.05, days)
    table["cadence_spm"] = rng.normal(80, 2, days)
    table["heel_first_pct"] = rng.normal(70, 4, days)
    table["stiffness_nm_deg"] = rng.normal(0.30, 0.005, days)
    table["neutral_deg"] = rng.normal(2, 0.3, days)
    table["possible_stumbles"] = rng.poisson(1.0, days).astype(float)
    table["trips"] = 0.0
    table["drags"] = rng.poisson(2.0, days).astype(float)
    table["stride_time_s"], table["stance_pct"] = 1.3, 62.0
    return table


def told(
    days: pd.DataFrame,
    events: pd.DataFrame = NO_EVENTS,
    doubts: pd.DataFrame = NO_DOUBTS,
    segment: pd.DataFrame = SEGMENT,
) -> pd.DataFrame:
    found = flags(segment, days, events, doubts, today=str(days["day"].max().date()))
    assert sorted(found["flag"]) == sorted(MEASURED) and (found["reason"] != "").all()
    return found.set_index("flag")


def test_nothing_is_raised_on_days_as_always_and_every_flag_has_its_words() -> None:
    assert (told(well())["state"] == "clear").all()
    assert set(words_change.FLAGS) == set(FLAGS)
    for what, do in words_change.FLAGS.values():
        assert not {"diagnos", "thrombos", "stroke", "relapse"} & set((what + do).lower().split())
    assert words_change.FLAGS["sudden_loss"][1].startswith("Sudden, with a change of face, arm or speech?")
    assert "If it is still there after 30 minutes, leave the brace off" in words_change.FLAGS["fibular_head"][1]


@pytest.mark.parametrize("days_ago", [0, 1, 6, 13])
def test_a_segment_that_has_just_begun_can_be_judged_by_little_and_says_so(days_ago: int) -> None:
    """A brace changed this morning, or put on for the first time: nothing of it is over yet."""
    days = well()
    late = SEGMENT.assign(start=days["day"].iloc[-1 - days_ago])
    found = told(days, segment=late)
    unbased = [name for name in MEASURED if name not in ("no_data", "fibular_head", "adherence_collapse")]
    assert (found.loc[unbased, "state"] == "not_assessable").all()
    assert (found.drop(unbased)["state"] == "clear").all()


def worse(days: pd.DataFrame, last: int = 2, **by: float) -> pd.DataFrame:
    """The last whole days before today, changed by so much."""
    days = days.copy()
    rows = slice(len(days) - 1 - last, len(days) - 1)
    for name, amount in by.items():
        days.iloc[rows, days.columns.get_loc(name)] += amount
    return days


def test_two_days_running_far_below_the_usual_are_a_sudden_loss() -> None:
    days = worse(well(), swing_dorsiflexion_deg=-9, cadence_spm=-8)
    found = told(days).loc["sudden_loss"]
    assert found["state"] == "raised" and found["since"] == days["day"].iloc[-2]
    assert "swing_dorsiflexion_deg" in found["reason"] and "day-SD" in found["reason"]
    assert told(worse(well(), last=1, swing_dorsiflexion_deg=-9, cadence_spm=-8)).loc["sudden_loss", "state"] == "clear"


def test_one_figure_alone_is_no_sudden_loss_unless_it_is_the_only_one() -> None:
    days = worse(well(), swing_dorsiflexion_deg=-9)
    assert told(days).loc["sudden_loss", "state"] == "clear"
    days[["moment_swing_nm", "cadence_spm"]] = NAN
    assert told(days).loc["sudden_loss", "state"] == "raised"


def test_more_assist_within_the_zero_of_the_bridge_is_no_loss() -> None:
    for more, state in ((0.25, "clear"), (0.5, "raised")):
        assert told(worse(well(), moment_swing_nm=more, cadence_spm=-4)).loc["sudden_loss", "state"] == state


def test_a_loss_that_a_doubtful_part_tells_is_not_assessable() -> None:
    doubt = pd.DataFrame(
        [{"side": "left", "sensor": "encoder", "first": START + pd.Timedelta(days=80), "last": pd.NaT}]
    )
    found = told(worse(well(), swing_dorsiflexion_deg=-9, cadence_spm=-4), doubts=doubt).loc["sudden_loss"]
    assert found["state"] == "not_assessable" and "encoder" in found["reason"]
    long_ago = doubt.assign(first=START, last=START + pd.Timedelta(days=10))
    assert told(worse(well(), swing_dorsiflexion_deg=-9, cadence_spm=-4), doubts=long_ago)["state"].iloc[0] == "raised"


def test_without_a_baseline_a_flag_says_from_when_on_it_can_be_judged() -> None:
    found = told(well(20))
    assert found.loc["sudden_loss", "state"] == "not_assessable"
    assert "2026-04-06" in found.loc["sudden_loss", "reason"]  # day 36
    changed = SEGMENT.assign(start=START + pd.Timedelta(days=70))
    assert told(well(), segment=changed).loc["stumbles", "state"] == "not_assessable"


def test_days_that_are_far_apart_do_not_run_together() -> None:
    values = np.full((1, 60), 10.0)
    values[0, 40:] = NAN
    for second, raised in ((43, True), (44, False)):
        one = values.copy()
        one[0, [40, second]] = 0
        assert rules.sudden(one, np.array([10.0]), np.array([1.0]), better=np.ones(1))[0, second] == raised


def test_thirty_points_fewer_heel_first_steps_in_a_week() -> None:
    for points, state in ((-24, "clear"), (-36, "raised")):
        assert told(worse(well(), last=7, heel_first_pct=points)).loc["heel_first_fall", "state"] == state
    few = well()
    few.loc[few.index[-6:], "day_class"] = "little_walking"
    assert told(few).loc["heel_first_fall", "state"] == "not_assessable"


def test_the_lower_bound_of_a_rate_ratio_is_the_exact_one() -> None:
    """Against scipy's own binomial interval, and the textbook's 12 of 21 at equal times."""
    ratio, low = rules.rate_ratio(np.array(12.0), np.array(50.0), np.array(9.0), np.array(100.0))
    share = stats.binomtest(12, 21).proportion_ci(0.95, "exact").low
    assert ratio == pytest.approx(12 / 9 * 2)
    assert low == pytest.approx(share / (1 - share) * 2)
    assert rules.rate_ratio(np.array(0.0), np.array(50.0), np.array(9.0), np.array(100.0))[1] == 0


def test_days_that_scatter_like_chance_have_a_dispersion_of_one() -> None:
    rng = np.random.default_rng(7)
    hours = np.full((400, 28), 9.0)
    assert np.median(rules.dispersion(rng.poisson(2.0, hours.shape), hours)) == pytest.approx(1, abs=0.05)
    bursts = rng.poisson(2.0 * rng.gamma(1.0, 1.0, hours.shape))
    assert np.median(rules.dispersion(bursts, hours)) > 2  # 1 + 2 of such a mixture


def test_possible_stumbles_must_be_more_for_two_weeks_and_twenty_in_all() -> None:
    """Whole weeks behind the baseline: days 36 to 42 the first, 78 to 84 the last before day 90."""
    days = well(92)
    week = slice(77, 91)
    for a_day, state in ((1, "clear"), (4, "raised")):
        days.iloc[week, days.columns.get_loc("possible_stumbles")] = a_day
        assert told(days).loc["stumbles", "state"] == state
    assert "times the baseline's" in told(days).loc["stumbles", "reason"]
    days.iloc[week.start : 84, days.columns.get_loc("possible_stumbles")] = 1
    assert told(days).loc["stumbles", "state"] == "clear"  # one week alone
    rare = days.assign(possible_stumbles=0.0)
    rare.iloc[week, rare.columns.get_loc("possible_stumbles")] = 1.3  # 9 a week, none before: 18 in all
    assert told(rare).loc["stumbles", "state"] == "clear"


def test_drags_must_double() -> None:
    days = well(92)
    days["drags"] = 10.0
    for a_day, state in ((18, "clear"), (21, "raised")):
        days.iloc[77:91, days.columns.get_loc("drags")] = a_day
        assert told(days).loc["drags", "state"] == state


def test_stumbles_nobody_counted_are_not_none() -> None:
    assert told(well().assign(possible_stumbles=NAN)).loc["stumbles", "state"] == "not_assessable"
    assert told(well().drop(columns=["possible_stumbles"])).loc["stumbles", "state"] == "not_assessable"


@pytest.mark.parametrize(
    ("tiers", "days_ago", "state"),
    [
        (["red"], 0, "raised"),
        (["red"], 6, "raised"),
        (["red"], 8, "clear"),
        (["amber"] * 2, 1, "clear"),
        (["amber"] * 3, 1, "raised"),
    ],
)
def test_pressure_at_the_fibular_head(tiers: list[str], days_ago: int, state: str) -> None:
    days = well()
    day = days["day"].max() - pd.Timedelta(days=days_ago)
    events = pd.DataFrame({"side": "left", "day": day, "site": "fibular_head", "tier": tiers})
    assert told(days, events).loc["fibular_head", "state"] == state
    assert told(days, events.assign(site="heel")).loc["fibular_head", "state"] == "clear"


def test_no_sensor_at_the_fibular_head_is_not_clear() -> None:
    assert told(well().assign(fibular_measured_min=NAN)).loc["fibular_head", "state"] == "not_assessable"


def test_a_week_hardly_worn_is_told_and_missing_days_do_not_count_as_not_worn() -> None:
    days = well()
    days.loc[days.index[-8:-1], "worn_h"] = 2.0
    assert told(days).loc["adherence_collapse", "state"] == "raised"
    days.loc[days.index[-8], "worn_h"] = 3.0
    assert told(days).loc["adherence_collapse", "state"] == "clear"
    gone = well()
    gone.loc[gone.index[-8:-1], ["worn_h", "status"]] = [NAN, "missing"]
    assert told(gone).loc["adherence_collapse", "state"] == "clear"
    assert told(well(20)).loc["adherence_collapse", "state"] == "not_assessable"


def test_a_brace_that_became_soft_or_rests_elsewhere() -> None:
    assert told(worse(well(), last=7, stiffness_nm_deg=-0.06)).loc["brace_stiffness", "state"] == "raised"
    assert told(worse(well(), last=7, stiffness_nm_deg=-0.03)).loc["brace_stiffness", "state"] == "clear"
    assert told(worse(well(), last=7, neutral_deg=3.5)).loc["brace_neutral", "state"] == "raised"
    assert told(well().drop(columns=["neutral_deg"])).loc["brace_neutral", "state"] == "not_assessable"


def test_three_days_without_data_stand_first() -> None:
    for silent, state in ((2, "clear"), (3, "raised")):
        days = well()
        days.loc[days.index[-silent:], ["coverage", "status", "day_class"]] = [0.0, "missing", "missing"]
        found = flags(SEGMENT, days, NO_EVENTS, NO_DOUBTS, today=str(days["day"].max().date()))
        row = found[found["flag"] == "no_data"].iloc[0]
        assert row["state"] == state
        if state == "raised":
            assert found["flag"].iloc[0] == "no_data" and row["since"] == days["day"].iloc[-3]


def answers(*rows: tuple[int, str, str, int]) -> pd.DataFrame:
    """(days ago, what, side, value)."""
    today = well()["day"].max()
    found = [(today - pd.Timedelta(days=ago), what, side, value) for ago, what, side, value in rows]
    return pd.DataFrame(found, columns=["day", "what", "side", "value"])


def raised(said: pd.DataFrame, events: pd.DataFrame = NO_EVENTS) -> dict[tuple[str, str], str]:
    """(side, flag) -> "since: reason" of those raised."""
    days = well()
    found = flags(SEGMENT, days, events, NO_DOUBTS, today=str(days["day"].max().date()), told=said)
    found = found[(found["state"] == "raised").to_numpy(bool)]
    return {(row.side, row.flag): f"{row.since:%m-%d}: {row.reason}" for row in found.itertuples()}


def test_what_was_told_raises_a_flag_for_a_week_and_silence_clears_none() -> None:
    today = well()["day"].max()
    day = {ago: today - pd.Timedelta(days=ago) for ago in (0, 2, 6)}
    said = answers((6, "fall", "", 2), (2, "fall", "", 1), (0, "skin", "left", 4), (0, "numbness", "right", 2))
    assert raised(said) == {
        ("", "told_fall"): f"{day[6]:%m-%d}: told on {day[2]:%Y-%m-%d}: fell, not hurt",
        ("left", "told_skin"): f"{day[0]:%m-%d}: told on {day[0]:%Y-%m-%d}: sore, blister or open skin",
        ("right", "told_numbness"): f"{day[0]:%m-%d}: told on {day[0]:%Y-%m-%d}: new or more than usual",
    }
    assert raised(answers((7, "fall", "", 2))) == {}, "a week later it is history"
    fine = answers((0, "fall", "", 0), (0, "skin", "left", 2), (0, "numbness", "left", 1), (0, "pain", "left", 10))
    assert raised(fine) == {}, "nearly fell, a mark that went, numb as usual; pain has no rule"
    days = well()
    silent = flags(SEGMENT, days, NO_EVENTS, NO_DOUBTS, today=str(days["day"].max().date()))
    assert not set(told_flags.FLAGS) & set(silent["flag"])


@pytest.mark.parametrize(("whose", "up"), [("left", True), ("", True), ("right", False)])
def test_one_long_pressure_at_the_fibular_head_is_enough_where_new_numbness_is_told(whose: str, up: bool) -> None:
    row = {"side": "left", "day": well()["day"].max(), "site": "fibular_head", "tier": "amber"}
    events = pd.DataFrame([row])
    assert ("left", "fibular_head") not in raised(answers(), events)
    told_too = raised(answers((1, "numbness", whose, 2)), events)
    assert (("left", "fibular_head") in told_too) == up
    if up:
        assert told_too["left", "fibular_head"].endswith("0 strong, 1 long, and numbness was told")
