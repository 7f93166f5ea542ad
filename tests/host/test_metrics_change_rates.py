"""How often the rules of change are wrong: users of a year who do not change, and users who do, through the same code.

Seeded, so the figures below are always the same; the README of the host states them from a run of 20,000 users.
"""

import numpy as np
import pytest
from host.stable_users import interval, stable

from talus_host.metrics.change import claims, critical, looks

USERS = 3000


@pytest.fixture(scope="module")
def unchanged() -> np.ndarray:
    """(users, three figures, days)."""
    return stable(np.random.default_rng(11), 3 * USERS).reshape(USERS, 3, -1)


def claimed(values: np.ndarray, figures: int) -> np.ndarray:
    """The claim after each look."""
    return claims(looks(values, z=critical(figures)).sign)


def test_a_stable_user_is_told_of_a_change_in_at_most_two_of_a_hundred_years(unchanged: np.ndarray) -> None:
    """Any claim, of any of three figures, at any look of the year; and with one figure alone."""
    three = int((claimed(unchanged, 3) != 0).any((1, 2)).sum())
    one = int((claimed(unchanged[:, 0], 1) != 0).any(-1).sum())
    assert interval(three, USERS)[1] <= 2.1 and three / USERS <= 0.02
    assert one / USERS <= 0.015


def test_days_that_hang_together_most_keep_to_it_too() -> None:
    values = stable(np.random.default_rng(12), 3 * USERS, rho=(0.5, 0.5)).reshape(USERS, 3, -1)
    assert (claimed(values, 3) != 0).any((1, 2)).mean() <= 0.02


def test_the_law_as_written_would_tell_more_than_two(unchanged: np.ndarray) -> None:
    """2.58 for each of three figures, which is why it is shared among them."""
    assert (claimed(unchanged, 1) != 0).any((1, 2)).mean() > 0.02


@pytest.mark.parametrize(
    ("size_sd", "by_16_weeks", "by_a_year"), [(0.5, 0.0, 0.02), (1.0, 0.04, 0.17), (1.5, 0.18, 0.47), (2.5, 0.63, 0.85)]
)
def test_a_change_of_this_size_is_found_this_often(
    unchanged: np.ndarray, size_sd: float, by_16_weeks: float, by_a_year: float
) -> None:
    """From day 36 on, for one of three figures. Small ones mostly are not: the interval of 28 days is wide."""
    changed = unchanged[:, 0].copy()
    changed[:, 35:] += size_sd
    claim = claimed(changed, 3)
    assert (claim[:, :3] > 0).any(-1).mean() >= by_16_weeks
    assert (claim > 0).any(-1).mean() >= by_a_year
    assert (claim < 0).any(-1).mean() <= 0.001


def test_a_slow_decline_of_half_a_day_sd_is_seldom_told_and_never_as_a_gain(unchanged: np.ndarray) -> None:
    """0.5 SD over six months lies inside what a person's own days hide; the answer is "no clear change"."""
    days = np.arange(unchanged.shape[-1])
    claim = claimed(unchanged[:, 0] - 0.5 * np.clip((days - 35) / 182, 0, 1), 3)
    assert 0.005 <= (claim < 0).any(-1).mean() <= 0.08
    assert (claim > 0).any(-1).mean() <= 0.003
