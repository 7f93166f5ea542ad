"""Left against right: worked out by hand, shown where both clocks allow it, hidden with the reason elsewhere."""

import numpy as np
import pandas as pd
import pytest
from host.made_records import HOUR_MS, Brace
from host.stores import NOON, RECEIVED

from talus_host.metrics import both_legs
from talus_host.store import Store

DAY = 20_000


def strides(first_ms: int, count: int, uncertainty_ms: float = 4.0) -> pd.DataFrame:
    """One a second."""
    return pd.DataFrame(
        {
            "day": DAY,
            "utc_ms": first_ms + 1000 * np.arange(count, dtype=np.int64),
            "uncertainty_ms": uncertainty_ms,
            "duration_s": 1.0,
            "low_confidence": False,
        }
    )


def test_a_longer_left_step_is_told_with_what_the_clocks_leave_open() -> None:
    # The right foot lands 0.48 s after the left, the left 0.52 s after the right: 0.04 of a mean step of 0.5 s.
    row = both_legs.step_time_asymmetry(strides(0, 100), strides(480, 100)).loc[DAY]
    assert row["step_time_asymmetry_pct"] == pytest.approx(8)
    assert (row["step_time_asymmetry_pct_n"], row["hidden"], row["reason"]) == (100, 0, "")
    assert row["open_pct"] == pytest.approx(400 * np.hypot(4, 4) / 1000)


@pytest.mark.parametrize(("left", "right", "shown"), [(6, 8, True), (7, 8, False), (3, np.nan, False), (0, 10, True)])
def test_it_is_shown_within_ten_milliseconds_and_hidden_beyond(left: float, right: float, shown: bool) -> None:
    row = both_legs.step_time_asymmetry(strides(0, 100, left), strides(500, 100, right)).loc[DAY]
    assert both_legs.comparable(np.array([left]), np.array([right])).tolist() == [shown]
    assert np.isnan(row["step_time_asymmetry_pct"]) != shown
    assert (row["reason"] == "") == shown
    if not shown and right == 8:
        assert row["reason"] == "hidden: the two clocks are known to 11 ms of each other at best, 10 ms allowed"
        assert row["hidden"] == 100


def test_one_leg_alone_and_too_few_steps_say_so() -> None:
    assert both_legs.step_time_asymmetry(strides(0, 9), strides(0, 0)).loc[DAY, "reason"] == both_legs.ONE_LEG
    few = both_legs.step_time_asymmetry(strides(0, 100), strides(500, 9)).loc[DAY]
    assert few["reason"].startswith("not measured: 9 steps") and np.isnan(few["step_time_asymmetry_pct"])


def walked(store: Store, *, awake: bool, late_ms: int = 0) -> pd.Series:
    """Two braces walk together two minutes after a sync each; the right foot lands 460 ms after the left."""
    person = store.add_person("P", "UTC")
    for number, side in enumerate(("left", "right")):
        brace = Brace(device=0xA0 + number, journal=0xB0 + number, side=number, boot_utc_ms=NOON)
        brace.add("power", NOON, state=0 if awake else 1)
        brace.clock(NOON + 10_000, uncertainty=4)
        brace.walk(NOON + 70_000 + late_ms + 460 * number, 80)
        brace.clock(NOON + HOUR_MS, uncertainty=4)
        store.assign(brace.device, person, side)
        store.put(brace.info(), brace.records, RECEIVED)
    return store.step_times(person).iloc[0]


def test_two_braces_of_one_person_through_the_store(store: Store) -> None:
    row = walked(store, awake=True)
    assert row["reason"] == "" and row["day"] == pd.Timestamp(NOON, unit="ms").normalize()
    assert row["step_time_asymmetry_pct"] > 0


def test_two_braces_that_may_have_slept_are_not_compared(store: Store) -> None:
    row = walked(store, awake=False)
    assert row["reason"].startswith("hidden: ") and np.isnan(row["step_time_asymmetry_pct"])


def test_nor_long_after_a_sync(store: Store) -> None:
    row = walked(store, awake=True, late_ms=HOUR_MS // 2)
    assert row["reason"].startswith("hidden: ")


def test_the_drift_of_each_boot_is_kept_with_the_pairs_it_stands_on(store: Store) -> None:
    person = store.add_person("P", "UTC")
    brace = Brace(boot_utc_ms=NOON)
    brace.add("power", NOON, state=0)
    for hour in range(8):
        wrong_ms = 700 if hour == 5 else 0
        brace.clock(NOON + hour * HOUR_MS, says_ms=NOON + hour * HOUR_MS + 72 * hour + wrong_ms)  # 20 ppm
    store.assign(brace.device, person, "left")
    store.put(brace.info(), brace.records, RECEIVED)
    row = store.drifts(person).iloc[0]
    assert (row["side"], row["boot"], row["used"], row["rejected"]) == ("left", 1, 7, 1)
    assert row["ppm"] == pytest.approx(20, abs=1e-6) and 7.5 < row["half_ppm"] < 9
