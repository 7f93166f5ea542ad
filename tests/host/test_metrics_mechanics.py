"""The brace as a spring against springs whose numbers are known, and the other figures that stand on few minutes."""

import math

import numpy as np
import pandas as pd
import pytest

from talus_host.metrics.assist_ratio import assist_ratio
from talus_host.metrics.mechanics import mechanics
from talus_host.metrics.parts_by_day import parts_by_day
from talus_host.metrics.residual import residual_dorsiflexor
from talus_host.metrics.stumbles import per_thousand, stumbles
from talus_host.metrics.walk import MEASURES, walk, weighted_median

STRIDE_S = 1.2
PHASE = np.linspace(0, 1, 25)


def ankle(low: float, high: float) -> np.ndarray:
    """One stride's angle between two bounds, up slowly and down fast, closed."""
    swing = 0.5 * (1 - np.cos(2 * np.pi * PHASE**1.3))
    return low + (high - low) * swing


def spring(angle: np.ndarray, down: float, up: float, neutral: float, viscous: float = 0.0) -> np.ndarray:
    """Moment of a brace by M = k (neutral - angle) - c rate, k by the side of neutral, c in N.m.s/deg."""
    rate = np.gradient(angle, STRIDE_S / 24)
    return np.where(angle < neutral, down, up) * (neutral - angle) - viscous * rate


def hours(
    angle: np.ndarray, moment: np.ndarray, count: int = 8, strides: float = 200, noise: float = 0.0
) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    made = [moment + noise * rng.standard_normal(25) for _ in range(count)]
    shifted = [angle + 0.4 * (i - count / 2) / count for i in range(count)]
    return pd.DataFrame({"day": 5, "strides": strides, "angle_deg": shifted, "moment_nm": made})


def test_a_brace_stiffer_above_neutral_is_told_so() -> None:
    angle = ankle(-8, 10)
    found = mechanics(hours(angle, spring(angle, 0.8, 2.1, 1.0), count=1)).loc[5]
    assert found["stiffness_down_nm_deg"] == pytest.approx(0.8, rel=0.05)
    assert found["stiffness_up_nm_deg"] == pytest.approx(2.1, rel=0.05)
    assert found["neutral_deg"] == pytest.approx(1.0, abs=0.4)
    assert found["mechanics_n"] == 200


def test_one_line_is_found_through_damping_and_noise() -> None:
    angle = ankle(-6, 7)
    found = mechanics(hours(angle, spring(angle, 0.8, 0.8, 2.0, viscous=0.01), count=1)).loc[5]
    assert found["stiffness_nm_deg"] == pytest.approx(0.8, rel=0.04)
    assert found["neutral_deg"] == pytest.approx(2.0, abs=0.3)
    noisy = mechanics(hours(angle, spring(angle, 0.8, 0.8, 2.0), noise=0.2)).loc[5]
    assert noisy["stiffness_nm_deg"] == pytest.approx(0.8, rel=0.08)


def test_a_loop_swallows_what_its_damper_does() -> None:
    """Work of a damper c over one sine of amplitude A: c pi w A^2, in SI units."""
    amplitude_deg, viscous = 9.0, 0.02
    angle = amplitude_deg * np.sin(2 * np.pi * PHASE)
    rate = amplitude_deg * (2 * math.pi / STRIDE_S) * np.cos(2 * np.pi * PHASE)
    found = mechanics(hours(angle, -0.5 * angle - viscous * rate, count=1)).loc[5]
    per_rad = viscous * 180 / math.pi  # N.m.s/rad
    expected = per_rad * math.pi * (2 * math.pi / STRIDE_S) * math.radians(amplitude_deg) ** 2
    assert found["loss_j"] == pytest.approx(expected, rel=0.03)


def test_a_brace_that_does_not_move_has_no_stiffness() -> None:
    angle = ankle(-0.6, 0.9)
    found = mechanics(hours(angle, spring(angle, 5, 5, 0.0), count=1)).loc[5]
    assert found[["stiffness_nm_deg", "stiffness_down_nm_deg", "stiffness_up_nm_deg"]].isna().all()


def test_a_cloud_is_no_line_and_too_few_strides_are_no_curve() -> None:
    angle = ankle(-6, 7)
    moment = np.random.default_rng(1).standard_normal(25)
    assert mechanics(hours(angle, moment)).loc[5, ["stiffness_nm_deg", "neutral_deg"]].isna().iloc[0]
    few = mechanics(hours(angle, spring(angle, 1, 1, 0), strides=29)).loc[5]
    assert few.drop("mechanics_n").isna().all() and few["mechanics_n"] == 0
    unknown = mechanics(hours(angle, np.full(25, np.nan))).loc[5]
    assert unknown.drop("mechanics_n").isna().all()
    assert mechanics(hours(angle, moment).iloc[:0]).empty


def test_a_days_figure_of_walk_minutes_weighs_by_strides() -> None:
    row = dict.fromkeys(MEASURES, np.nan)
    minutes = pd.DataFrame(
        [
            row | {"day": 1, "strides": 40.0, "work_stored_j": 0.5},
            row | {"day": 1, "strides": 5.0, "work_stored_j": 3.0},
            row | {"day": 1, "strides": 6.0, "work_stored_j": 4.0},
            row | {"day": 2, "strides": 9.0, "work_stored_j": 0.7},
        ]
    )
    found = walk(minutes)
    assert found.loc[1, ["work_stored_j", "work_stored_j_n"]].tolist() == [0.5, 51]
    assert np.isnan(found.loc[2, "work_stored_j"]) and found.loc[2, "work_stored_j_n"] == 9
    assert np.isnan(found.loc[1, "shank_back_deg"]), "never measured, never zero"


@pytest.mark.parametrize("weights", [[1, 1, 1], [3, 1, 2], [1, 1], [5, 5], [2, 1, 4, 1]])
def test_a_weighted_median_is_that_of_the_values_repeated(weights: list[int]) -> None:
    values = np.arange(len(weights), dtype=float) ** 2
    assert weighted_median(values, np.array(weights, float)) == np.median(np.repeat(values, weights))


def test_stumbles_are_counted_by_kind_and_told_per_thousand_strides() -> None:
    told = pd.DataFrame({"day": [3, 3, 3, 4], "what": pd.Categorical(["scuff", "scuff", "drag", "possible_stumble"])})
    found = stumbles(told)
    assert found.loc[3].to_dict() == {"scuffs": 2, "drags": 1, "trips": 0, "possible_stumbles": 0}
    share = per_thousand(pd.Series([4.0, 4.0, np.nan]), pd.Series([2000.0, 150.0, 2000.0]))
    assert share.iloc[0] == 2 and share.iloc[1:].isna().all()
    assert stumbles(told.iloc[:0]).columns.tolist() == ["scuffs", "drags", "trips", "possible_stumbles"]


def test_an_assist_ratio_carries_what_the_zero_leaves_open() -> None:
    """75 kg: foot and shoe weigh 0.9 N.m; 0.3 N.m of zero are a third of it."""
    found = assist_ratio(pd.Series([0.9, np.nan]), mass_kg=75).iloc[0]
    assert found.tolist() == pytest.approx([1.0, 2 / 3, 4 / 3])
    assert assist_ratio(pd.Series([0.9]), mass_kg=float("nan")).isna().all(axis=None)


def test_what_the_muscle_carries_is_what_the_brace_does_not() -> None:
    days = pd.DataFrame({"side": "left", "day": [1], "moment_swing_nm": 0.4, "foot_pitch_mid_swing_deg": 60.0})
    found = residual_dorsiflexor(days, mass_kg=75).iloc[0]
    assert found["exploratory_residual_nm"] == pytest.approx(0.45 - 0.4)
    assert found["exploratory_residual_nm_low"] == pytest.approx(-0.25)


def test_a_part_is_as_bad_as_its_worst_of_the_day_and_a_start_begins_anew() -> None:
    def at(text: str) -> pd.Timestamp:
        return pd.Timestamp(text, tz="UTC")

    told = [("12:00", "failed", "no_answer"), ("13:00", "ok", "none"), ("20:00", "degraded", "jump")]
    health = pd.DataFrame(
        [
            {"side": "left", "device": "a", "utc": at(f"2026-03-01 {t}"), "sensor": "encoder", "channel": 0.0,
             "state": state, "reason": why}
            for t, state, why in told
        ]
    )  # fmt: skip
    days = pd.DataFrame({"side": "left", "day": [1, 2, 3]})
    days["start_utc"] = pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-03"], utc=True)
    days["end_utc"] = days["start_utc"] + pd.Timedelta(days=1)
    starts = pd.DataFrame({"side": ["left"], "device": ["a"], "utc": [at("2026-03-02 06:00")]})
    found = parts_by_day(health, starts, days)
    assert found.to_numpy().tolist() == [
        ["left", 1, "encoder", "failed", "no_answer"],
        ["left", 2, "encoder", "degraded", "jump"],
    ]
    assert parts_by_day(health, starts.iloc[:0], days)["day"].tolist() == [1, 2, 3], "without a start it lasts"
