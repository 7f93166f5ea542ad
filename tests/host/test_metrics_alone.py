"""A day's figures are the same to the last bit whether it is computed alone or among others: views are both."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from host.made_records import payload

from talus_host import tables
from talus_host.metrics import walking
from talus_host.metrics.by_day import steady
from talus_host.metrics.exact import sums
from talus_host.metrics.pressure_minutes import pressure_minutes
from talus_host.metrics.stride_time import variability

DAYS = 4
SITES = ("fibular_head", "heel", "dorsal_strap", "none")


def pressed(rng: np.random.Generator, day: int) -> pd.DataFrame:
    count = int(rng.integers(20, 90))
    made = pd.DataFrame({"day": np.full(count, day), "worn": 1.0})
    for channel in range(1, 5):
        made[f"pressure_{channel}_kpa"] = rng.uniform(0, 9, count).round(2)
        made[f"site_{channel}"] = SITES[(channel + day) % 4]
    return made


def walked(rng: np.random.Generator, day: int) -> pd.DataFrame:
    seconds = rng.normal(1.2, 0.05, 120).round(3)
    at = day * 86_400_000 + np.cumsum(1000 * seconds + 5000 * (rng.uniform(size=120) < 0.05)).astype(np.int64)
    found = tables.strides([payload("stride", duration=float(s), stance=float(s) * 0.62, flags=0) for s in seconds])
    found.insert(0, "utc_ms", at)
    return found.assign(day=day, inside=True)


@pytest.mark.parametrize("seed", range(5))
def test_pressure(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days = [pressed(rng, day) for day in range(DAYS)]
    every = pressure_minutes(pd.concat(days, ignore_index=True))
    for day, alone in enumerate(days):
        mine = every[every["day"] == day].reset_index(drop=True)
        pd.testing.assert_frame_equal(pressure_minutes(alone), mine, check_exact=True)


@pytest.mark.parametrize("seed", range(5))
def test_walking(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days = [walked(rng, day) for day in range(DAYS)]

    def measured(strides: pd.DataFrame) -> pd.DataFrame:
        strides = strides.reset_index(drop=True)
        strides = strides.join(walking.bouts(strides))
        return walking.walking(strides).join(variability(steady(strides)))

    every = measured(pd.concat(days))
    assert every["stride_time_cv_pct"].notna().all() and (every["walking_min"] > 0).all()
    for day, alone in enumerate(days):
        mine = measured(alone).loc[[day]]
        pd.testing.assert_frame_equal(mine, every.loc[[day]], check_exact=True)


def test_a_sum_is_that_of_its_own_rows() -> None:
    values = pd.Series(np.random.default_rng(1).uniform(0, 1, 300))
    group = pd.Series(np.repeat([3, 1, 2], 100))
    found = sums(values.groupby(group), values)
    for at, (first, last) in zip((2, 0, 1), pairwise((0, 100, 200, 300)), strict=True):
        total = 0.0
        for value in values[first:last]:
            total += value
        assert found[at] == total
