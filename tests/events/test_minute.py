"""A minute's means and deviations against the statistics module, and what it does not know."""

import random
import statistics

import pytest

from talus.events import minute as m
from talus.events.minute import Minute, root
from talus.settings import Settings
from talus.wire import kinds

NAMES = kinds.BY_NAME["minute"].names


def run(samples: list[list[int | None]], strides: int = 0) -> dict[str, int | None]:
    minute = Minute(Settings())
    ends = [minute.update(sample, i < strides) for i, sample in enumerate(samples)]
    assert ends == [0] * 5999 + [1]
    return dict(zip(NAMES, minute.values, strict=True))


def empty() -> list[list[int | None]]:
    return [[None] * kinds.SAMPLE_SIZE for _ in range(6000)]


@pytest.mark.parametrize(("level", "spread"), [(0, 5), (-1500, 900), (12000, 6000), (-18000, 10)])
def test_mean_and_sd(level: int, spread: int) -> None:
    dice = random.Random(level)
    values = [level + dice.randint(-spread, spread) for _ in range(6000)]
    samples = empty()
    for sample, value in zip(samples, values, strict=True):
        sample[kinds.ANGLE] = value
        sample[kinds.MOMENT] = -value
    got = run(samples)
    assert got["angle_mean"] == pytest.approx(statistics.mean(values), abs=1)
    assert got["angle_sd"] == pytest.approx(statistics.pstdev(values), abs=1)
    assert got["moment_mean"] == pytest.approx(-statistics.mean(values), abs=1)


def test_sums_never_leave_a_small_integer() -> None:
    """The worst a channel can do: from one rim to the other for a whole minute."""
    minute = Minute(Settings())
    sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
    for tick in range(5999):
        sample[kinds.MOMENT] = -32767 if tick == 0 else 32767
        minute.update(sample, 0)
        kept = (minute._sum[m.MOMENT], minute._low[m.MOMENT], minute._high[m.MOMENT])
        assert all(-(2**30) <= value < 2**30 for value in kept)


def test_a_channel_measured_less_than_half_the_time_is_unknown() -> None:
    samples = empty()
    for sample in samples[:2900]:
        sample[kinds.ANGLE] = 100
    for sample in samples[:3100]:
        sample[kinds.LINER] = 3100
    got = run(samples)
    assert got["angle_mean"] is None
    assert got["liner"] == 3100
    assert got["still_axes"] is None


def test_still_axes_and_strides() -> None:
    dice = random.Random(1)
    samples = empty()
    for sample in samples:
        sample[kinds.ACC_FORWARD] = dice.randint(-5, 5)
        sample[kinds.ACC_UP] = 1000 + dice.randint(-5, 5)
        sample[kinds.ACC_LATERAL] = dice.randint(-50, 50)
    got = run(samples, strides=37)
    assert got["still_axes"] == 2
    assert got["strides"] == 37


def test_fields_of_others_are_left_unknown() -> None:
    got = run(empty())
    for field in ("worn", "evidence", "samples", "late", "missed", "battery", "power", "pressure_1"):
        assert got[field] is None


@pytest.mark.parametrize("value", [0, 1, 2, 3, 4, 8, 9, 10, 999, 10**6, 2**30, 32767**2])
def test_root(value: int) -> None:
    assert root(value) ** 2 <= value < (root(value) + 1) ** 2
