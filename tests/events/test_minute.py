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


def touched(pressures: list[tuple[int | None, ...]], step: int = 1) -> list[tuple[int | None, int | None]]:
    """(touch_at, touch_change) of every minute of four sites' pressures by the second; step: ticks a sample stands
    for, 1 as the grid gives them: the fourth site each tick, the others in turn."""
    minute, found = Minute(Settings()), []
    sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
    for tick in range(0, 100 * len(pressures), step):
        for site, value in enumerate(pressures[tick // 100]):
            sample[kinds.PRESSURE_1 + site] = value if step > 1 or site == 3 or tick % 3 == site else None
        ended = minute.slow(sample, step) if step > 1 else minute.update(sample, 0)
        if ended:
            named = dict(zip(NAMES, minute.values, strict=True))
            found.append((named["touch_at"], named["touch_change"]))
    return found


@pytest.mark.parametrize("step", [1, 100])
@pytest.mark.parametrize("second", [10, 11, 31, 55, 56, 58, 59, 60, 61, 95])
def test_the_second_a_brace_is_put_on(second: int, step: int) -> None:
    """From 0.1 kPa to 6 kPa in all, within one second of three minutes; then it creeps, and one strap is eased."""
    rows: list[tuple[int | None, ...]] = [(0, 0, 10, 0)] * second
    rows += [(200 + i // 20, 150, 110, 140) for i in range(180 - second)]
    rows[160:] = [(100, 150, 110, 140)] * 20
    at, change = max(touched(rows, step), key=lambda found: abs(found[1] or 0))
    minute = [abs(c or 0) for _, c in touched(rows, step)].index(abs(change or 0))
    heard = (second + 4) // 60  # in the minute in which the five seconds after it end
    assert (minute, at) == (heard, max(0, second - 60 * heard))
    assert change == pytest.approx(590, abs=1)


def test_the_second_a_brace_is_taken_off() -> None:
    rows: list[tuple[int | None, ...]] = [(300, 200, 100, 400)] * 90 + [(0, 0, 5, 0)] * 30
    assert touched(rows)[1] == (30, -995)


def test_a_pressure_that_stays_changes_by_nothing_and_one_that_nobody_measures_is_unknown() -> None:
    assert touched([(300, 200, 100, 400)] * 120)[1][1] == 0
    assert touched([(None, None, None, None)] * 120) == [(None, None)] * 2
    assert touched([(300, 200, 100, 400)] * 9 + [(None, None, None, None)] * 51) == [(None, None)], "9 s are no window"


@pytest.mark.parametrize("step", [1, 100])
def test_a_site_that_falls_silent_and_speaks_again_is_no_change(step: int) -> None:
    """A wire that comes and goes says nothing; the others are still heard beside it."""
    rows: list[tuple[int | None, ...]] = []
    for second in range(120):
        other = 200 if second < 70 else 320
        rows.append((300 if second % 25 < 12 else None, other, None, None))
    (_, quiet), (at, change) = touched(rows, step)
    assert quiet == 0
    assert (at, change) == (10, 120)


def test_one_sample_a_minute_puts_a_change_at_the_start_of_what_it_stands_for() -> None:
    rows: list[tuple[int | None, ...]] = [(0, 0, 0, 0)] * 120 + [(300, 300, 0, 0)] * 60
    assert touched(rows, 6000)[2] == (0, 600)


@pytest.mark.parametrize("value", [0, 1, 2, 3, 4, 8, 9, 10, 999, 10**6, 2**30, 32767**2])
def test_root(value: int) -> None:
    assert root(value) ** 2 <= value < (root(value) + 1) ** 2
