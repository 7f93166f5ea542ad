"""Sums of use and walking, done again by hand or by another way."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from talus_dashboards import habits
from talus_dashboards.figures import spread
from talus_host.metrics import histograms, matched, wear

DAY = date(2026, 11, 2)  # a Monday
NAN = float("nan")


def test_hours_of_the_day_take_only_hours_that_are_known() -> None:
    worn = [0.0, 30.0, 60.0, 60.0, 10.0]
    off = [60.0, 30.0, 0.0, 0.0, 10.0]  # of the last only 20 minutes are known: it says nothing
    table = pd.DataFrame({"hour": 9, "worn_min": worn, "not_worn_min": off})
    found = habits.by_hour(table)
    q1, median, q3 = np.percentile([0, 30, 60, 60], (25, 50, 75))
    assert found.loc[9, ["days", "q1", "median", "q3"]].tolist() == [4, q1, median, q3]
    assert found.loc[10, "days"] == 0 and np.isnan(found.loc[10, "median"])


def test_an_hour_partly_known_counts_by_what_is_known_of_it() -> None:
    table = pd.DataFrame({"hour": [9], "worn_min": [40.0], "not_worn_min": [10.0]})
    assert habits.by_hour(table).loc[9, "median"] == pytest.approx(60 * 40 / 50)


def bouts(*marks: tuple[float, str], days: int = 1) -> pd.DataFrame:
    """Stretches from each mark (hours since midnight of DAY, UTC) to the next."""
    start = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    at = [start + timedelta(hours=hours) for hours, _ in marks]
    ends = [*at[1:], start + timedelta(days=days)]
    return pd.DataFrame({"start_utc": at, "end_utc": ends, "state": [state for _, state in marks]})


def test_on_and_off_by_hand() -> None:
    table = bouts(
        (0, "not_worn"), (7, "worn"), (9, "not_worn"), (9 + 10 / 60, "worn"), (12, "not_worn"), (13, "worn"),
        (20, "not_worn"), (24, "unknown"), (30, "worn"), (31, "not_worn"), days=2,
    )  # fmt: skip
    days = pd.DataFrame({"day": [DAY, DAY + timedelta(days=1)], "status": ["valid", "missing"]})
    found = habits.on_and_off(table, days, "UTC")
    # 7:00, after the ten minutes, and 13:00; what began out of the unknown is not known to be put on
    assert (found.days, found.on, found.short, found.most_short) == (1, 3.0, 1, 1)
    assert found.longest_off_h == 17.0 and found.first_on == 7.0


@pytest.mark.parametrize(("minutes", "counted"), [(4.9, 0), (5.0, 1), (14.9, 1), (15.0, 0)])
def test_a_gap_is_an_adjustment_by_its_length(minutes: float, counted: int) -> None:
    table = bouts((0, "worn"), (9, "not_worn"), (9 + minutes / 60, "worn"))
    days = pd.DataFrame({"day": [DAY], "status": ["valid"]})
    assert habits.on_and_off(table, days, "UTC").short == counted


def test_adjustments_are_counted_as_the_host_counts_them() -> None:
    table = bouts((0, "worn"), (9, "not_worn"), (9.1, "worn"), (12, "not_worn"), (12.3, "worn"))
    host = pd.DataFrame(
        {
            "start_ms": table["start_utc"].astype("datetime64[ms, UTC]").astype("int64"),
            "end_ms": table["end_utc"].astype("datetime64[ms, UTC]").astype("int64"),
            "state": [wear.STATES.index(state) for state in table["state"]],
        }
    )
    days = pd.DataFrame({"day": [DAY], "status": ["valid"]})
    assert habits.on_and_off(table, days, "UTC").short == len(wear.adjustments(host)) == 1


def bands() -> pd.DataFrame:
    rows = [
        (DAY, 10, 36, 30.0, 2.0), (DAY, 30, 36, 60.0, 5.0), (DAY, 60, 40, 10.0, 9.0),
        (DAY + timedelta(days=1), 30, 37, 20.0, 4.0), (DAY + timedelta(days=2), 60, 36, 9.0, 100.0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["day", "walk_s", "band", "strides", "ankle_range_deg"])


def test_a_class_of_walks_is_the_middle_of_days_weighted_within_them() -> None:
    found = habits.of_class(bands(), "ankle_range_deg", "10")
    first = (30 * 2 + 60 * 5 + 10 * 9) / 100
    assert found.days == 2 and found.strides == 120  # the third day has 9 strides: too few
    assert found.median == pytest.approx((first + 4) / 2)
    assert habits.of_class(bands(), "ankle_range_deg", "10-30").median == 2.0
    assert habits.of_class(bands(), "ankle_range_deg", "60").days == 1


def test_at_one_cadence_as_the_host_matches_it() -> None:
    cadence = 91.0
    mine = habits.of_class(bands(), "ankle_range_deg", "10", cadence)
    host = matched.matched(bands(), "ankle_range_deg", cadence)
    assert mine.days == len(host) and mine.median == pytest.approx(float(host["value"].median()))
    assert mine.strides == host["strides"].sum() == 110


def test_the_hosts_constants_are_the_pages() -> None:
    assert (habits.BAND_SPM, habits.WITHIN_SPM) == (matched.BAND_SPM, matched.WITHIN_SPM)
    assert {walk for part in habits.CLASSES.values() for walk in part} == set(matched.CLASSES_S)
    assert histograms.BINS["shank_to_vertical_deg"] == spread.BIN_DEG


def test_bounds_of_a_count_are_near_the_exact_ones() -> None:
    counts = np.array([0.0, 2.0, 5.0, 20.0, 100.0])
    low, high = habits.poisson_bounds(counts)
    exact_low = np.where(counts > 0, chi2.ppf(0.025, 2 * np.maximum(counts, 1)) / 2, 0)
    exact_high = chi2.ppf(0.975, 2 * counts + 2) / 2
    assert low == pytest.approx(exact_low, rel=0.08, abs=1e-9)
    assert high[1:] == pytest.approx(exact_high[1:], rel=0.02) and high[0] == pytest.approx(exact_high[0], rel=0.06)


def test_weeks_of_stumbles_count_only_days_somebody_looked() -> None:
    status = ["valid", "valid", "partial", "valid", "valid"]
    stumbled = [1.0, 3.0, 50.0, NAN, 2.0]
    worn = [8.0, 12.0, 9.0, 9.0, 10.0]
    day = [DAY, DAY + timedelta(days=6), DAY + timedelta(days=1), DAY + timedelta(days=2), DAY + timedelta(days=7)]
    table = pd.DataFrame({"day": day, "status": status, "possible_stumbles": stumbled, "worn_h": worn})
    found = habits.stumble_weeks(table)
    assert found["week"].tolist() == [DAY, DAY + timedelta(days=7)]
    assert found["events"].tolist() == [4.0, 2.0] and found["rate"].tolist() == [2.0, 2.0]
    assert (found["low"] < found["rate"]).all() and (found["high"] > found["rate"]).all()


def test_quartiles_of_a_histogram_are_those_of_its_strides() -> None:
    chance = np.random.default_rng(3)
    values = chance.normal(8, 2, 20_000)
    number, strides = np.unique(np.floor(values / 0.5).astype(int), return_counts=True)
    found = habits.quartiles(pd.DataFrame({"bin": number, "strides": strides}), 0.5)
    assert found == pytest.approx(np.percentile(values, (25, 50, 75)), abs=0.03)
    assert np.isnan(habits.quartiles(pd.DataFrame({"bin": [], "strides": []}), 0.5)).all()
